"""One placement from the first call at night to its end, as each side lives it."""

from copy import deepcopy
from typing import Any
from uuid import uuid4

import httpx
import pytest

from app.db.engine import Database
from app.organisations.load import delegate, withdraw_delegation
from tests.api.placements.stories import example
from tests.api.stories.telling import waiting
from tests.databases import Databases
from tests.world import LEEDS, SHROPSHIRE, SHROPSHIRE_HEALTH, TRUST, WEST_MERCIA, Caller, World

NIGHT = example("start_emergency_minimum")


@pytest.fixture
def leeds(world: World) -> Caller:
    return world.as_(LEEDS, "emergency_duty", name="Idris Examplar")


@pytest.fixture
def shropshire(world: World) -> Caller:
    return world.as_(SHROPSHIRE, "emergency_duty", name="Bo Hughes")


def fresh(document: dict[str, Any], **changes: Any) -> dict[str, Any]:
    copy = {**deepcopy(document), "reference": uuid4().hex, **changes}
    copy["child"] = {**copy["child"], "local_id": uuid4().hex[:12]}
    return copy


def sent(answer: httpx.Response) -> dict[str, Any]:
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


def update(placement_id: str, **sections: Any) -> dict[str, Any]:
    return {"kind": "update", "placement_id": placement_id, "reference": uuid4().hex, **sections}


def parties(answer: dict[str, Any]) -> set[tuple[str, str]]:
    return {(each["organisation"], each["function"]) for each in answer["recipients"]}


def board(caller: Caller, notification: str, function: str, organisation: str | None = None) -> dict[str, Any]:
    page = caller.get("/v1/sent", params={"limit": 200}).json()
    item = next(each for each in page["items"] if each["notification_id"] == notification)
    return next(
        each
        for each in item["recipients"]
        if each["function"] == function and organisation in (None, each["organisation"])
    )


