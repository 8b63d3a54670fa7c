"""Any passport becomes valid FHIR, and comes back from it word for word; what others send is understood or named."""

from typing import Any

import orjson
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.access.documents import judge
from app.passports.fhir.judging import judge_bundle
from app.passports.fhir.reading import read_bundle
from app.passports.fhir.table import mapping
from app.passports.fhir.writing import Published, write_bundle
from app.standard.passport.document import HEALTH_PASSPORT, PASSPORT_SECTIONS
from tests.api.passports.records import full
from tests.fhir.passports import passports
from tests.fhir.validator import FhirValidator

_QUIET = settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))


def as_bundle(sections: dict[str, Any], *merged: str, **withheld: str) -> dict[str, Any]:
    """As it leaves the service, and as it is parsed again. ``merged`` are records that have a passport too."""
    controllers = dict.fromkeys(sections, "RXT01") | {"consent": "E08000035"}
    at = "2026-11-25T10:00:00.000Z"
    child = "chd_01kb0000000000000000000000"
    published = Published(child, 3, at, "RXT01", controllers, sections, withheld, merged, "There is another.")
    parsed: dict[str, Any] = orjson.loads(orjson.dumps(write_bundle(published)))
    return parsed


@_QUIET
@given(passports())
def test_a_passport_comes_back_word_for_word_and_nothing_is_left_out(fhir: FhirValidator, passport: Any) -> None:
    judge(HEALTH_PASSPORT, orjson.dumps(passport))
    bundle = as_bundle(passport)
    assert fhir.errors(bundle) == []
    judge_bundle(bundle)
    received = read_bundle(bundle)
    assert received.sections == passport
    assert received.left_out == []


@_QUIET
@given(passports(), st.sets(st.sampled_from(PASSPORT_SECTIONS), min_size=1))
def test_what_is_withheld_is_said_to_be_and_is_nowhere_in_the_document(passport: Any, kept_back: set[str]) -> None:
    shown = {name: words for name, words in passport.items() if name not in kept_back}
    bundle = as_bundle(shown, **dict.fromkeys(kept_back, "sensitive"))
    told = {each["code"]["coding"][0]["code"]: each for each in bundle["entry"][0]["resource"]["section"]}
    for name in kept_back:
        assert told[name]["emptyReason"]["coding"][0]["code"] == "withheld"
        assert told[name].keys() == {"extension", "title", "code", "text", "emptyReason"}
    assert read_bundle(bundle).sections == shown


@_QUIET
@given(passports(), st.lists(st.text("<&abc", min_size=1), min_size=1, max_size=3))
def test_a_second_passport_is_told_first_of_all_and_is_no_part_of_this_one(
    fhir: FhirValidator, passport: Any, merged: list[str]
) -> None:
    bundle = as_bundle(passport, *merged)
    assert fhir.errors(bundle) == []
    judge_bundle(bundle)
    note, *rest = bundle["entry"][0]["resource"]["section"]
    assert "There is another." in note["text"]["div"]
    assert [each["valueString"] for each in note["extension"]] == merged
    assert rest == as_bundle(passport)["entry"][0]["resource"].get("section", [])
    received = read_bundle(bundle)
    assert (received.sections, received.left_out) == (passport, [])


def test_the_full_example_is_a_document_with_the_child_first(fhir: FhirValidator) -> None:
    bundle = as_bundle(full())
    assert fhir.errors(bundle) == []
    first, child = (entry["resource"] for entry in bundle["entry"][:2])
    assert (first["resourceType"], child["resourceType"]) == ("Composition", "Patient")
    assert {"system": "https://fhir.nhs.uk/Id/nhs-number", "value": "9990000018"} in child["identifier"]
    assert as_bundle(full()) == bundle


def test_every_row_of_the_table_is_met_by_the_full_example() -> None:
    types = {entry["resource"]["resourceType"] for entry in as_bundle(full())["entry"]}
    assert {row.type for row in mapping().rows} <= types


STATUS = "http://terminology.hl7.org/CodeSystem/allergyintolerance-clinical"
SNOMED = "http://snomed.info/sct"


def theirs(*resources: dict[str, Any]) -> dict[str, Any]:
    """A collection as another system makes one."""
    entries = [
        {"fullUrl": f"https://other.example/{each['resourceType']}/{n}", "resource": {**each, "id": f"r{n}"}}
        for n, each in enumerate(resources)
    ]
    return {"resourceType": "Bundle", "type": "collection", "entry": entries}


def test_somebody_elses_resources_are_understood_and_the_rest_is_named() -> None:
    child = {"reference": "Patient/r0"}
    bundle = theirs(
        {"resourceType": "Patient", "gender": "female", "birthDate": "2010-03-04", "maritalStatus": {"text": "Single"}},
        {
            "resourceType": "AllergyIntolerance",
            "patient": child,
            "clinicalStatus": {"coding": [{"system": STATUS, "code": "active"}]},
            "code": {"coding": [{"system": SNOMED, "code": "91936005", "display": "Allergy to penicillin"}]},
            "criticality": "high",
        },
        {"resourceType": "Medication", "code": {"text": "Melatonin 2 mg"}},
        {
            "resourceType": "MedicationStatement",
            "subject": child,
            "status": "active",
            "medicationReference": {"reference": "Medication/r2"},
            "dosage": [{"text": "One at night"}],
        },
        {"resourceType": "Condition", "subject": child, "code": {"text": "Asthma"}, "onsetDateTime": "2014"},
        {
            "resourceType": "Condition",
            "subject": child,
            "code": {"text": "Epilepsy"},
            "verificationStatus": {"coding": [{"code": "refuted"}]},
        },
        {"resourceType": "Device", "patient": child},
    )
    judge_bundle(bundle)
    received = read_bundle(bundle)
    assert received.sections["allergies"]["entries"]["items"] == [
        {"substance": "Allergy to penicillin", "snomed": "91936005", "severity": "life_threatening"}
    ]
    (medicine,) = received.sections["medicines"]["entries"]["items"]
    assert (medicine["name"], medicine["dose"]) == ("Melatonin 2 mg", {"text": "One at night"})
    assert medicine["storage"] == {"not_known": "not_recorded"}
    assert [each["name"] for each in received.sections["conditions"]["entries"]["items"]] == ["Asthma"]
    assert received.left_out == [
        "/entry/0/resource/maritalStatus/text",
        "/entry/4/resource/onsetDateTime",
        "/entry/5/resource",
        "/entry/6/resource",
    ]
