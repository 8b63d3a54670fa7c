"""Every leaf of the published schema of a passport, wrong one at a time: its own pointer, and a sentence to act on.

The leaves are read from the schema, those included that no example holds. Around each stands the least document that
is right, so that nothing but the leaf is wrong.
"""

import json
import re
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from pydantic import ValidationError

from app.kit.errors import Fault
from app.standard.faults import parse_faults
from app.standard.passport.document import HEALTH_PASSPORT, PASSPORT_SECTIONS

SCHEMA: dict[str, Any] = json.loads((Path(__file__).parents[2] / "schemas/v1/health-passport.json").read_text())
MARK = "Zzyzx"
_PLAIN = re.compile(r"Use one of these( codes)?: \w+(, \w+)*\.|[A-Z][^_{}<>\\|\^\[\]]*[A-Za-z)\d]\.")
"""A list of codes to use, or a sentence or more: no expression, no name of ours in place of a word."""
_OF_THE_PROGRAM = ("pattern", "schema", "string", "boolean", "integer", "float", "null", "tuple", "dict", "literal")

Node = dict[str, Any]
Wrap = Callable[[Any], Any]


class Leaf(NamedTuple):
    """Where a leaf stands, what the schema says of it, and the least document around a value of it."""

    pointer: str
    node: Node
    around: Wrap

    def wrong(self) -> Iterator[object]:
        """Values that cannot stand here: of another kind, outside its limits, in another form, or no such code."""
        if "const" in self.node or "oneOf" in self.node:
            yield from (f"{MARK}_code", 17)
        elif self.node["type"] == "string":
            yield from (f"\u202e{MARK}", 17, f"{MARK} " * 2000, "")
        elif self.node["type"] == "boolean":
            yield from (MARK, 17)
        else:
            yield from (MARK, self.node["maximum"] + 1, self.node["minimum"] - 1)


def resolved(node: Node) -> Node:
    while "$ref" in node:
        node = SCHEMA["$defs"][node["$ref"].rpartition("/")[2]]
    return node


def is_code(node: Node) -> bool:
    return "const" in node or all("const" in each for each in node.get("oneOf", [{}]))


def least(node: Node) -> Any:
    """The least value that is right."""
    node = resolved(node)
    if is_code(node):
        return next(each["const"] for each in node.get("oneOf", [node]) if "x-valid-to" not in each)
    if "oneOf" in node:
        return least(node["oneOf"][0])
    if node["type"] == "object":
        needed = [*node.get("required", ()), *node.get("anyOf", [{}])[0].get("required", ())]
        return {name: least(node["properties"][name]) for name in needed}
    if node["type"] == "array":
        return [least(node["items"])]
    return _LEAST[node["type"]](node)


_LEAST: dict[str, Callable[[Node], Any]] = {
    "string": lambda node: node.get("examples", ["w"])[0],
    "boolean": lambda _: True,
    "integer": lambda node: max(node["minimum"], 1),
    "number": lambda node: max(node["minimum"], 1),
}


def leaves(node: Node, around: Wrap, pointer: str) -> Iterator[Leaf]:
    node = resolved(node)
    if is_code(node):
        yield Leaf(pointer, node, around)
    elif "oneOf" in node:
        for each in node["oneOf"]:
            yield from leaves(each, around, pointer)
    elif node["type"] == "object":
        base = least(node)
        for name, inner in node["properties"].items():
            wrap = lambda value, base=base, name=name: around({**base, name: value})  # noqa: E731 - one for each field
            yield from leaves(inner, wrap, f"{pointer}/{name}")
    elif node["type"] == "array":
        yield from leaves(node["items"], lambda value: around([value]), f"{pointer}/0")
    else:
        yield Leaf(pointer, node, around)


@cache
def leaves_of(section: str) -> tuple[Leaf, ...]:
    return tuple(leaves(SCHEMA["properties"][section], lambda value: {section: value}, f"/{section}"))


def faults(document: object) -> list[Fault]:
    try:
        HEALTH_PASSPORT.validate_json(json.dumps(document))
    except ValidationError as error:
        return parse_faults(error)
    return []


def is_plain(sentence: str) -> bool:
    """Whether a person who knows no programming can act on it."""
    return _PLAIN.fullmatch(sentence) is not None and not any(word in sentence.lower() for word in _OF_THE_PROGRAM)


def test_the_schema_has_the_leaves_there_should_be() -> None:
    assert sum(len(leaves_of(section)) for section in PASSPORT_SECTIONS) > 900


@pytest.mark.parametrize("section", PASSPORT_SECTIONS)
def test_each_leaf_that_is_wrong_is_named_by_its_own_pointer_in_plain_words(section: str) -> None:
    for leaf in leaves_of(section):
        right = leaf.around(least(leaf.node))
        assert [each for each in faults(right) if each.pointer == leaf.pointer] == [], (leaf.pointer, right)
        for value in leaf.wrong():
            found = faults(leaf.around(value))
            assert leaf.pointer in [each.pointer for each in found], (leaf.pointer, value, found)
            for each in found:
                assert is_plain(each.message), (leaf.pointer, each)
                assert MARK.lower() not in f"{each}".lower(), (leaf.pointer, each)
