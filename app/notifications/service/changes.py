"""What an update changes, as JSON pointers: names of fields and places in lists, never a value. Pure."""

from collections.abc import Iterator, Mapping
from itertools import zip_longest
from typing import Any

MOST = 200


def changes(before: Mapping[str, Any], sent: Mapping[str, Any]) -> list[str]:
    """Pointers to what differs between the words that stood and the sections sent; at most ``MOST``, then sections."""
    found = [pointer for name, words in sent.items() for pointer in _differing(f"/{name}", before.get(name), words)]
    return found if len(found) <= MOST else [f"/{name}" for name, words in sent.items() if before.get(name) != words]


def _differing(pointer: str, old: Any, new: Any) -> Iterator[str]:
    if old == new:
        return
    if isinstance(old, dict) and isinstance(new, dict):
        for name in sorted(old.keys() | new.keys()):
            yield from _differing(f"{pointer}/{name}", old.get(name), new.get(name))
    elif isinstance(old, list) and isinstance(new, list):
        for place, (was, now) in enumerate(zip_longest(old, new)):
            yield from _differing(f"{pointer}/{place}", was, now)
    else:
        yield pointer
