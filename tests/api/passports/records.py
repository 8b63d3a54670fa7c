"""Passports to test with: a child in care, their nurse, and what they publish."""

import copy
import json
from pathlib import Path
from typing import Any

import httpx

from tests.api.children.records import create
from tests.api.lists import items
from tests.world import LEEDS, LEEDS_HEALTH, Caller, World

_EXAMPLES = Path(__file__).parents[3] / "examples/documents"
PASSPORT = "/v1/children/{child_id}/health-passport"
PATHS = (
    PASSPORT,
    PASSPORT + "/versions",
    PASSPORT + "/versions/1",
    PASSPORT + "/diff?from=0&to=1",
    "/v1/children/{child_id}/emergency-card",
    "/v1/children/{child_id}/my-passport",
)

Document = dict[str, Any]


def full() -> Document:
    """The full example, whose dates fit every child the tests make."""
    document = _example("full")
    for each in document["immunisations"]["given"]["items"]:
        each["given_on"] = "2023-02-08"
    return document


def small() -> Document:
    return _example("small")


def _example(name: str) -> Document:
    held: Document = json.loads((_EXAMPLES / f"health-passport_{name}.json").read_text())
    return copy.deepcopy(held)


def child_of_leeds(world: World, **facts: Any) -> str:
    """A child who came into care today: no placement, no notification."""
    child = {"date_of_birth": "2010-03-04", **facts}
    return str(create(world.as_(LEEDS, name="Sam Placer"), **child)["child_id"])


def nurse(world: World, name: str | None = "Bettina Supposed", **more: Any) -> Caller:
    """Of the health team of the authority that looks after the child."""
    return world.as_(LEEDS_HEALTH, "children_in_care_health", name=name, **more)


def path(child_id: str, rest: str = "") -> str:
    return PASSPORT.format(child_id=child_id) + rest


def publish(by: Caller, child_id: str, document: Document, tag: str | None = None) -> httpx.Response:
    """Publish after reading, as a person would."""
    tag = tag or by.head(path(child_id)).headers["etag"]
    return by.put(path(child_id), document, headers={"If-Match": tag})


def published(by: Caller, child_id: str, document: Document) -> Document:
    answer = publish(by, child_id, document)
    assert answer.status_code == 200, answer.text
    held: Document = answer.json()
    return held


def put_section(by: Caller, child_id: str, name: str, section: Document, tag: str | None = None) -> httpx.Response:
    """Publish one section after reading it."""
    if tag is None:
        head = by.get(path(child_id)).json()
        ages = {each["section"]: each["etag"] for each in head["sections_shared"] + head["sections_not_recorded"]}
        tag = ages.get(name, '"none"')
    return by.put(path(child_id, f"/sections/{name}"), section, headers={"If-Match": tag})


def confirm(by: Caller, child_id: str, version: int, *sections: str) -> httpx.Response:
    return by.post(path(child_id, "/confirmations"), {"version": version, "sections": list(sections)})


def take_over(by: Caller) -> None:
    """Accept every passport that is offered to this health team, as it would on a Monday."""
    for each in items(by, "/v1/passport-transfers?side=to_us"):
        if "accept" in each["may_do"]:
            accepted = by.post(f"/v1/passport-transfers/{each['transfer_id']}/steps", example_step("accept"))
            # One child may be offered by two records that were merged: accepting one overtakes the other.
            overtaken = accepted.status_code == 409 and accepted.json()["code"] == "transfer_moved_on"
            assert accepted.status_code == 201 or overtaken, accepted.text


def example_step(name: str) -> Document:
    held: Document = json.loads((_EXAMPLES / f"passport-step_{name}.json").read_text())
    return held
