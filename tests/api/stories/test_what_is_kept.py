"""A child moves again: nobody keys anew what is held, everybody sees how old it is, and no wish is lost on the way."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from tests.api.placements.stories import FULL, Story, entries, example, follows_contract, openings, tell
from tests.world import LEEDS, SHROPSHIRE, WEST_YORKSHIRE, Caller, World

NEAR_MUM = "I want to live near Mum."
CLIMBING = "I want to go climbing."


def day(ahead: int) -> str:
    return (datetime.now(UTC) + timedelta(days=ahead)).date().isoformat()


def wish(words: str, outcome: str, **more: Any) -> dict[str, Any]:
    return {"wish": words, "outcome": outcome, **more}


def voice(*wishes: dict[str, Any]) -> dict[str, Any]:
    return {**FULL["voice"], "wishes": list(wishes)}


@pytest.fixture
def story(world: World) -> Story:
    """Rowan's first home, with two wishes, later updated and ended."""
    story = tell(world)
    story.update(
        voice=voice(
            wish(NEAR_MUM, "not_met", why_not="No home there.", look_again_on=day(20)), wish(CLIMBING, "not_met")
        )
    )
    ending = {**example("end")["placement"]["ending"], "ended_on": day(0)}
    end = {"kind": "end", "placement_id": story.placement, "occasion": "new_home", "placement": {"ending": ending}}
    answer = story.sender.post("/v1/notifications", end)
    assert answer.status_code == 201, answer.text
    return story


@pytest.fixture
def duty(world: World) -> Caller:
    return world.as_(LEEDS, "emergency_duty", name="Noor Nightly")


def offer(story: Story, by: Caller) -> dict[str, Any]:
    answer = by.get(f"/v1/children/{story.child}/carry-forward")
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


def next_start(story: Story, offered: dict[str, Any], *left_out: str, **changes: Any) -> dict[str, Any]:
    """A start from what is offered, with only what is asked anew added; ``left_out`` is named and not sent."""
    minimum = example("start_emergency_minimum")
    anew = {name: minimum[name] for name in ("kind", "occasion", "urgency", "sender", "placement")}
    kept = {name: words for name, words in offered["sections"].items() if name not in left_out}
    return {**anew, **kept, "carried_forward": offered["carried_forward"], "reference": uuid4().hex, **changes}


def send(by: Caller, document: dict[str, Any]) -> dict[str, Any]:
    answer = by.post("/v1/notifications", document)
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


def shared(by: Caller, placement: str) -> tuple[dict[str, Any], dict[str, dict[str, Any]]]:
    answer = by.get(f"/v1/placements/{placement}").json()
    return answer["sections"], {each["section"]: each for each in answer["sections_shared"]}


def test_at_night_a_new_placement_starts_from_what_is_held(story: Story, duty: Caller) -> None:
    before, places = shared(story.sender, story.placement)
    offered = offer(story, duty)
    follows_contract(
        story.world, "/v1/children/{child_id}/carry-forward", duty.get(f"/v1/children/{story.child}/carry-forward")
    )
    assert offered["sections"]["risks"] == before["risks"]
    assert {"placement", "decision", "voice", "sender"} <= {each["section"] for each in offered["sections_asked_anew"]}
    assert not {"placement", "decision", "voice"} & offered["sections"].keys()
    # She reads the health section, puts it right, and leaves what goes with the child to be taken over unseen.
    health = {**offered["sections"]["health_now"], "mental_health": "Sleeps badly since the move."}
    sent = send(duty, next_start(story, offered, "about_me", "network", health_now=health))
    assert (sent["child_id"], sent["placement_id"] == story.placement) == (story.child, False)

    words, fresh = shared(duty, sent["placement_id"])
    assert words["about_me"] == before["about_me"] and words["network"] == before["network"]
    for name in ("about_me", "network", "risks"):
        assert (fresh[name]["carried_forward"], fresh[name]["as_of"]) == (True, places[name]["as_of"])
        assert fresh[name]["confirmed_on"] == sent["sent_at"][:10]
    assert (fresh["health_now"]["carried_forward"], fresh["health_now"]["as_of"]) == (False, sent["sent_at"])
    assert "voice" not in words and "voice.said" in {each["item"] for each in sent["outstanding"]}
    # Whoever is told sees the same ages, and carrying on once more keeps them.
    host = story.world.as_(SHROPSHIRE, name="Bryn Edwards")
    assert host.get(f"/v1/placements/{story.placement}").json()["sections"].keys() != words.keys()
    again = {each["section"]: each for each in offer(story, duty)["sections_offered"]}
    assert again["about_me"]["as_of"] == places["about_me"]["as_of"]


