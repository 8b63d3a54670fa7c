"""The published documents: examples, schemas and faults agree with one another."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from pydantic import BaseModel, TypeAdapter, ValidationError

from app.kit.errors import Fault
from app.standard.codes import code_lists
from app.standard.export import DOCUMENTS, rendered, schema, sections
from app.standard.faults import MOST_FAULTS, parse_faults
from app.standard.leaves import Line, Moment, Name, NhsNumber, Postcode, Text, Upn
from app.standard.notification import KINDS, NOTIFICATION, SECTIONS

ROOT = Path(__file__).parents[2]
EXAMPLES = sorted((ROOT / "examples" / "documents").glob("*.json"))
KIND_OF_FILE = dict.fromkeys(KINDS, "placement-notification")
BIDI = [*range(0x202A, 0x202F), *range(0x2066, 0x206A), 0x200E, 0x200F]
MARK = "Zzyzx"


def document_name(path: Path) -> str:
    first = path.stem.split("_")[0]
    return path.stem if path.stem in DOCUMENTS else KIND_OF_FILE.get(first, first)


def example(name: str) -> dict[str, Any]:
    held: dict[str, Any] = json.loads((ROOT / "examples" / "documents" / f"{name}.json").read_text("utf-8"))
    return held


def faults_of(document: object, adapter: TypeAdapter[Any] = NOTIFICATION) -> list[Fault]:
    with pytest.raises(ValidationError) as caught:
        adapter.validate_json(json.dumps(document))
    return parse_faults(caught.value)


def accepts(kind: Any, value: object) -> bool:
    try:
        TypeAdapter(kind).validate_json(json.dumps(value))
    except ValidationError:
        return False
    return True


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_each_example_is_accepted_and_comes_back_as_it_was_sent(path: Path) -> None:
    document = DOCUMENTS[document_name(path)].validate_json(path.read_bytes())
    assert json.loads(document.to_json()) == json.loads(path.read_bytes())


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_each_example_is_accepted_by_the_published_schema(path: Path) -> None:
    Draft202012Validator(schema(document_name(path))).validate(json.loads(path.read_bytes()))


@pytest.mark.parametrize("name", DOCUMENTS)
def test_each_schema_is_json_schema_2020_12_and_the_committed_file_is_current(name: str) -> None:
    Draft202012Validator.check_schema(schema(name))
    committed = (ROOT / "schemas" / "v1" / f"{name}.json").read_bytes()
    assert rendered(schema(name)) == committed, "run: placement-notify schemas export"


def test_every_field_has_a_title_and_words_a_practitioner_can_read() -> None:
    for name in DOCUMENTS:
        for model, part in schema(name)["$defs"].items():
            for field, facts in part.get("properties", {}).items():
                assert facts.get("title") or "$ref" in facts, (model, field)
                assert facts.get("description") or "$ref" in facts, (model, field)


def test_no_part_of_a_schema_accepts_null_or_unnamed_fields() -> None:
    for name in DOCUMENTS:
        text = json.dumps(schema(name))
        assert '"null"' not in text
        assert '"additionalProperties": true' not in text


def test_every_section_names_its_controller_basis_and_retention() -> None:
    assert tuple(sections()) == SECTIONS
    bases = code_lists()["sharing_basis"].codes
    assert all(facts["basis"] in bases and facts["retention"] for facts in sections().values())


def test_the_full_example_uses_every_section() -> None:
    assert set(SECTIONS) <= example("start_full").keys()


def test_the_emergency_minimum_may_say_not_known_throughout() -> None:
    document = example("start_emergency_minimum")
    unknown = {"not_known": "no_time"}
    document["child"] |= dict.fromkeys(("given_names", "family_name", "date_of_birth", "sex"), unknown)
    document["legal"]["status"] = unknown
    document["placement"] = {"type": unknown, "start": unknown, "postcode": unknown}
    document["care_team"]["lead"] = unknown
    document["sender"] |= {"phone": unknown, "out_of_hours": unknown}
    NOTIFICATION.validate_json(json.dumps(document))


@pytest.mark.parametrize("section", ["sender", "child", "legal", "placement", "care_team", "health_now", "risks"])
def test_a_start_without_a_section_of_the_minimum_is_refused(section: str) -> None:
    document = example("start_emergency_minimum")
    del document[section]
    assert [(each.pointer, each.code) for each in faults_of(document)] == [(f"/{section}", "missing")]


@pytest.mark.parametrize(
    ("date_of_birth", "fine"),
    [
        ("2011-03-04", True),
        ({"estimated": "2011-01-01", "basis": "Told"}, True),
        ({"due": "2027-02-01"}, True),
        ({"not_known": "being_found_out"}, True),
        ("2011-02-30", False),
        ("2011-03-04T00:00:00", False),
        (20110304, False),
        ({"due": "2027-02-01", "estimated": "2027-02-01"}, False),
    ],
)
def test_a_date_of_birth_is_exact_estimated_due_or_not_known(date_of_birth: object, fine: bool) -> None:
    document = example("start_emergency_minimum")
    document["child"]["date_of_birth"] = date_of_birth
    agreed = Draft202012Validator(schema("placement-notification")).is_valid(document)
    if fine:
        assert NOTIFICATION.validate_json(json.dumps(document)) and agreed
    else:
        assert faults_of(document)[0].pointer.startswith("/child/date_of_birth")


@pytest.mark.parametrize("field", ["given_names", "family_name", "known_as", "nhs_number", "date_of_birth"])
def test_a_consultation_has_no_place_for_a_name(field: str) -> None:
    document = example("consultation")
    document["child"][field] = MARK
    assert [(each.pointer, each.code) for each in faults_of(document)] == [(f"/child/{field}", "unknown_field")]


def test_a_home_needs_a_postcode_an_area_or_that_the_next_home_is_unknown() -> None:
    document = example("start_emergency_minimum")
    del document["placement"]["postcode"], document["placement"]["host_area"]
    assert [(each.pointer, each.code) for each in faults_of(document)] == [("/placement", "one_of")]
    assert not Draft202012Validator(schema("placement-notification")).is_valid(document)
    document["placement"]["next_home_unknown"] = {"owner": "Emergency duty team"}
    NOTIFICATION.validate_json(json.dumps(document))


@pytest.mark.parametrize(
    ("regulator", "number", "fine"),
    [
        ("ofsted", "SC999999", True),
        ("ofsted", "1234567", True),
        ("ofsted", "1-123456789", False),
        ("cqc", "1-123456789", True),
        ("cqc", "SC999999", False),
        ("ciw", "SIN-00001234-ABCD", True),
        ("none", "SC999999", False),
    ],
)
def test_a_registration_number_is_held_against_its_regulator(regulator: str, number: str, fine: bool) -> None:
    document = example("start_full")
    document["placement"] |= {"regulator": regulator, "registration_number": number}
    assert Draft202012Validator(schema("placement-notification")).is_valid(document) is fine
    if not fine:
        assert [each.code for each in faults_of(document)] == ["registration_number"]


def test_an_update_says_something_and_an_end_asks_only_how_it_ended() -> None:
    empty = {"kind": "update", "placement_id": example("end")["placement_id"]}
    assert [each.code for each in faults_of(empty)] == ["one_of"]
    end = example("end")
    del end["placement"]["ending"]["destination"]
    assert [each.pointer for each in faults_of(end)] == ["/placement/ending/destination"]


@pytest.mark.parametrize(
    ("change", "pointer", "code"),
    [
        ({"voice": None}, "/voice", "null"),
        ({"about_me": {"likes": None}}, "/about_me/likes", "null"),
        ({"network": {"people": []}}, "/network/people", "too_few"),
        ({"told": {"people": [{"person": "gp_new", "state": MARK}]}}, "/told/people/0/state", "code"),
        ({"told": {"people": [{"person": "child", "state": "told"}] * 51}}, "/told/people", "too_many"),
        ({"voice": {"said": {"not_known": MARK}}}, "/voice/said/not_known", "code"),
        ({"voice": {"said": {"not_known": "no_time", "more": 1}}}, "/voice/said/more", "unknown_field"),
        ({"voice": {"said": {"own_words": MARK}}}, "/voice/said", "own_words"),
        ({"kind": MARK}, "/kind", "code"),
        ({"urgency": MARK}, "/urgency", "code"),
        ({"unheard_of": MARK}, "/unheard_of", "unknown_field"),
        ({MARK: MARK}, "", "unknown_field"),
        ({"~value": MARK}, "", "unknown_field"),
        ({"a/b": MARK}, "", "unknown_field"),
    ],
)
def test_a_fault_points_where_the_sender_wrote_it(change: dict[str, Any], pointer: str, code: str) -> None:
    faults = faults_of(example("start_emergency_minimum") | change)
    assert [(each.pointer, each.code) for each in faults] == [(pointer, code)]


def test_a_document_without_a_kind_or_that_is_no_object_is_told_so() -> None:
    assert [(each.pointer, each.code) for each in faults_of({})] == [("/kind", "missing")]
    assert [(each.pointer, each.code) for each in faults_of([MARK])] == [("", "object")]


def test_at_most_fifty_faults_are_told() -> None:
    document = example("start_emergency_minimum") | {"network": {"people": [{} for _ in range(40)]}}
    assert len(faults_of(document)) == MOST_FAULTS


def test_no_fault_ever_holds_what_was_sent() -> None:
    for path in EXAMPLES:
        adapter = DOCUMENTS[document_name(path)]
        for broken in spoilt(json.loads(path.read_bytes())):
            with pytest.raises(ValidationError) as caught:
                adapter.validate_json(json.dumps(broken))
            assert MARK not in json.dumps([vars_of(each) for each in parse_faults(caught.value)])


def vars_of(fault: Fault) -> list[str]:
    return [fault.pointer, fault.code, fault.message]


def spoilt(document: Any) -> list[Any]:
    """Return copies of a document, each with one leaf replaced by what no leaf accepts."""
    broken: list[Any] = []
    keys = document.keys() if isinstance(document, dict) else range(len(document))
    for key in keys:
        value = document[key]
        spoils = spoilt(value) if isinstance(value, dict | list) else [f"\u202e{MARK}"]
        for each in [*spoils, [[MARK]]]:
            copy = dict(document) if isinstance(document, dict) else list(document)
            copy[key] = each
            broken.append(copy)
    return broken


@pytest.mark.parametrize("character", [chr(each) for each in (0, 8, 0x0B, 0x0C, 0x1F, 0x7F, 0x85, *BIDI)])
def test_text_refuses_control_and_bidi_characters(character: str) -> None:
    assert not any(accepts(kind, f"a{character}b") for kind in (Text, Line, Name))


def test_text_keeps_line_feeds_and_tabs_and_is_bounded() -> None:
    assert accepts(Text, "one\r\n\ttwo") and not accepts(Line, "one\ntwo")
    assert accepts(Text, "a" * 4000) and not accepts(Text, "a" * 4001)
    assert accepts(Line, "a" * 200) and not accepts(Line, "a" * 201)
    assert accepts(Name, "a" * 100) and not accepts(Name, "a" * 101)
    assert not accepts(Text, " \n ") and not accepts(Name, "")


@pytest.mark.parametrize(
    "name", ["Zoë", "O\u2019Neill", "Anne-Marie D'Arcy", "Siân", "Łukasz", "Đặng", "محمد", "अनीता"]
)
def test_names_of_every_script_are_names(name: str) -> None:
    assert accepts(Name, name)


@pytest.mark.parametrize("name", ["R2D2", "<b>Ann</b>", "=SUM(A1)", "Ann\tBee", "😀", "Ann@home", "-Ann", "a/b"])
def test_what_is_no_name_is_refused(name: str) -> None:
    assert not accepts(Name, name)


def test_check_digits_are_checked() -> None:
    assert accepts(NhsNumber, "9990000018") and not accepts(NhsNumber, "9990000019")
    assert not accepts(NhsNumber, "999 000 0018") and not accepts(NhsNumber, 9990000018)
    assert accepts(Upn, "H801200001001") and not accepts(Upn, "A801200001001")


def test_a_moment_is_utc_and_whole() -> None:
    assert accepts(Moment, "2026-11-22T02:10:00Z") and accepts(Moment, "2026-11-22T02:10:00.123Z")
    for wrong in (
        "2026-11-22T02:10Z",
        "2026-11-22T02:10:00",
        "2026-11-22T02:10:00+01:00",
        "2026-11-22 02:10:00Z",
    ):
        assert not accepts(Moment, wrong)


def test_a_postcode_is_held_in_capitals() -> None:
    assert TypeAdapter(Postcode).validate_json('"sy4 5zz"') == "SY4 5ZZ"


def test_codes_that_were_dropped_are_carried_with_their_last_day() -> None:
    types = code_lists()["placement_type"].codes
    in_2025_26 = "A3 A4 A5 A6 K1 K2 K3 P1 P3 R1 R2 R3 R5 S1 T0 T1 T2 T3 T4 U1 U2 U3 U4 U5 U6 Z11 Z12 Z13 Z14"
    assert {code for code, entry in types.items() if entry.valid_on(date(2025, 9, 1))} == set(in_2025_26.split())
    assert {code for code, entry in types.items() if entry.valid_to} == {"H5", "P2", "Z1"}


def test_documents_are_closed_and_frozen_to_their_leaves() -> None:
    for model in KINDS.values():
        assert model.model_config["extra"] == "forbid"
        assert model.model_config["frozen"] and model.model_config["strict"]
        assert issubclass(model, BaseModel)


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=60))
def test_whatever_a_name_or_text_accepts_the_published_pattern_accepts_too(text: str) -> None:
    published = schema("child")["$defs"]["name"]
    if accepts(Name, text):
        assert Draft202012Validator(published).is_valid(text)
    shared = schema("restriction_lifted")["$defs"]["text"]
    assert not accepts(Text, text) or Draft202012Validator(shared).is_valid(text)
