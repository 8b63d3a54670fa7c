"""A party that may not see a section learns nothing of it from clocks, debts, recipients or the timeline."""

from typing import Any

import pytest

from tests.api.placements.stories import FULL, Story, tell
from tests.world import LEEDS, LEEDS_HEALTH, SHROPSHIRE, World

_SAYS = {
    "exploitation-review": "exploitation",
    "liberty-order-expires": "legal/deprivation_of_liberty",
}
"""A clock -> what its being there says."""


@pytest.fixture(scope="module")
def story(world: World) -> Story:
    story = tell(world)
    world.as_("E23000016", "missing_persons", name="Officer Invented").get(story.path)
    return story


def _seen(story: Story, organisation: str, function: str) -> dict[str, Any]:
    answer = story.world.as_(organisation, function, name="Sam Insider").get(story.path)
    assert answer.status_code == 200
    return dict(answer.json())


def _holds(sections: dict[str, Any], path: str) -> bool:
    at: Any = sections
    for name in path.split("/"):
        at = at.get(name) if isinstance(at, dict) else None
    return at is not None


@pytest.mark.parametrize(
    ("organisation", "function"),
    [
        (LEEDS, "virtual_school"),
        (LEEDS, "send"),
        (LEEDS_HEALTH, "children_in_care_health"),
        (SHROPSHIRE, "virtual_school"),
    ],
)
class TestATeamThatSeesLittle:
    def test_learns_of_no_withheld_section_by_what_is_owed(
        self, story: Story, organisation: str, function: str
    ) -> None:
        seen = _seen(story, organisation, function)
        assert {each["section"] for each in seen["outstanding"]} <= set(seen["sections"])

    def test_learns_of_no_withheld_fact_by_its_clock(self, story: Story, organisation: str, function: str) -> None:
        seen = _seen(story, organisation, function)
        clocks = {each["code"] for each in seen["clocks"]}
        assert clocks, "the clocks both sides share are shown"
        for code, path in _SAYS.items():
            assert code not in clocks or _holds(seen["sections"], path), code

    def test_learns_of_no_risk_by_who_else_was_told_and_why(
        self, story: Story, organisation: str, function: str
    ) -> None:
        seen = _seen(story, organisation, function)
        told = seen["recipients"] or []
        assert {each["function"] for each in told} <= {function}

    def test_learns_nothing_of_other_bodies_by_the_timeline(
        self, story: Story, organisation: str, function: str
    ) -> None:
        caller = story.world.as_(organisation, function, name="Sam Insider")
        events = caller.get(f"{story.path}/timeline", params={"limit": 200}).json()["items"]
        assert {each["organisation"] for each in events} <= {organisation, LEEDS}
        assert all(each["organisation"] == organisation for event in events for each in event["recipients"])


def test_a_reviewing_officer_sees_how_every_recipient_fares_and_all_that_is_owed(story: Story) -> None:
    officer, sender = _seen(story, LEEDS, "reviewing_officer"), story.sender.get(story.path).json()
    assert len(officer["recipients"]) == len(sender["recipients"])
    for part in ("clocks", "outstanding"):
        assert officer[part] == sender[part]


@pytest.fixture(scope="module")
def locked(world: World) -> Story:
    story = tell(world)
    story.restrict("named_practitioners_only", "worker_known_to_child")
    return story


class TestWhomALockKeepsOut:
    @pytest.mark.parametrize("function", ["social_care", "emergency_duty", "reviewing_officer", "virtual_school"])
    def test_learns_neither_where_the_child_lives_nor_what_the_risks_are(self, locked: Story, function: str) -> None:
        relative = locked.world.as_(LEEDS, function, name="Sam Relative")
        for path in (locked.path, f"{locked.path}/timeline", f"/v1/notifications/{locked.notification}"):
            answer = relative.get(path)
            assert answer.status_code == 200
            for told in (SHROPSHIRE, "self_harm", "exploitation", "liberty"):
                assert told not in answer.text.replace(f'"section":"{told}"', ""), (path, told)

    def test_is_owed_nothing_on_the_board(self, locked: Story) -> None:
        relative = locked.world.as_(LEEDS, name="Sam Relative")
        items = relative.get("/v1/sent", params={"limit": 200}).json()["items"]
        [line] = [each for each in items if each["placement_id"] == locked.placement]
        assert line["outstanding"] == []

    def test_whom_it_names_still_sees_all_of_it(self, locked: Story) -> None:
        seen = locked.sender.get(locked.path).json()
        assert {each["code"] for each in seen["clocks"]} >= {"exploitation-review", "liberty-order-expires"}
        assert SHROPSHIRE in {each["organisation"] for each in seen["recipients"]}
        assert seen["outstanding"]


def test_news_a_team_may_not_see_does_not_move_its_line_of_the_register(world: World) -> None:
    at_home = {**FULL["placement"], "host_area": "E06000055", "postcode": {"not_known": "being_found_out"}}
    story = tell(world, placement=at_home)
    team = world.as_("E06000055", "youth_justice", name="Sam Insider")
    [before] = team.get("/v1/register").json()["items"]
    story.update(immigration={**FULL["immigration"], "nationality": "Irish"})
    assert team.get("/v1/register").json()["items"] == [before]
