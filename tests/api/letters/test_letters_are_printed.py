"""Letters as a social worker prints them: who gets one, what it says, and what is written down about it."""

import io
from typing import Any

import pikepdf
import pypdf
import pytest

from tests.api.letters.post import PEOPLE, letters, of, printed, text_of, told_of
from tests.world import LEEDS, SHROPSHIRE, World

HOME = ("Invented Elm House", "1 Invented Elm Lane", "SY4 5ZZ", "01632 960101", "Shropshire", "Invented School South")
_WITHHELD = {
    "person": "parent",
    "state": "withheld",
    "name": "Ada Inventley",
    "harm_reason": "violence",
    "harm_detail": "He follows her.",
    "approved_by": "Perpetua Notional",
    "approved_on": "2026-11-22",
}


def test_everybody_the_law_names_has_a_letter_and_each_says_what_that_person_may_know(world: World) -> None:
    sender, sent = told_of(world)
    items = letters(sender, sent)
    assert {each["person"] for each in items} == {
        *("child", "parent", "contact_person", "former_carer", "gp_old", "gp_new", "dentist"),
        *("school_old", "school_new", "reviewing_officer", "advocate", "guardian", "other"),
        *("placing_virtual_school", "host_virtual_school"),
    }
    assert all(each["letter_id"] and each["why_not"] is None for each in items)
    parents = text_of(printed(sender, sent, of(items, "parent")).content)
    assert "Rowan Inventley moved to a new home on 22 November 2026." in parents
    assert "1 Invented Elm Lane SY4 5ZZ" in parents
    for kept in ("I want to stay", "Salbutamol", "going_missing", "H801200001001", "Two adults", "hospital"):
        assert kept not in parents
    school = text_of(printed(sender, sent, of(items, "placing_virtual_school")).content)
    assert "The virtual school, Leeds Council" in school
    assert "H801200001001" in school
    assert "1 Invented Elm Lane" not in school


def test_the_child_reads_who_decides_what_was_said_and_whom_to_ring(world: World) -> None:
    sender, sent = told_of(world)
    item = of(letters(sender, sent), "child")
    words = text_of(printed(sender, sent, item).content)
    order = (
        "Dear Ro",
        "You moved to a new home on 22 November 2026.",
        "Where you live",
        "I want to stay at my college",
        "Stay at my college – we are working on this",
        "Who decides what",
        "Seeing family: Marian Fictura, the social worker",
        "Who you can ring",
        "telephone 0113 496 0003",
        "0800 1111",
        "If you are in danger, ring 999.",
        "With best wishes",
    )
    places = [words.index(each) for each in order]
    assert places == sorted(places)
    for kept in ("closed at a day", "going missing", "exploitation", "Penicillin", "Rowan Inventley"):
        assert kept not in words
    welsh = printed(sender, sent, item, headers={"Accept-Language": "cy-GB, en;q=0.5"})
    assert welsh.headers["content-language"] == "cy"
    assert "Symudaist ti i gartref newydd ar 22 Tachwedd 2026." in text_of(welsh.content)
    assert printed(sender, sent, item, params={"language": "en"}).headers["content-language"] == "en"


def test_every_letter_is_tagged_titled_and_says_its_language(world: World) -> None:
    sender, sent = told_of(world)
    for item in letters(sender, sent):
        for language, tongue in (("en", "en-GB"), ("cy", "cy-GB")):
            answer = printed(sender, sent, item, params={"language": language})
            assert answer.headers["content-type"] == "application/pdf"
            assert answer.headers["cache-control"] == "private, no-store"
            with pikepdf.open(io.BytesIO(answer.content)) as pdf:
                assert pdf.Root.StructTreeRoot.K is not None
                assert pdf.Root.MarkInfo.Marked
                assert str(pdf.Root.Lang) == tongue
                assert pdf.Root.ViewerPreferences.DisplayDocTitle
                meta = pdf.open_metadata()
                assert meta["pdfuaid:part"] == "1"
                assert meta["dc:title"]
                assert "/JavaScript" not in pdf.Root.get("/Names", {})
                assert _every_font_is_inside(pdf)
            for page in pypdf.PdfReader(io.BytesIO(answer.content)).pages:
                assert (round(page.mediabox.width), round(page.mediabox.height)) == (595, 842)


def _every_font_is_inside(pdf: pikepdf.Pdf) -> bool:
    descriptors = [each for each in pdf.objects if isinstance(each, pikepdf.Dictionary) and "/FontName" in each]
    return bool(descriptors) and all(
        any(name in each for name in ("/FontFile", "/FontFile2", "/FontFile3")) for each in descriptors
    )


