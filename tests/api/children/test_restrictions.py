"""What must not be told of a child: set and lifted by name, with a reason."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from app.rules.edition import current
from app.standard.codes import code_lists
from tests.api.children.records import actions, correct, create, follows_contract, record, restrict
from tests.world import LEEDS, Caller, World

LOCK = {"restriction": "named_practitioners_only", "reason": "worker_known_to_child"}


@pytest.mark.parametrize("part", ["corrections", "restrictions"])
def test_corrections_and_restrictions_are_made_by_a_named_person(
    world: World, child: dict[str, Any], part: str
) -> None:
    answer = world.as_(LEEDS).post(f"/v1/children/{child['child_id']}/{part}", {})
    assert answer.json()["code"] == "practitioner_required"


def test_a_lock_keeps_everybody_out_but_whoever_it_names(world: World, worker: Caller, child: dict[str, Any]) -> None:
    path = f"/v1/children/{child['child_id']}"
    answer = restrict(worker, child["child_id"], **LOCK)
    follows_contract(world, "/v1/children/{child_id}/restrictions", "post", answer)
    assert worker.get(path).json()["sections_shared"] == ["child"]
    other = world.as_(LEEDS, name="Kim Curious")
    shut = other.get(path)
    follows_contract(world, "/v1/children/{child_id}", "get", shut)
    assert shut.json()["sections"] == {}
    assert shut.json()["sections_withheld"] == [{"section": "child", "reason": "named_practitioners_only"}]
    assert other.get(f"{path}/corrections").json()["code"] == "child_restricted"
    assert correct(other, child["child_id"], {"given_names": "Wren"}).json()["code"] == "child_restricted"


def test_a_restriction_is_listed_with_its_reason_and_lifted_with_another(
    world: World, worker: Caller, child: dict[str, Any]
) -> None:
    path = f"/v1/children/{child['child_id']}/restrictions"
    spared = [{"side": "host", "function": "school"}]
    detail = "The address must not reach the family."
    made = restrict(
        worker,
        child["child_id"],
        restriction="confidential_address",
        reason="risk_from_family",
        detail=detail,
        spared=spared,
    )
    lifts = f"{path}/{made.json()['restriction_id']}/lifts"
    lifted = worker.post(lifts, {"reason": "The risk has passed."})
    follows_contract(world, "/v1/children/{child_id}/restrictions/{restriction_id}/lifts", "post", lifted)
    listed = worker.get(path)
    follows_contract(world, "/v1/children/{child_id}/restrictions", "get", listed)
    (held,) = listed.json()["items"]
    assert (held["detail"], held["spared"]) == (detail, ["host.school"])
    assert (held["set_by"]["name"], held["lifted_because"]) == ("Sam Placer", "The risk has passed.")
    assert worker.post(lifts, {"reason": "Again."}).json()["code"] == "already_lifted"
    told = [entry["action"] for entry in actions(world, child["child_id"])]
    assert [each for each in told if "restricted" in each] == ["child.restricted", "child.unrestricted"]


def test_two_restrictions_stand_apart(worker: Caller, child: dict[str, Any]) -> None:
    path = f"/v1/children/{child['child_id']}"
    first, second = (
        restrict(worker, child["child_id"], restriction="confidential_address", reason=reason).json()
        for reason in ("risk_from_family", "court_order")
    )
    worker.post(f"{path}/restrictions/{first['restriction_id']}/lifts", {"reason": "The risk has passed."})
    (left,) = worker.get(path).json()["restrictions"]
    assert left["restriction_id"] == second["restriction_id"]


def test_a_sealed_identity_is_opened_by_two_people(world: World, worker: Caller, child: dict[str, Any]) -> None:
    made = restrict(worker, child["child_id"], restriction="identity_sealed", reason="placed_for_adoption").json()
    lifts = f"/v1/children/{child['child_id']}/restrictions/{made['restriction_id']}/lifts"
    refused = worker.post(lifts, {"reason": "Sealed the wrong child."})
    assert (refused.status_code, refused.json()["code"]) == (403, "second_person_needed")
    second = world.as_(LEEDS, name="Lee Manager")
    assert second.post(lifts, {"reason": "Sealed the wrong child."}).status_code == 201


def test_a_sealed_identity_is_nobodys_possible_duplicate(worker: Caller) -> None:
    facts = {"family_name": record()["family_name"]}
    old = create(worker, **facts)["child_id"]
    restrict(worker, old, restriction="identity_sealed", reason="placed_for_adoption")
    new = create(worker, **facts)
    assert new["possible_duplicates"] == []
    assert correct(worker, old, {"sex": "M"}).json()["possible_duplicates"] == []


def test_a_restriction_is_reviewed_on_a_day_to_come(world: World, worker: Caller, child: dict[str, Any]) -> None:
    today = world.clock().date()
    for day in (today, today - timedelta(days=1)):
        answer = restrict(worker, child["child_id"], **LOCK, review_on=day.isoformat())
        assert (answer.status_code, answer.json()["code"]) == (422, "review_not_ahead")


def test_the_day_is_that_of_london_also_in_the_hour_after_a_summer_midnight(
    world: World, child: dict[str, Any]
) -> None:
    half_past_midnight = datetime(2027, 7, 1, 23, 30, tzinfo=UTC)
    with world.later(seconds=int((half_past_midnight - world.clock()).total_seconds())):
        by = world.as_(LEEDS, "social_care", name="Asha Rahman")
        answer = restrict(by, child["child_id"], **LOCK, review_on="2027-07-02")
    assert (answer.status_code, answer.json()["code"]) == (422, "review_not_ahead")


def test_a_lock_names_only_people_who_are_known(worker: Caller, child: dict[str, Any]) -> None:
    unknown = "prc_01kb0000000000000000000000"
    answer = restrict(worker, child["child_id"], **LOCK, practitioners=[unknown])
    assert (answer.status_code, answer.json()["code"]) == (422, "unknown_practitioner")
    assert [each["pointer"] for each in answer.json()["errors"]] == ["/practitioners/0"]


def test_only_those_who_may_restrict_read_the_reasons(world: World, child: dict[str, Any]) -> None:
    school = world.as_(LEEDS, "virtual_school")
    assert school.get(f"/v1/children/{child['child_id']}/restrictions").json()["code"] == "insufficient_scope"


def test_every_restriction_of_the_standard_is_in_the_rules() -> None:
    assert set(code_lists()["restriction"].codes) == set(current().disclosure.restrictions)


def test_two_restrictions_at_once_are_both_in_force(worker: Caller, child: dict[str, Any]) -> None:
    kinds = ("confidential_address", "provider_access_paused")
    with ThreadPoolExecutor(2) as people:
        answers = list(
            people.map(lambda kind: restrict(worker, child["child_id"], restriction=kind, reason="court_order"), kinds)
        )
    assert [each.status_code for each in answers] == [201, 201]
    held = worker.get(f"/v1/children/{child['child_id']}").json()["restrictions"]
    assert sorted(each["restriction"] for each in held) == sorted(kinds)
