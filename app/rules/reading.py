"""Reading a notification that may lack anything: plain JSON in, a fact or None out, never an error."""

from collections.abc import Iterator, Mapping
from datetime import date
from enum import Enum
from functools import cache

_CHOSEN_BY = ("type", "person", "role", "approver", "category")
_STILL_OPEN = frozenset({"not_known", "unknown", "to_be_told", "to_follow", "none_yet"})


class Leaf(Enum):
    """How far a fact has been given. An explicit "there is none" is given."""

    GIVEN = "given"
    NOT_KNOWN = "not_known"
    ABSENT = "absent"


def find(document: object, path: str) -> object:
    """What stands at a dotted path, or None. In a list a name picks the element of that type, role or person.

    Where the path runs into "not known", that answer is what is found.
    """
    value = document
    for name in _steps(path):
        if isinstance(value, dict):
            value = value if "not_known" in value else value.get(name)
        elif isinstance(value, list):
            value = next((each for each in value if _chosen(each, name)), None)
        else:
            return None
    return value


@cache
def _steps(path: str) -> tuple[str, ...]:
    """Paths are the tables' and ours, never a sender's, so their number is bounded."""
    return tuple(path.split("."))


def _chosen(element: object, name: str) -> bool:
    return isinstance(element, dict) and any(element.get(key) == name for key in _CHOSEN_BY)


def leaf_state(value: object) -> Leaf:
    """Whether what was found settles it. A paper only expected, or a person still to be told, does not."""
    if value is None:
        return Leaf.ABSENT
    if isinstance(value, str):
        return Leaf.NOT_KNOWN if value in _STILL_OPEN else Leaf.GIVEN
    if not isinstance(value, dict):
        return Leaf.GIVEN
    if "not_known" in value:
        return Leaf.GIVEN if value["not_known"] == "has_none" else Leaf.NOT_KNOWN
    if value.get("state") in _STILL_OPEN or _paper_awaited(value):
        return Leaf.NOT_KNOWN
    return Leaf.GIVEN


def _paper_awaited(value: Mapping[str, object]) -> bool:
    awaited = "expected_on" in value or leaf_state(value.get("not_held")) is Leaf.NOT_KNOWN
    return awaited and "document_id" not in value and "given_otherwise_on" not in value and "state" not in value


def text(document: object, path: str) -> str | None:
    value = find(document, path)
    return value if isinstance(value, str) else None


def number(document: object, path: str) -> int | None:
    value = find(document, path)
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def is_true(document: object, path: str) -> bool:
    return find(document, path) is True


def day(document: object, path: str) -> date | None:
    return to_day(find(document, path))


def to_day(value: object) -> date | None:
    """A date between 1900 and 2199, as the published standard has it; the day of a moment too."""
    if not isinstance(value, str):
        return None
    try:
        found = date.fromisoformat(value[:10])
    except ValueError:
        return None
    return found if 1900 <= found.year < 2200 else None


def before(earlier: date | None, later: date | None) -> bool:
    """Strictly before; nothing is before a day that is not known, nor it before anything."""
    return earlier is not None and later is not None and earlier < later


def elements(document: object, path: str) -> Iterator[Mapping[str, object]]:
    """The objects in the list at ``path``, if there is one."""
    value = find(document, path)
    if isinstance(value, list):
        yield from (each for each in value if isinstance(each, dict))


def wishes_look_again_on(document: object) -> list[date]:
    """The days on which wishes that are not met are to be looked at again."""
    open_ones = (each for each in elements(document, "voice.wishes") if each.get("outcome") != "met")
    days = (to_day(each.get("look_again_on")) for each in open_ones)
    return [found for found in days if found]
