"""The merged state: what each party sees of it, what that leaves behind, and when it is new again."""

from copy import deepcopy

import pytest

from tests.api.placements.stories import FULL, Story, entries, follows_contract, openings, tell
from tests.world import LEEDS, SHROPSHIRE, WEST_YORKSHIRE, Caller, World

PATH = "/v1/placements/{placement_id}"


@pytest.fixture
def story(world: World) -> Story:
    return tell(world)


@pytest.fixture
def host(world: World) -> Caller:
    return world.as_(SHROPSHIRE, name="Bryn Edwards")


def test_the_answer_follows_the_contract(story: Story, host: Caller) -> None:
    for caller in (story.sender, host):
        follows_contract(story.world, PATH, caller.get(story.path))


def test_the_child_comes_first_on_the_page(story: Story, host: Caller) -> None:
    answer = host.get(story.path).json()
    assert list(answer["sections"])[:4] == ["child", "about_me", "voice", "sender"]
    assert [each["section"] for each in answer["sections_shared"]] == list(answer["sections"])


def test_a_party_sees_what_its_work_needs_and_is_told_what_it_does_not_see(story: Story, host: Caller) -> None:
    answer = host.get(story.path).json()
    assert "immigration" not in answer["sections"]
    assert {"section": "immigration", "reason": "not_needed_for_this_work"} in answer["sections_withheld"]
    assert answer["sections"]["child"]["given_names"] == "Rowan"
    assert story.sender.get(story.path).json()["sections"]["immigration"] == FULL["immigration"]


def test_only_the_placing_side_sees_how_each_recipient_fares(story: Story, host: Caller) -> None:
    assert host.get(story.path).json()["recipients"] is None
    told = story.sender.get(story.path).json()["recipients"]
    assert {each["function"] for each in told} >= {"social_care", "children_in_care_health", "missing_persons"}


def test_each_section_says_how_old_it_is(story: Story, host: Caller) -> None:
    voice = {**FULL["voice"], "said": "I rang Nan. It helped."}
    sent = story.update(voice=voice)
    answer = host.get(story.path).json()
    places = {each["section"]: each for each in answer["sections_shared"]}
    assert answer["sections"]["voice"]["said"] == "I rang Nan. It helped."
    assert places["voice"]["notification_id"] == sent["id"]
    assert places["voice"]["version"] == 2
    assert places["child"]["version"] == 1
    assert places["child"]["as_of"] < places["voice"]["as_of"] == answer["as_of"]
    assert places["voice"]["confirmed_on"] == places["voice"]["as_of"][:10]


def test_a_person_opens_and_a_system_only_retrieves(story: Story, host: Caller) -> None:
    host.get(story.path)
    story.world.as_(SHROPSHIRE).get(story.path)
    assert [row.how for row in openings(story.world, story.placement)] == ["opened", "retrieved"]
    recorded = entries(story.world, story.placement, "placement.opened", "placement.retrieved")
    assert [each["actor"]["practitioner"] is None for each in recorded] == [False, True]
    assert "immigration" not in recorded[0]["facts"]["sections"]


def test_the_same_person_adds_no_second_entry_within_a_quarter_of_an_hour(story: Story, host: Caller) -> None:
    host.get(story.path)
    host.get(story.path)
    assert len(openings(story.world, story.placement)) == 1
    with story.world.later(minutes=16):
        story.world.as_(SHROPSHIRE, name="Bryn Edwards").get(story.path)
    assert len(openings(story.world, story.placement)) == 2


@pytest.mark.parametrize("change", ["another person", "another function", "a new version"])
def test_whatever_is_new_about_it_is_an_entry_of_its_own(story: Story, host: Caller, change: str) -> None:
    host.get(story.path)
    if change == "another person":
        story.world.as_(SHROPSHIRE, name="Cerys Howells").get(story.path)
    elif change == "another function":
        story.world.as_(SHROPSHIRE, "virtual_school", name="Bryn Edwards").get(story.path)
    else:
        story.update(voice={**FULL["voice"], "said": "Something else."})
        host.get(story.path)
    assert len(openings(story.world, story.placement)) == 2


def test_seeing_the_merged_state_opens_no_single_notification(story: Story, host: Caller) -> None:
    host.get(story.path)
    told = story.sender.get(story.path).json()["recipients"]
    assert all(each["opened_at"] is None for each in told)


def test_what_a_party_holds_already_is_not_released_again(story: Story, host: Caller) -> None:
    tag = host.get(story.path).headers["etag"]
    before = openings(story.world, story.placement)
    answer = host.get(story.path, headers={"If-None-Match": tag})
    assert (answer.status_code, answer.content, answer.headers["etag"]) == (304, b"", tag)
    looked = host.head(story.path)
    assert (looked.status_code, looked.headers["etag"]) == (200, tag)
    assert openings(story.world, story.placement) == before


