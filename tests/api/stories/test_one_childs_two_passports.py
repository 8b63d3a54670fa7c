"""Two records turn out to be one child: the passport and the papers are read through the record that is kept.

Nothing is mixed: where both have a passport the answer says so, and how the other is read. Parted, each has its own.
"""

from typing import Any

import pytest

from tests.api.children.records import create, restrict
from tests.api.documents.papers import announce, pdf, put
from tests.api.letters.post import text_of
from tests.api.lists import items
from tests.api.passports import records
from tests.api.passports.records import (
    PASSPORT,
    child_of_leeds,
    confirm,
    nurse,
    path,
    published,
    put_section,
    take_over,
)
from tests.api.placements.stories import example
from tests.api.stories.lives import host, look, refused, start, worker
from tests.api.stories.test_two_records_of_one_child import merge, unmerge
from tests.fhir.validator import FhirValidator
from tests.world import SHROPSHIRE_HEALTH, Caller, World

FHIR = "application/fhir+json"
DOCUMENTS = "/v1/children/{child_id}/documents"
AS_OF_TODAY = {"provenance": {"source": "health_record", "as_of": "2026-11-25"}}


def host_nurse(world: World) -> Caller:
    return world.as_(SHROPSHIRE_HEALTH, "children_in_care_health", name="Nia Nurse")


def passport(world: World, child: str, query: str = "") -> dict[str, Any]:
    return look(world, nurse(world), PASSPORT + query, child_id=child)


@pytest.fixture
def twice(world: World) -> tuple[str, str]:
    """The record that is kept and its duplicate; the child lives in Shropshire by the kept one."""
    return str(start(worker(world))["child_id"]), child_of_leeds(world)


def test_a_passport_of_the_duplicate_is_read_and_written_through_either_id(world: World, twice: Any) -> None:
    kept, duplicate = twice
    published(nurse(world), duplicate, records.full())
    empty, whole = passport(world, kept), passport(world, duplicate)
    assert (empty["version"], empty["merged_records"]) == (0, [])
    before = nurse(world).head(path(duplicate)).headers["etag"]
    merge(world, kept, duplicate)
    # The words are those of before; the id the child is known by is not.
    assert nurse(world).get(path(duplicate), headers={"If-None-Match": before}).json()["child_id"] == kept
    for asked in twice:
        read = passport(world, asked)
        assert (read["child_id"], read["record"], read["version"]) == (kept, duplicate, 1)
        assert read["sections"] == whole["sections"]
        assert read["merged_records"] == []
    section = {**whole["sections"]["allergies"], **AS_OF_TODAY}
    assert put_section(nurse(world), kept, "allergies", section).json()["version"] == 2
    assert confirm(nurse(world), kept, 2, "allergies").json()["child_id"] == kept
    assert [each["version"] for each in nurse(world).get(path(kept, "/versions")).json()["items"]] == [2, 1]
    # Whoever has a part by one record has it in the child: the home of the kept one is in Shropshire.
    take_over(host_nurse(world))
    assert host_nurse(world).get(path(duplicate)).json()["sections"]["allergies"]["provenance"]["as_of"] == "2026-11-25"
    card = look(world, nurse(world), "/v1/children/{child_id}/emergency-card", child_id=kept)
    assert "allergies" in card["sections"]
    assert kept not in [each["child_id"] for each in items(nurse(world), "/v1/health-lists/no_passport")]
    unmerge(world, kept, duplicate)
    assert (passport(world, kept)["version"], passport(world, duplicate)["version"]) == (0, 2)
    assert refused(host_nurse(world).get(path(duplicate))) == (404, "not_yours")


def test_of_two_passports_the_kept_one_is_read_and_names_the_other(world: World, twice: Any) -> None:
    kept, duplicate = twice
    published(nurse(world), kept, records.full())
    published(nurse(world), duplicate, records.small())
    before = [passport(world, each) for each in twice]
    tag = nurse(world).get(path(kept)).headers["etag"]
    merge(world, kept, duplicate)
    for asked in twice:
        read = passport(world, asked)
        assert (read["record"], read["merged_records"]) == (kept, [duplicate])
        assert read["sections"] == before[0]["sections"]
    assert nurse(world).get(path(kept), headers={"If-None-Match": tag}).status_code == 200
    for asked in twice:
        other = nurse(world).get(path(asked, f"?record={duplicate}"))
        assert other.json()["sections"] == before[1]["sections"]
        assert (other.json()["record"], other.json()["merged_records"]) == (duplicate, [kept])
    card = look(world, nurse(world), "/v1/children/{child_id}/emergency-card", child_id=kept)
    assert card["merged_records"] == [duplicate]
    # Who published what, and when, is listed of each, and of both in the child's file.
    template = PASSPORT + "/versions"
    ours = look(world, nurse(world), template, child_id=duplicate)
    theirs = nurse(world).get(template.format(child_id=kept) + f"?record={duplicate}").json()
    assert (ours["merged_records"], theirs["merged_records"]) == ([duplicate], [kept])
    assert [each["record"] for each in ours["items"]] == [kept]
    made = look(world, worker(world), "/v1/children/{child_id}/file", child_id=duplicate)
    listed = [(each["record"], each["entry_id"]) for each in made["passport_versions"]["items"]]
    assert listed == [(each["record"], each["entry_id"]) for each in (*ours["items"], *theirs["items"])]
    assert made["is_whole"]
    unmerge(world, kept, duplicate)
    assert [passport(world, each) for each in twice] == before
    assert refused(nurse(world).get(path(kept, f"?record={duplicate}"))) == (404, "not_yours")


