"""The review pack: all that happened, who had it, what they answered, and who of health and education never did."""

import pytest

from tests.api.placements.stories import Story, entries, follows_contract, tell
from tests.api.transfers.test_a_passport_moves import messages
from tests.world import LEEDS, SHROPSHIRE, SHROPSHIRE_HEALTH, Caller, World

PATH = "/v1/placements/{placement_id}/review-pack"


@pytest.fixture
def story(world: World) -> Story:
    """Told; health accepts with a note and a question, the virtual school declines, the council only opens it."""
    story = tell(world)
    nurse = world.as_(SHROPSHIRE_HEALTH, "children_in_care_health", name="Cerys Nurse")
    asked = {"note": "We have an appointment on Monday.", "questions": ["Who holds the inhaler plan?"]}
    story.acknowledge(nurse, "accepted_with_questions", **asked)
    school = world.as_(SHROPSHIRE, "virtual_school", name="Vi School")
    story.acknowledge(school, "declined", reason="no_capacity", note="The school is in another county.")
    world.as_(SHROPSHIRE, name="Bryn Edwards").get(f"/v1/notifications/{story.notification}")
    return story


def pack(by: Caller, story: Story) -> dict[str, object]:
    answer = by.get(f"{story.path}/review-pack")
    assert answer.status_code == 200, answer.text
    follows_contract(story.world, PATH, answer)
    return dict(answer.json())


def test_a_reviewer_has_the_whole_of_it_in_one_call(story: Story) -> None:
    reviewer = story.world.as_(LEEDS, "reviewing_officer", name="Ines Reader")
    whole: dict[str, object] = pack(reviewer, story)
    replies: list[dict[str, object]] = whole["replies"]  # type: ignore[assignment]
    assert [(each["function"], each["outcome"]) for each in replies] == [
        ("children_in_care_health", "accepted_with_questions"),
        ("virtual_school", "declined"),
    ]
    assert replies[0]["said"]["questions"] == ["Who holds the inhaler plan?"]  # type: ignore[index]
    assert replies[1]["said"]["reason"] == "no_capacity"  # type: ignore[index]
    events: list[dict[str, object]] = whole["events"]  # type: ignore[assignment]
    assert [each["what"] for each in events] == ["sent", "acknowledged", "declined", "opened"]
    heard: list[dict[str, object]] = whole["health_and_education"]  # type: ignore[assignment]
    answered = {(each["organisation"], each["function"]): each["has_answered"] for each in heard}
    assert answered[SHROPSHIRE_HEALTH, "children_in_care_health"] is True
    assert False in answered.values(), "somebody of health or education is silent, and is rung before the review"
    assert "sections" in whole and "Rowan" not in str(whole)


def test_it_leaves_an_entry_and_is_for_who_follows_the_whole(story: Story) -> None:
    pack(story.sender, story)
    recorded = entries(story.world, story.placement, "review_pack.read")
    assert [each["facts"]["replies"] for each in recorded] == [2]
    host = story.world.as_(SHROPSHIRE, name="Bryn Edwards").get(f"{story.path}/review-pack")
    assert (host.status_code, host.json()["code"]) == (403, "not_yours_to_review")
    story.restrict("named_practitioners_only", "worker_known_to_child")
    locked = story.world.as_(LEEDS, name="Bo Hughes").get(f"{story.path}/review-pack")
    assert locked.json()["code"] == "not_yours_to_review"


def test_the_host_tells_of_a_visit_that_was_refused_and_the_reviewer_reads_it(story: Story) -> None:
    """A visit nobody expected was refused; who lives nearest knew, and whoever could have acted did not."""
    host = story.world.as_(SHROPSHIRE, name="Bryn Edwards")
    refused = {"refused_on": "2026-11-30", "refused_by": "Staff at the door, no manager on site", "unannounced": True}
    path = f"/v1/notifications/{story.notification}/acknowledgements"
    too_soon = host.post(path, {"outcome": "accepted", "visit_refused": refused})
    assert (too_soon.status_code, too_soon.json()["errors"][0]["pointer"]) == (422, "/visit_refused/refused_on")
    with story.world.later(days=9):
        story.acknowledge(story.world.as_(SHROPSHIRE, name="Bryn Edwards"), "accepted", visit_refused=refused)
    assert messages(story.world, "notification.visit_refused", story.placement) == {(LEEDS, "social_care")}
    replies: list[dict[str, dict[str, object]]] = pack(story.sender, story)["replies"]  # type: ignore[assignment]
    assert [each["said"]["visit_refused"] for each in replies if "visit_refused" in each["said"]] == [refused]
    assert "manager" not in str(entries(story.world, story.notification))
