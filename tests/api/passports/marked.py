"""A passport that says everything, in words found nowhere else: what leaks can be told from the bytes of an answer."""

import json
from collections.abc import Iterable
from functools import cache
from random import Random
from string import ascii_lowercase
from typing import Any

from pydantic import ValidationError

from app.standard.passport.document import HEALTH_PASSPORT
from tests.api.matrix.marked import _at, _merge, _put
from tests.api.matrix.marked import _word as words_of
from tests.api.matrix.tables import Pointer, dotted, leaves
from tests.api.passports.records import full

Document = dict[str, Any]

_KINDS = ("name", "phone", "email")
_MORE: Document = {
    "identity": {"gender": "02", "gender_in_own_words": "w", "former_names": ["w"]},
    "teams": {
        "host_health": {"name": "w", "phone": "01632 960041", "lead": "w"},
        "gp": {"name": "w", "phone": "01632 960041"},
        "commissioning": {"without_prejudice_provider": "QOC"},
        "others": [{"name": "w", "phone": "01632 960041"}],
    },
    "sight_hearing_teeth": {
        "sight": {"glasses": True, "finding": "w"},
        "hearing": {"next_due_on": "2027-03-01", "aids": "w"},
        "teeth": {"declined_on": "2026-01-20"},
    },
}
"""What the full example leaves out of what the tables name."""
_MORE_OF_AN_ENTRY = {
    "conditions": {"plan": "w"},
    "medicines": {"last_taken": "w"},
    "appointments": {"detail": "w"},
    "substance_use": {"detail": "w"},
    "family_history": {"detail": "w"},
}


def everything() -> Document:
    """A whole passport, marked anew: no two of these share a word."""
    document, seed = _complete(), "".join(Random().choices(ascii_lowercase, k=6))
    for number, (pointer, kind) in enumerate(_places()):
        _put(document, pointer, _word(kind, seed, number))
    return document


def marks(document: Document) -> dict[str, str]:
    """Each word by which a leak would be known, with the field it stands in."""
    return {str(_at(document, pointer)): dotted(pointer) for pointer, _ in _places()}


def found(text: str, words: Iterable[str]) -> set[str]:
    """Those of the words that stand in a text."""
    return {word for word in words if word in text}


def _word(kind: str, seed: str, number: int) -> str:
    """As in a notification, but no telephone number of one."""
    return f"020 7946 0{number:03d}" if kind == "phone" else words_of(kind, seed, number)


def _complete() -> Document:
    document = full()
    _merge(document, _MORE)
    for section, more in _MORE_OF_AN_ENTRY.items():
        _merge(document[section]["entries"]["items"][0], more)
    return document


@cache
def _places() -> tuple[tuple[Pointer, str], ...]:
    """Where the standard lets a team choose the words, and what kind of word it takes there."""
    document, found = _complete(), []
    for pointer, value in list(leaves(document)):
        if isinstance(value, str):
            found += [(pointer, kind) for kind in _KINDS if _accepts(document, pointer, _word(kind, "seeded", 0))][:1]
    return tuple(found)


def _accepts(document: Document, pointer: Pointer, word: str) -> bool:
    before = _at(document, pointer)
    _put(document, pointer, word)
    try:
        HEALTH_PASSPORT.validate_json(json.dumps(document))
    except ValidationError:
        return False
    finally:
        _put(document, pointer, before)
    return True
