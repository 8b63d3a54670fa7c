"""At night a second record was made of a child the authority knew. Two people join them, and part them again."""

from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import select

from app.children.models import children
from app.children.queries import SET_STATE
from app.lives.queries import MERGE
from tests.api.children.records import create, nhs_number, restrict
from tests.api.documents.papers import announce
from tests.api.passports.records import full, nurse, published
from tests.api.placements.stories import entries, example
from tests.api.queueing import one_behind_another
from tests.api.stories.lives import act, confirm, end, host, look, refused, start, two_people, worker
from tests.api.stories.telling import HEREFORDSHIRE
from tests.api.stories.test_responsibility_passes_on import ANSWERS, accepted, offer, take
from tests.world import LEEDS, SHROPSHIRE, World

PROPOSALS = "/v1/children/{child_id}/proposals"
PLACEMENTS = "/v1/children/{child_id}/placements"
DUPLICATES = "/v1/children/{child_id}/possible-duplicates"


@pytest.fixture
def twice(world: World) -> tuple[dict[str, Any], dict[str, Any]]:
    """One child with two records, each with a placement; the NHS number is the same."""
    number = nhs_number()
    return tuple(start(worker(world), child={"nhs_number": number}) for _ in range(2))  # type: ignore[return-value]


def merge(world: World, kept: str, duplicate: str) -> None:
    two_people(world, kept, {**example("proposal_merge"), "duplicate": duplicate})


def unmerge(world: World, kept: str, duplicate: str) -> None:
    two_people(world, kept, {**example("proposal_unmerge"), "duplicate": duplicate})


def kinds(world: World, child_id: str) -> list[str]:
    held = worker(world).get(f"/v1/children/{child_id}").json()["restrictions"]
    return sorted(each["restriction"] for each in held)


def test_both_ids_lead_to_the_kept_record_and_nothing_is_lost(world: World, twice: Any) -> None:
    first, second = twice
    kept, duplicate = first["child_id"], second["child_id"]
    assert look(world, worker(world), DUPLICATES, child_id=kept)["items"] == [duplicate]
    restrict(worker(world), duplicate, restriction="confidential_address", reason="court_order")
    assert kinds(world, kept) == []
    host(world).get(f"/v1/placements/{second['placement_id']}")

    merge(world, kept, duplicate)
    for child_id in (kept, duplicate):
        record = look(world, worker(world), "/v1/children/{child_id}", child_id=child_id)
        assert record["child_id"] == kept
        listed = look(world, worker(world), PLACEMENTS, child_id=child_id)
        assert [each["placement_id"] for each in listed["items"]] == [first["placement_id"], second["placement_id"]]
        assert listed["merged"] == [duplicate]
        seen = look(world, worker(world), "/v1/children/{child_id}/disclosures", child_id=child_id)
        told = [each for each in seen["items"] if each["why"] != "own_record"]
        assert [each["placement_id"] for each in told] == [second["placement_id"]]
    assert look(world, worker(world), DUPLICATES, child_id=kept)["items"] == []
    # What restricted either restricts both.
    assert kinds(world, kept) == ["confidential_address"]
    for placed in twice:
        school = world.as_(LEEDS, "virtual_school", "Vi School").get(f"/v1/placements/{placed['placement_id']}").json()
        assert "/placement/address" in school["fields_withheld"]
        assert school["child_id"] == kept
        papers = look(
            world, worker(world), "/v1/placements/{placement_id}/documents", placement_id=placed["placement_id"]
        )
        assert papers["child_id"] == kept
    merged = entries(world, kept, "child.merged")
    assert [each["subject"] for each in merged] == [{"child": kept, "other": duplicate}]


def test_a_merged_child_goes_on_being_told_of_by_either_number(world: World, twice: Any) -> None:
    first, second = twice
    kept, duplicate = first["child_id"], second["child_id"]
    merge(world, kept, duplicate)
    for placed, local in ((second, first), (second, second), (first, first)):
        document = {"kind": "update", "placement_id": placed["placement_id"], "reference": uuid4().hex}
        child = {**placed["document"]["child"], "local_id": local["document"]["child"]["local_id"]}
        answer = worker(world).post("/v1/notifications", {**document, "child": child})
        assert (answer.status_code, answer.json()["child_id"]) == (201, kept)
    anew = start(worker(world), child={"local_id": second["document"]["child"]["local_id"]})
    assert anew["child_id"] == kept
    unmerge(world, kept, duplicate)
    # What was begun meanwhile was begun under the kept record, and stays with it.
    ours = look(world, worker(world), PLACEMENTS, child_id=kept)
    theirs = look(world, worker(world), PLACEMENTS, child_id=duplicate)
    assert [each["placement_id"] for each in ours["items"]] == [first["placement_id"], anew["placement_id"]]
    assert [each["placement_id"] for each in theirs["items"]] == [second["placement_id"]]
    assert (ours["merged"], theirs["merged"], theirs["child_id"]) == ([], [], duplicate)


