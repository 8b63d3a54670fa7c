"""The published health passport: every field wrong one at a time, lists never blank, and every check of the table."""

import copy
import json
import tomllib
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from app.kit.errors import Fault
from app.rules import words
from app.rules.edition import current
from app.rules.passport_checks import ERROR, WARNING, Known
from app.standard.export import passport_sections
from app.standard.faults import parse_faults
from app.standard.passport.document import HEALTH_PASSPORT, PASSPORT_SECTIONS, HealthPassport
from app.standard.passport.leaves import STATES

ROOT = Path(__file__).parents[2]
FULL: dict[str, Any] = json.loads((ROOT / "examples/documents/health-passport_full.json").read_text())
PROVENANCE = {"source": "child", "as_of": "2026-11-22"}
MARK = "Zzyzx"
TABLE = tomllib.loads((Path(words.__file__).parent / "editions/2026-11/passport_checks.toml").read_text())
KNOWN = Known(date(2026, 11, 25), {"date_of_birth": "2010-03-04", "nhs_number": "9990000018"})


def faults_of(document: object) -> list[Fault]:
    with pytest.raises(ValidationError) as caught:
        HEALTH_PASSPORT.validate_json(json.dumps(document))
    return parse_faults(caught.value)


def places(value: Any, place: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """Every field of a document, objects and lists as well as leaves."""
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for name, inner in items:
        yield (*place, name)
        yield from places(inner, (*place, name))


def spoilt(place: tuple[str | int, ...], value: object) -> dict[str, Any]:
    document = copy.deepcopy(FULL)
    holder: Any = document
    for step in place[:-1]:
        holder = holder[step]
    holder[place[-1]] = value
    return document


def pointer(place: tuple[str | int, ...]) -> str:
    return "".join(f"/{step}" for step in place)


def test_every_section_is_governed_and_known_to_the_rules() -> None:
    assert tuple(HealthPassport.model_fields) == PASSPORT_SECTIONS == words.PASSPORT_SECTIONS
    assert set(passport_sections()) == set(PASSPORT_SECTIONS) == set(FULL)
    sensitive = {name for name, facts in passport_sections().items() if facts["kind"] == "sensitive"}
    assert sensitive == set(words.SENSITIVE)


@pytest.mark.parametrize("section", PASSPORT_SECTIONS)
def test_each_field_that_is_wrong_is_pointed_at_with_a_sentence(section: str) -> None:
    for place in places(FULL[section], (section,)):
        for wrong in (None, [[MARK]], f"\u202e{MARK}", {MARK: MARK}):
            faults = faults_of(spoilt(place, wrong))
            assert any(each.pointer.startswith(pointer(place)) for each in faults), (place, wrong, faults)
            for each in faults:
                assert each.message.endswith(".") and len(each.message) > 10, (place, each)
                assert MARK not in f"{each}", (place, each)


@pytest.mark.parametrize("section", PASSPORT_SECTIONS)
def test_a_section_that_does_not_say_where_it_comes_from_is_refused(section: str) -> None:
    words_of = {name: value for name, value in FULL[section].items() if name != "provenance"}
    assert (f"/{section}/provenance", "missing") in [
        (each.pointer, each.code) for each in faults_of({section: words_of})
    ]


@pytest.mark.parametrize(
    ("entries", "fault"),
    [
        ({"state": "nil_known", "according_to": "Her gran", "on": "2026-11-22"}, None),
        ({"state": "not_known", "reason": "records_closed"}, None),
        ({"state": "not_asked"}, None),
        ({"state": "declined", "on": "2026-11-22", "by": "child", "ask_again_on": "2026-12-22"}, None),
        ({"state": "nil_known"}, "/allergies/entries/according_to"),
        ({"state": "not_known"}, "/allergies/entries/reason"),
        ({"state": "known", "items": []}, "/allergies/entries/items"),
        ({"state": "known"}, "/allergies/entries/items"),
        ({"state": MARK}, "/allergies/entries/state"),
        ({}, "/allergies/entries/state"),
        ([], "/allergies/entries"),
        ("none", "/allergies/entries"),
    ],
)
def test_a_list_is_never_blank_by_accident(entries: object, fault: str | None) -> None:
    document = {"allergies": {"provenance": PROVENANCE, "entries": entries}}
    if fault is None:
        assert HEALTH_PASSPORT.validate_json(json.dumps(document))
    else:
        assert faults_of(document)[0].pointer == fault


def test_every_list_may_say_each_thing_a_list_can_say() -> None:
    published = json.loads((ROOT / "schemas/v1/health-passport.json").read_text())["$defs"]
    lists = [part for name, part in published.items() if name.startswith("Listed_")]
    assert len(lists) > 15
    for each in lists:
        said = {published[ref["$ref"].rpartition("/")[2]]["properties"]["state"]["const"] for ref in each["oneOf"]}
        assert said == set(STATES)


WRONG: dict[str, tuple[tuple[str | int, ...], object]] = {
    "dose-without-unit": (("medicines", "entries", "items", 0, "dose"), {"amount": 2}),
    "dose-nothing": (("medicines", "entries", "items", 0, "dose", "amount"), 0),
    "birth-weight": (("birth", "weight_kg"), 40),
    "birth-weight-unusual": (("birth", "weight_kg"), 7),
    "gestation": (("birth", "gestation_weeks"), 60),
    "birth-head": (("birth", "head_circumference_cm"), 330),
    "weight": (("growth", "measurements", "items", 0, "weight_kg"), 475),
    "height": (("growth", "measurements", "items", 0, "height_cm"), 1.58),
    "head": (("growth", "measurements", "items", 0, "head_circumference_cm"), 540),
    "measured-after-birth": (("growth", "measurements", "items", 0, "measured_on"), "2009-01-01"),
    "measured-not-ahead": (("growth", "measurements", "items", 0, "measured_on"), "2027-01-01"),
    "immunised-after-birth": (("immunisations", "given", "items", 0, "given_on"), "2009-12-31"),
    "immunised-not-ahead": (("immunisations", "given", "items", 0, "given_on"), "2027-01-01"),
    "allergy-after-birth": (("allergies", "entries", "items", 0, "first_noted_on"), "2001-01-01"),
    "condition-after-birth": (("conditions", "entries", "items", 0, "since"), "2001-01-01"),
    "condition-not-ahead": (("conditions", "entries", "items", 0, "since"), "2028-01-01"),
    "attended-after-birth": (("hospital_care", "attendances", "items", 0, "on"), "2001-01-01"),
    "attended-not-ahead": (("hospital_care", "attendances", "items", 0, "on"), "2028-01-01"),
    "admitted-after-birth": (("hospital_care", "admissions", "items", 0, "admitted_on"), "2001-01-01"),
    "admission-in-order": (("hospital_care", "admissions", "items", 0, "discharged_on"), "2022-07-01"),
    "medicine-in-order": (("medicines", "entries", "items", 0, "ends_on"), "2025-01-01"),
    "medicine-ended": (("medicines", "entries", "items", 0, "ends_on"), "2026-11-01"),
    "supply-not-ahead": (("medicines", "entries", "items", 0, "supply", "counted_on"), "2027-01-01"),
    "sdq-date": (("mental_health", "sdq"), {"score": 21}),
    "sdq-band": (("mental_health", "sdq", "band"), "normal"),
    "sdq-not-ahead": (("mental_health", "sdq", "completed_on"), "2027-01-01"),
    "gillick-not-ahead": (("consent", "gillick", 0, "assessed_on"), "2027-01-01"),
    "decision-not-ahead": (("sharing", "decisions", 0, "decided_on"), "2027-01-01"),
    "born-as-recorded": (("identity", "date_of_birth"), "2010-04-03"),
    "number-as-recorded": (("identity", "nhs_number"), "9990000026"),
    "as-of-not-ahead": (("cpis", "provenance", "as_of"), "2027-01-01"),
    "confirmed-not-ahead": (("allergies", "provenance", "last_confirmed_on"), "2027-01-01"),
    "confirmed-in-order": (("allergies", "provenance", "last_confirmed_on"), "2026-01-01"),
}


def test_every_row_of_the_table_has_a_case_here() -> None:
    assert set(WRONG) == {row["code"] for row in TABLE["check"]}


@pytest.mark.parametrize("code", WRONG)
def test_what_cannot_be_right_is_found_where_it_stands(code: str) -> None:
    place, value = WRONG[code]
    document, checks = spoilt(place, value), current().passport_checks
    HEALTH_PASSPORT.validate_json(json.dumps(document))
    found = {each.code: each for severity in (ERROR, WARNING) for each in checks.findings(document, KNOWN, severity)}
    assert code in found
    assert pointer(place).startswith(found[code].pointer)
    assert str(value) not in found[code].message


def test_the_full_example_is_right_in_every_way() -> None:
    checks = current().passport_checks
    assert checks.findings(FULL, KNOWN, ERROR) == []
    assert checks.findings(FULL, KNOWN, WARNING) == []
