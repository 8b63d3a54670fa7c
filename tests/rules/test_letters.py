"""The table of letters, its facts and its sentences fit each other and the published standard."""

import re
from datetime import date
from typing import Any

import pytest
import textstat

from app.letters.composing import Around, compose
from app.letters.facts import NAMES
from app.letters.policy import Addressee, addressees, plan
from app.letters.wording import Phrase, Speaker, codes, layouts, phrases
from app.rules.edition import current, edition, versions
from app.rules.letters import PEOPLE, Circumstances, LetterRow
from app.standard.codes import code_lists
from app.standard.notification import Start
from app.web.language import preferred
from tests.api.matrix import marked
from tests.api.matrix.tables import leaves

TABLE = current().letters
ROWS = {row.code: row for row in TABLE.rows}
MARKED = marked.everything()
MARKED["placement"] |= marked.ending()["placement"]
MARKED["voice"]["advocate"] |= {"name": "Zqadvocate", "phone": "07700 999999"}
MARKED["education"]["next"]["starts_on"] = "2026-12-07"
TODAY = date(2026, 11, 25)
_ALWAYS = {"address_kept_back"}
_CHILD = {"child_move", "child_ending"}


def case(row: LetterRow, **changes: Any) -> Circumstances:
    usual: dict[str, Any] = {
        "so": frozenset({"placed_from_england"}),
        "kind": min(row.kinds),
        "occasion": "new_home",
        "placement_state": min(row.states),
        "child_state": "active",
        "restrictions": frozenset(),
        "held": True,
    }
    return Circumstances(**{**usual, **changes})


def data_of(row: LetterRow, to: Addressee, language: str, sections: Any = MARKED, **changes: Any) -> dict[str, Any]:
    planned = plan(TABLE, case(row, **changes), "ltr_00000000000000000000000000", to)
    assert planned.row is row, planned.why_not
    return compose(TABLE, planned, row, sections, Around("Invented", "Zqhost", TODAY, language))


def texts(value: Any) -> str:
    if isinstance(value, dict):
        return " ".join(texts(each) for each in value.values())
    return " ".join(map(texts, value)) if isinstance(value, list) else str(value)


def readable(facts: tuple[str, ...]) -> set[str]:
    return {path for code in facts for path in TABLE.facts[code].reads}


def markers_outside(facts: tuple[str, ...]) -> set[str]:
    """Marked words of a document that says everything, outside the fields these facts read."""
    allowed = readable(facts)
    outside = []
    for pointer, _ in leaves(MARKED):
        path = ".".join(part for part in pointer if isinstance(part, str))
        if not any(path == each or path.startswith(each + ".") for each in allowed):
            outside.append(pointer)
    inside = [pointer for pointer, _ in leaves(MARKED) if pointer not in outside]
    return marked.markers(MARKED, outside) - marked.markers(MARKED, inside)


@pytest.mark.parametrize("language", ["en", "cy"])
@pytest.mark.parametrize("without_address", [False, True])
@pytest.mark.parametrize(("code", "person"), [(row.code, person) for row in TABLE.rows for person in row.to])
def test_a_letter_holds_its_own_facts_and_no_other_word_of_any_section(
    code: str, person: str, without_address: bool, language: str
) -> None:
    row, state = ROWS[code], "told_without_address" if without_address else "told"
    facts = TABLE.allowed(row, without_address)
    said = texts(data_of(row, Addressee(person, told_state=state), language))
    found = {word for word in markers_outside(facts) if word in said}
    assert found == set()
    assert len(markers_outside(facts)) > 100
    assert ("Zqhost" in said) == ("host_authority" in facts)


@pytest.mark.parametrize("code", ROWS)
def test_a_letter_says_all_that_it_may(code: str) -> None:
    """A fact in the table that no sentence says would be read for nothing."""
    row = ROWS[code]
    gaps = frozenset().union(*(phrases()[each].gaps for each in layouts()[row.wording].says))
    around = {"child_name", "child_called", "social_worker", "social_worker_phone", "social_worker_email"}
    assert set(row.facts) - around <= gaps


