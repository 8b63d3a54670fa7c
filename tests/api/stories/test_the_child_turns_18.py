"""Perry comes of age, with nobody at a desk: care ends by the calendar, and a mistake is undone by two people."""

from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest

from app.placements.calendar import Birthdays
from tests.api.placements.stories import entries, example
from tests.api.stories.lives import act, confirm, end, host, look, refused, start, two_people, worker
from tests.world import LEEDS, World

PROPOSALS = "/v1/children/{child_id}/proposals"


@pytest.fixture
def tomorrow_18(world: World) -> dict[str, Any]:
    """A placed young person whose 18th birthday is tomorrow."""
    born = (world.clock().date() + timedelta(days=1)).replace(year=world.clock().year - 18)
    return start(worker(world), child={"date_of_birth": born.isoformat()})


def test_on_the_birthday_care_ends_by_itself(world: World, tomorrow_18: dict[str, Any]) -> None:
    placement, child = tomorrow_18["placement_id"], tomorrow_18["child_id"]
    before = host(world).get(f"/v1/placements/{placement}").json()
    assert (before["state"], "risks" in before["sections"]) == ("active", True)
    Birthdays(world.app.state.resources).look()
    assert worker(world).get(f"/v1/children/{child}").json()["state"] == "active"

    with world.later(days=1):
        Birthdays(world.app.state.resources).look()
        seen = host(world).get(f"/v1/placements/{placement}").json()
        assert (seen["state"], seen["ended_why"], seen["child_id"]) == ("ended", "turned_18", None)
        assert {"health_now", "risks", "voice"} <= {each["section"] for each in seen["sections_withheld"]}
        sent = worker(world).get(f"/v1/placements/{placement}").json()
        assert {each["state"] for each in sent["clocks"]} <= {"stopped", "met"}
        assert "stopped" in {each["state"] for each in sent["clocks"]}
        assert worker(world).get(f"/v1/children/{child}").json()["state"] == "turned_18"
        (entry,) = entries(world, child, "child.care_ended")
        assert entry["actor"] == {"service": "placement_notify"}
        for document in (example("start_emergency_minimum"), example("consultation")):
            named = {**document["child"], "local_id": tomorrow_18["document"]["child"]["local_id"]}
            again = {**document, "reference": uuid4().hex, "child": named}
            assert refused(worker(world).post("/v1/notifications", again)) == (409, "care_is_over")
        # What was not sent in time may still be completed: nothing is ever too late to be told.
        late = {"kind": "update", "placement_id": placement, "about_me": {"likes": "Swimming."}}
        assert worker(world).post("/v1/notifications", late).status_code == 201
        refusal = worker(world).post(f"/v1/children/{child}/proposals", example("proposal_care_not_over"))
        assert refused(refusal) == (409, "birth_date_says_adult")


def test_an_estimate_makes_nobody_an_adult(world: World) -> None:
    born = {"estimated": date(world.clock().year - 18, 1, 1).isoformat(), "basis": "Told"}
    child = start(worker(world), child={"date_of_birth": born})["child_id"]
    with world.later(days=1):
        Birthdays(world.app.state.resources).look()
        assert worker(world).get(f"/v1/children/{child}").json()["state"] == "active"


def test_an_end_entered_on_the_wrong_record_is_undone_by_two_people(world: World) -> None:
    placed = start(worker(world))
    placement, child = placed["placement_id"], placed["child_id"]
    before = worker(world).get(f"/v1/placements/{placement}").json()
    assert end(worker(world), placement, "turned_18").status_code == 201
    over = look(world, worker(world), "/v1/placements/{placement_id}", placement_id=placement)
    assert (over["state"], over["ended_why"], "ending" in over["sections"]["placement"]) == ("ended", "turned_18", True)

    made = act(world, worker(world), PROPOSALS, example("proposal_care_not_over"), child_id=child)
    path = f"/v1/children/{child}/proposals/{made['proposal_id']}/decisions"
    same = worker(world).post(path, example("decision_confirmed"))
    assert refused(same) == (403, "proposer_does_not_confirm")
    assert worker(world).get(f"/v1/children/{child}").json()["state"] == "turned_18"
    confirm(world, child, made["proposal_id"], worker(world, "Lee Manager"))

    after = look(world, worker(world), "/v1/placements/{placement_id}", placement_id=placement)
    assert (after["state"], after["ended_why"]) == ("active", None)
    assert after["sections"] == before["sections"]
    running = {each["code"]: (each["due"], each["state"]) for each in before["clocks"]}
    assert running.items() <= {each["code"]: (each["due"], each["state"]) for each in after["clocks"]}.items()
    (held,) = look(world, worker(world), PROPOSALS, child_id=child)["items"]
    assert (held["state"], held["proposed_by"]["name"], held["decided_by"]["name"]) == (
        "confirmed",
        "Asha Rahman",
        "Lee Manager",
    )
    again = worker(world, "Lee Manager").post(path, example("decision_confirmed"))
    assert refused(again) == (409, "proposal_decided")
    assert refused(worker(world).post(f"/v1/children/{child}/proposals", example("proposal_care_not_over"))) == (
        409,
        "care_goes_on",
    )


def test_only_social_care_proposes_and_a_proposal_may_be_taken_back(world: World) -> None:
    placed = start(worker(world))
    assert end(worker(world), placed["placement_id"], "turned_18").status_code == 201
    path = f"/v1/children/{placed['child_id']}/proposals"
    night = world.as_(LEEDS, "emergency_duty", "Sam Placer")
    assert refused(night.post(path, example("proposal_care_not_over"))) == (403, "insufficient_scope")
    made = worker(world).post(path, example("proposal_care_not_over")).json()
    assert refused(worker(world).post(path, example("proposal_care_not_over"))) == (409, "proposal_open")
    back = worker(world).post(f"{path}/{made['proposal_id']}/decisions", example("decision_rejected"))
    assert back.json()["state"] == "rejected"
    two_people(world, placed["child_id"], example("proposal_care_not_over"))
    assert worker(world).get(f"/v1/children/{placed['child_id']}").json()["state"] == "active"
