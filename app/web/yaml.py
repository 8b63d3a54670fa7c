"""JSON data as YAML 1.2 for people to read: blocks and indentation, each key and value as JSON writes it.

YAML 1.2 contains JSON, so no value can be misread and no library is needed to write it.
"""

import json
import re
from collections.abc import Iterator
from typing import Any

_PLAIN = re.compile(r"(?!(?:true|false|null|yes|no|on|off|y|n)$)[A-Za-z_][A-Za-z0-9_-]*", re.IGNORECASE)


def to_yaml(value: dict[str, Any]) -> str:
    """The same text for the same data."""
    return "".join(f"{line}\n" for line in _lines(value))


def _lines(value: Any) -> Iterator[str]:
    pairs = (
        ((f"{_key(key)}:", each) for key, each in value.items())
        if isinstance(value, dict)
        else (("-", each) for each in value)
    )
    for mark, each in pairs:
        if not isinstance(each, (dict, list)) or not each:
            yield f"{mark} {json.dumps(each, ensure_ascii=False)}"
            continue
        lines = (f"  {line}" for line in _lines(each))
        if mark == "-":
            yield f"- {next(lines)[2:]}"
        else:
            yield mark
        yield from lines


def _key(key: str) -> str:
    return key if _PLAIN.fullmatch(key) else json.dumps(key, ensure_ascii=False)
