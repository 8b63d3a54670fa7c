"""Still true: somebody looked and says so by name; words and dates stay, and everybody sees how fresh they are."""

from uuid import uuid4

import pytest

from app.kit.clock import parse_utc
from tests.api.placements.stories import FULL, Story, entries, example, follows_contract, tell
from tests.api.placements.test_merged import PATH
from tests.world import LEEDS, SHROPSHIRE, WEST_YORKSHIRE, Caller, World


@pytest.fixture
def story(world: World) -> Story:
    return tell(world)


@pytest.fixture
def host(world: World) -> Caller:
    return world.as_(SHROPSHIRE, name="Bryn Edwards")


def fresh(caller: Caller, story: Story, section: str) -> dict[str, object]:
    shared = caller.get(story.path).json()["sections_shared"]
    return dict(next(each for each in shared if each["section"] == section))


def test_a_worker_looks_ten_days_later_and_everybody_sees_that_it_is_still_true(story: Story, host: Caller) -> None:
    before, tag = fresh(host, story, "about_me"), host.head(story.path).headers["etag"]
    assert (before["confirmed_on"], before["confirmed_by"]) == (str(before["as_of"])[:10], None)
    with story.world.later(days=10):
        worker = story.world.as_(LEEDS, name="Bo Hughes")
        answer = worker.post(f"{story.path}/confirmations", {"version": 1, "sections": ["about_me", "network"]})
        assert answer.status_code == 201, answer.text
        assert answer.json()["sections"] == ["about_me", "network"]
        told = story.world.as_(SHROPSHIRE, name="Bryn Edwards").get(story.path)
        follows_contract(story.world, PATH, told)
        assert told.headers["etag"] != tag
    places = {each["section"]: each for each in told.json()["sections_shared"]}
    about = places["about_me"]
    assert about["as_of"] == before["as_of"]
    assert about["confirmed_on"] == answer.json()["confirmed_on"] > str(before["confirmed_on"])
    assert about["confirmed_by"]["name"] == "Bo Hughes"
    assert places["health_now"]["confirmed_on"] == before["confirmed_on"]


def test_what_is_sent_anew_is_as_old_as_its_sending(story: Story, host: Caller) -> None:
    path = f"{story.path}/confirmations"
    assert story.sender.post(path, {"version": 1, "sections": ["about_me", "network"]}).status_code == 201
    story.update(about_me={**FULL["about_me"], "likes": "Rock climbing."})
    assert fresh(host, story, "about_me")["confirmed_by"] is None
    assert fresh(host, story, "network")["confirmed_by"] is not None
    late = story.sender.post(path, {"version": 1, "sections": ["network", "about_me"]})
    assert (late.status_code, late.json()["code"]) == (409, "changed_since_read")
    assert [each["pointer"] for each in late.json()["errors"]] == ["/sections/1"]
    assert story.sender.post(path, {"version": 2, "sections": ["about_me"]}).status_code == 201
    both = {name: fresh(host, story, name)["confirmed_by"] for name in ("about_me", "network")}
    assert all(both.values())


def test_only_who_may_write_it_says_so_by_name(story: Story, host: Caller) -> None:
    path, body = f"{story.path}/confirmations", {"version": 1, "sections": ["about_me"]}
    answers = {
        "host": host.post(path, body),
        "stranger": story.world.as_(WEST_YORKSHIRE, "social_care", name="Pat Nobody").post(path, body),
        "reviewer": story.world.as_(LEEDS, "reviewing_officer", name="Ines Reader").post(path, body),
        "nobody": story.world.as_(LEEDS).post(path, body),
    }
    assert {who: answer.json()["code"] for who, answer in answers.items()} == {
        "host": "not_yours_to_confirm",
        "stranger": "not_yours",
        "reviewer": "insufficient_scope",
        "nobody": "practitioner_required",
    }
    assert entries(story.world, story.placement, "placement.confirmed") == []
    assert fresh(host, story, "about_me")["confirmed_by"] is None


def test_what_was_never_told_and_what_is_over_is_not_confirmed(story: Story) -> None:
    path = f"{story.path}/confirmations"
    unknown = story.sender.post(path, {"version": 1, "sections": ["weather"]})
    assert (unknown.status_code, unknown.json()["errors"][0]["pointer"]) == (422, "/sections/0")
    little = example("start_emergency_minimum")
    little |= {"reference": uuid4().hex, "child": {**little["child"], "local_id": uuid4().hex[:12]}}
    sent = story.sender.post("/v1/notifications", little).json()
    asked = {"version": 1, "sections": ["health_now", "network"]}
    empty = story.sender.post(f"/v1/placements/{sent['placement_id']}/confirmations", asked)
    assert (empty.status_code, empty.json()["code"]) == (422, "nothing_to_confirm")
    assert [each["pointer"] for each in empty.json()["errors"]] == ["/sections/1"]
    withdrawal = {
        "kind": "withdrawal",
        "placement_id": story.placement,
        "withdrawal": {"reason": "move_did_not_happen"},
    }
    assert story.sender.post("/v1/notifications", withdrawal).status_code == 201
    over = story.sender.post(path, {"version": 2, "sections": ["about_me"]})
    assert (over.status_code, over.json()["code"]) == (409, "placement_over")


def test_a_repeat_is_one_confirmation_and_it_stands_in_the_ledger_and_on_the_line(story: Story, host: Caller) -> None:
    path, body = f"{story.path}/confirmations", {"version": 1, "sections": ["network"]}
    first, again = (story.sender.post(path, body, key="once-only") for _ in range(2))
    assert first.content == again.content
    recorded = entries(story.world, story.placement, "placement.confirmed")
    assert [each["facts"]["sections"] for each in recorded] == [["network"]]
    line = story.sender.get(f"{story.path}/timeline").json()["items"]
    assert [(each["what"], each["names"]) for each in line][-1] == ("confirmed", ["network"])
    assert "confirmed" not in {each["what"] for each in host.get(f"{story.path}/timeline").json()["items"]}


def test_nobody_finds_true_what_a_lock_keeps_from_them(story: Story) -> None:
    kept = {"restriction": "named_practitioners_only", "reason": "worker_known_to_child", "review_on": "2199-01-01"}
    answer = story.sender.post(f"/v1/children/{story.child}/restrictions", kept)
    assert answer.status_code == 201, answer.text
    worker = story.world.as_(LEEDS, name="Bo Hughes")
    refused = worker.post(f"{story.path}/confirmations", {"version": 1, "sections": ["about_me"]})
    assert refused.json()["code"] == "nothing_to_confirm"


def test_what_is_confirmed_after_midnight_in_a_london_summer_is_confirmed_that_day(story: Story) -> None:
    until = (parse_utc("2027-07-01T23:30:00.000Z") - story.world.clock()).total_seconds()
    with story.world.later(seconds=until):
        worker = story.world.as_(LEEDS, name="Bo Hughes")
        assert worker.post(f"{story.path}/confirmations", {"version": 1, "sections": ["network"]}).status_code == 201
        assert fresh(worker, story, "network")["confirmed_on"] == "2027-07-02"
