"""The validators find what is wrong: a test that leans on them can fail."""

from typing import Any

import pytest

from tests.fhir.validator import FhirValidator

PATIENT = {"reference": "urn:uuid:6f1b0c5e-0000-4000-8000-000000000001"}
STATUS = {"coding": [{"system": "http://terminology.hl7.org/CodeSystem/allergyintolerance-clinical", "code": "active"}]}
ALLERGY: dict[str, Any] = {"resourceType": "AllergyIntolerance", "patient": PATIENT, "clinicalStatus": STATUS}


def bundle(*resources: dict[str, Any]) -> dict[str, Any]:
    entries = [
        {"fullUrl": f"urn:uuid:6f1b0c5e-0000-4000-8000-{place:012}", "resource": resource}
        for place, resource in enumerate(resources)
    ]
    return {"resourceType": "Bundle", "type": "collection", "entry": entries}


def test_what_is_right_has_no_errors(fhir: FhirValidator) -> None:
    assert fhir.errors(ALLERGY) == []
    assert fhir.errors(bundle(ALLERGY)) == []


@pytest.mark.parametrize(
    "wrong",
    [
        {**ALLERGY, "severity": "bad"},
        {**ALLERGY, "onsetDateTime": "last spring"},
        {**ALLERGY, "category": ["cheese"]},
        {"resourceType": "AllergyIntolerance", "clinicalStatus": STATUS},
        {"resourceType": "AllergyIntolerance", "patient": PATIENT},
    ],
    ids=["a field that is none", "a date that is none", "a code that is none", "a patient missing", "a rule broken"],
)
def test_what_is_wrong_is_found_alone_and_in_a_bundle(fhir: FhirValidator, wrong: dict[str, Any]) -> None:
    assert fhir.errors(wrong)
    assert fhir.errors(bundle(ALLERGY, wrong))
