"""How a passport moves between health teams: states, acts and clocks, the rows of ``passport_transfers.toml``."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from app.rules.rows import EditionError, refuse_twice, refuse_unknown
from app.rules.working_time import Length

NEW_TEAM, OUTGOING_TEAM, PLACING_SIDE, NOBODY = "new_team", "outgoing_team", "placing_side", "nobody"
"""Who has a part in a transfer. The placing side is the authority that looks after the child, or its health team."""

MOVE, OFFER, RE_ROUTE = "move", "offer", "re_route"
"""What opened a transfer: a notification, a person of the placing side, or a refusal by another team."""

OFFERED, QUERIED, DECLINED, ACCEPTED = "offered", "queried", "declined", "accepted"
REROUTED, WITHDRAWN, LAPSED = "rerouted", "withdrawn", "lapsed"
STATES: Final = (OFFERED, QUERIED, DECLINED, ACCEPTED, REROUTED, WITHDRAWN, LAPSED)
ACTS: Final = ("accept", "query", "reply", "decline", "re_route", "withdraw", "confirm")
_PARTS: Final = (NEW_TEAM, OUTGOING_TEAM, PLACING_SIDE)
_URGENCIES: Final = ("planned", "emergency")
_SAID: Final = ("code", "title", "basis", "source", "sureness")


@dataclass(frozen=True, slots=True)
class State:
    """Where a transfer stands, who has to act next and within what, and in which moves the new team reads already.

    ``until_due``: of transfers opened like this, the new team reads no longer than until its first answer was due.
    """

    title: str
    waits_for: str
    within: Mapping[str, Length]
    reads: frozenset[str]
    until_due: frozenset[str]

    def due(self, urgency: str, since: datetime) -> datetime | None:
        """By when whoever it waits for has to act. None: nobody has to."""
        return self.within[urgency].after(since) if self.within else None


@dataclass(frozen=True, slots=True)
class Act:
    """What may be done by whom, in which states, and the state it leads to; None leaves it where it is.

    ``hands_on``: it brings the passport to another team, which must never join an old identity to a new one.
    """

    title: str
    by: frozenset[str]
    states: frozenset[str]
    to: str | None
    hands_on: bool


@dataclass(frozen=True, slots=True)
class Decline:
    """What the placing side does after a refusal, and whether it has to say who provides meanwhile."""

    todo: str
    needs_provider: bool


@dataclass(frozen=True, eq=False, slots=True)
class PassportTransfers:
    """The tables of one edition."""

    states: Mapping[str, State]
    acts: Mapping[str, Act]
    confirm_within: Mapping[str, Length]
    declines: Mapping[str, Decline]

    def confirm_by(self, urgency: str, offered_at: datetime) -> datetime:
        """By when the outgoing team confirms the passport."""
        return self.confirm_within[urgency].after(offered_at)

    @property
    def reading(self) -> list[str]:
        """Every state and urgency, as ``offered.emergency``, in which a team that has not accepted reads already."""
        return [f"{code}.{urgency}" for code, state in self.states.items() for urgency in sorted(state.reads)]

    def reads(self, state: str, urgency: str, over: bool) -> bool:
        """Whether a team that has not accepted reads the passport already, or still; ``over``: its time to is."""
        return urgency in self.states[state].reads and not over

    def reads_until(self, opened_by: str, urgency: str, offered_at: datetime) -> datetime | None:
        """The end of that reading, whatever is asked and answered meanwhile. None: it lasts as long as the offer."""
        offered = self.states[OFFERED]
        return offered.due(urgency, offered_at) if opened_by in offered.until_due else None


def read_passport_transfers(raw: dict[str, Any]) -> PassportTransfers:
    """Read the tables. Raises EditionError unless every state and act is decided, once, with no way astray."""
    where = "passport_transfers.toml"
    refuse_unknown(where, "table", raw, ("state", "act", "task", "decline"))
    for table, words in (("state", STATES), ("act", ACTS), ("task", ("confirm",))):
        codes = [row["code"] for row in raw[table]]
        refuse_twice(f"{where}: {table}", codes)
        if odd := sorted(set(codes).symmetric_difference(words)):
            raise EditionError(f"{where}: {table} {odd[0]}: missing, or not known")
    refuse_twice(f"{where}: decline", [row["code"] for row in raw["decline"]])
    return PassportTransfers(
        {row["code"]: _state(f"{where}: state {row['code']}", row) for row in raw["state"]},
        {row["code"]: _act(f"{where}: act {row['code']}", row) for row in raw["act"]},
        _within(f"{where}: task confirm", raw["task"][0]["within"]),
        {row["code"]: Decline(row["todo"], row.get("needs_provider", False)) for row in raw["decline"]},
    )


def _state(at: str, row: Mapping[str, Any]) -> State:
    refuse_unknown(at, "key", row, (*_SAID, "waits_for", "within", "reads", "until_due"))
    refuse_unknown(at, "party", [row["waits_for"]], (*_PARTS, NOBODY))
    refuse_unknown(at, "urgency", row["reads"], _URGENCIES)
    if (row["waits_for"] == NOBODY) == ("within" in row):
        raise EditionError(f"{at}: a length belongs to whoever has to act, and to nobody else")
    within = _within(at, row["within"]) if "within" in row else {}
    until_due = row.get("until_due", [])
    refuse_unknown(at, "way of opening", until_due, (MOVE, OFFER, RE_ROUTE))
    if until_due and row["code"] != OFFERED:
        raise EditionError(f"{at}: only what is due first, from the offer on, ends a reading")
    return State(row["title"], row["waits_for"], within, frozenset(row["reads"]), frozenset(until_due))


def _act(at: str, row: Mapping[str, Any]) -> Act:
    refuse_unknown(at, "key", row, ("code", "title", "by", "in", "to", "hands_on"))
    refuse_unknown(at, "party", row["by"], _PARTS)
    refuse_unknown(at, "state", [*row["in"], *([row["to"]] if "to" in row else ())], STATES)
    return Act(row["title"], frozenset(row["by"]), frozenset(row["in"]), row.get("to"), row.get("hands_on", False))


def _within(at: str, raw: Mapping[str, str]) -> Mapping[str, Length]:
    if set(raw) != set(_URGENCIES):
        raise EditionError(f"{at}: needs a length for planned and for emergency")
    return {urgency: Length.parse(words) for urgency, words in raw.items()}
