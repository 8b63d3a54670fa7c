"""Code lists: data in ``codes/*.toml``, each with its source and, where a code came or went, its dates.

A model names a list, ``Code("legal_status")``, and the exported schema carries every code with its label.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from importlib import resources
from types import MappingProxyType
from typing import Any

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, core_schema

_SHOWN_IN_A_MESSAGE = 24


@dataclass(frozen=True, slots=True)
class Entry:
    """One code: our short label, and the first and last day it may be used where these are known."""

    label: str
    valid_from: date | None = None
    valid_to: date | None = None
    number_pattern: str | None = None
    """Of a regulator: the form of its registration numbers."""

    def valid_on(self, day: date) -> bool:
        return (self.valid_from or day) <= day <= (self.valid_to or day)


@dataclass(frozen=True, slots=True)
class CodeList:
    """A named list of codes and where it comes from."""

    name: str
    title: str
    source: str
    codes: Mapping[str, Entry] = field(repr=False)


@cache
def code_lists() -> Mapping[str, CodeList]:
    """Every code list by name. Raises ValueError if two files define one name."""
    lists: dict[str, CodeList] = {}
    folder = resources.files(__package__) / "codes"
    for file in sorted(folder.iterdir(), key=lambda each: each.name):
        for name, table in tomllib.loads(file.read_text("utf-8")).items():
            if name in lists:
                raise ValueError(f"the code list {name} is defined twice")
            lists[name] = _read(name, table)
    return MappingProxyType(lists)


def _read(name: str, table: dict[str, Any]) -> CodeList:
    codes = {code: Entry(e) if isinstance(e, str) else Entry(**e) for code, e in table["codes"].items()}
    return CodeList(name, table["title"], table["source"], MappingProxyType(codes))


@dataclass(frozen=True, slots=True)
class Code:
    """Annotation of a string field: one code of the named list. A code out of date is still a code."""

    name: str

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        codes = list(code_lists()[self.name].codes)
        return core_schema.custom_error_schema(
            core_schema.literal_schema(codes),
            custom_error_type="code",
            custom_error_message=self._message(codes),
        )

    def _message(self, codes: list[str]) -> str:
        if len(codes) <= _SHOWN_IN_A_MESSAGE:
            return "Use one of these codes: " + ", ".join(codes) + "."
        return f"Use a code of the list {self.name}, which the published schema carries."

    def __get_pydantic_json_schema__(self, core: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        held = code_lists()[self.name]
        options = [_option(code, entry) for code, entry in held.codes.items()]
        return {
            "type": "string",
            "title": held.title,
            "oneOf": options,
            "x-code-list": held.name,
            "x-source": held.source,
        }


def _option(code: str, entry: Entry) -> dict[str, str]:
    dates = {"x-valid-from": entry.valid_from, "x-valid-to": entry.valid_to}
    return {"const": code, "title": entry.label} | {key: day.isoformat() for key, day in dates.items() if day}
