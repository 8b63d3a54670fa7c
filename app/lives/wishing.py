"""What became of a child's wishes, over every placement in which they were said. Pure.

A wish is known again by its words: capitals and spaces do not make it another. It stays open until it is said to be
met, wherever the child lives by then and whether or not a later notice repeats it.
"""

from collections.abc import Iterable, Mapping
from typing import Any, Final, NamedTuple

MET: Final = "met"

_NEVER: Final = "9999"
"""Sorts after every day: no day to look again is later than any."""


class Said(NamedTuple):
    """One wish as one notification told it."""

    at: str
    placement_id: str
    wish: Mapping[str, Any]


class Tracked(NamedTuple):
    """A wish with its first and its last telling."""

    first: Said
    last: Said
    explained: bool
    """Whether it was ever explained to the child why it is not met, or not yet."""

    @property
    def is_open(self) -> bool:
        return bool(self.last.wish.get("outcome") != MET)

    @property
    def look_again_on(self) -> str | None:
        """When somebody is to look again; nobody does where it is met."""
        return self.last.wish.get("look_again_on") if self.is_open else None


def follow(told: Iterable[Said]) -> list[Tracked]:
    """Each wish once, from every telling, oldest first: what is open, and soonest to be looked at, before the rest."""
    found: dict[str, Tracked] = {}
    for said in told:
        name = " ".join(str(said.wish.get("wish", "")).casefold().split())
        before = found.get(name)
        explained = bool(said.wish.get("explained_on")) or bool(before and before.explained)
        found[name] = Tracked(before.first if before else said, said, explained)
    return sorted(found.values(), key=lambda each: (not each.is_open, each.look_again_on or _NEVER, each.first.at))