def test_what_is_read_in_the_offer_is_in_the_childs_account(story: Story, duty: Caller) -> None:
    seen = len(openings(story.world, story.placement))
    offer(story, duty)
    account = openings(story.world, story.placement)
    assert len(account) == seen + 1 and "about_me" in account[-1].sections and "voice" not in account[-1].sections


def test_what_is_about_the_move_is_never_taken_over(story: Story, duty: Caller) -> None:
    offered = offer(story, duty)
    offered["carried_forward"]["sections"] = ["about_me", "voice", "risks", "decision"]
    document = next_start(story, offered)
    del document["risks"]
    document["risks"] = offered["sections"]["risks"]
    refused = duty.post("/v1/notifications", document)
    assert refused.status_code == 422
    assert [(each["pointer"], each["code"]) for each in refused.json()["errors"]] == [
        ("/carried_forward/sections/1", "asked_anew"),
        ("/carried_forward/sections/3", "asked_anew"),
    ]
    offered["carried_forward"]["sections"] = ["education"]
    unread = duty.post("/v1/notifications", next_start(story, offered, "education"))
    assert [each["code"] for each in unread.json()["errors"]] == ["read_again"]


def test_nothing_is_taken_over_from_another_child_or_authority(story: Story, duty: Caller) -> None:
    other = tell(story.world)
    offered = offer(story, duty)
    elsewhere = story.world.as_(SHROPSHIRE, name="Bryn Edwards")
    strange = next_start(story, offered)
    strange["child"] = {**strange["child"], "local_id": uuid4().hex[:12]}
    strange["child"].pop("child_id", None)
    offered["carried_forward"]["placement_id"] = other.placement
    answers = [duty.post("/v1/notifications", next_start(story, offered)), elsewhere.post("/v1/notifications", strange)]
    for answer in answers:
        assert answer.status_code == 422, answer.text
        assert [each["pointer"] for each in answer.json()["errors"]] == ["/carried_forward/placement_id"]
    assert elsewhere.get(f"/v1/children/{story.child}/carry-forward").status_code == 404
    fresh = duty.post("/v1/children", {**example("child"), "local_id": uuid4().hex[:12]}).json()["child_id"]
    assert duty.get(f"/v1/children/{fresh}/carry-forward").json()["code"] == "nothing_to_carry"


def test_a_dry_run_says_what_would_follow_and_keeps_nothing(story: Story, duty: Caller) -> None:
    foretold = duty.post("/v1/notifications?dry_run=true", next_start(story, offer(story, duty), "about_me"))
    assert foretold.status_code == 200, foretold.text
    assert "about_me.pen_picture" not in {each["item"] for each in foretold.json()["outstanding"]}


def test_a_lock_keeps_what_it_withholds_from_being_carried(story: Story, duty: Caller) -> None:
    offered = offer(story, duty)
    kept = {"restriction": "named_practitioners_only", "reason": "worker_known_to_child", "review_on": "2199-01-01"}
    assert story.sender.post(f"/v1/children/{story.child}/restrictions", kept).status_code == 201
    shut = duty.post("/v1/notifications", next_start(story, offered, "about_me"))
    assert {each["code"] for each in shut.json()["errors"]} == {"withheld"}
    closed = duty.get(f"/v1/children/{story.child}/carry-forward").json()
    assert closed["sections"] == {} and closed["carried_forward"]["sections"] == []
    assert {each["reason"] for each in closed["sections_withheld"]} == {"named_practitioners_only"}


# ---- Wishes ---------------------------------------------------------------------------------------------------------


def wishes(story: Story, by: Caller) -> list[dict[str, Any]]:
    answer = by.get(f"/v1/children/{story.child}/wishes")
    assert answer.status_code == 200, answer.text
    follows_contract(story.world, "/v1/children/{child_id}/wishes", answer)
    return list(answer.json()["items"])


