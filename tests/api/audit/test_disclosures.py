"""The account of a child: complete, plain, for those who may read it, and never made shorter."""

from typing import Any

import pytest

from tests.api.children.records import create, restrict
from tests.api.documents.papers import announce, pdf, put
from tests.api.passports.records import full, nurse, published
from tests.api.placements.stories import FULL, Story, entries, example, follows_contract, tell
from tests.api.stories.test_two_records_of_one_child import merge, unmerge
from tests.world import LEEDS, SHROPSHIRE, SHROPSHIRE_HEALTH, TRUST, World


@pytest.fixture
def story(world: World) -> Story:
    """Seen by the host's person, by its system, and by a nurse of the trust that acts for the health board."""
    story = tell(world)
    world.as_(SHROPSHIRE, name="Bryn Edwards", purpose="duty_enquiry").get(story.path)
    world.as_(SHROPSHIRE).get(f"/v1/notifications/{story.notification}")
    client = world.register_client(TRUST, acts_for=(SHROPSHIRE_HEALTH,))
    world.as_(SHROPSHIRE_HEALTH, "children_in_care_health", name="Nurse Unwin", client=client).get(story.path)
    return story


def path(story: Story) -> str:
    return f"/v1/children/{story.child}/disclosures"


def account(story: Story, function: str = "social_care") -> list[dict[str, Any]]:
    answer = story.world.as_(LEEDS, function, name="Asha Rahman").get(path(story))
    assert answer.status_code == 200, answer.text
    return list(answer.json()["items"])


def test_the_answer_follows_the_contract(story: Story) -> None:
    follows_contract(story.world, "/v1/children/{child_id}/disclosures", story.sender.get(path(story)))


def test_it_says_who_saw_what_when_for_whom_and_why(story: Story) -> None:
    nurse, system, person = account(story)
    assert person["practitioner"]["name"] == "Bryn Edwards"
    assert (person["how"], person["purpose"]) == ("opened", "duty_enquiry")
    assert person["why"] == "host-social-care-england"
    assert "health_now" in person["sections"]
    assert "immigration" not in person["sections"]
    assert (system["how"], system["practitioner"]) == ("retrieved", None)
    assert system["notification_id"] == story.notification
    assert nurse["organisation"]["code"] == SHROPSHIRE_HEALTH
    assert nurse["acting_organisation"] == {"code": TRUST, "name": "Invented Community Trust"}
    assert nurse["at"] > system["at"] > person["at"]


def test_each_line_reads_as_a_sentence(story: Story) -> None:
    nurse, system, person = (each["sentence"] for each in account(story))
    assert person.startswith(
        "Opened by Bryn Edwards, practitioner at Shropshire (social care), because it is told as the authority of "
        "the area where the child will live. Seen: child, about me, voice,"
    )
    assert system.startswith("Retrieved by the system of Shropshire (social care), with no person named, because")
    assert "Invented Community Trust (children in care health), which does this for" in nurse


@pytest.mark.parametrize("function", ["social_care", "emergency_duty", "reviewing_officer"])
def test_the_authority_that_answers_for_the_record_may_read_it(story: Story, function: str) -> None:
    assert len(account(story, function)) == 3


@pytest.mark.parametrize("function", ["quality_assurance", "safeguarding_partnership"])
def test_oversight_needs_no_child_and_asks_by_the_placement(story: Story, function: str) -> None:
    overseer = story.world.as_(LEEDS, function, name="Asha Rahman")
    assert overseer.get(path(story)).json()["code"] == "not_yours"
    answer = overseer.get(f"{story.path}/disclosures")
    follows_contract(story.world, "/v1/placements/{placement_id}/disclosures", answer)
    assert (answer.json()["child_id"], len(answer.json()["items"])) == (None, 3)


def test_any_other_authority_finds_nothing_and_the_attempt_is_recorded(story: Story) -> None:
    for function in ("social_care", "reviewing_officer"):
        answer = story.world.as_(SHROPSHIRE, function, name="Bryn Edwards").get(path(story))
        assert (answer.status_code, answer.json()["code"]) == (404, "not_yours")
    assert len(entries(story.world, story.child, "request.refused")) == 2
    assert story.sender.get("/v1/children/chd_00000000000000000000000000/disclosures").status_code == 404