def test_all_that_is_read_of_the_kept_ones_passport_is_read_of_the_second_too(world: World, twice: Any) -> None:
    kept, other = twice
    full = records.full()
    published(nurse(world), kept, records.small())
    published(nurse(world), other, {name: full[name] for name in ("identity", "allergies", "sharing")})
    published(nurse(world), other, {"pregnancy": full["pregnancy"], "daily_life": full["daily_life"]})
    merge(world, kept, other)
    second = f"record={other}"

    for asked in twice:
        told = nurse(world).get(path(asked, f"/versions?{second}")).json()
        assert [(each["version"], "daily_life" in each["changed"]) for each in told["items"]] == [(2, True), (1, False)]
        assert told["child_id"] == kept
        assert nurse(world).get(path(asked, "/versions")).json()["items"][0]["version"] == 1

        first = nurse(world).get(path(asked, f"/versions/1?{second}")).json()
        assert (first["record"], first["merged_records"]) == (other, [kept])
        assert {**first["sections"]["allergies"], **full["allergies"]} == first["sections"]["allergies"]

        differs = nurse(world).get(path(asked, f"/diff?from=1&to=2&{second}")).json()
        assert differs["record"] == other
        assert {each["pointer"].split("/")[1] for each in differs["changes"]} == {"daily_life"}

        for_treatment = nurse(world, purpose="health_assessment")
        sensitive = for_treatment.get(path(asked, f"/sensitive?{second}")).json()
        assert (sensitive["record"], list(sensitive["sections"])) == (other, ["pregnancy"])

        mine = nurse(world).get(f"/v1/children/{asked}/my-passport?{second}").json()
        assert (mine["record"], mine["merged_records"]) == (other, [kept])

        whole = nurse(world).get(path(asked, f"?{second}"))
        assert nurse(world).head(path(asked, f"?{second}")).headers["etag"] == whole.headers["etag"]


def test_what_is_confirmed_of_the_second_passport_is_confirmed_there(world: World, twice: Any) -> None:
    kept, other = twice
    for child in twice:
        published(nurse(world), child, records.full())
    merge(world, kept, other)
    body = {"version": 1, "sections": ["allergies"]}
    key = {"Idempotency-Key": "confirmed-of-either"}

    with world.later(days=3):
        said = nurse(world).post(path(kept, f"/confirmations?record={other}"), body, headers=key)
        assert (said.status_code, said.json()["child_id"]) == (201, kept)
        confirmed = {
            record: {each["section"]: each["last_confirmed_on"] for each in read["sections_shared"]}
            for record in twice
            for read in [nurse(world).get(path(kept, f"?record={record}")).json()]
        }
    assert confirmed[other]["allergies"] == said.json()["confirmed_on"]
    assert confirmed[kept]["allergies"] != said.json()["confirmed_on"]
    # One key is one act: the same words about the other passport are another.
    again = nurse(world).post(path(kept, "/confirmations"), body, headers=key)
    assert refused(again) == (422, "idempotency_key_reused")


def test_a_record_that_is_none_of_the_childs_is_nobodys_passport(world: World, twice: Any) -> None:
    kept, _ = twice
    stranger = child_of_leeds(world)
    for child in (kept, stranger):
        published(nurse(world), child, records.full())
    by = nurse(world, purpose="health_assessment")
    own = f"/v1/children/{kept}/my-passport"
    for record in (stranger, "none"):
        for asked in (path(kept, rest) for rest in ("/versions", "/versions/1", "/diff?from=0&to=1", "/sensitive")):
            joined = "&" if "?" in asked else "?"
            assert refused(by.get(f"{asked}{joined}record={record}")) == (404, "not_yours"), asked
        assert refused(by.get(f"{own}?record={record}")) == (404, "not_yours")
        body = {"version": 1, "sections": ["allergies"]}
        assert refused(by.post(path(kept, f"/confirmations?record={record}"), body)) == (404, "not_yours")
        assert by.head(path(kept, f"?record={record}")).status_code == 404


