"""Three locks on a confidential address: no search finds or tells it, and no paper or list carries it away."""

from typing import Any
from uuid import uuid4

import pytest

from tests.api.letters.post import letters, printed, text_of
from tests.api.placements.stories import FULL, Story, example, tell
from tests.world import LEEDS, SHROPSHIRE, WEST_MERCIA, Caller, World

_HOME = FULL["placement"]
SECRETS = [_HOME[name] for name in ("address", "postcode", "phone", "email")]
PARTIES = ((WEST_MERCIA, "missing_persons"), (SHROPSHIRE, "virtual_school"))


@pytest.fixture
def story(world: World) -> Story:
    story = tell(world, child={"given_names": "Rowan Fern", "family_name": "Keptaway"})
    story.restrict("confidential_address", "risk_from_family")
    return story


def named(story: Story) -> dict[str, Any]:
    child = story.sender.get(story.path).json()["sections"]["child"]
    return {name: child[name] for name in ("given_names", "family_name", "date_of_birth")}


def leaks(text: str) -> list[str]:
    return [each for each in SECRETS if each in text or each.replace(" ", "") in text]


def test_the_test_would_see_a_leak(story: Story) -> None:
    assert leaks(story.sender.get(story.path).text) == SECRETS


def test_no_search_finds_by_it_or_tells_it(story: Story) -> None:
    for organisation, function in PARTIES:
        by = story.world.as_(organisation, function, name="Pat Searcher")
        answer = by.post("/v1/placements/search", named(story))
        assert story.placement in answer.text, "the child itself is found"
        assert leaks(answer.text) == []
        refused = by.post("/v1/placements/search", {"postcode": _HOME["postcode"]})
        assert refused.status_code == 422 and leaks(refused.text) == []


def test_no_paper_carries_it_to_who_need_not_know(story: Story) -> None:
    sent = {"id": story.notification, "placement_id": story.placement, "child_id": story.child}
    items = [each for each in letters(story.sender, sent) if each["letter_id"]]
    kept = [each for each in items if each["person"] in {"parent", "gp_old", "school_old", "placing_virtual_school"}]
    assert kept
    for item in kept:
        for language in ("en", "cy"):
            printed_words = text_of(printed(story.sender, sent, item, params={"language": language}).content)
            assert leaks(printed_words) == [], item["person"]


def test_no_list_and_no_placement_that_carries_it_forward_tells_it(story: Story) -> None:
    duty = story.world.as_(LEEDS, "emergency_duty", name="Noor Nightly")
    offered = duty.get(f"/v1/children/{story.child}/carry-forward").json()
    assert leaks(str(offered)) == [], "where the child lived is no part of what goes on"
    start = {**example("start_emergency_minimum"), **offered["sections"], "carried_forward": offered["carried_forward"]}
    moved = duty.post("/v1/notifications", {**start, "reference": uuid4().hex})
    assert moved.status_code == 201, moved.text
    for organisation, function in PARTIES:
        by: Caller = story.world.as_(organisation, function, name="Pat Searcher")
        for path in (story.path, f"{story.path}/timeline", f"{story.path}/ready-pack", "/v1/inbox?limit=200"):
            assert leaks(by.get(path).text) == [], path
    for pack in ("review-pack", "timeline"):
        assert leaks(story.sender.get(f"{story.path}/{pack}").text) == []