class TestAtNight:
    def test_the_minimum_is_enough_and_everything_else_is_listed_owned_and_dated(self, leeds: Caller) -> None:
        answer = sent(leeds.post("/v1/notifications", fresh(NIGHT)))

        assert {(SHROPSHIRE, "social_care"), (SHROPSHIRE, "emergency_duty"), (WEST_MERCIA, "missing_persons")} <= (
            parties(answer)
        )
        clocks = {each["code"]: each for each in answer["clocks"]}
        assert {each["basis"] for each in clocks.values()} >= {"law", "practice"}
        assert all(each["owner"] and each["due"] and each["rule"] for each in answer["outstanding"])
        assert "/decision/why_most_suitable" in {each["pointer"] for each in answer["outstanding"]}
        assert answer["rules"] == {"edition": "2026-11", "held": True, "not_held": None}

    def test_retrieved_opened_and_acknowledged_are_three_facts(self, world: World, leeds: Caller) -> None:
        answer = sent(leeds.post("/v1/notifications", fresh(NIGHT)))
        path = f"/v1/notifications/{answer['id']}"
        system, worker = world.as_(SHROPSHIRE, "emergency_duty"), world.as_(SHROPSHIRE, "emergency_duty", "Bo Hughes")
        [item] = waiting(system, answer["id"])
        assert item["age_band"] == "10_to_15" and "Rowan" not in str(item)

        assert system.get(path).status_code == 200
        state = board(leeds, answer["id"], "emergency_duty")
        assert state["retrieved_at"] and not state["opened_at"]

        assert worker.get(path).json()["sections"]["child"]["given_names"] == "Rowan"
        state = board(leeds, answer["id"], "emergency_duty")
        assert state["opened_by"]["name"] == "Bo Hughes" and not state["acknowledged_at"]

        sent(worker.post(f"{path}/acknowledgements", {"outcome": "accepted"}))
        state = board(leeds, answer["id"], "emergency_duty")
        assert (state["acknowledged_by"]["name"], state["outcome"]) == ("Bo Hughes", "accepted")
        assert not waiting(system, answer["id"])

    def test_a_trust_answers_for_the_health_body_that_delegated_to_it(self, world: World, leeds: Caller) -> None:
        answer = sent(leeds.post("/v1/notifications", fresh(NIGHT)))
        trust = world.register_client(TRUST, acts_for=(SHROPSHIRE_HEALTH,))
        nurse = world.as_(SHROPSHIRE_HEALTH, "children_in_care_health", name="Cerys Nurse", client=trust)

        seen = nurse.get(f"/v1/notifications/{answer['id']}").json()
        assert "health_now" in seen["sections_shared"]
        assert "immigration" not in seen["sections_shared"]
        state = board(leeds, answer["id"], "children_in_care_health", SHROPSHIRE_HEALTH)
        assert state["opened_by"]["organisation"] == TRUST

    def test_a_delegation_withdrawn_ends_a_token_already_issued(self, world: World, databases: Databases) -> None:
        owner = Database(databases.owner_url(world.database_url))
        with owner.write() as connection:
            delegate(connection, SHROPSHIRE_HEALTH, TRUST, "camhs")
        trust = world.register_client(TRUST, acts_for=(SHROPSHIRE_HEALTH,))
        worker = world.as_(SHROPSHIRE_HEALTH, "camhs", name="Cerys Nurse", client=trust)
        assert worker.get("/v1/inbox").status_code == 200
        with owner.write() as connection:
            assert withdraw_delegation(connection, SHROPSHIRE_HEALTH, TRUST, "camhs")
        owner.dispose()
        refused = worker.get("/v1/inbox")
        assert (refused.status_code, refused.json()["code"]) == (403, "wrong_organisation")

    def test_police_see_levels_and_not_health(self, world: World, leeds: Caller) -> None:
        answer = sent(leeds.post("/v1/notifications", fresh(NIGHT)))
        officer = world.as_(WEST_MERCIA, "missing_persons", name="Officer Invented")
        seen = officer.get(f"/v1/notifications/{answer['id']}").json()
        assert seen["sections"]["risks"]["to_child"]["going_missing"]["level"] == "high"
        assert "health_now" not in seen["sections"]
        assert "health_now" in {each["section"] for each in seen["sections_withheld"]}

    def test_declining_returns_the_task_and_is_told_to_the_sender(self, leeds: Caller, shropshire: Caller) -> None:
        answer = sent(leeds.post("/v1/notifications", fresh(NIGHT)))
        declined = example("acknowledgement_declined")
        sent(shropshire.post(f"/v1/notifications/{answer['id']}/acknowledgements", declined))
        assert board(leeds, answer["id"], "emergency_duty")["outcome"] == "declined"

    def test_the_sender_does_not_acknowledge_its_own(self, leeds: Caller) -> None:
        answer = sent(leeds.post("/v1/notifications", fresh(NIGHT)))
        refused = leeds.post(f"/v1/notifications/{answer['id']}/acknowledgements", {"outcome": "accepted"})
        assert (refused.status_code, refused.json()["code"]) == (403, "sender_does_not_acknowledge")

    def test_a_reference_is_used_once_for_each_kind(self, leeds: Caller) -> None:
        document = fresh(NIGHT)
        first = sent(leeds.post("/v1/notifications", document))
        again = leeds.post("/v1/notifications", document)
        assert (again.status_code, again.json()["code"]) == (409, "duplicate_reference")
        assert sent(leeds.post("/v1/notifications", update(first["placement_id"], **_decision())))


def _decision() -> dict[str, Any]:
    return {"decision": example("update_morning_after")["decision"]}


class TestInTheMorning:
    def test_an_update_settles_what_was_owed_and_tells_only_those_who_see_a_change(
        self, world: World, leeds: Caller, shropshire: Caller
    ) -> None:
        night = sent(leeds.post("/v1/notifications", fresh(NIGHT)))
        morning = sent(leeds.post("/v1/notifications", update(night["placement_id"], **_decision())))

        assert morning["version"] == 2
        owed = {each["item"] for each in morning["outstanding"]}
        assert "decision.why_most_suitable" not in owed
        assert (SHROPSHIRE, "social_care") in parties(morning)
        assert (WEST_MERCIA, "missing_persons") not in parties(morning)
        seen = world.as_(SHROPSHIRE, "social_care", name="Day Worker").get(f"/v1/notifications/{morning['id']}").json()
        assert any(pointer.startswith("/decision") for pointer in seen["changes"])

    def test_a_home_found_to_be_in_another_area_is_told_there_in_full(self, world: World, leeds: Caller) -> None:
        night = sent(leeds.post("/v1/notifications", fresh(NIGHT)))
        home = {**deepcopy(NIGHT["placement"]), "host_area": "E06000019", "postcode": "HR1 1AA"}
        moved = sent(leeds.post("/v1/notifications", update(night["placement_id"], placement=home)))
        assert ("E06000019", "social_care") in parties(moved)
        hereford = world.as_("E06000019", "social_care", name="New Worker")
        merged = hereford.get(f"/v1/placements/{night['placement_id']}").json()
        assert merged["sections"]["child"]["given_names"] == "Rowan"
        assert "area_changed" in {each["code"] for each in moved["warnings"]}
        assert (SHROPSHIRE, "social_care") not in parties(moved)
        former = world.as_(SHROPSHIRE, "social_care", name="Day Worker").get(f"/v1/notifications/{night['id']}")
        assert (former.status_code, former.json()["code"]) == (403, "access_ended")

    def test_an_update_for_another_child_is_refused(self, leeds: Caller) -> None:
        night = sent(leeds.post("/v1/notifications", fresh(NIGHT)))
        other = {**deepcopy(NIGHT["child"]), "local_id": "ELSE0001"}
        refused = leeds.post("/v1/notifications", update(night["placement_id"], child=other))
        assert (refused.status_code, refused.json()["code"]) == (409, "child_mismatch")

    def test_nobody_updates_the_placement_of_another_authority(self, world: World, leeds: Caller) -> None:
        night = sent(leeds.post("/v1/notifications", fresh(NIGHT)))
        refused = world.as_(SHROPSHIRE, "social_care").post(
            "/v1/notifications", update(night["placement_id"], **_decision())
        )
        assert (refused.status_code, refused.json()["code"]) == (404, "not_yours")


