"""What a notification of each kind does to a placement in each state."""

import pytest

from app.rules.edition import current
from app.rules.words import KINDS

MOVES = {
    None: ("consulted", "active", None, None, None),
    "consulted": ("consulted", "active", "consulted", None, "withdrawn"),
    "active": (None, None, "active", "ended", "withdrawn"),
    "ended": (None, None, "ended", None, None),
    "withdrawn": (None, None, None, None, None),
}


@pytest.mark.parametrize(
    ("state", "kind", "after"),
    [(state, kind, after) for state, row in MOVES.items() for kind, after in zip(KINDS, row, strict=True)],
)
def test_each_kind_moves_each_state_on_or_is_refused_with_advice(
    state: str | None, kind: str, after: str | None
) -> None:
    move = current().move(state, kind)
    assert move.state == after
    assert (move.refusal is None, move.advice == "") == (after is not None, after is not None)


@pytest.mark.parametrize(("state", "kind"), [("gone", "start"), ("active", "begin")])
def test_an_unknown_state_or_kind_is_refused(state: str, kind: str) -> None:
    with pytest.raises(KeyError):
        current().move(state, kind)
