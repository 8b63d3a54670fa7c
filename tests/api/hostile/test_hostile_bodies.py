"""Bodies no decent system would send: each is refused for the right reason, and nothing of it comes back."""

import json
import socket
from collections.abc import Mapping
from contextlib import closing
from http.client import HTTPConnection
from typing import Any, NamedTuple
from urllib.parse import urlsplit
from uuid import uuid4

import httpx
import pytest

from tests.api.hostile.bodies import BODIES, DOCUMENTS, MARK, ROUTES, Hostile, good
from tests.world import LEEDS, SHROPSHIRE, Caller, World


class Answered(NamedTuple):
    """What came back, as bytes and as JSON."""

    status: int
    raw: bytes
    headers: str
    problem: Mapping[str, Any]


def exchange(world: World, path: str, headers: Mapping[str, str], body: bytes) -> Answered:
    """Send exactly these bytes with exactly these headers."""
    with closing(HTTPConnection(urlsplit(world.url).netloc, timeout=20)) as connection:
        connection.putrequest("POST", path)
        for name, value in headers.items():
            connection.putheader(name, value)
        connection.endheaders(body)
        response = connection.getresponse()
        raw = response.read()
    return Answered(response.status, raw, str(response.headers), json.loads(raw))


@pytest.fixture(scope="module")
def sender(world: World) -> Caller:
    return world.as_(LEEDS, "emergency_duty", name="Sam Placer")


@pytest.fixture(scope="module")
def paths(world: World, sender: Caller) -> dict[str, str]:
    """Every POST route, with ids of what the sender really has."""
    start = sender.post("/v1/notifications", good("start")).json()
    worker = world.as_(LEEDS, name="Sam Placer")
    restriction = worker.post(f"/v1/children/{start['child_id']}/restrictions", good("restriction")).json()
    child = f"/v1/children/{start['child_id']}"
    offered = worker.post(f"{child}/responsibility-transfers", good("transfer")).json()
    other = worker.post("/v1/children", good("child")).json()["child_id"]
    (moving,) = worker.get(f"{child}/passport-transfers").json()["items"]
    merge = {"proposal": "merge", "duplicate": other, "reason": "The same child."}
    proposal = worker.post(f"{child}/proposals", merge).json()
    asked = worker.post(f"{child}/assessments", good("assessment")).json()["assessment_id"]
    done = {
        "outcome": "done",
        "on": "2026-11-20",
        "recommendations": [{"what": "Try.", "function": "social_care", "due_on": "2027-02-26"}],
    }
    assert worker.post(f"{child}/assessments/{asked}/outcomes", done).status_code == 201
    recommended = worker.get(f"{child}/assessments/{asked}").json()["recommendations"][0]
    ids = {
        "assessment": worker.post(f"{child}/assessments", good("assessment")).json()["assessment_id"],
        "recommendation": recommended["recommendation_id"],
        "notification": start["id"],
        "placement": start["placement_id"],
        "child": start["child_id"],
        "restriction": restriction["restriction_id"],
        "proposal": proposal["proposal_id"],
        "transfer": offered["transfer_id"],
        "passport_transfer": moving["transfer_id"],
    }
    return {name: route.format(**ids) for name, route in ROUTES.items()}


def headers_of(caller: Caller, body: bytes, **more: str | None) -> dict[str, str]:
    usual = {
        "Authorization": f"Bearer {caller.token}",
        "Content-Type": "application/json",
        "Content-Length": str(len(body)),
        "Idempotency-Key": uuid4().hex,
        "If-Match": '"0"',
    }
    return {name: value for name, value in (usual | more).items() if value is not None}


def holds_nothing_sent(answered: Answered) -> bool:
    return MARK not in answered.raw.decode().lower() and MARK not in answered.headers.lower()


