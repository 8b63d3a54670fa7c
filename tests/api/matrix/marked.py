"""A start that says everything, in words found nowhere else: what leaks can be told from the bytes of an answer."""

import json
import re
from collections.abc import Iterable
from copy import deepcopy
from functools import cache
from pathlib import Path
from random import Random
from string import ascii_lowercase
from typing import Any

from pydantic import ValidationError

from app.standard.notification import NOTIFICATION
from tests.api.matrix.tables import SECTIONS, Pointer, leaves

Document = dict[str, Any]

_EXAMPLES = Path(__file__).parents[3] / "examples/documents"
_MORE: Document = {
    "child": {"upn_unknown_reason": "UN1"},
    "placement": {
        "hospital": {"ward": "w", "plan_owner": "w"},
        "interim": {"why_unsuitable": "w", "supports": "w"},
        "next_home_unknown": {"owner": "w", "staying": "w"},
        "not_registered": {"why": "w", "oversight_by": "w"},
        "host_health": "QOC",
        "previous_home": {"area": "E06000023"},
    },
    "immigration": {"reference": "w", "solicitor": "w", "solicitor_phone": "01632 960041"},
    "voice": {"next_chance_on": "2026-12-01"},
    "education": {"next": {"new_school": {"name": "w", "address": "w"}}, "what_helps_learning": "w"},
    "health_now": {"gp_new": {"name": "w", "address": "w", "phone": "01632 960041"}},
}
_ENDING: Document = {
    "ended_on": "2026-11-22",
    "destination_address": "w",
    "destination_postcode": "LS1 9ZX",
    "immediate_risk": False,
    "care_ended_reason": "E11",
}
_DISTINCT = re.compile(
    r"[A-Z]{1,2}[0-9][A-Z0-9]? ?[0-9][A-Z]{2}|999[0-9]{7}|[A-Z][0-9]{12}|20[01][0-9]-[0-9-]{5}"
    r"|SC[0-9]{6}|doc_.{26}|0{64}"
)
"""Postcodes, numbers and ids, days long past: no words of ours, but found nowhere else in an answer either."""

_WORDS = {"name": "Zq{letters}", "phone": "07700 9{number:05d}", "email": "zq{letters}@example.org"}
"""Words that no document and no answer of ours would hold, by where the standard takes them."""


def everything() -> Document:
    """A start with all sections, marked anew: no two of these share a word."""
    return _marked("start_full.json")


def ending() -> Document:
    """An end of the stay, marked anew."""
    return _marked("end.json")


def consultation() -> Document:
    """A consultation, marked anew."""
    return _marked("consultation.json")


def markers(document: Document, pointers: Iterable[Pointer]) -> set[str]:
    """The words at these places by which a leak would be known."""
    found = {_at(document, pointer) for pointer in pointers}
    return {word for word in found if isinstance(word, str) and _is_marker(word)}


def _is_marker(word: str) -> bool:
    return word.startswith(("Zq", "07700 9", "zq")) or _DISTINCT.fullmatch(word) is not None


def _marked(example: str) -> Document:
    document = _complete(example)
    seed = "".join(Random().choices(ascii_lowercase, k=6))
    for number, (pointer, kind) in enumerate(_places(example)):
        _put(document, pointer, _word(kind, seed, number))
    if "nhs_number" in document.get("child", {}):
        document["child"]["nhs_number"] = _nhs_number()
    return document


def _nhs_number() -> str:
    """A new number of the synthetic range, so that no child is like another test's."""
    while True:
        nine = f"999{Random().randrange(10**6):06d}"
        check = -sum(int(digit) * weight for digit, weight in zip(nine, range(10, 1, -1), strict=True)) % 11
        if check < 10:
            return f"{nine}{check}"


def _word(kind: str, seed: str, number: int) -> str:
    letters = seed + "".join(ascii_lowercase[number // 26**place % 26] for place in range(3))
    return _WORDS[kind].format(letters=letters, number=number)


@cache
def _places(example: str) -> tuple[tuple[Pointer, str], ...]:
    """Where the standard lets a sender choose the words, and what kind of word it takes there."""
    document = _complete(example)
    found = []
    for pointer, value in list(leaves(document)):
        if pointer[0] in SECTIONS and isinstance(value, str):
            found += [(pointer, kind) for kind in _WORDS if _accepts(document, pointer, _word(kind, "seeded", 0))][:1]
    return tuple(found)


def _accepts(document: Document, pointer: Pointer, word: str) -> bool:
    before = _at(document, pointer)
    _put(document, pointer, word)
    try:
        NOTIFICATION.validate_json(json.dumps(document))
    except ValidationError:
        return False
    finally:
        _put(document, pointer, before)
    return True


def _complete(example: str) -> Document:
    document: Document = json.loads((_EXAMPLES / example).read_text())
    del document["reference"]
    document.pop("additional_recipients", None)
    if document["kind"] == "start":
        _merge(document, deepcopy(_MORE))
        document["documents"]["items"][0]["title"] = "w"
    if document["kind"] == "end":
        document["placement"]["ending"] |= _ENDING
    return document


def _merge(into: Document, more: Document) -> None:
    for name, value in more.items():
        if isinstance(value, dict) and isinstance(into.get(name), dict) and "not_known" not in into[name]:
            _merge(into[name], value)
        else:
            into[name] = value


def _at(document: Any, pointer: Pointer) -> Any:
    for part in pointer:
        document = document[part]
    return document


def _put(document: Any, pointer: Pointer, value: object) -> None:
    _at(document, pointer[:-1])[pointer[-1]] = value
