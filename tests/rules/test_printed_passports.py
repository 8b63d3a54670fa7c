"""What a printed passport says of itself: every field and code of the standard has words in both languages."""

import re
from collections.abc import Iterator

import pytest
import textstat

from app.passports.printing.shape import Shape, shape_of
from app.passports.printing.telling import FOR_MACHINES, Teller
from app.passports.printing.words import Speaker, table
from app.rules.edition import current
from app.rules.words import PASSPORT_SECTIONS, SENSITIVE
from app.standard.codes import code_lists
from tests.api.passports.records import full

SECTIONS = [name for name in PASSPORT_SECTIONS if name not in SENSITIVE]
MINE = current().my_passport


def fields(shape: Shape) -> Iterator[tuple[str, str | None]]:
    for name, field in shape.items():
        if name not in FOR_MACHINES:
            yield name, field.codes
            yield from fields(field.inside)


@pytest.mark.parametrize("section", SECTIONS)
@pytest.mark.parametrize("language", ["en", "cy"])
def test_every_field_and_code_of_a_section_has_words(section: str, language: str) -> None:
    speaker = Speaker(language)
    for name, codes in fields(shape_of(section)):
        speaker.label(section, name)
        for code in code_lists()[codes].codes if codes else ():
            assert speaker.code(codes or "", code)
    assert speaker.section(section)


@pytest.mark.parametrize("name", sorted(table("phrases")))
def test_every_phrase_stands_in_both_languages_with_the_same_gaps(name: str) -> None:
    words = table("phrases")[name]
    assert set(words) == {"en", "cy"} and all(words.values())
    assert sorted(re.findall(r"\{[a-z_]+\}", words["en"])) == sorted(re.findall(r"\{[a-z_]+\}", words["cy"]))


def test_every_reason_for_withholding_has_words() -> None:
    assert set(table("codes")["withheld_reason"]) == set(current().passports.reasons)


@pytest.mark.parametrize("section", SECTIONS)
def test_nothing_a_section_says_is_left_out(section: str) -> None:
    """Each text of the example is on the page, but for codes that a machine reads."""
    held = {name: words for name, words in full()[section].items() if name != "provenance"}
    told = repr(Teller(Speaker("en"), lambda code: code).blocks(section, held))
    for text in texts(held):
        assert text.rstrip(".") in told.replace("\\'", "'"), text


def texts(value: object, name: str = "") -> Iterator[str]:
    if isinstance(value, dict):
        for inner, each in value.items():
            if inner not in FOR_MACHINES:
                yield from texts(each, inner)
    elif isinstance(value, list):
        for each in value:
            yield from texts(each, name)
    elif isinstance(value, str) and " " in value and not re.fullmatch(r"[\d: -]+", value):
        yield value


def test_what_a_list_says_of_itself_is_said_in_words() -> None:
    teller = Teller(Speaker("en"), lambda code: code)
    said = {
        "nil_known": {"according_to": "Rowan", "on": "2026-11-22"},
        "not_known": {"reason": "records_closed"},
        "not_asked": {"ask_by": "2026-11-24"},
        "declined": {"on": "2026-11-22", "by": "child", "alternative_offered": "At home"},
    }
    told = [teller.said_of({"state": state, **more}) for state, more in said.items()]
    assert told == [
        "None known, according to Rowan, 22\u00a0Nov\u00a02026",
        "Not known: records cannot be reached at this hour",
        "Nobody has asked yet; to be asked by 24\u00a0Nov\u00a02026",
        "Declined on 22\u00a0Nov\u00a02026 by: The child or young person. Offered instead: At home",
    ]
    # A view may hold less than was said: still never a blank.
    assert all(teller.said_of({"state": state}) for state in said)


def test_my_passport_can_be_read_at_nine() -> None:
    """Sentences and labels apart: grades of American schools, of which the fourth is that of nine-year-olds."""
    sentences = [MINE.belongs["en"], *(each["en"] for each in MINE.know), *(each["en"] for each in MINE.said.values())]
    text = " ".join(sentences)
    assert textstat.automated_readability_index(text) <= 4
    assert textstat.coleman_liau_index(text) <= 4
    assert max(len(each.split()) for each in re.split(r"[.?:]", text)) <= 20
    labels = [line.says["en"] for part in MINE.parts for line in part.lines if line.says]
    headings = [part.heading["en"] for part in MINE.parts]
    assert textstat.coleman_liau_index(". ".join([*headings, *labels])) <= 5


def test_my_passport_says_nothing_of_decisions_about_sensitive_parts() -> None:
    told = MINE.say(full(), "en")
    (who,) = [part for part in told if part.heading == "Who may see this"]
    lines = [line.text for line in who.lines]
    assert len(lines) == 2
    assert lines[0].startswith("My passport for health teams. I said yes")
    assert "Only the nurse" not in repr(told)
