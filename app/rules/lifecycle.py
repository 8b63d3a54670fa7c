"""What a notification of each kind does to a placement: a next state, or a refusal with advice."""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import product
from typing import Any, Final

from app.rules.rows import EditionError, refuse_unknown
from app.rules.words import KINDS, STATES

BEGINNING: Final = "new"
"""The state of a placement that is not there yet."""


@dataclass(frozen=True, slots=True)
class Move:
    """The next state, or the code of a refusal with what to do instead: exactly one of the two is set."""

    state: str | None
    refusal: str | None = None
    advice: str = ""


@dataclass(frozen=True, eq=False, slots=True)
class Lifecycle:
    moves: Mapping[tuple[str, str], Move]

    def move(self, state: str | None, kind: str) -> Move:
        """The move from ``state``, None before the first notification. Raises KeyError for other words."""
        return self.moves[state or BEGINNING, kind]


def read_lifecycle(raw: dict[str, Any]) -> Lifecycle:
    """Read the table. Raises EditionError unless every state and kind is decided."""
    refuse_unknown("lifecycle.toml", "table", raw, ("moves", "refusals", "source"))
    refusals: dict[str, str] = raw["refusals"]
    table: dict[str, dict[str, str]] = raw["moves"]
    cells = {(state, kind): word for state, row in table.items() for kind, word in row.items()}
    if odd := sorted(set(product((BEGINNING, *STATES), KINDS)).symmetric_difference(cells)):
        raise EditionError(f"lifecycle.toml: {' '.join(odd[0])}: missing, or not a known state and kind")
    refuse_unknown("lifecycle.toml", "state or refusal", set(cells.values()), {*STATES, *refusals})
    return Lifecycle({key: _move(word, refusals) for key, word in cells.items()})


def _move(word: str, refusals: Mapping[str, str]) -> Move:
    return Move(word) if word in STATES else Move(None, word, refusals[word])