@pytest.mark.parametrize("hostile", BODIES, ids=lambda each: each.name)
def test_a_hostile_body_is_refused_by_name_and_not_repeated(
    world: World, sender: Caller, paths: dict[str, str], hostile: Hostile
) -> None:
    caller = world.as_(SHROPSHIRE, "emergency_duty", name="Bo Hughes") if hostile.route == "acknowledge" else sender
    caller = world.as_(LEEDS, name="Sam Placer") if hostile.route in _BY_SOCIAL_CARE else caller
    headers = headers_of(caller, hostile.body, **hostile.headers)
    answered = exchange(world, paths[hostile.route], headers, hostile.body)
    assert (answered.status, answered.problem["code"]) == (hostile.status, hostile.code), answered.raw
    assert holds_nothing_sent(answered)
    pointers = [each["pointer"] for each in answered.problem.get("errors", ())]
    assert hostile.pointer is None or hostile.pointer in pointers


def test_every_post_route_that_takes_a_document_is_attacked(world: World) -> None:
    published = {
        path
        for path, item in world.app.openapi()["paths"].items()
        if "application/json" in item.get("post", {}).get("requestBody", {}).get("content", {})
    }
    assert {_template(route) for route in ROUTES.values()} == published
    assert {each.route for each in BODIES} == ROUTES.keys()


_IDS = (
    "notification",
    "placement",
    "child",
    "restriction",
    "proposal",
    "transfer",
    "passport_transfer",
    "assessment",
    "recommendation",
)
_BY_SOCIAL_CARE = {"child", "restrict", "lift", "correct", "propose", "decide", "offer", "answer", "revoke"}
_BY_SOCIAL_CARE |= {"assess", "become", "close", "hand_over", "step"}


def _template(route: str) -> str:
    return (
        route.replace("{notification}", "{notification_id}")
        .replace("{child}", "{child_id}")
        .replace("{placement}", "{placement_id}")
        .replace("/first-visit/", "/{clock}/")
        .replace("{restriction}", "{restriction_id}")
        .replace("{proposal}", "{proposal_id}")
        .replace("{transfer}", "{transfer_id}")
        .replace("{passport_transfer}", "{passport_transfer_id}")
        .replace("{assessment}", "{assessment_id}")
        .replace("{recommendation}", "{recommendation_id}")
    )


def test_there_are_enough_of_them() -> None:
    assert len(BODIES) >= 60
    assert len({each.name for each in BODIES}) == len(BODIES)


@pytest.mark.parametrize("route", ["send", "child", "correct", "restrict"])
def test_the_document_that_each_body_was_made_from_is_accepted(
    world: World, sender: Caller, paths: dict[str, str], route: str
) -> None:
    caller = sender if route == "send" else world.as_(LEEDS, name="Sam Placer")
    tag = caller.get(paths["correct"].removesuffix("/corrections")).headers["etag"] if route == "correct" else None
    answer = caller.post(paths[route], good(DOCUMENTS[route]), headers={"If-Match": tag} if tag else None)
    assert answer.status_code == 201, answer.text


def test_at_most_fifty_faults_are_told(world: World, sender: Caller) -> None:
    document = good("start") | {f"unknown_{number}": MARK for number in range(200)}
    assert len(sender.post("/v1/notifications", document).json()["errors"]) == 50


@pytest.mark.parametrize(
    "name",
    [
        "R\u043ewan Zqmarker",
        "Zqmarker\u202e",
        "Zqmarker\u200b",
        "Zqmarker " * 50,
        "=zqmarker()",
        "\ud800zqmarker",
        "9",
        "",
    ],
    ids=["homoglyph", "right to left", "zero width", "an essay", "a formula", "half a character", "a digit", "empty"],
)
def test_a_practitioner_whose_name_deceives_gets_no_token(world: World, name: str) -> None:
    assertion = world.assertion(world.client_of(LEEDS), practitioner={"name": name, "role": "practitioner"})
    answer = world.ask_for_token(assertion, "social_care")
    assert answer.status_code in {400, 401, 403}
    assert MARK not in answer.text.lower()


@pytest.mark.parametrize("claim", ["iss", "sub", "jti", "aud", "purpose"])
@pytest.mark.parametrize("value", ["zqmarker\x00", "\ud800zqmarker", "zqmarker" * 1000, ["zqmarker"], {"zqmarker": 1}])
def test_a_claim_of_anything_gets_no_token(world: World, claim: str, value: object) -> None:
    claims = {"iss": value, "sub": value} if claim in {"iss", "sub"} else {claim: value}
    answer = world.ask_for_token(world.assertion(world.client_of(LEEDS), **claims), "social_care")
    assert answer.status_code in {400, 401, 403, 413}
    assert MARK not in answer.text


