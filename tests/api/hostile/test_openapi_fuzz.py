"""Requests made up from the published contract, right and wrong, hold the service to what it says of itself.

Every route is called by people who may, in part with ids of what they really have, as long as the budget lasts.
"""

import re
import time
from collections.abc import Callable, Iterator, Mapping
from io import StringIO
from itertools import islice
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, given, seed, settings
from hypothesis import strategies as st
from schemathesis import APIOperation, Case, GenerationMode
from schemathesis.checks import load_all_checks, not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from app.main import describe_api
from tests import evidence
from tests.api.hostile.bodies import good
from tests.world import LEEDS, SHROPSHIRE, Caller, World

_BUDGET = 60
_BUDGET_DEEP = 600
"""Seconds for all routes on both databases."""
_BATCH = 10
_LARGEST, _WITH_A_DOCUMENT, _WITH_PARAMETERS, _PLAIN = 24, 8, 2, 0.1
"""How a budget is shared: where more can be sent, more can go wrong."""
_DATABASES = 2
_TELLING = 12
"""From this length on, the same text in an answer is no accident."""
_FIELD_NAME = re.compile(r"[a-z][a-z0-9_]{0,40}")
"""An unknown name is given back in a pointer where it looks like a field's."""

_CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
_QUIET = settings(
    max_examples=_BATCH, deadline=None, database=None, suppress_health_check=list(HealthCheck), print_blob=False
)

load_all_checks()
CONTRACT = describe_api()
SCHEMA = schemathesis.openapi.from_file(StringIO(CONTRACT))
OPERATIONS = {each.ok().definition.raw["operationId"]: each.ok() for each in SCHEMA.get_all_operations()}


@pytest.fixture(scope="module")
def callers(world: World) -> list[Caller]:
    """Between them they may call every route."""
    return [
        world.as_(LEEDS, name="Sam Placer"),
        world.as_(SHROPSHIRE, "emergency_duty", name="Bo Hughes"),
        world.as_(LEEDS, "quality_assurance", name="Cai Jones"),
    ]


@pytest.fixture
def known(callers: list[Caller]) -> dict[str, Any]:
    """Ids of what the first caller really has, by the name of the parameter or field that takes them."""
    sent = callers[0].post("/v1/notifications", good("start")).json()
    restricted = callers[0].post(f"/v1/children/{sent['child_id']}/restrictions", good("restriction")).json()
    path = f"/v1/children/{sent['child_id']}"
    child = callers[0].get(path)
    other = callers[0].post("/v1/children", good("child")).json()["child_id"]
    merge = {"proposal": "merge", "duplicate": other, "reason": "The same child."}
    return {
        "duplicate": other,
        "assessment_id": callers[0].post(f"{path}/assessments", good("assessment")).json()["assessment_id"],
        "proposal_id": callers[0].post(f"{path}/proposals", merge).json()["proposal_id"],
        "transfer_id": callers[0].post(f"{path}/responsibility-transfers", good("transfer")).json()["transfer_id"],
        "former_placement_id": sent["placement_id"],
        "notification_id": sent["id"],
        "placement_id": sent["placement_id"],
        "child_id": sent["child_id"],
        "restriction_id": restricted["restriction_id"],
        "code": SHROPSHIRE,
        "If-Match": child.headers["etag"],
        "recipients": [sent["recipients"][0]["id"]],
    }


_DOCUMENTS = {
    "send_notification": "start",
    "acknowledge_notification": "acknowledgement",
    "recall_notification": "recall",
    "create_child": "child",
    "correct_child": "correction",
    "restrict_child": "restriction",
    "lift_restriction": "lift",
    "propose_for_child": "proposal",
    "decide_proposal": "decision",
    "offer_transfer": "transfer",
    "answer_transfer": "answer",
    "revoke_transfer": "revocation",
    "ask_for_assessment": "assessment",
    "record_outcome": "outcome",
    "close_recommendation": "recommendation_done",
    "confirm_sections_of_placement": "still_true",
    "offer_passport": "passport-transfer",
    "step_passport_transfer": "step",
}


def with_sense(case: Case, kind: str, made_up: int) -> None:
    """Take a good document, with so many parts of the one made up in place of its own: it gets further in."""
    if isinstance(case.body, dict):
        case.body = good(kind) | dict(islice(case.body.items(), made_up))


def with_known(case: Case, known: Mapping[str, Any]) -> None:
    """Put real ids wherever the request has a place for one."""
    body = case.body if isinstance(case.body, dict) else {}
    for holder in (case.path_parameters, case.headers, body):
        for name in (holder or {}).keys() & known.keys():
            holder[name] = known[name]
    if isinstance(child := body.get("child"), dict) and "child_id" in child:
        child["child_id"] = known["child_id"]
        child.pop("local_id", None)


def texts(sent: object) -> Iterator[str]:
    """Every text of a request that is long enough to be known again, and that nobody may give back."""
    if isinstance(sent, Mapping):
        yield from (name for name in sent if len(name) >= _TELLING and not _FIELD_NAME.fullmatch(name))
        yield from texts(list(sent.values()))
    elif isinstance(sent, (list, tuple)):
        for inner in sent:
            yield from texts(inner)
    elif isinstance(sent, str) and len(sent) >= _TELLING:
        yield sent


def strange_texts(case: Case, known: Mapping[str, Any]) -> set[str]:
    """What was sent that the service has no words of its own for."""
    sent = {each for part in (case.body, case.query, case.path_parameters) for each in texts(part)}
    return {each for each in sent if each not in CONTRACT and each not in known.values()}


def try_out(name: str, world: World, callers: list[Caller], known: Mapping[str, Any]) -> Callable[[], None]:
    """One batch of made-up requests to one operation."""
    operation = OPERATIONS[name]
    modes = list(GenerationMode) if share(operation) > _PLAIN else [GenerationMode.POSITIVE]

    @_QUIET
    @given(
        case=st.one_of([operation.as_strategy(generation_mode=mode) for mode in modes]),
        caller=st.sampled_from(callers),
        is_real=st.booleans(),
        made_up=st.integers(0, 3),
    )
    def batch(case: Case, caller: Caller, is_real: bool, made_up: int) -> None:
        if is_real and name in _DOCUMENTS:
            with_sense(case, _DOCUMENTS[name], made_up)
        if is_real:
            with_known(case, known)
        response = case.call(base_url=world.url, headers={"Authorization": f"Bearer {caller.token}"})
        case.validate_response(response, checks=_CHECKS)
        if response.status_code >= 400:
            evidence.keep("problems", response.content)
            answer = response.text
            assert [each for each in strange_texts(case, known) if each in answer] == []

    return batch


def share(operation: APIOperation) -> float:
    """How much of the budget an operation gets, beside the others."""
    if operation.path == "/v1/notifications":
        return _LARGEST
    if operation.body:
        return _WITH_A_DOCUMENT
    return _WITH_PARAMETERS if operation.query or operation.headers or operation.path_parameters else _PLAIN


@pytest.mark.parametrize("budget", [_BUDGET, pytest.param(_BUDGET_DEEP, marks=pytest.mark.deep)])
@pytest.mark.parametrize("name", OPERATIONS)
def test_a_route_keeps_to_its_contract(
    world: World, callers: list[Caller], known: dict[str, Any], name: str, budget: int
) -> None:
    batch = try_out(name, world, callers, known)
    shares = {each: share(operation) for each, operation in OPERATIONS.items()}
    until = time.monotonic() + budget * shares[name] / sum(shares.values()) / _DATABASES
    while time.monotonic() < until:
        seed(time.monotonic_ns())(batch)()
