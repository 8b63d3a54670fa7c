"""A host whose access was taken back, and who looks for another way in."""

from typing import Any

import pytest

from app.placements.models import placements
from tests.api.placements.stories import FULL, tell
from tests.api.queueing import one_behind_another
from tests.world import LEEDS, SHROPSHIRE, World

_NEVER_TOLD = ("emergency_duty", "youth_justice", "missing_persons", "quality_assurance", "send")


def _register(world: World, organisation: str, function: str, placement: str) -> list[dict[str, Any]]:
    caller, found, cursor = world.as_(organisation, function, name="Bryn Edwards"), [], None
    while True:
        page = caller.get("/v1/register", params={"limit": 200, **({"cursor": cursor} if cursor else {})}).json()
        found += [each for each in page["items"] if each["placement_id"] == placement]
        cursor = page["next_cursor"]
        if cursor is None:
            return found


@pytest.mark.parametrize("function", _NEVER_TOLD)
def test_what_was_recalled_from_an_authority_is_not_on_its_register_for_other_teams(
    world: World, function: str
) -> None:
    story = tell(world)
    assert _register(world, SHROPSHIRE, function, story.placement)
    answer = story.sender.post(f"/v1/notifications/{story.notification}/recalls", {"reason": "wrong_recipient"})
    assert answer.status_code == 201
    assert _register(world, SHROPSHIRE, function, story.placement) == []


def test_a_team_that_is_still_told_keeps_its_line_when_another_team_is_recalled(world: World) -> None:
    story = tell(world)
    story.recall(SHROPSHIRE, "virtual_school")
    assert _register(world, SHROPSHIRE, "social_care", story.placement)
    assert _register(world, SHROPSHIRE, "virtual_school", story.placement) == []


def test_the_authority_that_placed_in_its_own_area_keeps_the_line_it_recalled_from_a_team_of_its_own(
    world: World,
) -> None:
    at_home = {**FULL["placement"], "host_area": LEEDS, "postcode": {"not_known": "being_found_out"}}
    story = tell(world, placement=at_home)
    story.recall(LEEDS, "virtual_school")
    assert _register(world, LEEDS, "social_care", story.placement)


def test_an_update_under_way_gives_nothing_back_to_a_party_recalled_meanwhile(world: World) -> None:
    story = tell(world)
    host = world.as_(SHROPSHIRE, name="Bryn Edwards")
    voice = {**FULL["voice"], "said": "Something else."}
    one_behind_another(
        world,
        placements,
        story.placement,
        lambda: story.update(voice=voice),
        lambda: story.recall(SHROPSHIRE, "social_care"),
    )
    assert host.get(story.path).json()["code"] == "access_ended"