def test_the_tag_changes_only_with_what_the_party_may_see(story: Story, host: Caller) -> None:
    tag, ours = host.head(story.path).headers["etag"], story.sender.head(story.path).headers["etag"]
    story.update(immigration={**FULL["immigration"], "nationality": "Irish"})
    assert host.head(story.path).headers["etag"] == tag
    assert story.sender.head(story.path).headers["etag"] != ours
    story.update(voice={**FULL["voice"], "said": "Something else."})
    assert host.head(story.path).headers["etag"] != tag


def test_who_was_never_told_finds_nothing_and_the_attempt_is_recorded(story: Story) -> None:
    stranger = story.world.as_(WEST_YORKSHIRE, "missing_persons", name="Pat Nobody")
    for answer in (stranger.get(story.path), stranger.get(f"{story.path}/timeline")):
        assert (answer.status_code, answer.json()["code"]) == (404, "not_yours")
    refused = entries(story.world, story.placement, "request.refused")
    assert [each["facts"]["code"] for each in refused] == ["not_yours", "not_yours"]
    assert story.sender.get("/v1/placements/plc_00000000000000000000000000").status_code == 404


def test_a_recall_ends_access_at_once(story: Story, host: Caller) -> None:
    assert host.get(story.path).status_code == 200
    story.recall(SHROPSHIRE, "social_care")
    for answer in (host.get(story.path), host.get(f"{story.path}/timeline"), host.head(story.path)):
        assert answer.status_code == 403
    assert host.get(story.path).json()["code"] == "access_ended"
    assert story.world.as_(SHROPSHIRE, "virtual_school", name="Vi School").get(story.path).status_code == 200


def test_the_clock_of_a_breach_is_the_placing_side_s_alone(story: Story) -> None:
    story.recall(SHROPSHIRE, "social_care")
    ours = story.sender.get(story.path).json()["clocks"]
    theirs = story.world.as_(SHROPSHIRE, "virtual_school", name="Vi School").get(story.path).json()["clocks"]
    assert "breach-assessment" in {each["code"] for each in ours}
    assert "breach-assessment" not in {each["code"] for each in theirs}
    assert all(each["title"] and each["state"] in ("running", "met", "overdue") for each in ours)


def test_no_clock_tells_of_a_section_the_party_may_not_see(story: Story) -> None:
    school = story.world.as_(SHROPSHIRE, "virtual_school", name="Vi School").get(story.path).json()
    assert "exploitation" not in school["sections"]
    assert "exploitation-review" not in {each["code"] for each in school["clocks"]}
    assert all(each["section"] in school["sections"] for each in school["outstanding"])


def test_a_confidential_address_is_told_to_nobody_else_and_is_named_as_withheld(story: Story) -> None:
    school = story.world.as_(SHROPSHIRE, "virtual_school", name="Vi School")
    before = school.get(story.path)
    story.restrict("confidential_address", "exploitation")
    after = school.get(story.path)
    assert before.json()["sections"]["placement"]["address"] == FULL["placement"]["address"]
    assert after.headers["etag"] != before.headers["etag"]
    assert "address" not in after.json()["sections"]["placement"]
    assert "/placement/address" in after.json()["fields_withheld"]
    for secret in ("address", "postcode", "phone", "email"):
        assert FULL["placement"][secret].encode() not in after.content
    spared = story.world.as_(SHROPSHIRE, name="Bryn Edwards").get(story.path).json()
    assert spared["sections"]["placement"]["postcode"] == FULL["placement"]["postcode"]


def test_a_withdrawn_placement_keeps_its_account_and_gives_out_little(story: Story, host: Caller) -> None:
    host.get(story.path)
    document = {
        "kind": "withdrawal",
        "placement_id": story.placement,
        "reference": "W" + story.placement,
        "withdrawal": {"reason": "move_did_not_happen"},
    }
    answer = story.sender.post("/v1/notifications", document)
    assert answer.status_code == 201, answer.text
    seen = host.get(story.path)
    assert seen.json()["state"] == "withdrawn"
    assert "child" not in seen.json()["sections"]
    assert len(openings(story.world, story.placement)) == 2


def test_nothing_is_stored_of_what_was_said(story: Story, host: Caller) -> None:
    host.get(story.path)
    told = repr(entries(story.world, story.placement))
    placement = deepcopy(FULL["placement"])
    assert not any(word in told for word in ("Rowan", placement["address"], placement["postcode"], LEEDS + " "))