class TestRecalling:
    def test_access_ends_at_once_and_who_had_seen_it_is_listed(self, world: World, leeds: Caller) -> None:
        wrong = {"organisation": "E06000019", "function": "social_care", "reason": "Wrong council chosen"}
        night = sent(leeds.post("/v1/notifications", fresh(NIGHT, additional_recipients=[wrong])))
        stranger = world.as_("E06000019", "social_care", name="Wrong Reader")
        path = f"/v1/notifications/{night['id']}"
        assert stranger.get(path).status_code == 200

        [mine] = [each["id"] for each in night["recipients"] if each["organisation"] == "E06000019"]
        recalled = sent(leeds.post(f"{path}/recalls", {"reason": "wrong_recipient", "recipients": [mine]}))

        [gone] = recalled["access_ended"]
        assert gone["opened_by"]["name"] == "Wrong Reader"
        assert recalled["clocks"] and all(each["basis"] == "law" for each in recalled["clocks"])
        for gone_path in (path, f"/v1/placements/{night['placement_id']}"):
            refused = stranger.get(gone_path)
            assert (refused.status_code, refused.json()["code"]) == (403, "access_ended")
        assert not waiting(stranger, night["id"])
        again = sent(leeds.post("/v1/notifications", update(night["placement_id"], **_decision())))
        assert ("E06000019", "social_care") not in parties(again)

    def test_nobody_recalls_what_they_did_not_send(self, leeds: Caller, shropshire: Caller) -> None:
        night = sent(leeds.post("/v1/notifications", fresh(NIGHT)))
        refused = shropshire.post(f"/v1/notifications/{night['id']}/recalls", {"reason": "wrong_recipient"})
        assert (refused.status_code, refused.json()["code"]) == (404, "not_yours")


class TestEnding:
    def end(self, placement: str, on: str) -> dict[str, Any]:
        document = example("end")
        document["placement"]["ending"]["ended_on"] = on
        return {**document, "placement_id": placement, "reference": uuid4().hex}

    def test_an_end_tells_everybody_and_the_home_stays_as_it_was_told(self, leeds: Caller, shropshire: Caller) -> None:
        night = sent(leeds.post("/v1/notifications", fresh(NIGHT)))
        ended = sent(leeds.post("/v1/notifications", self.end(night["placement_id"], "2026-11-22")))
        assert ended["state"] == "ended"
        assert parties(ended) >= parties(night) - {(LEEDS, "emergency_duty")}
        merged = leeds.get(f"/v1/placements/{night['placement_id']}").json()
        assert merged["sections"]["placement"]["home_name"] == NIGHT["placement"]["home_name"]
        late = sent(leeds.post("/v1/notifications", update(night["placement_id"], **_decision())))
        assert late["state"] == "ended"
        refused = leeds.post("/v1/notifications", self.end(night["placement_id"], "2026-11-22"))
        assert (refused.status_code, refused.json()["code"]) == (409, "not_in_this_state")

    def test_an_end_told_beforehand_ends_nothing_before_its_day(self, leeds: Caller, shropshire: Caller) -> None:
        night = sent(leeds.post("/v1/notifications", fresh(NIGHT)))
        planned = sent(leeds.post("/v1/notifications", self.end(night["placement_id"], "2199-01-01")))
        assert planned["state"] == "active"
        merged = shropshire.get(f"/v1/placements/{night['placement_id']}").json()
        assert merged["state"] == "active"