def test_parted_again_each_has_what_it_had_and_what_was_set_meanwhile(world: World, twice: Any) -> None:
    kept, duplicate = (each["child_id"] for each in twice)
    names = [worker(world).get(f"/v1/children/{each}").json()["sections"]["child"] for each in (kept, duplicate)]
    restrict(worker(world), duplicate, restriction="confidential_address", reason="court_order")
    restrict(worker(world), kept, restriction="provider_access_paused", reason="allegation_against_provider")
    merge(world, kept, duplicate)
    assert kinds(world, kept) == ["confidential_address", "provider_access_paused"]
    # Through either id: both lead to one record.
    restrict(worker(world), duplicate, restriction="confidential_address", reason="risk_from_family")
    unmerge(world, kept, duplicate)
    assert kinds(world, kept) == ["confidential_address", "provider_access_paused"]
    assert kinds(world, duplicate) == ["confidential_address", "confidential_address"]
    again = [worker(world).get(f"/v1/children/{each}").json()["sections"]["child"] for each in (kept, duplicate)]
    assert again == names
    # Each is lifted by itself.
    path = f"/v1/children/{duplicate}/restrictions"
    for held in worker(world).get(path).json()["items"]:
        lifted = worker(world).post(f"{path}/{held['restriction_id']}/lifts", {"reason": "The risk has passed."})
        assert lifted.status_code == 201, lifted.text
    assert kinds(world, duplicate) == []
    assert kinds(world, kept) == ["confidential_address", "provider_access_paused"]


def hidden_from_the_school(world: World, placement_id: str) -> bool:
    school = world.as_(LEEDS, "virtual_school", "Vi School").get(f"/v1/placements/{placement_id}").json()
    return "/placement/address" in school["fields_withheld"]


def test_an_address_that_was_confidential_when_it_was_told_stays_so_after_the_parting(world: World, twice: Any) -> None:
    first, second = twice
    kept, duplicate = first["child_id"], second["child_id"]
    restrict(worker(world), duplicate, restriction="confidential_address", reason="risk_from_family")
    merge(world, kept, duplicate)
    anew = start(worker(world), child={"local_id": second["document"]["child"]["local_id"]})
    assert (anew["child_id"], hidden_from_the_school(world, anew["placement_id"])) == (kept, True)
    unmerge(world, kept, duplicate)
    assert hidden_from_the_school(world, anew["placement_id"])
    assert (kinds(world, kept), kinds(world, duplicate)) == (["confidential_address"], ["confidential_address"])
    # Each is lifted by itself, and its words are there under either record.
    path = f"/v1/children/{kept}/restrictions"
    (held,) = worker(world).get(path).json()["items"]
    assert held["reason"] == "risk_from_family"
    lifted = worker(world).post(f"{path}/{held['restriction_id']}/lifts", {"reason": "It is not this child's."})
    assert lifted.status_code == 201, lifted.text
    assert not hidden_from_the_school(world, anew["placement_id"])
    assert kinds(world, duplicate) == ["confidential_address"]


@pytest.mark.parametrize(
    ("restriction", "written"),
    [
        ("named_practitioners_only", "a_home"),
        ("named_practitioners_only", "a_paper"),
        ("provider_access_paused", "a_home"),
        ("provider_access_paused", "a_version"),
        ("provider_access_paused", "nothing"),
    ],
)
def test_what_was_written_meanwhile_keeps_what_restricted_it(
    world: World, twice: Any, restriction: str, written: str
) -> None:
    first, second = twice
    kept, duplicate = first["child_id"], second["child_id"]
    set_ = restrict(worker(world), duplicate, restriction=restriction, reason="risk_from_family")
    assert set_.status_code == 201, set_.text
    merge(world, kept, duplicate)
    if written == "a_home":
        start(worker(world), child={"local_id": second["document"]["child"]["local_id"]})
    elif written == "a_version":
        published(nurse(world), kept, {"allergies": full()["allergies"]})
    elif written == "a_paper":
        announce(worker(world), kept)
    unmerge(world, kept, duplicate)
    assert kinds(world, kept) == ([] if written == "nothing" else [restriction])
    assert kinds(world, duplicate) == [restriction]


