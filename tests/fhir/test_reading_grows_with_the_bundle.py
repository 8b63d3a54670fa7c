"""Reading a Bundle takes as many steps as it has ends, however often a list names a resource: counted, never timed."""

from collections.abc import Callable
from typing import Any

import pytest

from app.passports.fhir import reading
from app.passports.fhir.reading import MOST_NAMED, read_bundle
from app.passports.fhir.writing import SECTION

Made = Callable[[int], dict[str, Any]]


def bundle(*resources: dict[str, Any]) -> dict[str, Any]:
    return {"resourceType": "Bundle", "type": "collection", "entry": [{"resource": each} for each in resources]}


def section(code: str, **more: Any) -> dict[str, Any]:
    return {"title": code, "code": {"coding": [{"system": SECTION, "code": code}]}, **more}


def condition(**more: Any) -> dict[str, Any]:
    return {"resourceType": "Condition", "id": "c", "code": {"text": "Asthma"}, **more}


def letter(*sections: dict[str, Any]) -> dict[str, Any]:
    return {"resourceType": "Composition", "date": "2026-10-01", "section": list(sections)}


def listed_many_times(size: int) -> dict[str, Any]:
    entries = section("conditions.entries", entry=[{"reference": "Condition/c"}] * size)
    ends = condition(evidence=[{"detail": [{"display": "x"}]}] * size)
    return bundle(letter(section("conditions", section=[entries])), ends)


def named_in_many_sections(size: int) -> dict[str, Any]:
    source = {
        "resourceType": "Provenance",
        "extension": [{"url": SECTION, "valueString": "conditions"}],
        "reason": [{"text": "x"}] * size,
    }
    return bundle(letter(*[section("conditions")] * size), source)


def many_extensions(size: int) -> dict[str, Any]:
    ours = [{"url": f"urn:placement-notify:fhir:conditions:x{each}", "valueString": "x"} for each in range(size)]
    return bundle(condition(extension=ours))


def one_medicine_for_all(size: int) -> dict[str, Any]:
    medicine = {"resourceType": "Medication", "id": "m", "code": {"coding": [{"display": "x"}] * size}}
    taken = {"resourceType": "MedicationStatement", "medicationReference": {"reference": "Medication/m"}}
    return bundle(medicine, *[taken] * size)


def steps(made: Made, size: int, monkeypatch: pytest.MonkeyPatch) -> int:
    """How many ends of the Bundle are looked at, and how often it is compared with what was understood."""
    count, leaves = 0, reading._leaves

    def counted(*args: Any) -> Any:
        nonlocal count
        count += 1
        return leaves(*args)

    monkeypatch.setattr(reading, "_leaves", counted)
    read_bundle(made(size))
    monkeypatch.undo()
    return count


@pytest.mark.parametrize("made", [listed_many_times, named_in_many_sections, many_extensions, one_medicine_for_all])
def test_four_times_as_much_takes_four_times_the_steps(made: Made, monkeypatch: pytest.MonkeyPatch) -> None:
    assert steps(made, 400, monkeypatch) <= 4.2 * steps(made, 100, monkeypatch)


def test_a_resource_listed_twice_is_said_once() -> None:
    received = read_bundle(listed_many_times(3))
    assert len(received.sections["conditions"]["entries"]["items"]) == 1
    again = section("conditions.entries", entry=[{"reference": "Condition/c"}])
    twice = read_bundle(bundle(letter(section("conditions", section=[again, again])), condition()))
    assert len(twice.sections["conditions"]["entries"]["items"]) == 1


def test_what_is_left_out_is_named_up_to_a_number_and_then_counted() -> None:
    received = read_bundle(listed_many_times(MOST_NAMED + 7))
    assert (len(received.left_out), received.left_out_more) == (MOST_NAMED, 7)


def test_what_is_half_ours_breaks_nothing() -> None:
    deep = "urn:placement-notify:fhir:conditions:" + "a." * 1000
    state = {"extension": [{"url": reading.LIST_STATE}], "emptyReason": {"text": "x"}}
    answers = {
        "resourceType": "QuestionnaireResponse",
        "id": "q",
        "item": [
            {"linkId": "entries", "answer": [{"valueString": "x"}]},
            {"linkId": "entries[]", "answer": [{"valueString": "x"}]},
        ],
    }
    ours = section(
        "conditions", section=[section("conditions.entries", **state)], entry=[{"reference": "QuestionnaireResponse/q"}]
    )
    nameless = {"display": "nobody"}
    listed = section("conditions.entries", entry=[nameless, {"reference": "Condition/c"}])
    sources = {"resourceType": "Provenance", "extension": [{"url": SECTION, "extension": [{"url": "x"}]}]}
    lost = {"fullUrl": "urn:uuid:lost"}
    taken = {"resourceType": "MedicationStatement", "medicationReference": {"reference": "urn:uuid:lost"}}
    whole = bundle(
        letter(ours, section("conditions", section=[listed])),
        answers,
        condition(extension=[{"url": deep, "valueString": "x"}]),
        sources,
        taken,
    )
    received = read_bundle({**whole, "entry": [*whole["entry"], lost]})
    assert received.sections["conditions"]["entries"]["items"][0]["name"] == "Asthma"
    assert "/entry/2/resource/extension/0/valueString" in received.left_out
