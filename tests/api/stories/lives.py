"""What the stories of a child's record are told with: acts over HTTP, each held against the contract."""

from typing import Any
from uuid import uuid4

import httpx
from jsonschema import Draft202012Validator

from tests.api.children.records import record
from tests.api.placements.stories import example
from tests.world import LEEDS, SHROPSHIRE, Caller, World


def act(world: World, by: Caller, template: str, document: dict[str, Any], **ids: str) -> dict[str, Any]:
    """Post a document that must be taken; what is answered follows the contract."""
    answer = by.post(template.format(**ids), document)
    assert answer.status_code == 201, answer.text
    follows(world, template, "post", answer)
    return dict(answer.json())


def look(world: World, by: Caller, template: str, **ids: str) -> dict[str, Any]:
    """Read what must be there; what is answered follows the contract."""
    answer = by.get(template.format(**ids))
    assert answer.status_code == 200, answer.text
    follows(world, template, "get", answer)
    return dict(answer.json())


def follows(world: World, template: str, method: str, answer: httpx.Response) -> None:
    contract = world.app.openapi()
    schema = contract["paths"][template][method]["responses"][str(answer.status_code)]["content"]["application/json"]
    Draft202012Validator({**schema["schema"], "components": contract["components"]}).validate(answer.json())


def refused(answer: httpx.Response) -> tuple[int, str]:
    """Status and code of a refusal."""
    return answer.status_code, answer.json()["code"]


def start(by: Caller, **changes: Any) -> dict[str, Any]:
    """A child nobody has told of before moves to Shropshire; ``changes`` add to its sections."""
    document = example("start_full")
    document["reference"] = uuid4().hex
    document["child"] |= {name: record()[name] for name in ("local_id", "family_name")}
    document["child"].pop("nhs_number", None)
    for section, fields in changes.items():
        document[section] = {**document.get(section, {}), **fields} if isinstance(fields, dict) else fields
    answer = by.post("/v1/notifications", document)
    assert answer.status_code == 201, answer.text
    return {**answer.json(), "document": document}


def end(by: Caller, placement_id: str, occasion: str, **ending: Any) -> httpx.Response:
    """End a placement, two days ago unless told otherwise."""
    document = {**example("end"), "placement_id": placement_id, "occasion": occasion, "reference": uuid4().hex}
    document["placement"]["ending"] |= {"ended_on": "2026-11-23", **ending}
    return by.post("/v1/notifications", document)


def worker(world: World, name: str = "Asha Rahman") -> Caller:
    """Somebody of the placing authority."""
    return world.as_(LEEDS, name=name)


def host(world: World, name: str = "Bryn Edwards", function: str = "social_care") -> Caller:
    """Somebody of the area the child lives in."""
    return world.as_(SHROPSHIRE, function, name)


def two_people(world: World, child_id: str, proposal: dict[str, Any], path: str = "/v1/children/{child_id}") -> None:
    """One proposes, another confirms."""
    made = act(world, worker(world), f"{path}/proposals", proposal, child_id=child_id)
    confirm(world, child_id, made["proposal_id"], worker(world, "Lee Manager"))


def confirm(world: World, child_id: str, proposal_id: str, by: Caller) -> dict[str, Any]:
    template = "/v1/children/{child_id}/proposals/{proposal_id}/decisions"
    return act(world, by, template, example("decision_confirmed"), child_id=child_id, proposal_id=proposal_id)
