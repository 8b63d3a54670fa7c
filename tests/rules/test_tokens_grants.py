"""What is granted on a good assertion, to whom, and who may be named in it."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from app.kit.errors import Failure
from app.security.assertions import Assertion, Requested, grant
from app.security.clients import Client
from app.security.errors import (
    ClientRevoked,
    InvalidPractitioner,
    InvalidPurpose,
    NothingGranted,
    WrongFunction,
    WrongOrganisation,
)
from app.security.practitioner import identity_text, read_practitioner
from app.security.principal import Practitioner
from app.security.scopes import FUNCTION_SCOPES, Function, Scope
from tests.rules.signing import CLIENT_ID, NOW

CLIENT = Client(
    id=CLIENT_ID,
    organisation="E06000001",
    name="Case system",
    functions=frozenset({Function.SOCIAL_CARE, Function.SAFEGUARDING_PARTNERSHIP}),
    scopes=frozenset({Scope.NOTIFICATIONS_SEND, Scope.NOTIFICATIONS_READ, Scope.NOTIFICATIONS_ACKNOWLEDGE}),
    acts_for=frozenset({"E06000002"}),
    keys={},
)
PERSON = {"name": "Sam Rivers", "role": "Social worker", "identifier": "SW12345", "team": "Duty team 2"}
ASSERTION = Assertion(CLIENT_ID, "1", "ab" * 32, NOW, NOW + timedelta(minutes=5), PERSON, "placement")
READ_ONLY = (Function.SAFEGUARDING_PARTNERSHIP, Function.QUALITY_ASSURANCE)


def asked(function: str = "social_care", **more: Any) -> Requested:
    return Requested(function, **more)


def test_without_asking_for_scopes_a_client_gets_all_it_may_hold_in_that_function() -> None:
    granted = grant(ASSERTION, CLIENT, asked())
    assert granted.scopes == CLIENT.scopes
    assert granted.practitioner == Practitioner("Sam Rivers", "Social worker", "SW12345", "Duty team 2")
    assert (granted.organisation, granted.client_organisation, granted.purpose) == (
        "E06000001",
        "E06000001",
        "placement",
    )


def test_scopes_are_narrowed_to_what_was_asked_registered_and_possible_in_the_function() -> None:
    wanted = "notifications:read notifications:send inbox:read unheard:of"
    assert grant(ASSERTION, CLIENT, asked(scope=wanted)).scopes == {
        Scope.NOTIFICATIONS_READ,
        Scope.NOTIFICATIONS_SEND,
    }
    reader = grant(ASSERTION, CLIENT, asked("safeguarding_partnership", scope=wanted))
    assert reader.scopes == {Scope.NOTIFICATIONS_READ}
    assert all(isinstance(scope, Scope) for scope in reader.scopes)


def test_a_client_acts_for_an_organisation_that_delegated_to_it_and_both_are_named() -> None:
    granted = grant(ASSERTION, CLIENT, asked(organisation="E06000002"))
    assert (granted.organisation, granted.client_organisation) == ("E06000002", "E06000001")


REFUSED: dict[str, tuple[type[Failure], Assertion, Client, Requested]] = {
    "a revoked client": (
        ClientRevoked,
        ASSERTION,
        replace(CLIENT, revoked_at="2026-11-22T02:00:00.000Z"),
        asked(),
    ),
    "a function it is not registered for": (WrongFunction, ASSERTION, CLIENT, asked("missing_persons")),
    "a function nobody has": (WrongFunction, ASSERTION, CLIENT, asked("director")),
    "no function": (WrongFunction, ASSERTION, CLIENT, asked("")),
    "an organisation that did not delegate": (
        WrongOrganisation,
        ASSERTION,
        CLIENT,
        asked(organisation="E06000003"),
    ),
    "no organisation at all": (WrongOrganisation, ASSERTION, CLIENT, asked(organisation="")),
    "only scopes it may not hold": (NothingGranted, ASSERTION, CLIENT, asked(scope="inbox:read")),
    "no scopes": (NothingGranted, ASSERTION, CLIENT, asked(scope=" ")),
    "a purpose in words": (InvalidPurpose, replace(ASSERTION, purpose="For Ada"), CLIENT, asked()),
    "a purpose that is a name": (InvalidPurpose, replace(ASSERTION, purpose="ada_lovelace"), CLIENT, asked()),
    "a purpose ending its line": (InvalidPurpose, replace(ASSERTION, purpose="placement\n"), CLIENT, asked()),
    "a practitioner as text": (InvalidPractitioner, replace(ASSERTION, practitioner="Sam"), CLIENT, asked()),
    "a practitioner false": (InvalidPractitioner, replace(ASSERTION, practitioner=False), CLIENT, asked()),
}


@pytest.mark.parametrize(("failure", "assertion", "client", "requested"), REFUSED.values(), ids=REFUSED.keys())
def test_a_known_client_is_refused_and_the_refusal_is_one_to_record(
    failure: type[Failure], assertion: Assertion, client: Client, requested: Requested
) -> None:
    with pytest.raises(failure) as refusal:
        grant(assertion, client, requested)
    assert refusal.value.recorded
    assert "Ada" not in refusal.value.detail


def test_every_function_may_hold_something_and_only_placing_teams_send() -> None:
    assert FUNCTION_SCOPES.keys() == set(Function)
    senders = {function for function, scopes in FUNCTION_SCOPES.items() if Scope.NOTIFICATIONS_SEND in scopes}
    assert senders == {Function.SOCIAL_CARE, Function.EMERGENCY_DUTY}


@pytest.mark.parametrize("function", Function)
def test_every_recipient_reads_and_acknowledges_and_oversight_only_reads(function: Function) -> None:
    held = FUNCTION_SCOPES[function]
    assert held >= {Scope.INBOX_READ, Scope.NOTIFICATIONS_READ, Scope.PLACEMENTS_READ}
    assert (Scope.NOTIFICATIONS_ACKNOWLEDGE in held) == (function not in READ_ONLY)
    if function in READ_ONLY:
        assert {scope.split(":")[1] for scope in held} <= {"read", "lookup", "sample"}


@pytest.mark.parametrize("names", [Scope, Function])
def test_the_vocabularies_are_in_alphabetical_order(names: Any) -> None:
    assert list(names) == sorted(names)


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("Siân O’Brien-Reid", "Siân O’Brien-Reid"),
        ("Sia\u0302n", "Siân"),
        ("  J.  D'Arcy ", "J. D'Arcy"),
        ("Łukasz Żółć", "Łukasz Żółć"),
        ("Nguyễn Thị Hạnh", "Nguyễn Thị Hạnh"),
        ("Ольга Иванова", "Ольга Иванова"),
        ("Νίκος", "Νίκος"),
        ("محمد علي", "محمد علي"),
        ("प्रिया शर्मा", "प्रिया शर्मा"),
        ("สำราญ", "สำราญ"),
        ("山田 はなこ", "山田 はなこ"),
        ("김민준", "김민준"),
    ],
)
def test_names_are_kept_as_people_write_them(sent: str, kept: str) -> None:
    assert read_practitioner({"name": sent, "role": "Nurse"}).name == kept


BAD_NAMES = {
    "absent": None,
    "empty": "",
    "only spaces": "   ",
    "a number": 7,
    "a list": ["Sam"],
    "an essay": "Sam " * 26,
    "a very long essay": "a" * 100_000,
    "a digit": "Sam Rivers 2",
    "an Arabic digit": "Sam ٣",
    "a line break": "Sam\nRivers",
    "a tab": "Sam\tRivers",
    "NUL": "Sam\0",
    "an escape": "Sam\x1b[2J",
    "text turned round": "Sam \u202esreviR",
    "an isolate": "Sam \u2066Rivers",
    "a zero-width space": "Sam\u200bRivers",
    "a zero-width joiner": "Sam\u200dRivers",
    "a soft hyphen": "Sam\u00adRivers",
    "a no-break space": "Sam\u00a0Rivers",
    "half a character": "Sam\ud800",
    "private use": "Sam\ue000",
    "a Cyrillic look-alike": "S\u0430m Rivers",
    "a Greek look-alike": "Sam Riv\u03b5rs",
    "a Cyrillic word beside a Latin one": "Sam Иванова",
    "full width": "\uff33\uff41\uff4d",
    "mathematical": "\U0001d412am",
    "a ligature": "Sam \ufb01eld",
    "a superscript": "Sam\u02b0",
    "a filler": "Sam\u115f",
    "a Hangul filler": "\u3164",
    "a combining joiner": "Sam\u034f",
    "a variation selector": "Sam\ufe0f",
    "a heap of marks": "S" + "\u0335\u0336\u0337\u0338" + "am",
    "an enclosing mark": "S\u20ddam",
    "a mark first": "\u0301Sam",
    "a full stop first": ".Sam",
    "markup": "<b>Sam</b>",
    "a formula": "=Sam",
    "an address": "sam@example.test",
    "an emoji": "Sam 🙂",
}


@pytest.mark.parametrize("name", BAD_NAMES.values(), ids=BAD_NAMES.keys())
def test_what_is_no_name_is_refused_without_being_repeated(name: object) -> None:
    with pytest.raises(InvalidPractitioner) as refusal:
        read_practitioner({"name": name, "role": "Nurse"})
    assert [fault.pointer for fault in refusal.value.faults] == ["/practitioner/name"]
    assert refusal.value.detail.startswith("practitioner.name: ")
    assert "Riv" not in refusal.value.detail


@pytest.mark.parametrize(
    "changes",
    [
        {"role": None},
        {"role": "=cmd"},
        {"role": "N\u0443rse"},
        {"team": "Duty\u202e"},
        {"team": ""},
        {"identifier": ""},
        {"identifier": "SW 12  ; DROP"},
        {"identifier": "٣٣"},
        {"identifier": "1" * 41},
        {"identifier": "SW1" + " " * 400 + "and more"},
        {"nhs_number": "9990000018"},
    ],
)
def test_every_member_of_a_practitioner_is_bounded(changes: dict[str, Any]) -> None:
    with pytest.raises(InvalidPractitioner):
        read_practitioner(PERSON | changes)


def test_a_practitioner_needs_no_identifier_and_no_team() -> None:
    assert read_practitioner({"name": "Sam Rivers", "role": "Nurse (band 6), A&E"}).identifier is None


def test_one_person_is_one_person_whatever_the_case_spacing_or_apostrophe() -> None:
    first = read_practitioner({"name": "Sam  O’Neill", "role": "Social Worker", "identifier": "sw12345"})
    second = read_practitioner({"name": "SAM O'NEILL", "role": "social worker", "identifier": "SW12345"})
    assert identity_text(first) == identity_text(second)
    assert identity_text(first) != identity_text(replace(second, role="Manager"))
