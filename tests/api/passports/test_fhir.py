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
LETTER = {
    "resourceType": "Composition",
    "status": "final",
    "type": {"text": "Letter"},
    "date": "2026-10-01",
    "author": [{"display": "Clinic"}],
    "title": "Letter",
}
ASTHMA = {
    "resourceType": "Condition",
    "subject": {"reference": "Patient/p"},
    "code": {"text": "Asthma"},
    "clinicalStatus": {
        "coding": [{"system": "http://terminology.hl7.org/CodeSystem/condition-clinical", "code": "active"}]
    },
}
"""What another system sends about a child: a letter, and one thing it says."""


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


def test_the_tag_of_a_passport_read_as_fhir_is_good_for_sending_it_back(world: World) -> None:
    child_id = child_of_leeds(world)
    published(nurse(world), child_id, full())
    read = nurse(world).get(path(child_id), headers={"Accept": FHIR})
    as_json = nurse(world).get(path(child_id))
    assert read.headers["etag"] != as_json.headers["etag"]

    headers = {"Content-Type": FHIR, "If-Match": read.headers["etag"]}
    assert nurse(world).put(path(child_id), read.content, headers=headers).status_code == 200


def test_what_another_system_sends_is_published_and_what_has_no_place_is_named(world: World) -> None:
    bettina, child_id = nurse(world), child_of_leeds(world)
    patient = {"resourceType": "Patient", "id": "p"}
    device = {"resourceType": "Device", "status": "active"}
    entries = [{"resource": each} for each in ({**LETTER, "subject": ASTHMA["subject"]}, patient, ASTHMA, device)]
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


@pytest.mark.parametrize(
    ("resource", "pointer"),
    [
        ({"resourceType": "Transport"}, "/entry/0/resource/resourceType"),
        ({"resourceType": ["Condition"]}, "/entry/0/resource/resourceType"),
        (
            {"resourceType": "Patient", "contained": [{"resourceType": "zqmarker"}]},
            "/entry/0/resource/contained/0/resourceType",
        ),
        ({"resourceType": "Condition", "subject": None}, "/entry/0/resource/subject"),
    ],
    ids=["of a later FHIR", "a list as a type", "inside another", "a null"],
)
def test_a_resource_fhir_has_not_is_refused_where_it_stands(world: World, resource: Any, pointer: str) -> None:
    bettina, child_id = nurse(world), child_of_leeds(world)
    answer = send(bettina, child_id, {**BUNDLE, "entry": [{"resource": resource}]})
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid_document"), answer.text
    assert [each["pointer"] for each in answer.json()["errors"]] == [pointer]
    assert "zqmarker" not in answer.text


def test_whoever_has_no_part_is_answered_before_a_bundle_of_theirs_is_read(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def never(_body: bytes) -> None:
        raise AssertionError("it was read")

    monkeypatch.setattr("app.passports.routes.parse_bundle", never)
    sent = {"If-Match": '"x"', "Content-Type": FHIR}
    for child_id in ("chd_00000000000000000000000000", child_of_leeds(world)):
        answer = world.as_("PRV01", "provider").put(path(child_id), b"{}", headers=sent)
        assert (answer.status_code, answer.json()["code"]) == (404, "not_yours")


def test_a_bundle_sent_twice_under_one_key_is_published_once(world: World) -> None:
    bettina, child_id = nurse(world), child_of_leeds(world)
    entries = [{"resource": LETTER}, {"resource": ASTHMA}]
    sent = {"If-Match": bettina.head(path(child_id)).headers["etag"], "Content-Type": FHIR, "Idempotency-Key": "one"}
    body = json.dumps({**BUNDLE, "entry": entries}).encode()
    first, second = (bettina.put(path(child_id), body, headers=sent) for _ in range(2))
    assert (first.status_code, second.status_code, second.content) == (200, 200, first.content)
    assert second.headers["idempotent-replayed"] == "true"


def test_of_much_that_has_no_place_the_first_are_named_and_the_rest_counted(world: World) -> None:
    bettina, child_id = nurse(world), child_of_leeds(world)
    evidence = [{"detail": [{"display": "x"}]}] * 700
    entries = [{"resource": LETTER}, {"resource": {**ASTHMA, "evidence": evidence}}]
    answer = send(bettina, child_id, {**BUNDLE, "entry": entries})
    assert answer.status_code == 200, answer.text
    told = answer.json()
    assert told["left_out"][0] == "/entry/1/resource/evidence/0/detail/0/display"
    assert (len(told["left_out"]), told["left_out_more"]) == (500, 200)