@pytest.mark.parametrize("field", ["function", "organisation", "scope", "grant_type"])
def test_a_form_field_of_anything_gets_no_token(world: World, field: str) -> None:
    form = {"function": "social_care", field: "zqmarker\x00"}
    answer = world.ask_for_token(world.assertion(world.client_of(LEEDS)), **form)
    assert answer.status_code in {400, 401, 403}
    assert MARK not in answer.text


@pytest.mark.parametrize(
    "written", ["%00", "%0a", "..%2f..%2fzqmarker", "zqmarker'--", "%f0%9f%98%80", "%ed%a0%80", "a" * 4000, "ntf_%00"]
)
@pytest.mark.parametrize("route", [*ROUTES, "placement"])
def test_an_address_with_anything_for_an_id_is_not_found(
    world: World, sender: Caller, route: str, written: str
) -> None:
    template = ROUTES.get(route, "/v1/placements/{notification}/timeline")
    path = template.format(**dict.fromkeys(_IDS, written))
    answer = sender.get(path if route == "placement" else path.rpartition("/")[0])
    assert answer.status_code in {403, 404, 405} or path == template
    assert MARK not in answer.text


def test_a_body_that_promises_more_than_it_brings_is_not_waited_for_by_others(world: World, sender: Caller) -> None:
    head = _head(sender, "Content-Length: 200000")
    with _connected(world) as waiting:
        waiting.sendall(head + b'{"kind":')
        assert sender.get("/v1/sent").status_code == 200


@pytest.mark.parametrize("framing", ["Content-Length: 200000", "Transfer-Encoding: chunked"])
def test_a_body_cut_off_is_no_crash(world: World, sender: Caller, framing: str) -> None:
    before = _crashes(world)
    with _connected(world) as connection:
        begun = b'8\r\n{"kind":\r\n' if "chunked" in framing else b'{"kind":'
        connection.sendall(_head(sender, framing) + begun)
    assert sender.get("/v1/sent").status_code == 200
    assert _crashes(world) == before


def test_a_body_in_chunks_is_read_to_its_end(world: World, sender: Caller) -> None:
    body = json.dumps(good("start")).encode()
    with _connected(world) as connection:
        connection.sendall(_head(sender, "Transfer-Encoding: chunked"))
        for at in range(0, len(body), 100):
            part = body[at : at + 100]
            connection.sendall(b"%x\r\n%b\r\n" % (len(part), part))
        connection.sendall(b"0\r\n\r\n")
        assert connection.recv(64).startswith(b"HTTP/1.1 201")


def test_a_body_in_chunks_that_never_ends_is_too_large(world: World, sender: Caller) -> None:
    with _connected(world) as connection:
        connection.sendall(_head(sender, "Transfer-Encoding: chunked"))
        part = b"%x\r\n%b\r\n" % (32768, b" " * 32768)
        connection.sendall(part * 9)
        assert connection.recv(64).startswith(b"HTTP/1.1 413")


@pytest.mark.parametrize("said", ["-1", "1e3", "٣", "5, 6", "99999999999999999999"])
def test_a_content_length_that_is_no_length_is_refused(world: World, sender: Caller, said: str) -> None:
    with _connected(world) as connection:
        connection.sendall(_head(sender, f"Content-Length: {said}"))
        status = connection.recv(64)[9:12]
    assert status in {b"400", b"413"}


def _connected(world: World) -> socket.socket:
    at = urlsplit(world.url)
    return socket.create_connection((at.hostname, at.port), timeout=20)


def _head(caller: Caller, framing: str) -> bytes:
    lines = [
        "POST /v1/notifications HTTP/1.1",
        "Host: localhost",
        "Content-Type: application/json",
        f"Authorization: Bearer {caller.token}",
        f"Idempotency-Key: {uuid4().hex}",
        framing,
        "\r\n",
    ]
    return "\r\n".join(lines).encode()


def _crashes(world: World) -> float:
    text = httpx.get(f"{world.url}/metrics").text
    return sum(
        float(line.rpartition(" ")[2]) for line in text.splitlines() if "requests_total" in line and '"500"' in line
    )
