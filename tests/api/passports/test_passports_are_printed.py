"""Passports on paper: what a nurse, a doctor and the young person themselves hold in their hands."""

import io
from copy import deepcopy
from typing import Any

import httpx
import pikepdf
import pypdf
import pytest

from tests.api.children.records import actions, restrict
from tests.api.letters.post import text_of
from tests.api.matrix.parties import person, tell
from tests.api.passports.records import child_of_leeds, full, nurse, path, published, put_section, small
from tests.api.passports.test_a_passport_is_lived import entries, messages
from tests.api.passports.test_who_reads_and_writes import HOME, SECRET, THIRD_PARTY, marked
from tests.world import LEEDS, Caller, World

PDF = "application/pdf"
CARD, MINE = "/v1/children/{}/emergency-card", "/v1/children/{}/my-passport"


def printed(by: Caller, address: str, language: str = "en", **more: str) -> httpx.Response:
    return by.get(address, headers={"Accept": PDF, "Accept-Language": language, **more})


def pages(answer: httpx.Response) -> int:
    assert answer.status_code == 200, answer.text
    return len(pypdf.PdfReader(io.BytesIO(answer.content)).pages)


def in_order(text: str, *words: str) -> bool:
    places = [text.index(each) for each in words]
    return places == sorted(places)


def test_the_nurse_prints_it_allergies_and_emergencies_first_and_every_date_in_it(world: World) -> None:
    child_id, by = child_of_leeds(world), nurse(world)
    published(by, child_id, full())
    answer = printed(by, path(child_id))
    assert 2 <= pages(answer) <= 4
    text = text_of(answer.content)
    assert in_order(text, "Rowan Inventley", "Allergies", "Cashew nuts", "In an emergency", "Who I am", "Medicines")
    for said in (
        "As of 14 Oct 2026",
        "last confirmed 2 Nov 2026 by Bettina Supposed",
        "review due 14 Apr 2027",
        "Not known: the child chose not to say",
        "There is none",
        "A sensitive part: read apart",
        "Named nurse, children in care",
        "for Bettina Supposed, Children in care health team",
    ):
        assert said in text, said
    assert printed(by, path(child_id)).content == answer.content


def test_the_card_is_one_page_whatever_it_holds(world: World) -> None:
    child_id, by = child_of_leeds(world), nurse(world)
    published(by, child_id, full())
    answer = printed(by, CARD.format(child_id))
    assert pages(answer) == 1
    text = text_of(answer.content)
    assert in_order(text, "Emergency card: Rowan Inventley", "Allergies", "In an emergency", "Medicines")
    assert "SHORTENED" not in text and "hurt herself" in text
    much = full()
    for name in ("allergies", "medicines", "conditions", "emergency_plan"):
        much[name]["entries"]["items"] = [deepcopy(much[name]["entries"]["items"][0]) for _ in range(100)]
    much["allergies"]["entries"]["items"][0]["action"] = "No nuts. " * 440
    for name in ("allergies", "medicines", "conditions", "emergency_plan"):
        assert put_section(by, child_id, name, much[name]).status_code == 200
    answer = printed(by, CARD.format(child_id))
    assert pages(answer) == 1
    assert "SHORTENED TO FIT ONE PAGE" in text_of(answer.content)


def test_my_passport_is_theirs_and_in_plain_words(world: World) -> None:
    child_id, by = child_of_leeds(world), nurse(world)
    published(by, child_id, full())
    answer = printed(by, MINE.format(child_id))
    text = text_of(answer.content)
    assert in_order(
        text, "Ro", "My health passport", "This belongs to you.", "Who I am", "Good to know", "Space for me"
    )
    assert "I like to be called Ro" in text and "4 March 2010" in text and "999 000 0018" in text
    assert not [each for each in ("Depression", "Cannabis", "Only the nurse") if each in text]
    welsh = printed(by, MINE.format(child_id), "cy")
    assert welsh.headers["content-language"] == "cy"
    assert "Ti sydd biau hwn." in text_of(welsh.content)
    assert by.get(MINE.format(child_id), headers={"Accept-Language": "cy"}).json()["title"] == "Fy mhasbort iechyd"
    refused = printed(world.as_(LEEDS, name="Sam Placer"), MINE.format(child_id))
    assert refused.json()["code"] == "copy_not_shared"