class TestWithdrawing:
    def test_everybody_told_hears_of_it_and_reads_no_more(self, world: World, leeds: Caller) -> None:
        night = sent(leeds.post("/v1/notifications", fresh(NIGHT)))
        document = {**example("withdrawal"), "placement_id": night["placement_id"], "reference": uuid4().hex}
        gone = sent(leeds.post("/v1/notifications", document))
        assert gone["state"] == "withdrawn"
        assert parties(gone) == parties(night) - {(LEEDS, "emergency_duty")}
        host = world.as_(SHROPSHIRE, "social_care", name="Day Worker")
        seen = host.get(f"/v1/notifications/{night['id']}").json()
        assert seen["state"] == "withdrawn" and "Rowan" not in str(seen)
        assert host.get(f"/v1/notifications/{gone['id']}").json()["reason"] == document["withdrawal"]["reason"]


class TestAskingFirst:
    def consultation(self) -> dict[str, Any]:
        return fresh(example("consultation"))

    def test_a_consultation_names_nobody_and_may_become_a_placement(self, world: World, leeds: Caller) -> None:
        asked = self.consultation()
        first = sent(leeds.post("/v1/notifications", asked))
        assert first["state"] == "consulted"
        host = world.as_(SHROPSHIRE, "social_care", name="Day Worker")
        seen = host.get(f"/v1/notifications/{first['id']}").json()
        assert asked["child"]["local_id"] not in str(seen)

        start = fresh(NIGHT, placement_id=first["placement_id"])
        start["child"]["local_id"] = asked["child"]["local_id"]
        placed = sent(leeds.post("/v1/notifications", start))
        assert (placed["placement_id"], placed["state"]) == (first["placement_id"], "active")
        record = leeds.get(f"/v1/children/{placed['child_id']}").json()
        assert record["sections"]["child"]["given_names"] == "Rowan"

    def test_an_area_that_was_asked_and_not_chosen_hears_no_more(self, world: World, leeds: Caller) -> None:
        asked = self.consultation()
        asked["placement"] = {"host_area": "E06000019", "postcode": "HR1 1AA"}
        first = sent(leeds.post("/v1/notifications", asked))
        not_chosen = world.as_("E06000019", "social_care", name="Asked Only")
        assert not_chosen.get(f"/v1/placements/{first['placement_id']}").status_code == 200

        start = fresh(NIGHT, placement_id=first["placement_id"])
        start["child"]["local_id"] = asked["child"]["local_id"]
        placed = sent(leeds.post("/v1/notifications", start))
        assert "E06000019" not in {each["organisation"] for each in placed["recipients"]}
        refused = not_chosen.get(f"/v1/placements/{first['placement_id']}")
        assert (refused.status_code, refused.json()["code"]) == (403, "access_ended")

    def test_one_that_comes_to_nothing_is_erased(self, world: World, leeds: Caller) -> None:
        first = sent(leeds.post("/v1/notifications", self.consultation()))
        gone = {**example("withdrawal"), "placement_id": first["placement_id"], "reference": uuid4().hex}
        sent(leeds.post("/v1/notifications", gone))
        erased = leeds.get(f"/v1/notifications/{first['id']}")
        assert (erased.status_code, erased.json()["code"]) == (410, "erased")


class TestCasesTheRulesDoNotHold:
    @pytest.mark.parametrize(("section", "field", "value"), [("legal", "status", "J1"), ("placement", "type", "A5")])
    def test_the_answer_says_so_and_falls_back_on_nothing(
        self, leeds: Caller, section: str, field: str, value: str
    ) -> None:
        document = fresh(NIGHT)
        document[section] = {**document[section], field: value}
        answer = sent(leeds.post("/v1/notifications", document))
        assert answer["rules"]["held"] is False
        assert answer["rules"]["not_held"]["what_to_do"]
        assert not [each for each in answer["clocks"] if each["basis"] == "law"]

    def test_a_home_in_scotland(self, leeds: Caller) -> None:
        document = fresh(NIGHT)
        document["placement"] = {**document["placement"], "postcode": "EH1 1AA"}
        document["placement"].pop("host_area")
        answer = sent(leeds.post("/v1/notifications", document))
        assert answer["rules"]["held"] is False
