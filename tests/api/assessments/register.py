"""The register to test with: who works on it, what they send, and the service catching up with the ledger."""

import time
from typing import Any

import httpx
from sqlalchemy import func, select

from app.ledger.models import ledger_pending
from app.outbox.models import outbox
from tests.api.children.records import follows_contract
from tests.world import LEEDS, LEEDS_HEALTH, SHROPSHIRE_HEALTH, Caller, World

REGISTER = "/v1/children/{child_id}/assessments"
ONE = REGISTER + "/{assessment_id}"
HEALTH = "children_in_care_health"

Document = dict[str, Any]


def nurse(world: World, name: str | None = "Bettina Supposed") -> Caller:
    """Of the health team of the authority that looks after the child."""
    return world.as_(LEEDS_HEALTH, HEALTH, name)


def host_nurse(world: World, name: str | None = "Nia Pretend") -> Caller:
    """Of the health team where the child lives."""
    return world.as_(SHROPSHIRE_HEALTH, HEALTH, name)


def worker(world: World, name: str | None = "Asha Rahman") -> Caller:
    """The child's social worker."""
    return world.as_(LEEDS, "social_care", name)


def catch_up(world: World) -> int:
    """Let the service do what it does by itself, once every entry has its place in the ledger."""
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        with world.app.state.database.read() as connection:
            if not connection.scalar(select(func.count()).select_from(ledger_pending)):
                break
        time.sleep(0.05)
    return int(world.app.state.assessments.look())


def register(world: World, by: Caller, child_id: str) -> dict[str, Document]:
    """A child's register, by kind."""
    answer = by.get(REGISTER.format(child_id=child_id))
    assert answer.status_code == 200, answer.text
    follows_contract(world, REGISTER, "get", answer)
    return {each["kind"]: each for each in answer.json()["items"]}


def one(world: World, by: Caller, child_id: str, assessment_id: str) -> Document:
    answer = by.get(ONE.format(child_id=child_id, assessment_id=assessment_id))
    assert answer.status_code == 200, answer.text
    follows_contract(world, ONE, "get", answer)
    return dict(answer.json())


def ask(by: Caller, child_id: str, kind: str, purpose: str = "statutory", **more: Any) -> httpx.Response:
    return by.post(REGISTER.format(child_id=child_id), {"kind": kind, "purpose": purpose, **more})


def asked(world: World, by: Caller, child_id: str, kind: str, purpose: str = "statutory", **more: Any) -> Document:
    answer = ask(by, child_id, kind, purpose, **more)
    assert answer.status_code == 201, answer.text
    follows_contract(world, REGISTER, "post", answer)
    return dict(answer.json())


def outcome(by: Caller, child_id: str, assessment_id: str, what: str, **more: Any) -> httpx.Response:
    path = ONE.format(child_id=child_id, assessment_id=assessment_id)
    return by.post(f"{path}/outcomes", {"outcome": what, **more})


def became(world: World, by: Caller, child_id: str, assessment_id: str, what: str, **more: Any) -> Document:
    answer = outcome(by, child_id, assessment_id, what, **more)
    assert answer.status_code == 201, answer.text
    follows_contract(world, ONE + "/outcomes", "post", answer)
    return dict(answer.json())


def report(by: Caller, child_id: str, assessment_id: str, content: bytes) -> httpx.Response:
    """Upload a report as plain text."""
    path = ONE.format(child_id=child_id, assessment_id=assessment_id)
    return by._http.put(f"{path}/report", content=content, headers={"Content-Type": "text/plain"})


def open_report(by: Caller, child_id: str, assessment_id: str) -> httpx.Response:
    return by.get(ONE.format(child_id=child_id, assessment_id=assessment_id) + "/report")


def waiting(world: World, by: Caller, which: str, child_id: str, limit: int = 200) -> list[Document]:
    """What stands in a list of a team about one child, the list read to its end."""
    found: list[Document] = []
    cursor = ""
    while True:
        answer = by.get(f"/v1/health-lists/{which}?limit={limit}{cursor}")
        assert answer.status_code == 200, answer.text
        follows_contract(world, "/v1/health-lists/{list}", "get", answer)
        found += [each for each in answer.json()["items"] if each["child_id"] == child_id]
        if answer.json()["next_cursor"] is None:
            return found
        cursor = f"&cursor={answer.json()['next_cursor']}"


def messages(world: World, child_id: str, topic: str) -> list[tuple[str, str]]:
    """Who was left a message of this topic about a child, as often as they were."""
    with world.app.state.database.read() as connection:
        rows = connection.execute(select(outbox).where(outbox.c.child_id == child_id, outbox.c.topic == topic)).all()
    return sorted((row.organisation_code, row.function) for row in rows)