@pytest.mark.parametrize("language", ["en", "cy"])
def test_every_page_is_tagged_titled_and_says_its_language(world: World, language: str) -> None:
    child_id, by = child_of_leeds(world), nurse(world)
    published(by, child_id, small())
    for address in (path(child_id), CARD.format(child_id), MINE.format(child_id)):
        answer = printed(by, address, language)
        assert answer.headers["content-type"] == PDF
        assert answer.headers["cache-control"] == "private, no-store"
        with pikepdf.open(io.BytesIO(answer.content)) as pdf:
            assert pdf.Root.MarkInfo.Marked
            assert str(pdf.Root.Lang) == f"{language}-GB"
            assert pdf.Root.ViewerPreferences.DisplayDocTitle
            meta = pdf.open_metadata()
            assert meta["pdfuaid:part"] == "1" and meta["dc:title"]
            roles = list(tags(pdf.Root.StructTreeRoot.K))
            assert roles.count("/H1") == 1 and "/H2" in roles
            assert roles.index("/H1") < roles.index("/H2")


def tags(node: Any) -> Any:
    """The roles of the structure tree, in reading order."""
    if isinstance(node, pikepdf.Array):
        for each in node:
            yield from tags(each)
    elif isinstance(node, pikepdf.Dictionary):
        if "/S" in node:
            yield str(node.S)
        if "/K" in node:
            yield from tags(node.K)


def test_paper_leaves_the_same_entry_as_the_screen_and_a_copy_that_is_held_leaves_none(world: World) -> None:
    child_id, by = child_of_leeds(world), nurse(world)
    published(by, child_id, full())
    answer = printed(by, path(child_id))
    (opened,) = [each for each in actions(world, child_id) if each["action"] == "passport.opened"]
    assert "allergies" in opened["facts"]["sections"] and "pregnancy" not in opened["facts"]["sections"]
    before = entries(world)
    for address in (path(child_id), CARD.format(child_id), MINE.format(child_id)):
        tag = printed(by, address).headers["etag"]
        assert by.get(address).headers["etag"] != tag != printed(by, address, "cy").headers["etag"]
        before = entries(world)
        assert printed(by, address, **{"If-None-Match": tag}).status_code == 304
        assert entries(world) == before
    assert answer.headers["vary"] == "Accept, Accept-Language"
    assert by.get(path(child_id), headers={"Accept": "text/html"}).status_code == 406


def test_urgent_care_breaks_the_glass_for_the_card_on_paper_too(world: World) -> None:
    child_id = child_of_leeds(world)
    published(nurse(world), child_id, full())
    doctor = world.as_("RXT01", "urgent_care", name="Ann Example")
    assert printed(doctor, CARD.format(child_id)).json()["code"] == "break_glass"
    assert pages(printed(doctor, CARD.format(child_id) + "?reason=cannot_tell")) == 1
    broken = [each for each in actions(world, child_id) if each["action"] == "passport.glass_broken"]
    assert [each["facts"]["reason"] for each in broken] == ["cannot_tell"]
    assert ("passport.glass_broken", LEEDS, "social_care") in messages(world, child_id)


def test_no_page_holds_what_its_reader_may_not_see(world: World) -> None:
    made = tell(world, "active")
    published(nurse(world), made.child_id, marked())
    worker = person(world, "placing", "social_care", "Sam Placer")
    assert restrict(worker, made.child_id, restriction="confidential_address", reason="risk_from_family").is_success
    told = set()
    for side, function in (
        ("placing", "children_in_care_health"),
        ("host", "children_in_care_health"),
        ("host", "camhs"),
        ("host", "provider"),
        ("placing", "social_care"),
    ):
        by = person(world, side, function)
        for address in (path(made.child_id), CARD.format(made.child_id), MINE.format(made.child_id)):
            answer = printed(by, address)
            if answer.status_code != 200:
                continue
            text = text_of(answer.content)
            assert not [secret for secret in SECRET.values() if secret in text], (side, function, address)
            if function != "children_in_care_health":
                assert THIRD_PARTY not in text, (side, function, address)
            if function == "camhs":
                assert HOME not in text
                told.add("The address is confidential" in text or "Single facts a restriction takes out" in text)
    assert True in told


def test_before_anything_is_published_the_page_says_that_a_blank_is_no_answer(world: World) -> None:
    child_id, by = child_of_leeds(world), nurse(world)
    text = text_of(printed(by, path(child_id)).content)
    assert "Nothing has been published in this passport yet." in text
    assert "Nothing is recorded here yet. That does not mean there is none: ask." in text
