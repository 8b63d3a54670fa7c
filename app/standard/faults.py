"""What is wrong with a document, in pointers and sentences a sender can act on, never the value sent."""

import re
from collections.abc import Sequence
from typing import Any, get_args

from pydantic import ValidationError
from pydantic_core import ErrorDetails, core_schema

from app.kit.errors import Fault

MOST_FAULTS = 50

_FIELD_NAME = re.compile(r"[a-z][a-z0-9_]{0,40}\Z")

_PYDANTICS = frozenset(get_args(core_schema.ErrorType))
_SENTENCES = {
    "missing": ("missing", "This is needed here."),
    "extra_forbidden": ("unknown_field", "There is no such field here."),
    "too_long": ("too_many", "There are too many here: at most {max_length}."),
    "too_short": (
        "too_few",
        "There are too few here: at least {min_length}. Leave the field out if there is none.",
    ),
    "greater_than_equal": ("too_small", "This is too small: the least that can stand here is {ge}."),
    "less_than_equal": ("too_large", "This is too large: the most that can stand here is {le}."),
    "union_tag_not_found": ("missing", "This is needed here."),
    "union_tag_invalid": ("code", "Use one of these: {expected_tags}."),
    "literal_error": ("code", "Use {expected}."),
    "model_type": ("object", "An object is needed here."),
    "model_attributes_type": ("object", "An object is needed here."),
    "dict_type": ("object", "An object is needed here."),
    "tuple_type": ("list", "A list is needed here."),
    "string_type": ("text", "Text is needed here."),
    "string_pattern_mismatch": ("pattern", "This is not in the form the published schema gives."),
    "bool_type": ("yes_no", "Use true or false."),
    "int_type": ("number", "A whole number is needed here."),
    "float_type": ("number", "A number is needed here."),
    "json_invalid": ("json", "This is not JSON."),
}
_OTHERWISE = ("invalid", "This is not accepted here; the published schema says what is.")
_NULL = ("null", "null is not accepted. Leave the field out, or say not_known with a reason.")


def parse_faults(error: ValidationError) -> list[Fault]:
    """Return what is wrong, at most 50 faults, each with its JSON pointer, a code and a sentence.

    The ValidationError itself may quote a mistaken ``kind``: never log it, log these.
    """
    told_apart = error.title.startswith("tagged-union[")
    details = [each for each in error.errors(include_url=False) if not _echo(each)]
    return [_fault(each, told_apart) for each in details[:MOST_FAULTS]]


def _echo(detail: ErrorDetails) -> bool:
    """Tell whether a list is called too short only because an item of it is wrong."""
    return detail["type"] == "too_short" and bool(detail["input"])


def _fault(detail: ErrorDetails, told_apart: bool) -> Fault:
    code, sentence = _words(detail)
    return Fault(pointer(_path(detail, told_apart)), code, sentence)


def _path(detail: ErrorDetails, told_apart: bool) -> list[str]:
    """Leave out what pydantic adds: the kind of document before every location, and tags, which begin with ~.

    A name the sender made up is given back only if it looks like a field; otherwise its parent is pointed at.
    """
    steps = [str(each) for each in detail["loc"]]
    made_up = steps.pop() if detail["type"] == "extra_forbidden" else None
    path = [each for each in steps[1 if told_apart else 0 :] if not each.startswith("~")]
    if made_up and _FIELD_NAME.match(made_up):
        path.append(made_up)
    if detail["type"].startswith("union_tag"):
        path.append(detail["ctx"]["discriminator"].strip("'"))
    return path


def _words(detail: ErrorDetails) -> tuple[str, str]:
    kind = detail["type"]
    if kind != "missing" and detail.get("input", ...) is None:
        return _NULL
    context = {name: _as_said(value) for name, value in detail.get("ctx", {}).items()}
    if kind in _SENTENCES:
        code, sentence = _SENTENCES[kind]
        return code, sentence.format_map(context)
    return _OTHERWISE if kind in _PYDANTICS else (kind, detail["msg"])


def _as_said(value: Any) -> Any:
    """A limit as people write it: 999 and not 999.0."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


def pointer(path: Sequence[str]) -> str:
    """Return the JSON pointer (RFC 6901) of these steps."""
    return "".join("/" + step.replace("~", "~0").replace("/", "~1") for step in path)
