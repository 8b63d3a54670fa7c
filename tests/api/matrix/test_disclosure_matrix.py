"""Function by section by side by state by route: a party reads what the disclosure table says, to the leaf."""

import json
from itertools import chain, product
from typing import Any

import pytest

from app.security.scopes import FUNCTION_SCOPES, Function, Scope
from tests.api.lists import pages, register_line, register_row
from tests.api.matrix import marked
from tests.api.matrix.parties import PARTIES, Told, holds_exactly, leaked, person, tell
from tests.api.matrix.tables import FUNCTIONS, SECTIONS, SIDES, STATES, dotted, leaves, named_fields, sees
from tests.world import LEEDS, SHROPSHIRE, World

EVERY_VIEW = [(state, *party) for state, party in product(STATES, PARTIES)]
READS_REGISTER = [function for function in FUNCTIONS if Scope.REGISTER_READ in FUNCTION_SCOPES[Function(function)]]
IN_REGISTER = {
    **{f"child.{name}": ("child", name) for name in ("given_names", "family_name", "date_of_birth", "sex")},
    **{f"placement.{name}": ("home", name) for name in ("home_name", "address", "postcode", "phone", "setting")},
    **{f"placement.{name}": ("home", name) for name in ("provider_name", "registration_status")},
    "placement.accountable_manager.name": ("home", "accountable_manager", "name"),
    "legal.status": ("legal_status",),
    "care_team.lead.phone": ("social_worker", "phone"),
    "sender.out_of_hours.phone": ("out_of_hours", "phone"),
}
"""Field of the document -> where it stands in a line of the register."""


@pytest.fixture(scope="module")
def told(world: World) -> dict[str, Told]:
    """A placement in each state."""
    return {state: tell(world, state) for state in STATES}


@pytest.fixture(scope="module")
def living_here(world: World, told: dict[str, Told]) -> dict[tuple[str, str], Told]:
    """By side and state, a placement on the register of that side: away from home, and in the child's own area."""
    own = {("placing", state): tell(world, state, host_area=LEEDS, host_health="QWO") for state in ("active", "ended")}
    return {**own, **{("host", state): told[state] for state in ("active", "ended")}}


def test_the_documents_say_something_in_every_field_the_tables_name() -> None:
    documents = (marked.everything(), marked.ending(), marked.consultation())
    fields = {dotted(pointer) for document in documents for pointer, _ in leaves(document)}
    unsaid = {name for name in named_fields() if not any(f"{field}.".startswith(f"{name}.") for field in fields)}
    # A child is named by the sender's own id or by ours.
    assert unsaid == {"child.child_id"}
    assert set(documents[0]) >= set(SECTIONS)


@pytest.mark.parametrize(("state", "side", "function"), EVERY_VIEW)
def test_a_notification_shows_each_party_its_share_and_nothing_else(
    world: World, told: dict[str, Told], state: str, side: str, function: str
) -> None:
    for notification_id, sections in told[state].notifications:
        answer = person(world, side, function).get(f"/v1/notifications/{notification_id}")
        holds_exactly(answer, sections, function, side, state)
        assert leaked(answer, told[state].sections, function, side, state) == set()


@pytest.mark.parametrize(("state", "side", "function"), EVERY_VIEW)
def test_a_placement_shows_each_party_its_share_and_nothing_else(
    world: World, told: dict[str, Told], state: str, side: str, function: str
) -> None:
    answer = person(world, side, function).get(f"/v1/placements/{told[state].placement_id}")
    holds_exactly(answer, told[state].sections, function, side, state)


@pytest.mark.parametrize(("side", "function"), PARTIES)
def test_a_head_shows_the_tag_and_no_word(world: World, told: dict[str, Told], side: str, function: str) -> None:
    caller = person(world, side, function)
    for placed in told.values():
        for path in (f"/v1/notifications/{placed.notifications[-1][0]}", f"/v1/placements/{placed.placement_id}"):
            looked = caller.head(path)
            assert (looked.status_code, looked.content) == (200, b"")
            assert caller.get(path, headers={"If-None-Match": looked.headers["etag"]}).status_code == 304
            assert leaked(looked, placed.sections) == set()


@pytest.mark.parametrize(("side", "function"), PARTIES)
def test_timelines_inboxes_and_boards_hold_no_word_of_any_section(
    world: World, told: dict[str, Told], side: str, function: str
) -> None:
    caller = person(world, side, function)
    paths = ["/v1/inbox?state=all", *(f"/v1/placements/{each.placement_id}/timeline" for each in told.values())]
    if Scope.SENT_READ in FUNCTION_SCOPES[Function(function)]:
        paths.append("/v1/sent")
    for answer in chain.from_iterable(pages(caller, path) for path in paths):
        assert all(leaked(answer, placed.sections) == set() for placed in told.values())


@pytest.mark.parametrize(("state", "side", "function"), list(product(("active", "ended"), SIDES, READS_REGISTER)))
def test_the_register_shows_each_function_its_share_of_each_line(
    world: World, living_here: dict[tuple[str, str], Told], state: str, side: str, function: str
) -> None:
    caller, placed = person(world, side, function), living_here[side, state]
    line = register_line(caller, state, placed.placement_id)
    row = register_row(caller, state, placed.placement_id)
    for field, place in IN_REGISTER.items():
        said = _at(placed.sections, field.split("."))
        shown = said if sees(field, function, side, state) else None
        assert _at(line, place) == shown, field
        assert str(shown) in row.values() or shown is None, field
    assert (line["child_id"] is not None) == sees("child.child_id", function, side, state)
    assert leaked(json.dumps(line), placed.sections, function, side, state) == set()
    assert leaked(json.dumps(row), placed.sections, function, side, state) == set()


def test_a_section_that_says_nothing_a_party_may_see_is_not_called_restricted(world: World) -> None:
    document = marked.everything()
    del document["health_now"]["conditions"]
    send = {"organisation": SHROPSHIRE, "function": "send", "reason": "To see what it sees."}
    worker = person(world, "placing", "social_care")
    sent = worker.post("/v1/notifications", {**document, "additional_recipients": [send]}).json()
    for path in (f"/v1/notifications/{sent['id']}", f"/v1/placements/{sent['placement_id']}"):
        withheld = person(world, "host", "send").get(path).json()["sections_withheld"]
        assert {"section": "health_now", "reason": "not_needed_for_this_work"} in withheld


def _at(value: Any, place: Any) -> Any:
    for name in place:
        value = None if value is None else value[name]
    return value
