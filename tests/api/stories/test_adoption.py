"""A child is adopted. The authority seals the old record; the new one, if there must be one, has no way to it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import select

from app.db import questions
from app.outbox.models import outbox
from tests.api.assessments.register import asked, became
from tests.api.assessments.register import nurse as register_nurse
from tests.api.children.records import create, record, restrict
from tests.api.lists import pages
from tests.api.passports.records import full, nurse, published, put_section, small
from tests.api.placements.stories import entries, example
from tests.api.stories.lives import end, host, look, refused, start, worker
from tests.world import LEEDS, PROVIDER, Caller, World

SEAL = {"restriction": "identity_sealed", "reason": "placed_for_adoption"}


@pytest.fixture
def adopted(world: World) -> tuple[dict[str, Any], str]:
    """The placement of the old identity, ended and sealed, and the id of the new record: same name, same birthday."""
    old = start(worker(world))
    host(world).get(f"/v1/placements/{old['placement_id']}")
    ended = end(worker(world), old["placement_id"], "new_home", care_ended_reason="E12", destination="adoption")
    assert ended.status_code == 201, ended.text
    assert restrict(worker(world), old["child_id"], **SEAL).status_code == 201
    facts = old["document"]["child"]
    same = {name: facts[name] for name in ("given_names", "family_name", "date_of_birth", "sex")}
    new = create(worker(world), **same)
    # Nothing is said of the old record the moment the new one is made.
    assert new["possible_duplicates"] == []
    return old, str(new["child_id"])


def test_no_route_and_no_list_leads_from_one_to_the_other(world: World, adopted: tuple[dict[str, Any], str]) -> None:
    old, new = adopted
    former = old["child_id"]
    for child_id, other in ((former, new), (new, former)):
        for part in (
            "",
            "/placements",
            "/possible-duplicates",
            "/proposals",
            "/restrictions",
            "/corrections",
            "/disclosures",
        ):
            answer = worker(world).get(f"/v1/children/{child_id}{part}")
            assert answer.status_code == 200, answer.text
            assert other not in answer.text + str(answer.headers)
        assert (
            look(world, worker(world), "/v1/children/{child_id}/possible-duplicates", child_id=child_id)["items"] == []
        )
    for path in ("/v1/sent", "/v1/responsibility-transfers?side=from_us"):
        assert all(new not in page.text for page in pages(worker(world), path))
    assert [entry["action"] for entry in entries(world, new) if former in entry["subject"].values()] == []


def test_the_old_record_is_not_there_for_whoever_may_not_know_it(
    world: World, adopted: tuple[dict[str, Any], str]
) -> None:
    old, _ = adopted
    former, placement = old["child_id"], old["placement_id"]
    for function in ("emergency_duty", "reviewing_officer", "virtual_school", "children_in_care_health"):
        caller = world.as_(LEEDS, function, "Sam Placer")
        assert refused(caller.get(f"/v1/children/{former}")) == (404, "not_yours")
    facts = old["document"]["child"]
    night = world.as_(LEEDS, "emergency_duty", "Sam Placer")
    known = night.post("/v1/children", record(local_id=facts["local_id"]))
    assert refused(known) == (409, "child_known")
    assert "child_id" not in known.json()
    hidden = (former, facts["family_name"], facts["date_of_birth"])
    parties: list[tuple[Caller, str]] = [(host(world), f"/v1/placements/{placement}")]
    parties += [(host(world), f"/v1/notifications/{old['id']}"), (host(world), f"/v1/placements/{placement}/timeline")]
    parties += [(world.as_(LEEDS, "reviewing_officer", "Leo Sample"), "/v1/sent?limit=200")]
    for caller, path in parties:
        answer = caller.get(path)
        assert answer.status_code == 200
        assert not [word for word in hidden if word in answer.text + str(answer.headers)]


def test_a_merge_of_the_two_is_refused_like_any_other_and_costs_the_same(
    world: World, adopted: tuple[dict[str, Any], str]
) -> None:
    old, new = adopted
    ended = start(worker(world))
    assert end(worker(world), ended["placement_id"], "turned_18").status_code == 201
    answers, costs = [], []
    for duplicate in (old["child_id"], ended["child_id"]):
        document = {**example("proposal_merge"), "duplicate": duplicate}
        with counted() as asked:
            answers.append(worker(world).post(f"/v1/children/{new}/proposals", document))
        costs.append(len(asked))
    assert [refused(each) for each in answers] == [(409, "cannot_merge")] * 2
    bodies = [{name: part for name, part in each.json().items() if name != "instance"} for each in answers]
    assert bodies[0] == bodies[1]
    assert "seal" not in answers[0].text and "adopt" not in answers[0].text
    assert costs[0] == costs[1] > 0
    backwards = {**example("proposal_merge"), "duplicate": new}
    assert refused(worker(world).post(f"/v1/children/{old['child_id']}/proposals", backwards)) == (409, "cannot_merge")


def test_a_home_told_after_the_seal_hears_of_the_passport_by_the_home_alone(world: World) -> None:
    told = {"organisation": PROVIDER, "function": "provider", "reason": "cares for the child"}
    sent = start(worker(world))
    child, placement = sent["child_id"], sent["placement_id"]
    published(nurse(world), child, small())
    eyes = asked(world, register_nurse(world), child, "eye", "treatment", due_on="2026-12-01")["assessment_id"]
    assert restrict(worker(world), child, **SEAL).status_code == 201
    voice = {**sent["document"]["voice"], "said": "Something else."}
    update = {"kind": "update", "placement_id": placement, "voice": voice}
    assert worker(world).post("/v1/notifications", {**update, "additional_recipients": [told]}).status_code == 201
    home = world.as_(PROVIDER, "provider", name="Hal Home")
    assert home.get(f"/v1/placements/{placement}").json()["child_id"] is None

    became(world, register_nurse(world), child, eyes, "done", on="2026-11-24", summary="Sees well.")
    assert put_section(nurse(world), child, "allergies", full()["allergies"]).status_code == 200
    with world.app.state.database.read() as connection:
        every = connection.execute(select(outbox)).all()
    to_the_home = [row for row in every if (row.organisation_code, row.placement_id) == (PROVIDER, placement)]
    assert {"passport.published", "assessment.done"} <= {row.topic for row in to_the_home}
    assert not [row for row in every if row.organisation_code == PROVIDER and row.child_id == child]
    rows = [row for row in every if row.topic == "passport.published"]
    # Who keeps the child's health care, or answers for the child, reads the passport by that id.
    assert (LEEDS, "social_care") in {
        (row.organisation_code, row.function) for row in rows if row.child_id == child and row.placement_id is None
    }


def test_a_sealed_record_passes_to_nobody(world: World, adopted: tuple[dict[str, Any], str]) -> None:
    old, _ = adopted
    path = f"/v1/children/{old['child_id']}/responsibility-transfers"
    assert refused(worker(world).post(path, example("transfer"))) == (409, "cannot_transfer")


def test_what_was_proposed_before_the_seal_is_not_done_after_it(world: World) -> None:
    old, new = create(worker(world))["child_id"], create(worker(world))["child_id"]
    made = worker(world).post(f"/v1/children/{new}/proposals", {**example("proposal_merge"), "duplicate": old}).json()
    restrict(worker(world), old, **SEAL)
    path = f"/v1/children/{new}/proposals/{made['proposal_id']}/decisions"
    assert refused(worker(world, "Lee Manager").post(path, example("decision_confirmed"))) == (409, "cannot_merge")


@pytest.mark.parametrize("kind", ["A3", "A4", "A5", "A6"])
def test_placed_for_adoption_the_law_is_not_held_and_the_answer_says_what_to_do(world: World, kind: str) -> None:
    answer = start(worker(world), placement={"type": kind})
    assert (answer["rules"]["held"], answer["rules"]["not_held"]["code"]) == (False, "placed-for-adoption")
    assert "Do not tell birth family" in answer["rules"]["not_held"]["what_to_do"]


@pytest.mark.parametrize("kind", ["U2", "U5"])
def test_fostering_for_adoption_asks_for_a_secret_address(world: World, kind: str) -> None:
    answer = start(worker(world), placement={"type": kind})
    assert "fostering-for-adoption" in [each["code"] for each in answer["warnings"]]
    restrict(worker(world), answer["child_id"], restriction="confidential_address", reason="placed_for_adoption")
    school = world.as_(LEEDS, "virtual_school", "Vi School").get(f"/v1/placements/{answer['placement_id']}").json()
    assert "/placement/address" in school["fields_withheld"]


@contextmanager
def counted() -> Iterator[list[str]]:
    """The questions put to the database meanwhile; they are really put."""
    asked: list[str] = []
    every: Callable[..., Any] = questions.every

    def counting(connection: Any, statement: Any, values: Any) -> Any:
        asked.append(str(statement))
        return every(connection, statement, values)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(questions, "every", counting)
        yield asked


def test_the_count_counts(world: World) -> None:
    with counted() as asked:
        worker(world).get(f"/v1/children/{uuid4().hex}")
    assert asked
