"""A file for the record, as whoever keeps one asks for it: one document, nothing of it from memory or an email."""

import io
from typing import Any
from uuid import uuid4

import httpx
import pikepdf
import pytest

from tests.api.documents.papers import uploaded
from tests.api.letters.post import text_of
from tests.api.passports.records import full, nurse, published, take_over
from tests.api.placements.stories import Story, entries, example, tell
from tests.api.stories.lives import look
from tests.world import LEEDS, SHROPSHIRE, SHROPSHIRE_HEALTH, Caller, World

CHILD, PLACEMENT = "/v1/children/{child_id}/file", "/v1/placements/{placement_id}/file"
PDF = {"Accept": "application/pdf"}


@pytest.fixture
def lived(world: World) -> Story:
    """A child told of, opened and taken on by the area; with a passport handed over, a paper, and a correction."""
    story = tell(world)
    host = world.as_(SHROPSHIRE, name="Bryn Edwards")
    assert host.get(f"/v1/notifications/{story.notification}").status_code == 200
    taken = host.post(f"/v1/notifications/{story.notification}/acknowledgements", example("acknowledgement_accepted"))
    assert taken.status_code == 201, taken.text
    published(nurse(world), story.child, full())
    take_over(world.as_(SHROPSHIRE_HEALTH, "children_in_care_health", name="Imran Said"))
    uploaded(story)
    return story


def worker(world: World) -> Caller:
    return world.as_(LEEDS, name="Asha Rahman")


def of_child(world: World, by: Caller, child_id: str) -> dict[str, Any]:
    return look(world, by, CHILD, child_id=child_id)


def of_placement(world: World, by: Caller, placement_id: str) -> dict[str, Any]:
    return look(world, by, PLACEMENT, placement_id=placement_id)


def words_of(answer: httpx.Response) -> str:
    assert answer.status_code == 200, answer.text
    return text_of(answer.content)


def test_the_childs_file_says_who_knew_what_and_when(world: World, lived: Story) -> None:
    made = of_child(world, worker(world), lived.child)
    (placement,) = made["placements"]
    assert made["made_for"]["practitioner"]["name"] == "Asha Rahman"
    happened = [(each["what"], each["by"] and each["by"]["name"]) for each in placement["events"]]
    assert ("opened", "Bryn Edwards") in happened and ("acknowledged", "Bryn Edwards") in happened
    assert happened[0][0] == "sent"
    assert placement["replies"][0]["said"]["outcome"] == example("acknowledgement_accepted")["outcome"]
    assert placement["documents"]["items"][0]["type"] == "safety_plan"
    assert [each["version"] for each in made["passport_versions"]["items"]] == [1]
    assert made["passport_transfers"]["items"][0]["state"] == "accepted"
    assert made["documents"]["items"][0]["type"] == "safety_plan"
    assert made["assessments"]["you_see"] == "all"
    assert any("Bryn Edwards" in each["sentence"] for each in made["disclosures"]["items"])
    assert (made["parts_withheld"], made["is_whole"]) == ([], True)
    (entry,) = entries(world, lived.child, "file.read")
    assert entry["facts"]["count"] == 1 and "placements" in entry["facts"]["parts"]


def test_a_file_shows_no_more_than_each_of_its_parts_does(world: World, lived: Story) -> None:
    """Word for word: what the file holds of a placement is what the placement's own address answers."""
    by = worker(world)
    alone = by.get(f"/v1/placements/{lived.placement}").json()
    assert of_placement(world, by, lived.placement)["placement"] == alone
    host = world.as_(SHROPSHIRE, name="Bryn Edwards")
    alone = host.get(f"/v1/placements/{lived.placement}").json()
    timeline = host.get(f"/v1/placements/{lived.placement}/timeline?limit=200").json()["items"]
    theirs = of_placement(world, host, lived.placement)
    assert (theirs["placement"], theirs["events"], theirs["replies"]) == (alone, timeline, None)
    reviewer = world.as_(LEEDS, "reviewing_officer", name="Leo Sample")
    assert of_child(world, reviewer, lived.child)["child"]["child_id"] == lived.child


def test_whom_a_part_is_not_for_reads_the_rest_and_is_told_which(world: World, lived: Story) -> None:
    reviewer = world.as_(LEEDS, "reviewing_officer", name="Leo Sample")
    made = of_child(world, reviewer, lived.child)
    kept = {each["part"] for each in made["parts_withheld"]}
    assert kept == {name for name in made if made[name] is None} == {"restrictions", "passport_transfers"}
    assert of_placement(world, reviewer, lived.placement)["events"]


