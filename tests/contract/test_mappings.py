"""The mapping tables name only what is there: every pointer in the published schema, every code list and code."""

import csv
import re
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from app.rules.words import SURENESS
from app.standard.codes import code_lists
from app.standard.export import schema

TABLES = sorted((Path(__file__).parents[2] / "docs/mappings").glob("*.csv"))


def rows(path: Path) -> list[dict[str, str]]:
    lines = [line for line in path.read_text("utf-8").splitlines() if not line.startswith("#")]
    return list(csv.DictReader(lines))


@cache
def published() -> dict[str, Any]:
    return schema("placement-notification")


def stands(part: dict[str, Any], names: list[str]) -> bool:
    """Whether a field lies there, in any kind of notification and any form of a part."""
    if "$ref" in part:
        return stands(published()["$defs"][part["$ref"].rpartition("/")[2]], names)
    if not names:
        return True
    inner = part.get("properties", {}).get(names[0])
    ways = [*part.get("oneOf", ()), *part.get("anyOf", ()), *([part["items"]] if "items" in part else [])]
    return (inner is not None and stands(inner, names[1:])) or any(stands(each, names) for each in ways)


@pytest.mark.parametrize("path", TABLES, ids=lambda path: path.stem)
def test_every_pointer_and_code_of_a_mapping_is_there(path: Path) -> None:
    found = rows(path)
    assert found
    assert [
        row["pointer"] for row in found if row["pointer"] and not stands(published(), row["pointer"].split("."))
    ] == []
    assert {row.get("code_list") for row in found} - {None, "", *code_lists()} == set()
    assert all(None not in row and None not in row.values() for row in found), "a row has a cell too many or too few"


@pytest.mark.parametrize("path", TABLES, ids=lambda path: path.stem)
def test_every_code_a_mapping_names_is_in_its_list(path: Path) -> None:
    for row in rows(path):
        if listed := row.get("code_list"):
            named = re.findall(r"\b[A-Z]{1,3}\d{1,2}\b", row.get("note") or "")
            assert set(named) <= set(code_lists()[listed].codes), row


def test_a_regulation_mapping_says_how_sure_it_is() -> None:
    for path in TABLES:
        if path.stem.startswith("regulations"):
            assert {row["sureness"] for row in rows(path)} <= set(SURENESS)


def test_a_pointer_that_is_not_there_would_be_found() -> None:
    assert stands(published(), ["placement", "ending", "ended_on"])
    assert not stands(published(), ["placement", "ending", "ended_by_whom"])
    assert not stands(published(), ["child", "given_names", "first"])
