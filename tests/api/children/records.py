"""Children's records to test with, and what an act on one leaves behind."""

from typing import Any
from uuid import uuid4

import httpx
import orjson
from jsonschema import Draft202012Validator

from tests.world import Caller, World

ROWAN = {
    "given_names": "Rowan",
    "family_name": "O'Example",
    "date_of_birth": "2012-03-04",
    "sex": "F",
    "ethnicity": "WBRI",
}


def record(**changes: Any) -> dict[str, Any]:
    """A synthetic child, never one that another test made: the local id and the family name are new."""
    letters = "".join(chr(ord("a") + int(digit, 16)) for digit in uuid4().hex[:12])
    return {**ROWAN, "local_id": uuid4().hex[:12], "family_name": f"Example {letters}", **changes}


def nhs_number() -> str:
    """A valid number of the synthetic range that no other test uses."""
    while True:
        nine = f"999{uuid4().int % 10**6:06}"
        check = -sum(int(digit) * weight for digit, weight in zip(nine, range(10, 1, -1), strict=True)) % 11
        if check < 10:
            return f"{nine}{check}"


def create(by: Caller, **changes: Any) -> dict[str, Any]:
    answer = by.post("/v1/children", record(**changes))
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


def correct(by: Caller, child_id: str, facts: dict[str, Any], tag: str | None = None) -> httpx.Response:
    tag = tag or by.get(f"/v1/children/{child_id}").headers["etag"]
    document = {"reason": "recorded_wrongly", "facts": facts}
    return by.post(f"/v1/children/{child_id}/corrections", document, headers={"If-Match": tag})


def restrict(by: Caller, child_id: str, **document: Any) -> httpx.Response:
    return by.post(f"/v1/children/{child_id}/restrictions", {"review_on": "2199-01-01", **document})


def actions(world: World, subject: str) -> list[dict[str, Any]]:
    """The ledger's entries that name an id, oldest first."""
    with world.app.state.database.read() as connection:
        rows = connection.exec_driver_sql("SELECT body FROM ledger_entries ORDER BY id").all()
    return [entry for row in rows if subject in (entry := orjson.loads(row[0]))["subject"].values()]


def follows_contract(world: World, path: str, method: str, answer: httpx.Response) -> None:
    """Hold a real answer against what the contract says of it."""
    contract = world.app.openapi()
    response = contract["paths"][path][method]["responses"][str(answer.status_code)]
    if "$ref" in response:
        response = contract["components"]["responses"][response["$ref"].rpartition("/")[2]]
    media = answer.headers["content-type"].partition(";")[0]
    schema = {**response["content"][media]["schema"], "components": contract["components"]}
    Draft202012Validator(schema).validate(answer.json())