@pytest.mark.parametrize("wording", sorted(layouts()))
def test_no_sentence_asks_for_a_fact_that_no_letter_of_its_wording_may_hold(wording: str) -> None:
    may = {fact for row in TABLE.rows if row.wording == wording for fact in row.facts} | _ALWAYS
    assert may > _ALWAYS
    for code in layouts()[wording].says:
        assert phrases()[code].gaps <= may, code
        assert set(phrases()[code].lacking) <= may, code


def test_every_fact_of_the_table_can_be_read_and_the_other_way_round() -> None:
    assert set(TABLE.facts) == NAMES
    assert {fact for row in TABLE.rows for fact in row.facts} == NAMES


def test_every_field_a_fact_reads_is_in_the_standard() -> None:
    known = {".".join(part for part in pointer if isinstance(part, str)) for pointer, _ in leaves(MARKED)}
    known |= {"health_now.allergies.none_known", "health_now.medicines.none_known"}
    fields = set(Start.model_fields)
    for fact in TABLE.facts.values():
        for path in fact.reads:
            assert path.split(".")[0] in fields
            assert any(each == path or each.startswith(path + ".") for each in known), path


def test_whatever_says_where_the_child_lives_or_goes_to_school_next_gives_away_the_address() -> None:
    hidden = {path for fact in TABLE.facts.values() if fact.gives_away == "address" for path in fact.reads}
    shown = {path for fact in TABLE.facts.values() if fact.gives_away != "address" for path in fact.reads}
    restriction = next(row for row in current().disclosure.restrictions.values() if row.code == "confidential_address")
    for path in shown - {"education.next.starts_on"}:
        assert not any(path == each or path.startswith(each + ".") for each in restriction.removes), path
    assert hidden & shown == set()


@pytest.mark.parametrize("person", PEOPLE)
@pytest.mark.parametrize("kind", ["start", "update", "end"])
def test_everybody_has_exactly_one_letter_after_each_kind(person: str, kind: str) -> None:
    fitting = [row.code for row in TABLE.rows if row.fits(person, kind, frozenset({"placed_from_england"}))]
    assert len(fitting) == 1


@pytest.mark.parametrize("code", ROWS)
def test_no_letter_goes_out_where_the_table_stops_it(code: str) -> None:
    row = ROWS[code]
    told = Addressee(row.to[0], told_state="told")
    for changes, why in (
        ({"child_state": "died"}, "child_no_longer_placed"),
        ({"occasion": "died"}, "child_no_longer_placed"),
        ({"occasion": "turned_18"}, "child_no_longer_placed"),
        ({"restrictions": frozenset({"identity_sealed"})}, "identity_is_sealed"),
        ({"held": False}, "law_not_held"),
        ({"placement_state": "withdrawn"}, "placement_state"),
        ({"kind": "withdrawal"}, "no_letter_for_this"),
    ):
        assert plan(TABLE, case(row, **changes), "ltr_x", told).why_not == why
    assert plan(TABLE, case(row), "ltr_x", Addressee(row.to[0], told_state="withheld")).why_not == "told_withheld"
    assert plan(TABLE, case(row), "ltr_x", told).why_not is None


def test_a_confidential_address_is_left_out_for_all_but_those_who_cannot_work_without_it() -> None:
    hushed = {"restrictions": frozenset({"confidential_address"})}
    with_it = {
        person
        for row in TABLE.rows
        for person in row.to
        if "start" in row.kinds
        and "home_address" in plan(TABLE, case(row, **hushed), "ltr_x", Addressee(person, told_state="told")).facts
    }
    assert with_it == {"child", "gp_new", "school_new", "reviewing_officer", "guardian"}


@pytest.mark.parametrize("listing", ["decision_topic", "care_role", "wish_outcome", "family_time", "consent_giver"])
def test_every_code_a_letter_may_meet_has_words_in_both_languages(listing: str) -> None:
    assert set(codes()[listing]) == set(code_lists()[listing].codes)
    assert all(set(words) == {"en", "cy"} and all(words.values()) for words in codes()[listing].values())
    assert set(codes()["plan_state"]) == set(code_lists()["plan_state"].codes)


