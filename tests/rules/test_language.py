"""Advice on wording: what it finds, what it leaves alone, and that nothing a sender writes can make it slow."""

from pathlib import Path

import pytest

from app.rules.edition import current
from app.rules.language import MOST_ADVICE, Piece, read_language
from app.rules.rows import EditionError
from app.rules.words import SECTIONS
from app.standard.notification import NOTIFICATION
from app.standard.wording import free_texts

HERE = Path(__file__).parent
LANGUAGE = current().language
FOUND = [line for line in (HERE / "language_found.txt").read_text().splitlines() if not line.startswith("#")]
ORDINARY = (HERE / "language_ordinary.txt").read_text().splitlines()


def codes(text: str, section: str = "risks", age: int | None = 14) -> set[str]:
    return {each.code for each in LANGUAGE.advise([Piece(section, f"/{section}/x", text)], age)}


@pytest.mark.parametrize("line", FOUND, ids=lambda line: line.split(" | ")[0])
def test_each_row_is_met_in_its_inflections_and_not_by_what_is_nearly_it(line: str) -> None:
    code, section, age, sentences = line.split(" | ")
    *met, nearly = sentences.split(" / ")
    assert len(met) >= 3
    assert [text for text in met if code not in codes(text, section, int(age))] == []
    assert code not in codes(nearly, section, int(age))


def test_every_row_has_its_examples() -> None:
    assert [line.split(" | ")[0] for line in FOUND] == list(LANGUAGE.rows)
    assert len(LANGUAGE.rows) == 58


def test_two_hundred_ordinary_sentences_are_left_alone() -> None:
    assert len(set(ORDINARY)) >= 200
    met = {text: found for text in ORDINARY if (found := codes(text) | codes(text, "placement", 12))}
    assert met == {}


@pytest.mark.parametrize(
    "text",
    [
        'She said "I was attention seeking" and laughed.',
        "He said “they call me a gang member” to his nan.",
        "Er sagte «gang member» und lachte.",
    ],
    ids=["straight", "typographic", "angled"],
)
def test_words_in_quotation_marks_are_somebodys_own(text: str) -> None:
    assert codes(text) == set()


@pytest.mark.parametrize(
    "text", ["attention\u2010seeking", "ATTENTION   SEEKING", "attention\u00a0seeking", "attention-seeking"]
)
def test_dashes_spaces_and_capitals_make_no_difference(text: str) -> None:
    assert codes(text) == {"attention-seeking"}


def test_a_phrase_does_not_run_across_the_end_of_a_sentence() -> None:
    assert codes("He asked for attention. Seeking shelter, he ran.") == set()


def test_age_decides_where_the_table_says_so() -> None:
    assert codes("sexually active", age=12) == {"sexually-active-under-13"}
    assert codes("sexually active", age=15) == {"sexually-active"}
    assert codes("sexually active", age=16) == codes("sexually active", age=None) == set()


def test_the_childs_own_words_are_never_looked_at() -> None:
    blaming = "I am attention seeking."
    voice = {"said": blaming, "wishes": [{"wish": blaming, "outcome": "not_met", "why_not": "No room."}]}
    assert list(free_texts("voice", voice)) == [("/voice/wishes/0/why_not", "No room.")]
    assert list(free_texts("about_me", {"pen_picture": blaming, "in_own_words": True})) == []
    assert list(free_texts("about_me", {"pen_picture": blaming})) == [("/about_me/pen_picture", blaming)]


def test_names_addresses_and_codes_are_never_looked_at() -> None:
    schema = NOTIFICATION.json_schema()
    assert schema
    child = {"given_names": "Lac", "family_name": "Neet", "religion": "misper"}
    home = {"address": "1 Misper Row", "type": "U1", "home_name": "Respite House"}
    assert [*free_texts("child", child), *free_texts("placement", home)] == []
    assert all(list(free_texts(section, {})) == [] for section in SECTIONS)


def test_however_much_blames_there_is_an_end_to_the_advice() -> None:
    pieces = [Piece("risks", f"/risks/{place}", "misper " * 500) for place in range(200)]
    assert len(LANGUAGE.advise(pieces, 14)) == MOST_ADVICE


@pytest.mark.parametrize(
    "phrase",
    [{"avoid": ["Capitals"]}, {"avoid": ["a-b"]}, {"avoid": []}, {"category": "x"}, {"sections": ["x"]}, {"y": 1}],
)
def test_a_mistake_in_the_table_is_found_when_it_is_loaded(phrase: dict[str, object]) -> None:
    good = {"code": "one", "category": "minimising", "avoid": ["a|b c?"], "prefer": "Say so."}
    reasons = dict(LANGUAGE.reasons)
    assert len(read_language({"reason": reasons, "phrase": [good]}).rows["one"].avoid) == 4
    with pytest.raises(EditionError):
        read_language({"reason": reasons, "phrase": [{**good, **phrase}]})
