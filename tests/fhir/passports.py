"""Any passport the published schema allows, as hypothesis draws it."""

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

_SCHEMA = json.loads((Path(__file__).parents[2] / "schemas/v1/health-passport.json").read_text())
_ALPHABET = "abcdefgh ÉŵŷŴ0123456789<>&\"'{}[]|.,;:-/\\"
_WORDS = st.text(_ALPHABET, min_size=1, max_size=30).map(str.strip).filter(bool)
_FREE = {"line", "text", "own_words", "address"}


def passports() -> st.SearchStrategy[dict[str, Any]]:
    """Whole passports: some sections, each with all it must have and some of what it may."""
    return _object(_SCHEMA)


def _drawn(schema: dict[str, Any]) -> st.SearchStrategy[Any]:
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        return _WORDS if name in _FREE else st.deferred(lambda: _drawn(_SCHEMA["$defs"][name]))
    if "const" in schema:
        return st.just(schema["const"])
    for choice in ("oneOf", "anyOf"):
        if choice in schema and "properties" not in schema:
            return st.one_of(*map(_drawn, schema[choice]))
    return _plain(schema)


def _plain(schema: dict[str, Any]) -> st.SearchStrategy[Any]:
    if schema["type"] == "string":
        return _string(schema)
    least, most = int(schema.get("minimum", 0)), int(schema.get("maximum", 0))
    makers: dict[str, Callable[[], st.SearchStrategy[Any]]] = {
        "object": lambda: _object(schema),
        "array": lambda: st.lists(_drawn(schema["items"]), min_size=1, max_size=3),
        "boolean": st.booleans,
        "integer": lambda: st.integers(least, most),
        "number": lambda: st.integers(least, most).map(lambda whole: whole / 4),
    }
    return makers[schema["type"]]()


def _string(schema: dict[str, Any]) -> st.SearchStrategy[str]:
    if schema.get("format") == "date":
        return st.dates(date(1900, 1, 1), date(2199, 12, 31)).map(str)
    return st.sampled_from(schema["examples"]) if "examples" in schema else _WORDS


@st.composite
def _object(draw: st.DrawFn, schema: dict[str, Any]) -> dict[str, Any]:
    properties = schema["properties"]
    optional = [name for name in properties if name not in schema.get("required", ())]
    chosen = {name for name in optional if draw(st.booleans())}
    one_of = [each["required"][0] for each in schema.get("anyOf", ())]
    if one_of and not chosen & set(one_of):
        chosen.add(draw(st.sampled_from(one_of)))
    names = [name for name in properties if name in chosen or name not in optional]
    return {name: draw(_drawn(properties[name])) for name in names}