def test_a_function_without_the_scope_is_refused(story: Story) -> None:
    answer = story.world.as_(LEEDS, "virtual_school", name="Vi School").get(path(story))
    assert (answer.status_code, answer.json()["code"]) == (403, "insufficient_scope")


def test_a_guardian_may_read_it_once_told_and_only_then(world: World) -> None:
    story = tell(world)
    guardian = world.as_(SHROPSHIRE, "guardian", name="Gwen Guardian")
    assert guardian.get(path(story)).status_code == 404
    named = {"organisation": SHROPSHIRE, "function": "guardian", "reason": "appointed by the court"}
    story.update(voice={**FULL["voice"], "said": "Something else."}, additional_recipients=[named])
    assert guardian.get(path(story)).status_code == 200
    by_placement = guardian.get(f"{story.path}/disclosures").json()
    assert (by_placement["child_id"], by_placement["items"]) == (story.child, [])


def test_a_guardian_asks_by_the_placement_once_it_has_ended(world: World) -> None:
    story = tell(world)
    named = {"organisation": SHROPSHIRE, "function": "guardian", "reason": "appointed by the court"}
    ended = {**example("end"), "placement_id": story.placement, "additional_recipients": [named]}
    del ended["reference"]
    ended["placement"]["ending"]["ended_on"] = "2026-11-22"
    assert story.sender.post("/v1/notifications", ended).status_code == 201
    guardian = world.as_(SHROPSHIRE, "guardian", name="Gwen Guardian")
    guardian.get(story.path)
    assert guardian.get(path(story)).status_code == 404
    by_placement = guardian.get(f"{story.path}/disclosures").json()
    assert (by_placement["child_id"], len(by_placement["items"])) == (None, 1)
    assert world.as_(SHROPSHIRE, "safeguarding_partnership").get(f"{story.path}/disclosures").status_code == 404


@pytest.mark.parametrize("restriction", ["confidential_address", "named_practitioners_only"])
def test_who_must_not_know_the_place_is_not_told_by_who_has_seen_it(story: Story, restriction: str) -> None:
    world = story.world
    named = {"organisation": TRUST, "function": "guardian", "reason": "appointed by the court"}
    story.update(voice={**FULL["voice"], "said": "Something else."}, additional_recipients=[named])
    world.as_(SHROPSHIRE, "safeguarding_partnership", name="Pat Partner").get(story.path)
    open_account = account(story)
    kept = restrict(story.sender, story.child, restriction=restriction, reason="risk_from_family")
    assert kept.status_code == 201, kept.text

    guardian = world.as_(TRUST, "guardian", name="Gwen Guardian")
    overseer = world.as_(LEEDS, "quality_assurance", name="Quin Overseer")
    for by, asked in (
        (guardian, path(story)),
        (guardian, f"{story.path}/disclosures"),
        (overseer, f"{story.path}/disclosures"),
    ):
        answer = by.get(asked)
        follows_contract(world, "/v1/placements/{placement_id}/disclosures", answer)
        assert [each["id"] for each in answer.json()["items"]][-3:] == [each["id"] for each in open_account][-3:]
        # Whoever saw it is told by what they do, and why: that the account is whole holds for everybody.
        person = answer.json()["items"][-1]
        assert (person["organisation"], person["acting_organisation"], person["practitioner"]) == (None, None, None)
        assert "a person at an organisation that is not named here" in person["sentence"]
        assert (person["function"], person["why"]) == ("social_care", "host-social-care-england")
        for place in ("Shropshire", SHROPSHIRE, SHROPSHIRE_HEALTH, "Bryn Edwards"):
            assert place not in answer.text, place
    if restriction == "confidential_address":
        assert account(story)[-3:] == open_account[-3:]


def test_a_guardian_of_the_authority_itself_is_not_let_in_by_that(story: Story) -> None:
    assert story.world.as_(LEEDS, "guardian", name="Gwen Guardian").get(path(story)).status_code == 404