@pytest.mark.parametrize("phrase", phrases().values(), ids=phrases().keys())
def test_every_sentence_stands_in_both_languages(phrase: Phrase) -> None:
    said_by_the_fact = phrase.form in ("items", "words")
    assert said_by_the_fact or (phrase.en.strip() and phrase.cy.strip())
    same_in_both = phrase.code in {"decides_line", "wish_line", "family_line"}
    assert said_by_the_fact or same_in_both or phrase.en != phrase.cy


def test_every_sentence_is_said_somewhere() -> None:
    said = {code for layout in layouts().values() for code in (layout.title, *layout.says)}
    unsaid = {code for code, phrase in phrases().items() if phrase.form != "text"} - said
    assert unsaid == set()


def test_the_sentences_of_the_childs_letters_can_be_read_at_nine() -> None:
    """Without the headings and the labels, whose words are names and numbers."""
    sentences = [
        re.sub(r"\{[a-z_]+\}", "Monday", phrases()[code].en)
        for code in dict.fromkeys(code for name in sorted(_CHILD) for code in layouts()[name].says)
        if phrases()[code].form == "paragraph"
    ]
    text = " ".join(sentences)
    # Grades of American schools: the fourth is that of nine-year-olds. Both measures count letters, not syllables.
    assert textstat.automated_readability_index(text) <= 4
    assert textstat.coleman_liau_index(text) <= 4
    assert all(textstat.automated_readability_index(each) <= 5 for each in sentences)
    assert max(len(sentence.split()) for sentence in re.split(r"[.:;?]", text)) <= 20


def test_words_in_braces_that_somebody_wrote_are_words() -> None:
    row = ROWS["family_ending"]
    sections = {**MARKED, "child": {"given_names": "{council}", "family_name": "{name}"}}
    said = texts(data_of(row, Addressee("parent", told_state="told"), "en", sections))
    assert "{council} {name}" in said


def test_a_child_who_was_not_asked_yet_reads_that_it_matters() -> None:
    sections = {name: section for name, section in MARKED.items() if name != "voice"}
    said = texts(data_of(ROWS["child_move"], Addressee("child", told_state="told"), "en", sections))
    assert "We do not know yet what you think" in said


def test_nobody_who_may_not_know_the_address_reads_that_it_is_only_missing() -> None:
    said = texts(data_of(ROWS["parent_move"], Addressee("parent", told_state="told_without_address"), "en"))
    assert "The address is not part of this letter" in said
    assert "cannot be given yet" not in said


def test_a_move_that_is_still_to_come_is_told_as_one() -> None:
    sections = {**MARKED, "placement": MARKED["placement"] | {"start": {"date": "2026-12-01", "time_unknown": True}}}
    said = texts(data_of(ROWS["parent_move"], Addressee("parent", told_state="told"), "cy", sections))
    assert "yn symud i gartref newydd ar 1\u00a0Rhagfyr\u00a02026" in said
    assert Speaker("en").day(TODAY) == "25\u00a0November\u00a02026"


def test_whoever_is_named_elsewhere_is_written_to_as_well_and_nobody_twice() -> None:
    told = {"told": {"people": [{"person": "gp_new", "state": "told"}, {"person": "child", "state": "told"}]}}
    found = [each.person for each in addressees({**MARKED, **told}, [("host_virtual_school", "Shropshire")])]
    assert found[0] == "child"
    assert sorted(found) == sorted(set(found))
    assert {"gp_new", "gp_old", "school_old", "school_new", "host_virtual_school"} <= set(found)


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("", "en"),
        ("cy", "cy"),
        ("cy-GB, en;q=0.8", "cy"),
        ("en-GB, cy;q=0.9", "en"),
        ("fr, cy;q=0.1", "cy"),
        ("cy;q=0", "en"),
        ("cy;q=nan, en;q=0.1", "en"),
        ("cy;q=9", "en"),
        (";;,=,cy;", "cy"),
    ],
)
def test_the_language_is_the_one_a_reader_asks_for(header: str, language: str) -> None:
    assert preferred(header) == language


def test_every_edition_holds_letters() -> None:
    assert all(edition(version).letters.rows for version in versions())
