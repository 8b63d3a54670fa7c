"""A registration number is held against its regulator's own form, which the list of regulators carries."""

import re
from typing import Any

from pydantic_core import PydanticCustomError

from .codes import code_lists


def check_registration(regulator: Any, number: Any) -> None:
    """Refuse a number that is not in its regulator's form. A regulator without a form takes any."""
    if not isinstance(regulator, str) or not isinstance(number, str):
        return
    pattern = code_lists()["regulator"].codes[regulator].number_pattern
    if pattern and not re.match(pattern, number):
        raise PydanticCustomError("registration_number", "The registration number is not in this regulator's form.")


def registration_rule() -> dict[str, Any]:
    """Return the JSON Schema of ``check_registration``."""
    return {
        "allOf": [
            {
                "if": {"properties": {"regulator": {"const": code}}, "required": ["regulator"]},
                "then": {"properties": {"registration_number": {"pattern": entry.number_pattern}}},
            }
            for code, entry in code_lists()["regulator"].codes.items()
            if entry.number_pattern
        ]
    }
