"""Searching: a party finds the children it was told of by what it knows of them, and learns of nobody else."""

from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import update

from app.children.models import children
from app.placements.service import searching
from tests.api.children.records import nhs_number
from tests.api.placements.stories import FULL, Story, entries, tell
from tests.world import LEEDS, SHROPSHIRE, Caller, World

_SEARCH = "/v1/placements/search"


def named(story_name: str) -> dict[str, Any]:
    return {"given_names": "Rowan Fern", "family_name": story_name, "date_of_birth": "2012-05-06"}


def told(world: World, family_name: str, **child: Any) -> Story:
    return tell(world, child={**named(family_name), **child})


def found(by: Caller, **document: Any) -> list[str]:
    answer = by.post(_SEARCH, document)
    assert answer.status_code == 200, answer.text
    return [each["placement_id"] for each in answer.json()["items"]]


def test_a_party_finds_a_child_by_number_local_id_or_name_and_birth(world: World) -> None:
    local_id = uuid4().hex[:12]
    number = nhs_number()
    story = told(world, "Findable", local_id=local_id, nhs_number=number)
    for by in (world.as_(LEEDS, name="Asha Rahman"), world.as_(SHROPSHIRE, name="Bryn Edwards")):
        assert found(by, **named("Findable")) == [story.placement]
        assert found(by, given_names="Fern", family_name="Findable-Rowan", date_of_birth="2012-05-06") == [
            story.placement
        ]
        assert found(by, local_id=local_id, placing_authority=LEEDS, state="active") == [story.placement]
        assert found(by, local_id=local_id, placing_authority=LEEDS, state="ended") == []
        assert found(by, local_id=local_id, placing_authority=LEEDS, host_area=LEEDS) == []
        assert found(by, nhs_number=number) == [story.placement]
    assert found(world.as_(LEEDS, name="Asha Rahman"), local_id=local_id) == [story.placement]
    assert found(world.as_(SHROPSHIRE, name="Bryn Edwards"), local_id=local_id) == []


def test_what_is_not_there_and_what_is_not_yours_are_one_answer(world: World) -> None:
    told(world, "Yonder-Findable")
    stranger = world.as_("E06000019", name="Sol Stranger")
    forbidden = stranger.post(_SEARCH, named("Yonder-Findable"))
    nobody = stranger.post(_SEARCH, named("Nobody"))
    assert forbidden.status_code == nobody.status_code == 200
    assert forbidden.content == nobody.content == b'{"items":[],"next_cursor":null}'


def test_an_area_lists_who_lives_there_now_of_those_one_was_told_of(world: World) -> None:
    story = told(world, "Neighbour")
    host = world.as_(SHROPSHIRE, name="Bryn Edwards")
    pages, cursor = [], ""
    while True:
        answer = host.post(f"{_SEARCH}{cursor}", {"host_area": SHROPSHIRE}).json()
        pages += [each["placement_id"] for each in answer["items"]]
        if answer["next_cursor"] is None:
            break
        cursor = f"?cursor={answer['next_cursor']}"
    assert story.placement in pages
    assert len(pages) == len(set(pages))
    assert found(world.as_("E06000019", name="Sol Stranger"), host_area=SHROPSHIRE) == []


@pytest.mark.parametrize(
    ("kind", "reason"),
    [("identity_sealed", "placed_for_adoption"), ("named_practitioners_only", "worker_known_to_child")],
)
def test_a_sealed_or_locked_child_is_found_by_nobody(world: World, kind: str, reason: str) -> None:
    story = told(world, f"Hidden {kind.replace('_', ' ')}")
    story.restrict(kind, reason)
    for by in (world.as_(LEEDS, name="Nia Other"), world.as_(SHROPSHIRE, name="Bryn Edwards")):
        assert found(by, **named(f"Hidden {kind.replace('_', ' ')}")) == []


@pytest.mark.parametrize("state", ["turned_18", "died"])
def test_search_is_closed_once_a_child_is_of_age_or_has_died(world: World, state: str) -> None:
    name = {"turned_18": "Grown Up", "died": "Remembered"}[state]
    story = told(world, name)
    assert found(story.sender, **named(name)) == [story.placement]
    with world.database.write() as connection:
        connection.execute(update(children).where(children.c.id == story.child).values(state=state))
    assert found(story.sender, **named(name)) == []


def test_whoever_was_taken_off_finds_it_no_more(world: World) -> None:
    story = told(world, "Takenback")
    host = world.as_(SHROPSHIRE, name="Bryn Edwards")
    assert found(host, **named("Takenback")) == [story.placement]
    story.recall(SHROPSHIRE, "social_care")
    assert found(host, **named("Takenback")) == []


def test_a_function_that_is_told_no_birth_date_does_not_find_by_it(world: World) -> None:
    told(world, "Asked-About")
    # A team that sees no NHS number cannot try numbers until one fits.
    school = world.as_(SHROPSHIRE, "virtual_school", name="Vi School")
    assert found(school, nhs_number=FULL["child"]["nhs_number"]) == []
    assert found(school, **named("Asked-About")) != []


@pytest.mark.parametrize(
    "document",
    [
        {},
        {"family_name": "Half"},
        {"given_names": "Half", "family_name": "Half"},
        {"placing_authority": LEEDS},
        {"nhs_number": "1234567890"},
        {"nhs_number": None},
        {"name": "Half"},
    ],
)
def test_half_a_question_is_refused(world: World, document: dict[str, Any]) -> None:
    answer = world.as_(LEEDS, name="Asha Rahman").post(_SEARCH, document)
    assert answer.status_code == 422, answer.text


def test_a_sweep_of_birthdays_ends_for_the_day_and_is_on_record(world: World) -> None:
    story = told(world, "Sweepable")
    by = world.as_(SHROPSHIRE, name="Sid Sweeper")
    for day in range(1, searching.A_DAY["by_name"] + 1):
        found(by, **{**named("Sweepable"), "date_of_birth": f"2012-05-{day:02}"})
    refused = by.post(_SEARCH, named("Sweepable"))
    assert (refused.status_code, refused.json()["code"]) == (429, "searched_too_often")
    assert 0 < int(refused.headers["retry-after"]) <= 25 * 3600
    assert found(world.as_(SHROPSHIRE, name="Bryn Edwards"), **named("Sweepable")) == [story.placement]
    recorded = [each["facts"] for each in entries(world, SHROPSHIRE, "placements.searched")]
    assert {each["by"] for each in recorded} >= {"name_and_birth"}
    assert "Sweepable" not in str(recorded)
    with world.later(days=1):
        assert found(world.as_(SHROPSHIRE, name="Sid Sweeper"), **named("Sweepable")) == [story.placement]
