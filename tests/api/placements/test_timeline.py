"""The timeline: one line of what happened across agencies, filtered by where the reader stands."""

from typing import Any

import pytest

from tests.api.placements.stories import FULL, Story, follows_contract, tell
from tests.world import LEEDS, SHROPSHIRE, SHROPSHIRE_HEALTH, TRUST, Caller, World


@pytest.fixture
def story(world: World) -> Story:
    """Told, opened, declined and then accepted by the host, seen by health, updated, and recalled from the police."""
    story = tell(world)
    host = world.as_(SHROPSHIRE, name="Bryn Edwards")
    host.get(f"/v1/notifications/{story.notification}")
    story.acknowledge(host, "declined", reason="no_capacity")
    story.acknowledge(host)
    client = world.register_client(TRUST, acts_for=(SHROPSHIRE_HEALTH,))
    world.as_(SHROPSHIRE_HEALTH, "children_in_care_health", name="Nurse Unwin", client=client).get(story.path)
    story.update(voice={**FULL["voice"], "said": "Something else."})
    story.recall("E23000016", "missing_persons")
    return story


@pytest.fixture
def host(world: World) -> Caller:
    return world.as_(SHROPSHIRE, name="Bryn Edwards")


def timeline(story: Story, by: Caller, limit: int = 50) -> list[dict[str, Any]]:
    """Every event, read page by page."""
    events: list[dict[str, Any]] = []
    query = f"?limit={limit}"
    while True:
        page = by.get(f"{story.path}/timeline{query}").json()
        assert len(page["items"]) <= limit
        events += page["items"]
        if page["next_cursor"] is None:
            return events
        query = f"?limit={limit}&cursor={page['next_cursor']}"


def test_the_answer_follows_the_contract(story: Story, host: Caller) -> None:
    for caller in (story.sender, host):
        follows_contract(story.world, "/v1/placements/{placement_id}/timeline", caller.get(f"{story.path}/timeline"))


def test_the_placing_side_sees_the_whole_line_in_order(story: Story) -> None:
    events = timeline(story, story.sender)
    assert [each["what"] for each in events] == [
        "sent",
        "opened",
        "declined",
        "acknowledged",
        "opened",
        "sent",
        "recalled",
    ]
    assert [each["at"] for each in events] == sorted(each["at"] for each in events)
    assert events[1]["by"]["name"] == "Bryn Edwards"
    assert (events[2]["outcome"], events[2]["reason"]) == ("declined", "no_capacity")
    assert {"organisation": "E23000016", "function": "missing_persons"} in events[0]["recipients"]
    assert events[6]["recipients"] == [{"organisation": "E23000016", "function": "missing_persons"}]


def test_a_host_sees_what_it_was_told_and_what_its_own_organisation_did(story: Story, host: Caller) -> None:
    events = timeline(story, host)
    assert [each["what"] for each in events] == ["sent", "opened", "declined", "acknowledged", "sent"]
    named = {recipient["organisation"] for each in events for recipient in each["recipients"]}
    assert named == {SHROPSHIRE}
    assert {each["organisation"] for each in events} == {SHROPSHIRE, LEEDS}


def test_a_recall_is_on_the_line_of_the_organisation_it_touched(story: Story, host: Caller) -> None:
    story.recall(SHROPSHIRE, "virtual_school")
    last = timeline(story, host)[-1]
    assert (last["what"], last["reason"]) == ("recalled", "wrong_recipient")
    assert last["recipients"] == [{"organisation": SHROPSHIRE, "function": "virtual_school"}]


def test_a_correction_of_the_child_names_fields_and_stays_on_the_placing_side(story: Story, host: Caller) -> None:
    path = f"/v1/children/{story.child}"
    tag = story.sender.get(path).headers["etag"]
    document = {"reason": "recorded_wrongly", "facts": {"family_name": "Othername"}}
    answer = story.sender.post(f"{path}/corrections", document, headers={"If-Match": tag})
    assert answer.status_code == 201, answer.text
    last = timeline(story, story.sender)[-1]
    assert (last["what"], last["names"]) == ("corrected", ["family_name"])
    assert "corrected" not in {each["what"] for each in timeline(story, host)}


def test_pages_join_to_the_same_line(story: Story, host: Caller) -> None:
    for caller in (story.sender, host):
        whole = timeline(story, caller)
        assert timeline(story, caller, limit=1) == whole
        assert timeline(story, caller, limit=2) == whole


def test_a_cursor_serves_only_the_party_and_placement_it_was_made_for(story: Story, host: Caller) -> None:
    cursor = story.sender.get(f"{story.path}/timeline?limit=1").json()["next_cursor"]
    answer = host.get(f"{story.path}/timeline?cursor={cursor}")
    assert (answer.status_code, answer.json()["code"]) == (400, "bad_cursor")
    other = tell(story.world)
    assert other.sender.get(f"{other.path}/timeline?cursor={cursor}").status_code == 400


def test_no_words_about_the_child_are_on_it(story: Story) -> None:
    text = story.sender.get(f"{story.path}/timeline").text
    home = FULL["placement"]
    assert not any(word in text for word in ("Rowan", "Inventley", home["address"], home["postcode"], "2011-03-04"))