def test_papers_of_both_are_listed_and_opened_each_in_its_record(world: World, twice: Any) -> None:
    kept, duplicate = twice
    ids = {}
    for child in twice:
        ids[child] = announce(worker(world), child)
        assert put(worker(world), child, ids[child], pdf(child)).status_code == 200
    before = [look(world, worker(world), DOCUMENTS, child_id=each)["items"] for each in twice]
    merge(world, kept, duplicate)
    for asked in twice:
        listed = look(world, worker(world), DOCUMENTS, child_id=asked)["items"]
        assert {each["record"]: each["document_id"] for each in listed} == ids
        for child, document in ids.items():
            assert worker(world).get(f"/v1/children/{asked}/documents/{document}").content == pdf(child)
    placement = look(world, worker(world), "/v1/children/{child_id}/placements", child_id=kept)["items"][0][
        "placement_id"
    ]
    line = {"type": "safety_plan", "document_id": ids[duplicate]}
    told = {"kind": "update", "placement_id": placement, "documents": {"items": [line]}}
    assert worker(world).post("/v1/notifications", told).status_code == 201
    assert host(world).get(f"/v1/placements/{placement}/documents/{ids[duplicate]}").content == pdf(duplicate)
    shown = look(world, host(world), "/v1/placements/{placement_id}/documents", placement_id=placement)["items"]
    assert [(each["state"], each["document_id"]) for each in shown] == [("uploaded", ids[duplicate])]
    assert put(worker(world), kept, ids[duplicate], pdf("second")).json()["version"] == 2
    unmerge(world, kept, duplicate)
    after = [look(world, worker(world), DOCUMENTS, child_id=each)["items"] for each in twice]
    # Who has read what meanwhile stays told.
    assert [[each["document_id"] for each in items] for items in after] == [[ids[each]] for each in twice]
    assert after[0][0]["latest"] == before[0][0]["latest"]
    assert worker(world).get(f"/v1/children/{kept}/documents/{ids[duplicate]}").status_code == 404
    assert host(world).get(f"/v1/placements/{placement}/documents/{ids[duplicate]}").status_code == 404


def test_an_adopted_childs_passport_and_papers_are_nobody_elses(world: World) -> None:
    old = start(worker(world))
    former = old["child_id"]
    facts = old["document"]["child"]
    published(nurse(world), former, records.full())
    document = announce(worker(world), former)
    assert put(worker(world), former, document, pdf()).status_code == 200
    sealed = restrict(worker(world), former, restriction="identity_sealed", reason="placed_for_adoption")
    assert sealed.status_code == 201, sealed.text
    same = {name: facts[name] for name in ("given_names", "family_name", "date_of_birth", "sex")}
    new = create(worker(world), **same)["child_id"]
    for query in ("", f"?record={former}"):
        answer = nurse(world).get(path(new, query))
        assert answer.status_code == (404 if query else 200)
        assert former not in answer.text.replace(query, "")
    assert passport(world, new)["version"] == 0
    assert look(world, worker(world), DOCUMENTS, child_id=new)["items"] == []
    assert worker(world).get(f"/v1/children/{new}/documents/{document}").status_code == 404
    offers = f"/v1/children/{former}/responsibility-transfers"
    assert refused(worker(world).post(offers, example("transfer"))) == (409, "cannot_transfer")
    proposal = {**example("proposal_merge"), "duplicate": former}
    assert refused(worker(world).post(f"/v1/children/{new}/proposals", proposal)) == (409, "cannot_merge")


def test_urgent_care_learns_of_the_second_passport_and_opens_the_card_of_either(world: World) -> None:
    kept, other = str(start(worker(world))["child_id"]), child_of_leeds(world)
    published(nurse(world), kept, {name: words for name, words in records.small().items() if name != "allergies"})
    published(nurse(world), other, records.full())
    merge(world, kept, other)

    doctor = world.as_("RXT01", "urgent_care", name="Emma Doctor")
    card = f"/v1/children/{kept}/emergency-card?reason=life_at_risk"
    shown = doctor.get(card).json()
    assert ("allergies" in shown["sections"], shown["merged_records"]) == (False, [other])
    assert "allergies" in doctor.get(f"{card}&record={other}").json()["sections"]
    for paper in (
        doctor.get(card, headers={"Accept": "application/pdf"}),
        nurse(world).get(path(kept), headers={"Accept": "application/pdf"}),
    ):
        assert "second passport" in " ".join(text_of(paper.content).split())


def test_a_system_that_reads_fhir_alone_is_told_of_the_second_passport(
    world: World, fhir: FhirValidator, twice: Any
) -> None:
    kept, other = twice
    for child in twice:
        published(nurse(world), child, records.full())

    def document(query: str = "") -> Any:
        return nurse(world).get(path(kept, query), headers={"Accept": FHIR})

    assert "second passport" not in document().text
    merge(world, kept, other)
    read = document()
    assert fhir.errors(read.json()) == []
    first = read.json()["entry"][0]["resource"]["section"][0]
    assert "This child has a second passport" in first["text"]["div"] and other in first["text"]["div"]
    second = document(f"?record={other}")
    # Two documents of one child, neither of which is a later version of the other.
    assert kept in second.json()["entry"][0]["resource"]["section"][0]["text"]["div"]
    assert read.json()["identifier"] != second.json()["identifier"]

    sent = {"Content-Type": FHIR, "If-Match": read.headers["etag"]}
    told = nurse(world).put(path(kept), read.content, headers=sent).json()
    assert (told["changed"], told["left_out"], told["sections_not_yours"]) == ([], [], [])
    # What is said of the second passport is not sent back into the first one.
    sent["If-Match"] = second.headers["etag"]
    assert refused(nurse(world).put(path(kept), second.content, headers=sent)) == (412, "stale_version")
