"""The passport as FHIR over HTTP: read, sent back, sent by another system, and refused when it is none."""

import json
from typing import Any

import httpx
import pytest

from app.standard.passport.document import PASSPORT_SECTIONS
from tests.api.passports.records import child_of_leeds, full, nurse, path, published
from tests.fhir.validator import FhirValidator
from tests.world import Caller, World

FHIR = "application/fhir+json"


def send(by: Caller, child_id: str, bundle: Any) -> httpx.Response:
    """As bytes: most of the texts of a Bundle are codes and addresses of FHIR itself, and tell of nobody."""
    headers = {"If-Match": by.head(path(child_id)).headers["etag"], "Content-Type": FHIR}
    return by.put(path(child_id), json.dumps(bundle).encode(), headers=headers)


def test_a_nurse_takes_the_passport_as_fhir_and_sends_it_back_unchanged(world: World, fhir: FhirValidator) -> None:
    bettina, child_id = nurse(world), child_of_leeds(world)
    document = {name: words for name, words in full().items() if name != "consent"}
    published(bettina, child_id, document)
    answer = bettina.get(path(child_id), headers={"Accept": FHIR})
    assert (answer.status_code, answer.headers["content-type"]) == (200, FHIR)
    bundle = answer.json()
    assert fhir.errors(bundle) == []
    shown = [each["code"]["coding"][0]["code"] for each in bundle["entry"][0]["resource"]["section"]]
    assert set(shown) <= set(PASSPORT_SECTIONS)
    again = bettina.get(path(child_id), headers={"Accept": FHIR, "If-None-Match": answer.headers["etag"]})
    assert again.status_code == 304
    sent = send(bettina, child_id, bundle)
    assert sent.status_code == 200, sent.text
    told = sent.json()
    assert (told["changed"], told["left_out"], told["sections_not_yours"]) == ([], [], [])
    assert len(told["unchanged"]) > 15


def test_what_another_system_sends_is_published_and_what_has_no_place_is_named(world: World) -> None:
    bettina, child_id = nurse(world), child_of_leeds(world)
    status = {"coding": [{"system": "http://terminology.hl7.org/CodeSystem/condition-clinical", "code": "active"}]}
    patient = {"resourceType": "Patient", "id": "p"}
    condition = {"resourceType": "Condition", "subject": {"reference": "Patient/p"}, "code": {"text": "Asthma"}}
    dated = {
        "resourceType": "Composition",
        "status": "final",
        "type": {"text": "Letter"},
        "date": "2026-10-01",
        "author": [{"display": "Clinic"}],
        "title": "Letter",
        "subject": {"reference": "Patient/p"},
    }
    device = {"resourceType": "Device", "status": "active"}
    entries = [{"resource": each} for each in (dated, patient, {**condition, "clinicalStatus": status}, device)]
    answer = send(bettina, child_id, {"resourceType": "Bundle", "type": "collection", "entry": entries})
    assert answer.status_code == 200, answer.text
    assert "conditions" in answer.json()["changed"]
    assert answer.json()["left_out"] == ["/entry/3/resource"]
    held = bettina.get(path(child_id)).json()["sections"]["conditions"]
    assert held["entries"]["items"] == [{"name": "Asthma", "status": "active"}]
    assert held["provenance"]["as_of"] == "2026-10-01"


BUNDLE: dict[str, Any] = {"resourceType": "Bundle", "type": "collection"}


@pytest.mark.parametrize(
    ("bundle", "pointer"),
    [
        ({"resourceType": "Patient"}, "/type"),
        ({**BUNDLE, "type": "transaction"}, "/type"),
        ({**BUNDLE, "entry": [{"resource": {"resourceType": "Condition", "onsetDateTime": "zqmarker"}}]}, None),
        ({**BUNDLE, "zqmarker zqmarker": 1}, ""),
        ({**BUNDLE, "entry": [{"resource": {"resourceType": "Device"}}]}, "/entry"),
        ({**BUNDLE, "entry": [{"resource": "zqmarker"}]}, None),
        ({**BUNDLE, "entry": {"zqmarker": []}}, None),
    ],
    ids=["no Bundle", "a transaction", "a bad date", "a made-up member", "nothing of ours", "a text", "an object"],
)
def test_what_is_no_fhir_is_refused_by_its_pointer_and_not_repeated(world: World, bundle: Any, pointer: str) -> None:
    bettina, child_id = nurse(world), child_of_leeds(world)
    answer = send(bettina, child_id, bundle)
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid_document"), answer.text
    assert pointer is None or pointer in [each["pointer"] for each in answer.json()["errors"]]
    assert "zqmarker" not in answer.text