def test_the_same_letter_on_the_same_day_is_the_same_to_the_byte(world: World) -> None:
    sender, sent = told_of(world)
    item = of(letters(sender, sent), "parent")
    assert printed(sender, sent, item).content == printed(sender, sent, item).content
    assert of(letters(sender, sent), "parent")["letter_id"] == item["letter_id"]


def test_a_parent_from_whom_it_is_withheld_gets_no_letter_and_the_record_says_why(world: World) -> None:
    sender, sent = told_of(world, {"person": "child", "state": "to_be_told"}, _WITHHELD)
    item = of(letters(sender, sent), "parent")
    assert item["letter_id"] is None
    assert (item["why_not"], item["told"]) == ("told_withheld", "withheld")
    assert "significant harm" in item["why_not_in_words"]
    assert item["facts"] == []


def test_somebody_told_without_the_address_reads_nothing_that_gives_it_away(world: World) -> None:
    parent = {**PEOPLE[1], "state": "told_without_address"}
    sender, sent = told_of(world, parent)
    item = of(letters(sender, sent), "parent")
    assert item["without_address"]
    for language in ("en", "cy"):
        words = text_of(printed(sender, sent, item, params={"language": language}).content)
        assert "Rowan Inventley" in words
        assert "7 Parent Terrace" in words
        assert not [each for each in (*HOME, "Invented Surgery South") if each in words]


def test_a_confidential_address_stays_out_of_letters_of_those_who_do_not_need_it(world: World) -> None:
    sender, sent = told_of(world)
    restriction = {"restriction": "confidential_address", "reason": "risk_from_family", "review_on": "2027-03-01"}
    answer = sender.post(f"/v1/children/{sent['child_id']}/restrictions", restriction)
    assert answer.status_code == 201, answer.text
    items = letters(sender, sent)
    for item in items:
        words = text_of(printed(sender, sent, item).content)
        knows = item["person"] in {"child", "gp_new", "school_new", "reviewing_officer", "guardian"}
        assert ("1 Invented Elm Lane" in words) is knows, item["person"]
        if item["person"] in {"parent", "gp_old", "school_old", "placing_virtual_school"}:
            assert not [each for each in HOME if each in words], item["person"]


def test_no_letter_leads_to_a_sealed_identity_or_to_a_child_placed_for_adoption(world: World) -> None:
    sender, sent = told_of(world)
    restriction = {"restriction": "identity_sealed", "reason": "placed_for_adoption", "review_on": "2027-03-01"}
    assert sender.post(f"/v1/children/{sent['child_id']}/restrictions", restriction).status_code == 201
    assert {each["why_not"] for each in letters(sender, sent)} == {"identity_is_sealed"}
    sender, sent = told_of(world, placement={"type": "A4"})
    items = letters(sender, sent)
    assert {each["why_not"] for each in items} == {"law_not_held"}
    assert all(each["letter_id"] is None and each["what_to_do"] for each in items)


def test_an_end_has_its_own_letters_and_those_of_the_start_are_printed_no_more(world: World) -> None:
    sender, sent = told_of(world)
    parent = of(letters(sender, sent), "parent")
    ended = _end(sender, sent, "next_home_unknown")
    answer = sender.get(f"/v1/notifications/{sent['id']}/letters/{parent['letter_id']}")
    assert (answer.status_code, answer.json()["code"]) == (409, "no_letter")
    assert {each["why_not"] for each in letters(sender, sent)} == {"placement_state"}
    words = text_of(printed(sender, ended, of(letters(sender, ended), "parent")).content)
    assert "ended on 23 November 2026." in words
    assert not [each for each in HOME if each in words]


def test_nobody_gets_a_letter_about_a_child_who_has_died(world: World) -> None:
    sender, sent = told_of(world)
    ended = _end(sender, sent, "died")
    assert {each["why_not"] for each in letters(sender, ended)} == {"child_no_longer_placed"}


def _end(sender: Any, sent: dict[str, Any], occasion: str) -> dict[str, Any]:
    ending = {
        "ended_on": "2026-11-23",
        "reason": {"not_known": "being_found_out"},
        "destination": "not_known" if occasion != "died" else "died",
        "notice_given": {"not_known": "being_found_out"},
    }
    document = {
        "kind": "end",
        "occasion": occasion,
        "placement_id": sent["placement_id"],
        "placement": {"ending": ending},
    }
    answer = sender.post("/v1/notifications", document)
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


