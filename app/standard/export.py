"""Writes the published schemas, JSON Schema 2020-12, from the models: ``schemas/v1/*.json``.

The output is the same bytes for the same models, so a test can hold the committed files against it.
"""

import tomllib
from collections.abc import Iterator
from functools import cache
from importlib import resources
from typing import Any

import orjson
from pydantic import TypeAdapter
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core import core_schema

from .assessments import ASSESSMENT, OUTCOME, RECOMMENDATION_DONE
from .codes import code_lists
from .lives import ANSWER, DECISION, PROPOSAL, REVOCATION, TRANSFER
from .notification import KINDS, NOTIFICATION
from .passport.document import CONFIRMATION, HEALTH_PASSPORT
from .requests import (
    ACKNOWLEDGEMENT,
    CHILD_RECORD,
    CORRECTION,
    DOCUMENT_RECORD,
    PLACEMENT_CONFIRMATION,
    RECALL,
    RESTRICTION,
    RESTRICTION_LIFTED,
)
from .transfers import PASSPORT_STEP, PASSPORT_TRANSFER

DIALECT = "https://json-schema.org/draft/2020-12/schema"

DOCUMENTS: dict[str, TypeAdapter[Any]] = {
    "acknowledgement": ACKNOWLEDGEMENT,
    "answer": ANSWER,
    "assessment": ASSESSMENT,
    "child": CHILD_RECORD,
    "confirmation": CONFIRMATION,
    "correction": CORRECTION,
    "decision": DECISION,
    "document": DOCUMENT_RECORD,
    "health-passport": HEALTH_PASSPORT,
    "outcome": OUTCOME,
    "passport-step": PASSPORT_STEP,
    "passport-transfer": PASSPORT_TRANSFER,
    "placement-confirmation": PLACEMENT_CONFIRMATION,
    "placement-notification": NOTIFICATION,
    "proposal": PROPOSAL,
    "recall": RECALL,
    "recommendation_done": RECOMMENDATION_DONE,
    "restriction": RESTRICTION,
    "restriction_lifted": RESTRICTION_LIFTED,
    "revocation": REVOCATION,
    "transfer": TRANSFER,
}

_SOURCE = "Source: "
_SHARED_KEYS = ("type", "format", "pattern", "maxLength", "oneOf", "examples")


class _Published(GenerateJsonSchema):
    """Absent is not a value: a field that may be left out has no default."""

    def default_schema(self, schema: core_schema.WithDefaultSchema) -> JsonSchemaValue:
        return self.generate_inner(schema["schema"])


def sections() -> dict[str, dict[str, str]]:
    """Return each section's title, controller, sharing basis, retention class and source."""
    return _table("sections.toml")


@cache
def passport_sections() -> dict[str, dict[str, str]]:
    """Return the same of each section of the health passport, and its kind: core, third_party or sensitive."""
    return _table("passport_sections.toml")


def _table(name: str) -> dict[str, dict[str, str]]:
    return tomllib.loads((resources.files(__package__) / name).read_text("utf-8"))


def schema(name: str) -> dict[str, Any]:
    """Return the published schema of one document, such as ``placement-notification``."""
    held = DOCUMENTS[name].json_schema(schema_generator=_Published)
    definitions: dict[str, Any] = held.setdefault("$defs", {})
    for part in list(_objects(held)):
        _share(part, definitions)
        _credit(part)
    if name == "placement-notification":
        for kind in KINDS.values():
            _govern(definitions[kind.__name__], sections())
    if name == "health-passport":
        _govern(held, passport_sections())
    return {"$schema": DIALECT, "$id": f"urn:placement-notify:schema:v1:{name}", **held}


def files() -> dict[str, str]:
    """Every schema as it stands in its file, by file name."""
    return {f"{name}.json": rendered(schema(name)).decode() for name in DOCUMENTS}


def rendered(document: dict[str, Any]) -> bytes:
    """Return a schema as it stands in its file."""
    return orjson.dumps(document, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)


def _objects(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict):
        yield value
        for each in value.values():
            yield from _objects(each)
    elif isinstance(value, list):
        for each in value:
            yield from _objects(each)


def _credit(part: dict[str, Any]) -> None:
    """Part the text from its source, and make it one line."""
    described = part.get("description")
    if isinstance(described, str):
        text, _, source = described.partition(_SOURCE)
        part["description"] = " ".join(text.split())
        if source:
            part["x-source"] = " ".join(source.split())


def _share(part: dict[str, Any], definitions: dict[str, Any]) -> None:
    """Let every use of a code list or a kind of text point at one definition of it."""
    if "x-code-list" in part:
        held = code_lists()[part.pop("x-code-list")]
        name = f"code_{held.name}"
        shared = {"title": held.title, **_moved(part), "x-source": part.pop("x-source")}
    elif "x-type" in part:
        name = part.pop("x-type")
        shared = _moved(part)
    else:
        return
    if definitions.setdefault(name, shared) != shared:
        raise ValueError(f"two definitions share the name {name}")
    part["$ref"] = f"#/$defs/{name}"


def _moved(part: dict[str, Any]) -> dict[str, Any]:
    return {key: part.pop(key) for key in _SHARED_KEYS if key in part}


def _govern(document: dict[str, Any], governed: dict[str, dict[str, str]]) -> None:
    """Say on each section who controls it, why it may be shared and how long it is kept."""
    properties = document["properties"]
    for name in properties.keys() & governed.keys():
        facts = governed[name]
        extras = {f"x-{key}": value for key, value in facts.items() if key != "title"}
        properties[name] |= {"title": facts["title"], **extras}
