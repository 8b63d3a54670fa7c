"""The guard that keeps the ledger from telling a story: ids, codes, times, digests and small numbers only.

An entry can never be erased, so no name, word or value may get into one. Whatever does not have one of the
shapes below is refused before it is written and the unit of work fails: a fault of ours, not of a client.
A lone small word cannot be told from a code: what is recorded still has to be chosen with care.
"""

import re
from collections.abc import Mapping, Sequence

Fact = str | int | bool | None | Sequence["Fact"] | Mapping[str, "Fact"]

_CODE = r"(?:[A-Z]{1,4}|(?=[A-Z]*[0-9])(?=[0-9]*[A-Z])[A-Z0-9]{2,12}|[1-9][0-9]{5})"
_WORD = r"[a-z][a-z0-9]*(?:[_.:-][a-z0-9]+)*"
_SHAPES = (
    r"[a-z]{3}_[0-9a-hjkmnp-tv-z]{26}",  # an id of ours
    r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z",  # a time; a bare date could be a date of birth
    r"(?:[0-9a-f]{2}){16,64}",  # a digest
    _WORD,  # a code of ours: children_in_care_health, notifications:send
    r"[a-z_]{1,40}",  # a purpose, as an assertion may give it
    _CODE,  # a code of ONS, ODS, the 903 return or a school: E06000051, QOC, C2, 123456
    rf"{_CODE}\.{_WORD}",  # an organisation's function
    r"\d{4}-\d\d(?:\.\d{1,3})?",  # an edition of the rules
    rf"(?:/(?:\.?{_WORD}|\{{[a-z_]+\}}|\d{{1,4}}))+",  # a route or a pointer into a published document
)
_PLAIN = re.compile("|".join(f"(?:{shape})" for shape in _SHAPES), re.ASCII)
_POSTCODE = re.compile(r"[A-Z]{1,2}[0-9][A-Z0-9]?[0-9][A-Z]{2}")
_NAME = re.compile(r"[a-z][a-z0-9_]{0,63}")
_LONGEST = 128
_LARGEST = 10**9 - 1
"""One digit short of an NHS number."""


class TellsStory(ValueError):
    """A fact may be words or an identifier of a person. The text names its place, never its value."""


def check(place: str, fact: Fact) -> None:
    """Raise TellsStory unless ``fact``, and everything in it, may stand in the ledger."""
    if isinstance(fact, str):
        _check_text(place, fact)
    elif isinstance(fact, int):
        _check_number(place, fact)
    elif isinstance(fact, Mapping):
        _check_members(place, fact)
    elif isinstance(fact, (list, tuple)):
        for number, inner in enumerate(fact):
            check(f"{place}.{number}", inner)
    elif fact is not None:
        raise TellsStory(f"{place} is of a kind the ledger does not hold")


def _check_members(place: str, members: Mapping[str, Fact]) -> None:
    for name, fact in members.items():
        if not _NAME.fullmatch(name):
            raise TellsStory(f"{place} has a member whose name is not one of ours")
        check(f"{place}.{name}", fact)


def _check_number(place: str, number: int) -> None:
    if abs(number) > _LARGEST:
        raise TellsStory(f"{place} is too large a number for the ledger")


def is_plain(text: str) -> bool:
    """Whether ``text`` has the shape of an id, a code, a time or a digest, and not that of a postcode."""
    return len(text) <= _LONGEST and bool(_PLAIN.fullmatch(text)) and not _POSTCODE.fullmatch(text)


def _check_text(place: str, text: str) -> None:
    if not is_plain(text):
        raise TellsStory(f"{place} does not have the shape of an id, a code, a time or a digest")
