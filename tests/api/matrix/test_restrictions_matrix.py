"""A restriction on a child takes what it takes in every view, by every route, and touches nobody else."""

import json
from dataclasses import dataclass
from typing import Any

import httpx
import pytest

from app.security.scopes import FUNCTION_SCOPES, Function, Scope
from tests.api.lists import pages, register_line, register_row
from tests.api.matrix.parties import PARTIES, Told, holds_exactly, leaked, person, tell
from tests.api.matrix.tables import FUNCTIONS, RESTRICTIONS, sees
from tests.world import Caller, World

ASHA, SETTER = "Asha Rahman", "Bo Hughes"


@dataclass(frozen=True)
class Restricted:
    """A placement whose child was restricted, and what each party had been answered before."""

    kind: str
    told: Told
    before: dict[tuple[str, str, str], httpx.Response]

    @property
    def paths(self) -> tuple[str, str]:
        return f"/v1/notifications/{self.told.notifications[0][0]}", f"/v1/placements/{self.told.placement_id}"


@pytest.fixture(scope="module", params=RESTRICTIONS)
def restricted(world: World, request: pytest.FixtureRequest) -> Restricted:
    """One placement for each kind of restriction; everybody has read it before."""
    made = Restricted(request.param, tell(world, "active"), {})
    # Twice: who has opened it is part of what the placing side is answered.
    for side, function in PARTIES * 2:
        for path in made.paths:
            made.before[side, function, path] = person(world, side, function).get(path)
    restrict(world, made.told.child_id, made.kind)
    return made


def restrict(world: World, child_id: str, kind: str, **more: Any) -> None:
    document = {"restriction": kind, "reason": "court_order", "review_on": "2199-01-01", **more}
    setter = person(world, "placing", "emergency_duty", SETTER)
    answer = setter.post(f"/v1/children/{child_id}/restrictions", document)
    assert answer.status_code == 201, answer.text


def holding(scope: Scope) -> list[str]:
    return [function for function in FUNCTIONS if scope in FUNCTION_SCOPES[Function(function)]]


@pytest.mark.parametrize(("side", "function"), PARTIES)
def test_what_is_restricted_is_gone_from_every_view(
    world: World, restricted: Restricted, side: str, function: str
) -> None:
    for path in restricted.paths:
        answer = person(world, side, function).get(path)
        holds_exactly(answer, restricted.told.sections, function, side, "active", restricted.kind)


@pytest.mark.parametrize(("side", "function"), PARTIES)
def test_a_tag_changes_for_those_who_lost_something_and_for_nobody_else(
    world: World, restricted: Restricted, side: str, function: str
) -> None:
    caller = person(world, side, function)
    for path in restricted.paths:
        before, after = restricted.before[side, function, path], caller.get(path)
        lost = before.json() != after.json()
        had = before.headers["etag"]
        assert (after.headers["etag"] != had) is lost
        assert caller.head(path).headers["etag"] == after.headers["etag"]
        assert caller.get(path, headers={"If-None-Match": had}).status_code == (200 if lost else 304)


def test_no_list_holds_a_word_of_it(world: World, restricted: Restricted) -> None:
    told, worker = restricted.told, person(world, "placing", "social_care")
    lists = [(worker, "/v1/sent"), (worker, f"/v1/children/{told.child_id}/disclosures")]
    for party in PARTIES:
        caller = person(world, *party)
        lists += [(caller, f"/v1/placements/{told.placement_id}/timeline"), (caller, "/v1/inbox?state=all")]
    for caller, path in lists:
        assert all(leaked(page, told.sections) == set() for page in pages(caller, path))


@pytest.mark.parametrize("function", holding(Scope.REGISTER_READ))
def test_the_register_keeps_back_what_is_restricted(world: World, restricted: Restricted, function: str) -> None:
    caller, told = person(world, "host", function), restricted.told
    for line in (read(caller, "active", told.placement_id) for read in (register_line, register_row)):
        assert leaked(json.dumps(line), told.sections, function, "host", "active", restricted.kind) == set()


@pytest.mark.parametrize("function", holding(Scope.CHILDREN_READ))
def test_the_childs_own_record_keeps_it_back_too(world: World, restricted: Restricted, function: str) -> None:
    answer = person(world, "placing", function).get(f"/v1/children/{restricted.told.child_id}")
    if restricted.kind == "identity_sealed" and not sees(
        "child.child_id", function, "placing", "active", restricted.kind
    ):
        # Not even there: to whoever may not know the child by this id it leads nowhere.
        assert (answer.status_code, answer.json()["code"]) == (404, "not_yours")
        return
    assert answer.status_code == 200, answer.text
    sections = restricted.told.sections
    assert leaked(answer, sections, function, "placing", "active", restricted.kind) == set()


@pytest.fixture
def told(world: World) -> Told:
    return tell(world, "active")


def test_a_lock_that_names_nobody_leaves_it_to_whoever_set_it(world: World, told: Told) -> None:
    restrict(world, told.child_id, "named_practitioners_only")
    for name, restriction in ((SETTER, ()), (ASHA, ("named_practitioners_only",))):
        answer = opened(world, told, "placing", "emergency_duty", name)
        holds_exactly(answer, told.sections, "emergency_duty", "placing", "active", *restriction)


def test_a_system_without_a_person_is_no_named_practitioner(world: World, told: Told) -> None:
    restrict(world, told.child_id, "named_practitioners_only")
    answer = opened(world, told, "placing", "emergency_duty", None)
    holds_exactly(answer, told.sections, "emergency_duty", "placing", "active", "named_practitioners_only")


def test_a_party_that_is_spared_keeps_its_view_and_its_neighbours_do_not(world: World, told: Told) -> None:
    spared = [{"side": "host", "function": "missing_persons"}]
    restrict(world, told.child_id, "confidential_address", spared=spared)
    for side, restriction in (("host", ()), ("placing", ("confidential_address",))):
        answer = opened(world, told, side, "missing_persons", ASHA)
        holds_exactly(answer, told.sections, "missing_persons", side, "active", *restriction)


def test_two_restrictions_take_what_either_takes(world: World, told: Told) -> None:
    for kind in ("confidential_address", "identity_sealed"):
        restrict(world, told.child_id, kind)
    answer = opened(world, told, "host", "camhs", ASHA)
    for kind in ("confidential_address", "identity_sealed"):
        assert leaked(answer, told.sections, "camhs", "host", "active", kind) == set()


def opened(world: World, told: Told, side: str, function: str, name: str | None) -> httpx.Response:
    caller: Caller = person(world, side, function, name)
    return caller.get(f"/v1/notifications/{told.notifications[0][0]}")