def test_the_authority_reading_its_own_record_stands_in_it_as_any_other(world: World) -> None:
    asha, manager = (world.as_(LEEDS, name=name) for name in ("Asha Rahman", "Lee Manager"))
    child = create(asha)["child_id"]
    document = announce(asha, child)
    assert put(asha, child, document, pdf("An invented plan")).status_code == 200
    read = ("", f"/documents/{document}", "/documents", "/restrictions", "/corrections", "/proposals", "/placements")
    for part in read:
        assert manager.get(f"/v1/children/{child}{part}").status_code == 200
    assert world.as_(LEEDS).get(f"/v1/children/{child}").status_code == 200
    answer = asha.get(f"/v1/children/{child}/disclosures")
    follows_contract(world, "/v1/children/{child_id}/disclosures", answer)
    system, *by_manager = answer.json()["items"]
    assert system["sentence"] == (
        "Retrieved by the system of Leeds (social care), with no person named, because it answers for the child. "
        "Seen: child."
    )
    seen = [(each["practitioner"]["name"], each["why"], *each["sections"]) for each in reversed(by_manager)]
    parts = ("child", "documents", "documents", "restrictions", "corrections", "proposals", "placements")
    assert seen == [("Lee Manager", "own_record", part) for part in parts]
    assert by_manager[-2]["version"] == 1


def test_looking_at_child_and_passport_by_turns_is_one_opening_of_the_passport(world: World) -> None:
    asha = world.as_(LEEDS, name="Asha Rahman")
    child = create(asha)["child_id"]
    published(nurse(world), child, full())
    for part in ("/health-passport", "", "/health-passport", "", "/health-passport"):
        assert asha.get(f"/v1/children/{child}{part}").status_code == 200
    assert len(entries(world, child, "passport.opened")) == 1
    assert len(entries(world, child, "child.read")) == 2


def test_what_was_read_of_two_records_while_they_were_one_stands_in_the_account_of_each(world: World) -> None:
    kept, other = (create(world.as_(LEEDS, name="Asha Rahman"))["child_id"] for _ in range(2))
    merge(world, kept, other)
    manager = world.as_(LEEDS, name="Lee Manager")
    parts = ("placements", "restrictions", "corrections", "proposals", "documents")
    for part in parts:
        assert manager.get(f"/v1/children/{kept}/{part}").status_code == 200
    unmerge(world, kept, other)
    for child in (kept, other):
        items = world.as_(LEEDS, name="Asha Rahman").get(f"/v1/children/{child}/disclosures").json()["items"]
        seen = [each["sections"] for each in items if each["practitioner"]["name"] == "Lee Manager"]
        assert seen == [[part] for part in reversed(parts)]


def test_a_guardian_told_of_a_home_of_a_merged_record_reads_the_account_of_the_child(world: World) -> None:
    named = {"organisation": SHROPSHIRE, "function": "guardian", "reason": "appointed by the court"}
    story = tell(world)
    story.update(voice={**FULL["voice"], "said": "Something else."}, additional_recipients=[named])
    guardian = world.as_(SHROPSHIRE, "guardian", name="Gwen Guardian")
    assert guardian.get(path(story)).status_code == 200
    merge(world, create(world.as_(LEEDS, name="Asha Rahman"))["child_id"], story.child)
    assert guardian.get(path(story)).status_code == 200


def test_reading_it_is_recorded_too(story: Story) -> None:
    account(story)
    (entry,) = entries(story.world, story.child, "disclosures.read")
    assert entry["facts"] == {"count": 3}
    assert entry["actor"]["organisation"] == LEEDS


def test_neither_a_recall_nor_a_withdrawal_makes_it_shorter(story: Story) -> None:
    before = account(story)
    story.recall(SHROPSHIRE, "social_care")
    assert account(story) == before
    document = {
        "kind": "withdrawal",
        "placement_id": story.placement,
        "reference": "W" + story.placement,
        "withdrawal": {"reason": "move_did_not_happen"},
    }
    assert story.sender.post("/v1/notifications", document).status_code == 201
    assert account(story) == before


def test_what_was_seen_on_the_register_is_in_it(story: Story) -> None:
    story.world.as_(SHROPSHIRE, "virtual_school", name="Vi School").get("/v1/register?limit=200")
    newest = account(story)[0]
    assert (newest["why"], newest["because"]) == ("register", "the child lives in its area")
    assert newest["practitioner"]["name"] == "Vi School"


def test_pages_join_to_the_whole_newest_first(story: Story) -> None:
    whole = account(story)
    paged: list[dict[str, Any]] = []
    query = "?limit=2"
    while query:
        page = story.sender.get(path(story) + query).json()
        paged += page["items"]
        query = f"?limit=2&cursor={page['next_cursor']}" if page["next_cursor"] else ""
    assert paged == whole
    assert [each["at"] for each in whole] == sorted((each["at"] for each in whole), reverse=True)
