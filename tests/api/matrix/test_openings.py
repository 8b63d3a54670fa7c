"""What counts as having seen it: tags of each party's own, and an account that says who opened and who only held."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from tests.api.lists import pages
from tests.api.matrix.parties import Told, person, tell
from tests.api.matrix.routes import outcome
from tests.world import LEEDS, SHROPSHIRE, SHROPSHIRE_HEALTH, TRUST, Caller, World

ACCEPTED = {"outcome": "accepted", "note": "We are on it."}


@pytest.fixture
def told(world: World) -> Told:
    return tell(world, "active")


@pytest.fixture
def later(world: World) -> Iterator[Any]:
    """Moves the clock on, for whoever is named in this test only: tokens of that time are of no use before it."""
    before = world.clock.ahead

    def moved(**by: int) -> None:
        world.clock.ahead += timedelta(**by)

    yield moved
    world.clock.ahead = before


def account(world: World, told: Told) -> list[tuple[str, str, str | None]]:
    """Who has seen it, newest first: how, in which function, by whom."""
    reader = person(world, "placing", "social_care")
    items = entries(reader, f"/v1/children/{told.child_id}/disclosures")
    return [(each["how"], each["function"], each["practitioner"] and each["practitioner"]["name"]) for each in items]


def recipient(world: World, told: Told, organisation: str, function: str) -> dict[str, Any]:
    """What the sender is told of one recipient."""
    board = entries(person(world, "placing", "social_care"), "/v1/sent")
    (sent,) = (each for each in board if each["notification_id"] == told.notifications[0][0])
    (found,) = (
        each for each in sent["recipients"] if (each["organisation"], each["function"]) == (organisation, function)
    )
    return dict(found)


def entries(caller: Caller, path: str) -> list[Any]:
    return [each for page in pages(caller, path) for each in page.json()["items"]]


def both(told: Told) -> tuple[str, str]:
    return f"/v1/notifications/{told.notifications[0][0]}", f"/v1/placements/{told.placement_id}"


def test_a_system_retrieves_and_a_person_opens_and_the_sender_can_tell_them_apart(world: World, told: Told) -> None:
    path, _ = both(told)
    person(world, "host", "camhs", None).get(path)
    held = recipient(world, told, SHROPSHIRE, "camhs")
    assert (held["retrieved_at"] is None, held["opened_at"], held["opened_by"]) == (False, None, None)
    person(world, "host", "camhs", "Asha Rahman").get(path)
    read = recipient(world, told, SHROPSHIRE, "camhs")
    assert read["opened_at"] > read["retrieved_at"] == held["retrieved_at"]
    assert read["opened_by"]["name"] == "Asha Rahman"
    assert read["acknowledged_at"] is None
    assert account(world, told) == [("opened", "camhs", "Asha Rahman"), ("retrieved", "camhs", None)]


def test_the_first_to_open_stays_the_first_on_the_board_and_each_is_on_the_account(world: World, told: Told) -> None:
    for name in ("Asha Rahman", "Bo Hughes"):
        person(world, "host", "school", name).get(both(told)[0])
    assert recipient(world, told, SHROPSHIRE, "school")["opened_by"]["name"] == "Asha Rahman"
    assert account(world, told) == [("opened", "school", "Bo Hughes"), ("opened", "school", "Asha Rahman")]


def test_a_head_opens_nothing_and_what_is_held_already_is_not_recorded_again(world: World, told: Told) -> None:
    caller = person(world, "host", "guardian")
    for path in both(told):
        tag = caller.head(path).headers["etag"]
        for held in (tag, f'"elsewhere", {tag}'):
            answer = caller.get(path, headers={"If-None-Match": held})
            assert (answer.status_code, answer.content, answer.headers["etag"]) == (304, b"", tag)
    assert account(world, told) == []
    assert recipient(world, told, SHROPSHIRE, "guardian")["opened_at"] is None


def test_reading_again_within_a_quarter_of_an_hour_is_one_opening(world: World, told: Told, later: Any) -> None:
    path, _ = both(told)
    for minutes, openings in ((0, 1), (0, 1), (14, 1), (2, 2)):
        later(minutes=minutes)
        assert person(world, "host", "social_care", "Cai Jones").get(path).status_code == 200
        assert len(account_of(world, told, "Cai Jones")) == openings


def account_of(world: World, told: Told, name: str) -> list[Any]:
    """Asked under a name of its own, as the clock may have been moved."""
    reader = world.as_(LEEDS, "reviewing_officer", name)
    items = reader.get(f"/v1/children/{told.child_id}/disclosures").json()["items"]
    return [each for each in items if each["practitioner"]["name"] == name]


def test_what_another_person_or_route_or_system_reads_is_an_opening_of_its_own(world: World, told: Told) -> None:
    notification, placement = both(told)
    for name, path in (("Asha Rahman", notification), ("Asha Rahman", placement), ("Bo Hughes", notification)):
        person(world, "host", "social_care", name).get(path)
    for _ in range(2):
        person(world, "host", "social_care", None).get(notification)
    assert len(account(world, told)) == 5


def test_tags_are_each_partys_own(world: World, told: Told) -> None:
    for path in both(told):
        parties = [("placing", "school"), ("host", "school"), ("host", "camhs"), ("host", "missing_persons")]
        tags = [person(world, *party).head(path).headers["etag"] for party in parties]
        assert len(set(tags)) == len(tags)
        for party, tag in zip(parties, tags, strict=True):
            for other in set(tags) - {tag}:
                assert person(world, *party).get(path, headers={"If-None-Match": other}).status_code == 200


def test_a_tag_stays_when_others_read_or_answer_and_goes_when_something_is_said(world: World, told: Told) -> None:
    _, placement = both(told)
    police, health = person(world, "host", "missing_persons"), person(world, "host", "children_in_care_health")
    before = {caller: caller.head(placement).headers["etag"] for caller in (police, health)}
    acknowledge(person(world, "host", "social_care"), told)
    assert {caller: caller.head(placement).headers["etag"] for caller in (police, health)} == before
    say(world, told, health_now={**told.sections["health_now"], "appointments": "Clinic on Monday."})
    assert police.head(placement).headers["etag"] == before[police]
    assert health.head(placement).headers["etag"] != before[health]


def test_a_tag_changes_with_ones_own_answer(world: World, told: Told) -> None:
    caller, path = person(world, "host", "send"), both(told)[0]
    before = caller.get(path)
    acknowledge(caller, told)
    after = caller.get(path, headers={"If-None-Match": before.headers["etag"]})
    assert after.status_code == 200
    assert (before.json()["acknowledged_at"], after.json()["acknowledged_at"] is None) == (None, False)


def test_two_systems_of_one_organisation_share_its_inbox_and_are_told_apart(world: World, told: Told) -> None:
    second = world.register_client(SHROPSHIRE)
    path, _ = both(told)
    theirs = world.as_(SHROPSHIRE, "social_care", "Asha Rahman", client=second)
    waiting = [inbox(each) for each in (theirs, person(world, "host", "social_care"))]
    assert waiting[0] == waiting[1]
    assert told.notifications[0][0] in waiting[0]
    # One person at both is one person: the second reading is shared with the first.
    for caller in (theirs, person(world, "host", "social_care")):
        assert caller.get(path).status_code == 200
    assert account(world, told) == [("opened", "social_care", "Asha Rahman")]
    key = "the-same-key"
    for caller in (theirs, person(world, "host", "social_care")):
        assert caller.post(f"{path}/acknowledgements", ACCEPTED, key=key).headers.get("idempotent-replayed") is None


def test_a_trust_sees_the_inbox_of_the_health_board_it_acts_for_and_both_are_recorded(world: World, told: Told) -> None:
    client = world.register_client(TRUST, acts_for=(SHROPSHIRE_HEALTH,))
    caller = world.as_(SHROPSHIRE_HEALTH, "children_in_care_health", "Cai Jones", client=client)
    notification_id = told.notifications[0][0]
    assert notification_id in inbox(caller)
    assert caller.get(f"/v1/notifications/{notification_id}").json()["your_side"] == "host"
    acknowledge(caller, told)
    seen = person(world, "placing", "social_care").get(f"/v1/children/{told.child_id}/disclosures").json()["items"][0]
    assert (seen["organisation"]["code"], seen["acting_organisation"]["code"]) == (SHROPSHIRE_HEALTH, TRUST)
    assert seen["practitioner"]["organisation"] == TRUST
    assert "Invented Community Trust" in seen["sentence"]
    assert recipient(world, told, SHROPSHIRE_HEALTH, "children_in_care_health")["outcome"] == "accepted"
    itself = world.as_(TRUST, "children_in_care_health", "Cai Jones", client=client)
    assert notification_id not in inbox(itself)
    assert outcome(itself.get(f"/v1/notifications/{notification_id}")) == (404, "not_yours")


def inbox(caller: Caller) -> list[str]:
    return [each["notification_id"] for each in entries(caller, "/v1/inbox")]


def acknowledge(caller: Caller, told: Told) -> None:
    answer = caller.post(f"/v1/notifications/{told.notifications[0][0]}/acknowledgements", ACCEPTED)
    assert answer.status_code == 201, answer.text


def say(world: World, told: Told, **sections: Any) -> None:
    document = {"kind": "update", "placement_id": told.placement_id, **sections}
    answer = person(world, "placing", "social_care").post("/v1/notifications", document)
    assert answer.status_code == 201, answer.text