def test_what_a_later_update_says_stands_in_the_letter(world: World) -> None:
    sender, sent = told_of(world)
    told = {"people": [{"person": "parent", "state": "to_be_told", "name": "Otto Inventley"}]}
    document = {"kind": "update", "placement_id": sent["placement_id"], "told": told}
    update = sender.post("/v1/notifications", document).json()
    assert of(letters(sender, update), "parent")["name"] == "Otto Inventley"
    assert "Dear Otto Inventley" in text_of(printed(sender, update, of(letters(sender, update), "parent")).content)


def test_whatever_somebody_wrote_is_words_and_never_commands(world: World) -> None:
    home = '#read("/etc/passwd") *bold* $x^2$ @ref <label> \\ // /* `raw` = head {council} _it_ #panic("no")'
    sender, sent = told_of(world, placement={"home_name": home, "address": "[#eval]\n漢字 🙂 Łódź"})
    words = text_of(printed(sender, sent, of(letters(sender, sent), "parent")).content)
    assert " ".join(home.split()) in words
    assert "□□ □ Łódź" in words
    assert "An empty box stands for a letter or sign" in words


def test_printing_is_written_down_by_kind_and_code_and_shown_in_the_childs_account(world: World) -> None:
    sender, sent = told_of(world)
    item = of(letters(sender, sent), "parent")
    printed(sender, sent, item)
    entries = _entries(world, sent["id"])
    (entry,) = (each for each in entries if '"letter.printed"' in each)
    for told in ('"parent_move"', '"parent"', item["letter_id"], '"en"'):
        assert told in entry
    assert "Ada" not in entry
    assert any('"letters.read"' in each for each in entries)
    account = sender.get(f"/v1/children/{sent['child_id']}/disclosures").json()["items"]
    seen = [set(each["sections"]) for each in account]
    assert {"told", "health_now", "education"} in seen
    assert any({"child", "placement", "care_team", "told"} <= each and "risks" not in each for each in seen)
    assert all(each["practitioner"]["name"] == "Asha Rahman" for each in account)


def _entries(world: World, notification_id: str) -> list[str]:
    with world.database.read() as connection:
        rows = connection.exec_driver_sql("SELECT body FROM ledger_entries").fetchall()
    bodies = [bytes(row[0]).decode() if not isinstance(row[0], str) else row[0] for row in rows]
    return [body for body in bodies if notification_id in body]


@pytest.mark.parametrize(
    ("organisation", "function", "name", "status"),
    [
        (SHROPSHIRE, "social_care", "Bryn Edwards", 404),
        (LEEDS, "reviewing_officer", "Bryn Edwards", 403),
        (LEEDS, "virtual_school", "Bryn Edwards", 403),
        (LEEDS, "quality_assurance", "Bryn Edwards", 403),
        (LEEDS, "social_care", None, 403),
        (LEEDS, "emergency_duty", "Bryn Edwards", 200),
    ],
)
def test_letters_are_for_the_placing_teams_and_by_name(
    world: World, organisation: str, function: str, name: str | None, status: int
) -> None:
    sender, sent = told_of(world)
    item = of(letters(sender, sent), "parent")
    other = world.as_(organisation, function, name)
    for path in ("", f"/{item['letter_id']}"):
        assert other.get(f"/v1/notifications/{sent['id']}/letters{path}").status_code == status


def test_a_letter_of_another_notification_or_of_none_is_not_there(world: World) -> None:
    sender, sent = told_of(world)
    _, other = told_of(world)
    item = of(letters(sender, other), "parent")
    for path in (item["letter_id"], "ltr_00000000000000000000000000", "ltr_x", "parent", "%00"):
        assert sender.get(f"/v1/notifications/{sent['id']}/letters/{path}").status_code == 404
    assert sender.get(f"/v1/notifications/{sent['id']}/letters/x", params={"language": "fr"}).status_code == 400


def test_a_lock_keeps_everybody_else_from_the_letters(world: World) -> None:
    sender, sent = told_of(world)
    item = of(letters(sender, sent), "parent")
    lock = {
        "restriction": "named_practitioners_only",
        "reason": "worker_known_to_child",
        "review_on": "2027-03-01",
    }
    assert sender.post(f"/v1/children/{sent['child_id']}/restrictions", lock).status_code == 201
    stranger = world.as_(LEEDS, name="Zoe Locked")
    for path in ("", f"/{item['letter_id']}"):
        answer = stranger.get(f"/v1/notifications/{sent['id']}/letters{path}")
        assert (answer.status_code, answer.json()["code"]) == (403, "only_named_practitioners")