def test_it_takes_two_people_and_only_records_of_ones_own(world: World, twice: Any) -> None:
    kept, duplicate = (each["child_id"] for each in twice)
    proposal = {**example("proposal_merge"), "duplicate": duplicate}
    path = f"/v1/children/{kept}/proposals"
    elsewhere = create(host(world))["child_id"]
    assert refused(worker(world).post(path, {**proposal, "duplicate": elsewhere})) == (404, "not_yours")
    assert refused(host(world).post(path, proposal)) == (404, "not_yours")
    assert refused(worker(world).post(path, {**proposal, "duplicate": kept})) == (409, "cannot_merge")
    assert refused(worker(world).post(path, {**proposal, "proposal": "unmerge"})) == (409, "not_merged")
    made = act(world, worker(world), PROPOSALS, proposal, child_id=kept)
    decisions = f"{path}/{made['proposal_id']}/decisions"
    same = worker(world).post(decisions, example("decision_confirmed"))
    assert refused(same) == (403, "proposer_does_not_confirm")
    assert look(world, worker(world), PLACEMENTS, child_id=kept)["merged"] == []
    confirm(world, kept, made["proposal_id"], worker(world, "Lee Manager"))
    other = create(worker(world))["child_id"]
    chained = {**example("proposal_merge"), "duplicate": kept}
    assert refused(worker(world).post(f"/v1/children/{other}/proposals", chained)) == (409, "cannot_merge")


def test_who_may_not_see_the_whole_of_a_childs_placements_is_told_so(world: World, twice: Any) -> None:
    path = f"/v1/children/{twice[0]['child_id']}/placements"
    school = world.as_(LEEDS, "virtual_school", "Vi School")
    assert refused(school.get(path)) == (403, "only_some_teams_list")
    assert refused(world.as_(SHROPSHIRE, name="Bryn Edwards").get(path)) == (404, "not_yours")


def test_records_that_two_authorities_took_over_are_not_joined(world: World, twice: Any) -> None:
    kept, duplicate = (each["child_id"] for each in twice)
    take(world, offer(world, kept))
    elsewhere = offer(world, duplicate, organisation=HEREFORDSHIRE)
    day_worker = world.as_(HEREFORDSHIRE, "social_care", name="Day Worker")
    act(world, day_worker, ANSWERS, accepted(), transfer_id=elsewhere)
    proposal = {**example("proposal_merge"), "duplicate": duplicate}
    answer = worker(world).post(f"/v1/children/{kept}/proposals", proposal)
    assert refused(answer) == (409, "cannot_merge")


def test_records_that_one_authority_took_over_are_joined(world: World, twice: Any) -> None:
    kept, duplicate = (each["child_id"] for each in twice)
    for each in (kept, duplicate):
        take(world, offer(world, each))
    merge(world, kept, duplicate)
    assert look(world, worker(world), PLACEMENTS, child_id=kept)["merged"] == [duplicate]


def test_an_end_of_care_that_read_other_records_writes_nothing(world: World, twice: Any) -> None:
    kept, duplicate = (each["child_id"] for each in twice)
    merge(world, kept, duplicate)
    died = {"b_was": "active", "b_state": "died"}
    alone = [{**died, "b_id": each, "b_merged_into": None, "b_below": 0} for each in (kept, duplicate)]
    both = {**died, "b_id": duplicate, "b_merged_into": kept, "b_below": 0}
    with world.app.state.database.write() as connection:
        assert [connection.execute(SET_STATE, each).rowcount for each in alone] == [0, 0]
    unmerge(world, kept, duplicate)
    with world.app.state.database.write() as connection:
        assert connection.execute(SET_STATE, both).rowcount == 0


def test_a_merge_that_read_both_in_care_writes_nothing_once_one_died(world: World, twice: Any) -> None:
    first, second = twice
    assert end(worker(world), first["placement_id"], "died", care_ended_reason="E2").status_code == 201
    read = {"b_id": second["child_id"], "b_kept": first["child_id"], "b_state": "active"}
    with world.app.state.database.write() as connection:
        assert connection.execute(MERGE, read).rowcount == 0


def test_an_end_of_care_that_waits_for_a_merge_ends_both_records(world: World, twice: Any) -> None:
    first, second = twice
    kept, duplicate = first["child_id"], second["child_id"]
    proposal = {**example("proposal_merge"), "duplicate": duplicate}
    made = act(world, worker(world), PROPOSALS, proposal, child_id=kept)
    manager = worker(world, "Lee Manager")
    # The merge holds the kept record and waits for the other; the end of care waits for the merge.
    _, ended = one_behind_another(
        world,
        children,
        duplicate,
        lambda: confirm(world, kept, made["proposal_id"], manager),
        lambda: end(worker(world), first["placement_id"], "died", care_ended_reason="E2"),
    )
    assert ended.status_code == 201
    with world.database.read() as connection:
        states = connection.execute(
            select(children.c.state, children.c.merged_into)
            .where(children.c.id.in_((kept, duplicate)))
            .order_by(children.c.id)
        )
        assert states.all() == [("died", None), ("died", kept)]
