"""Every edition loads, says where each rule comes from, and refuses every kind of mistake."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pydantic import TypeAdapter

from app.rules import words
from app.rules.disclosure import ALL
from app.rules.edition import CURRENT, Edition, current, edition, load, versions
from app.rules.rows import EditionError
from app.standard import notification

SHIPPED = Path(words.__file__).parent / "editions"
SCHEMA: dict[str, Any] = TypeAdapter(notification.Notification).json_schema()


@pytest.mark.parametrize("version", versions())
def test_every_edition_loads_and_is_kept(version: str) -> None:
    assert edition(version) is edition(version)
    assert edition(version).version == version


def test_the_newest_edition_is_current() -> None:
    assert current().version == CURRENT == versions()[-1]


def test_an_edition_that_was_never_made_is_refused() -> None:
    with pytest.raises(EditionError):
        edition("../2026-11")


@pytest.mark.parametrize("version", versions())
def test_no_rule_calls_law_what_it_does_not_source(version: str) -> None:
    held = edition(version)
    for row in (*held.recipients, *held.clocks, *held.items, *held.warnings, *held.coverage):
        assert len(row.source) > 10
        if row.sureness == "not_confirmed" and row.basis == "law":
            assert "check" in row.source or "Part 8A" in row.source


MISTAKES = {
    "an unknown key": (
        "clocks",
        'code = "first-visit"',
        'code = "first-visit"\ncolour = "red"',
        "unknown key",
    ),
    "a missing key": (
        "clocks",
        'code = "first-visit"\ntitle = "First visit by the social worker"',
        'code = "first-visit"',
        "has no title",
    ),
    "an unknown predicate": ("recipients", '"mental_health_need"', '"mental_need"', "unknown predicate"),
    "a word outside the vocabulary": ("warnings", 'basis = "law"', 'basis = "custom"', "unknown basis"),
    "a length nobody can count": ("clocks", 'length = "24 hours"', 'length = "a day"', "not a length"),
    "one code for two rows": ("clocks", 'code = "first-visit"', 'code = "gp-registration"', "stands twice"),
    "one code in two tables": (
        "warnings",
        'code = "not-approved"',
        'code = "gp-registration"',
        "stands twice",
    ),
    "a flag in words": ("recipients", "any_case = true", 'any_case = "yes"', "true or false"),
    "an item on no clock": ("completeness", 'by = "gp"', 'by = "dentist"', "unknown duty"),
    "a leaf of another section": (
        "completeness",
        '"about_me.pen_picture"',
        '"voice.pen_picture"',
        "another section",
    ),
    "a section forgotten": ("disclosure", '"missing_agreement", ', "", "says nothing of|unknown"),
    "a reason without words": ("disclosure", 'withdrawn = "', 'withdrawn_otherwise = "', "unknown reason"),
    "a function forgotten": ("disclosure", 'function = "camhs"', 'function = "send"', "stands twice"),
    "an unknown restriction party": ("restrictions", '"host.provider"]', '"host.carer"]', "unknown party"),
    "a state with no answer": ("lifecycle", 'end = "not_started",', "", "missing"),
    "a refusal without advice": ("lifecycle", "not_started = ", "too_early = ", "unknown state or refusal"),
}


@pytest.mark.parametrize(("table", "found", "wrong", "says"), list(MISTAKES.values()), ids=list(MISTAKES))
def test_a_mistake_in_a_table_is_found_when_it_is_loaded(
    tmp_path: Path, table: str, found: str, wrong: str, says: str
) -> None:
    shutil.copytree(SHIPPED / CURRENT, tmp_path / "made")
    file = tmp_path / "made" / f"{table}.toml"
    before = file.read_text("utf-8")
    assert found in before
    file.write_text(before.replace(found, wrong, 1), "utf-8")
    with pytest.raises(EditionError, match=says):
        load("made", tmp_path / "made")


def _fields(schema: Any, seen: int = 0) -> Iterator[dict[str, Any]]:
    """Every object schema this one may be."""
    if "$ref" in schema:
        schema = SCHEMA["$defs"][schema["$ref"].rpartition("/")[2]]
    for key in ("anyOf", "oneOf"):
        for option in schema.get(key, []):
            yield from _fields(option)
    if "items" in schema:
        yield from _fields(schema["items"])
    if "properties" in schema:
        yield schema["properties"]


def stands_in_the_standard(path: str) -> bool:
    found = [SCHEMA]
    for name in path.split("."):
        found = [option[name] for each in found for option in _fields(each) if name in option]
    return bool(found)


CHOSEN = {
    "documents.items": "document_type",
    "told.people": "told_person",
    "care_team.members": "care_role",
    "decision.approvals": "approver",
    "risks.child_details": "risk_to_child",
}


def leaves(held: Edition) -> Iterator[str]:
    for item in held.items:
        for leaf in item.needs:
            parent = leaf.rpartition(".")[0]
            yield parent if parent in CHOSEN else leaf


@pytest.mark.parametrize("version", versions())
def test_every_leaf_field_and_pointer_in_the_tables_stands_in_the_published_standard(version: str) -> None:
    held = edition(version)
    paths = set(leaves(held))
    paths |= {warning.pointer[1:].replace("/", ".") for warning in held.warnings if warning.pointer}
    paths |= {path for row in held.disclosure.restrictions.values() for path in row.removes}
    for cells in held.disclosure.shares.values():
        paths |= {
            f"{section}.{name}" for section, cell in cells.items() if cell.fields is not ALL for name in cell.fields
        }
    assert not [path for path in sorted(paths) if not stands_in_the_standard(path)]


def test_the_standard_and_the_rules_name_the_same_things() -> None:
    assert notification.SECTIONS == words.SECTIONS
    assert tuple(sorted(notification.KINDS)) == tuple(sorted(words.KINDS))
