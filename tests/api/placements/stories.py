"""Placements to test with: the full example of the standard, each time of a child nobody has told of before."""

import json
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

import orjson
from jsonschema import Draft202012Validator

from tests.world import LEEDS, Caller, World

_EXAMPLES = Path(__file__).parents[3] / "examples" / "documents"


def example(name: str) -> dict[str, Any]:
    return dict(json.loads((_EXAMPLES / f"{name}.json").read_text()))


FULL = example("start_full")


@dataclass(frozen=True)
class Story:
    """A placement that was sent, and who sent it."""

    world: World
    sender: Caller
    placement: str
    child: str
    notification: str
    recipients: list[dict[str, Any]]

    @property
    def path(self) -> str:
        return f"/v1/placements/{self.placement}"

    def update(self, **sections: Any) -> dict[str, Any]:
        document = {"kind": "update", "placement_id": self.placement, "reference": uuid4().hex, **sections}
        answer = self.sender.post("/v1/notifications", document)
        assert answer.status_code == 201, answer.text
        return dict(answer.json())

    def acknowledge(self, by: Caller, outcome: str = "accepted", **more: Any) -> None:
        path = f"/v1/notifications/{self.notification}/acknowledgements"
        document = {**example("acknowledgement_declined"), "outcome": outcome, **more}
        if outcome != "declined":
            document = {"outcome": outcome, **more}
        answer = by.post(path, document)
        assert answer.status_code == 201, answer.text

    def recall(self, organisation: str, function: str) -> None:
        ids = [
            each["id"]
            for each in self.recipients
            if (each["organisation"], each["function"]) == (organisation, function)
        ]
        document = {"reason": "wrong_recipient", "recipients": ids}
        answer = self.sender.post(f"/v1/notifications/{self.notification}/recalls", document)
        assert answer.status_code == 201, answer.text

    def restrict(self, kind: str, reason: str) -> None:
        document = {"restriction": kind, "reason": reason, "review_on": "2199-01-01"}
        answer = self.sender.post(f"/v1/children/{self.child}/restrictions", document)
        assert answer.status_code == 201, answer.text


def tell(world: World, name: str = "Asha Rahman", **changes: Any) -> Story:
    """Send the full example from Leeds; ``changes`` replace or add fields of its sections."""
    sender = world.as_(LEEDS, name=name)
    document = deepcopy(FULL)
    document["reference"] = uuid4().hex
    document["child"]["local_id"] = uuid4().hex[:12]
    for section, fields in changes.items():
        document[section] = {**document.get(section, {}), **fields}
    answer = sender.post("/v1/notifications", document)
    assert answer.status_code == 201, answer.text
    sent = answer.json()
    return Story(world, sender, sent["placement_id"], sent["child_id"], sent["id"], sent["recipients"])


def entries(world: World, subject: str, *actions: str) -> list[dict[str, Any]]:
    """The ledger's entries about an id, oldest first; only of ``actions`` where some are named."""
    with world.app.state.database.read() as connection:
        rows = connection.exec_driver_sql("SELECT body FROM ledger_entries ORDER BY id").all()
    found = [entry for row in rows if subject in (entry := orjson.loads(bytes(row[0])))["subject"].values()]
    return [entry for entry in found if not actions or entry["action"] in actions]


def openings(world: World, placement: str) -> list[Any]:
    """The rows of who has seen a placement, oldest first."""
    query = f"SELECT how, why, entry_id, sections FROM openings WHERE placement_id = '{placement}' ORDER BY id"
    with world.app.state.database.read() as connection:
        return list(connection.exec_driver_sql(query).all())


def follows_contract(world: World, path: str, answer: Any) -> None:
    """Hold a real answer to a GET against what the contract says of it."""
    contract = world.app.openapi()
    response = contract["paths"][path]["get"]["responses"][str(answer.status_code)]
    if "$ref" in response:
        response = contract["components"]["responses"][response["$ref"].rpartition("/")[2]]
    media = answer.headers["content-type"].partition(";")[0]
    schema = {**response["content"][media]["schema"], "components": contract["components"]}
    Draft202012Validator(schema).validate(answer.json())
