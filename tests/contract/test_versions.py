"""Inside a version nothing breaks: whatever the released schemas took, the present ones take."""

import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from app.standard.export import DOCUMENTS, schema
from tests.contract.compatibility import breaks

RELEASED = Path(__file__).parents[2] / "schemas/released/v1"
Schema = dict[str, Any]


def released(name: str) -> Schema:
    held: Schema = json.loads((RELEASED / f"{name}.json").read_bytes())
    return held


@pytest.mark.parametrize("name", sorted(path.stem for path in RELEASED.glob("*.json")))
def test_nothing_in_version_1_breaks_what_was_released(name: str) -> None:
    assert name in DOCUMENTS, "a published document is gone"
    assert breaks(released(name), schema(name)) == []


def _drop(held: Schema) -> None:
    del held["$defs"]["Sender"]["properties"]["team"]


def _insist(held: Schema) -> None:
    held["$defs"]["Sender"]["required"].append("team")


def _shorten(held: Schema) -> None:
    held["$defs"]["line"]["maxLength"] = 20


def _retire_a_code(held: Schema) -> None:
    held["$defs"]["code_sex"]["oneOf"].pop()


def _retype(held: Schema) -> None:
    held["$defs"]["Sender"]["properties"]["team"] = {"type": "integer"}


def _refuse_not_known(held: Schema) -> None:
    held["$defs"]["Sender"]["properties"]["phone"] = {"$ref": "#/$defs/phone"}


def _end_a_kind(held: Schema) -> None:
    held["oneOf"].pop()


def _repattern(held: Schema) -> None:
    held["$defs"]["postcode"]["pattern"] = "^X$"


@pytest.mark.parametrize(
    "change", [_drop, _insist, _shorten, _retire_a_code, _retype, _refuse_not_known, _end_a_kind, _repattern]
)
def test_each_kind_of_breaking_change_is_found(change: Callable[[Schema], None]) -> None:
    changed = copy.deepcopy(released("placement-notification"))
    change(changed)
    assert breaks(released("placement-notification"), changed)


def test_what_only_adds_breaks_nothing() -> None:
    changed = copy.deepcopy(released("placement-notification"))
    changed["$defs"]["Sender"]["properties"]["pager"] = {"$ref": "#/$defs/phone"}
    changed["$defs"]["Sender"]["required"].remove("role")
    changed["$defs"]["code_sex"]["oneOf"].append({"const": "Z", "title": "Another"})
    changed["$defs"]["line"]["maxLength"] = 300
    changed["$defs"]["Sender"]["properties"]["team"]["description"] = "Other words."
    assert breaks(released("placement-notification"), changed) == []