def test_a_home_that_was_asked_about_and_came_to_nothing_is_in_the_file_without_its_words(
    world: World, lived: Story
) -> None:
    by = worker(world)
    asked = {**example("consultation"), "reference": uuid4().hex}
    asked["child"] = {**asked["child"], "local_id": local_id_of(by, lived)}
    sent = by.post("/v1/notifications", asked).json()
    gone = {**example("withdrawal"), "placement_id": sent["placement_id"], "reference": uuid4().hex}
    assert by.post("/v1/notifications", gone).status_code == 201
    made = of_child(world, by, lived.child)
    told = {each["placement_id"]: each["placement"]["state"] for each in made["placements"]}
    refused = {each["part"]: each["reason"] for each in made["parts_withheld"]}
    assert told[lived.placement] == "active"
    assert (told.get(sent["placement_id"]), refused.get(sent["placement_id"])) in (
        ("withdrawn", None),
        (None, "erased"),
    )


def local_id_of(by: Caller, story: Story) -> str:
    return str(by.get(f"/v1/children/{story.child}").json()["sections"]["child"]["local_id"])


def test_a_token_opens_no_part_of_a_file_that_it_could_not_open_alone(world: World, lived: Story) -> None:
    def asking(scope: str) -> Caller:
        answer = world.ask_for_token(world.assertion(world.client_of(LEEDS)), "social_care", scope=scope)
        caller = Caller(world, answer.json()["access_token"])
        world.callers.append(caller)
        return caller

    for address in (CHILD.format(child_id=lived.child), PLACEMENT.format(placement_id=lived.placement)):
        assert asking("files:read").get(address).json()["code"] == "insufficient_scope"
    made = of_child(world, asking("files:read children:read"), lived.child)
    assert {each["reason"] for each in made["parts_withheld"]} == {"insufficient_scope"}
    assert made["placements"] == []
    assert all(made[each["part"]] is None for each in made["parts_withheld"] if each["part"] != "placements")


def test_a_file_is_not_made_for_whoever_has_no_part_in_the_record(world: World, lived: Story) -> None:
    stranger = world.as_("E06000019", name="Sol Stranger")
    host = world.as_(SHROPSHIRE, name="Bryn Edwards")
    for by, address in (
        (stranger, CHILD.format(child_id=lived.child)),
        (host, CHILD.format(child_id=lived.child)),
        (stranger, PLACEMENT.format(placement_id=lived.placement)),
    ):
        answer = by.get(address)
        assert (answer.status_code, answer.json()["code"]) == (404, "not_yours")
    police = world.as_(SHROPSHIRE, "missing_persons", name="Officer Invented")
    assert police.get(PLACEMENT.format(placement_id=lived.placement)).json()["code"] == "insufficient_scope"


def test_a_recall_ends_it_for_whoever_was_told_by_mistake(world: World, lived: Story) -> None:
    host = world.as_(SHROPSHIRE, name="Bryn Edwards")
    of_placement(world, host, lived.placement)
    lived.recall(SHROPSHIRE, "social_care")
    assert host.get(PLACEMENT.format(placement_id=lived.placement)).json()["code"] == "access_ended"


def test_the_same_file_is_printed_in_the_order_of_time(world: World, lived: Story) -> None:
    by = worker(world)
    answer = by.get(CHILD.format(child_id=lived.child), headers=PDF)
    said = words_of(answer)
    order = ("File of a child", "What happened", "Who was told", "What was answered", "What was due", "Documents")
    assert [said.index(each) for each in order] == sorted(said.index(each) for each in order)
    for each in ("Bryn Edwards", "Shropshire", "Health assessments", "Who has seen what", "How the health passport"):
        assert each in said
    with pikepdf.open(io.BytesIO(answer.content)) as pdf:
        assert pdf.Root.MarkInfo.Marked and str(pdf.Root.Lang) == "en-GB"
        assert "pdfuaid" in str(pdf.open_metadata()) or pdf.Root.StructTreeRoot is not None
    theirs = words_of(
        world.as_(SHROPSHIRE, name="Bryn Edwards").get(PLACEMENT.format(placement_id=lived.placement), headers=PDF)
    )
    assert "File of a placement" in theirs and "Who has seen what" not in theirs
    refused = by.get(CHILD.format(child_id=lived.child), headers={"Accept": "text/csv"})
    assert (refused.status_code, refused.json()["code"]) == (406, "not_acceptable")