def test_an_unmet_wish_stays_open_over_a_move_until_it_is_met_and_shown(story: Story, duty: Caller) -> None:
    reviewer = story.world.as_(LEEDS, "reviewing_officer", name="Ines Reader")
    first = wishes(story, reviewer)
    open_ones = {each["wish"]: each for each in first if each["open"]}
    assert {NEAR_MUM, CLIMBING} <= open_ones.keys()
    assert {each["explained"] for name, each in open_ones.items() if name in (NEAR_MUM, CLIMBING)} == {False}
    assert (open_ones[NEAR_MUM]["look_again_on"], open_ones[NEAR_MUM]["overdue"]) == (day(20), False)
    assert [each["open"] for each in first] == sorted((each["open"] for each in first), reverse=True)

    sent = send(duty, next_start(story, offer(story, duty)))
    met = wish(CLIMBING.upper(), "met", result="A wall in town, on Saturdays.", shown_to_child_on=day(0))
    update = {"kind": "update", "placement_id": sent["placement_id"], "voice": voice(met)}
    send(story.sender, update)

    told = {each["wish"].casefold(): each for each in wishes(story, reviewer)}
    climbing, near = told[CLIMBING.casefold()], told[NEAR_MUM.casefold()]
    assert (climbing["open"], climbing["result"]) == (False, "A wall in town, on Saturdays.")
    assert (climbing["first_placement_id"], climbing["last_placement_id"]) == (story.placement, sent["placement_id"])
    assert (near["open"], near["last_placement_id"]) == (True, story.placement)
    explained = wish(
        NEAR_MUM,
        "not_met",
        why_not="No home there.",
        explained_on=day(0),
        explained_by="Bo Hughes",
        look_again_on=day(30),
    )
    send(story.sender, {**update, "voice": voice(explained)})
    (near,) = (each for each in wishes(story, reviewer) if each["wish"] == NEAR_MUM)
    assert (near["open"], near["explained"], near["look_again_on"]) == (True, True, day(30))


def test_only_those_who_answer_for_the_child_follow_its_wishes_and_the_child_can_see_who_did(story: Story) -> None:
    reviewer = story.world.as_(LEEDS, "reviewing_officer", name="Ines Reader")
    wishes(story, reviewer)
    for party in ((SHROPSHIRE, "social_care"), (WEST_YORKSHIRE, "missing_persons")):
        answer = story.world.as_(*party, name="Pat Nobody").get(f"/v1/children/{story.child}/wishes")
        assert answer.status_code in (403, 404)
    assert [each["actor"]["function"] for each in entries(story.world, story.child, "wishes.read")] == [
        "reviewing_officer"
    ]
    account = story.sender.get(f"/v1/children/{story.child}/disclosures").json()["items"]
    line = next(each for each in account if each["why"] == "wishes")
    assert (line["sections"], line["because"]) == (["voice"], "it follows what became of the child's wishes")


def test_a_wish_has_a_clock_until_somebody_looked_and_the_reviewer_sees_it(story: Story) -> None:
    lived = tell(story.world)
    lived.update(voice=voice(wish(NEAR_MUM, "not_met", look_again_on=day(20))))
    reviewer = story.world.as_(LEEDS, "reviewing_officer", name="Ines Reader")

    def clocks(by: Caller) -> list[tuple[str, str]]:
        found = by.get(lived.path).json()["clocks"]
        return [(each["due"][:10], each["state"]) for each in found if each["code"] == "wish-review"]

    assert [state for _, state in clocks(reviewer)][-1] == "running"
    lived.update(voice=voice(wish(NEAR_MUM, "not_met", look_again_on=day(40))))
    assert [state for _, state in clocks(reviewer)][-2:] == ["met", "running"]
    lived.update(voice=voice(wish(NEAR_MUM, "met", result="A home near Mum.")))
    assert "running" not in {state for _, state in clocks(reviewer)}
    police = story.world.as_("E23000016", "missing_persons", name="Sgt Invented")
    assert clocks(police) == []


# ---- Family ---------------------------------------------------------------------------------------------------------


def test_family_is_looked_at_again_on_the_day_set_or_every_fortnight(story: Story) -> None:
    lived = tell(story.world)
    person = FULL["network"]["people"]

    def state(code: str) -> list[str]:
        return [each["state"] for each in lived.sender.get(lived.path).json()["clocks"] if each["code"] == code]

    lived.update(
        network={"people": person, "family_support": {"intent": "being_assessed", "support": "A worker for Mum."}}
    )
    assert state("family-support-fortnightly")[-1] == "running"
    lived.update(network={"people": person, "family_support": {"intent": "planned", "next_review_on": day(10)}})
    assert "running" not in state("family-support-fortnightly")
    assert state("family-support-review")[-1] == "running"
    done = lived.sender.post(f"{lived.path}/clocks/family-support-review/done", {})
    assert done.status_code == 201, done.text
    line = lived.sender.get(f"{lived.path}/timeline").json()["items"][-1]
    assert (line["what"], line["clock"], line["by"]["name"]) == ("done", "family-support-review", "Asha Rahman")
    assert line["done_at"] == done.json()["met_at"]
    lived.update(network={"people": person, "family_support": {"intent": "not_planned"}})
    assert "running" not in state("family-support-review") + state("family-support-fortnightly")
