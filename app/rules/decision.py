"""What follows from one notification: who is told, by when, what is still owed, what to look at."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from app.rules.facts import Facts
from app.rules.reading import Leaf
from app.rules.rows import ClockRow, CoverageRow, ItemRow, RecipientRow, WarningRow
from app.rules.working_time import Length


class RecipientRule(NamedTuple):
    """A function of a party that is told. ``party`` is resolved to organisations by the directory.

    ``reasons`` are the codes of every rule that asks for it; the first gives basis, source and answer time.
    """

    code: str
    reasons: tuple[str, ...]
    party: str
    function: str
    side: str
    standing: str
    why: str
    basis: str
    source: str
    acknowledge_by: datetime


class Clock(NamedTuple):
    """A duty with its time. ``unit`` is hour, day, week, month, working_day, or moment: before it starts."""

    code: str
    title: str
    duty: str
    basis: str
    source: str
    sureness: str
    starts_at: datetime
    due_at: datetime
    owner: str
    unit: str
    met_by: str


class Item(NamedTuple):
    """One leaf still owed, and the row that asks for it.

    ``known_gap`` says that the sender wrote "not known" with a reason.
    """

    item: str
    row: ItemRow
    due_at: datetime
    known_gap: bool

    @property
    def rule(self) -> str:
        return self.row.code


class Caution(NamedTuple):
    """What a person should look at. Never a refusal. The message holds none of the sender's words."""

    code: str
    message: str
    pointer: str | None
    basis: str
    source: str


class NotHeld(NamedTuple):
    """Why the law for this case is not held here, and what to do instead."""

    code: str
    title: str
    todo: str
    source: str


@dataclass(frozen=True, slots=True)
class Decision:
    """The answer of one edition for one notification. ``not_held`` is set exactly when ``held`` is false."""

    edition: str
    recipients: tuple[RecipientRule, ...]
    clocks: tuple[Clock, ...]
    outstanding: tuple[Item, ...]
    warnings: tuple[Caution, ...]
    held: bool
    not_held: NotHeld | None


def recipients(rows: Iterable[RecipientRow], facts: Facts) -> tuple[RecipientRule, ...]:
    """One for each party and function, however many rules ask for it; the rule that insists most speaks."""
    found: dict[tuple[str, str], list[RecipientRow]] = {}
    for row in rows:
        found.setdefault((row.party, row.function), []).append(row)
    return tuple(_recipient(together, facts) for together in found.values())


def _recipient(rows: list[RecipientRow], facts: Facts) -> RecipientRule:
    rows.sort(key=lambda row: _WEIGHT[row.standing])
    chief = rows[0]
    return RecipientRule(
        code=chief.code,
        reasons=tuple(row.code for row in rows),
        party=chief.party,
        function=chief.function,
        side=side_of(chief.party, facts),
        standing=chief.standing,
        why="; ".join(row.why for row in rows),
        basis=chief.basis,
        source=chief.source,
        acknowledge_by=chief.acknowledge.after(facts.context.received_at),
    )


_WEIGHT = {"required": 0, "usual": 1, "suggested": 2}


def side_of(party: str, facts: Facts) -> str:
    """The side of a party. Whoever keeps an education plan is host only if it is the area's authority."""
    if party == "maintaining_authority":
        return "host" if "plan_kept_by_host" in facts.so else "placing"
    return "host" if party.startswith("host_") else "placing"


def clock(row: ClockRow, trigger: datetime, received_at: datetime) -> Clock:
    """Start one clock. What counts backwards runs from our receipt, and is due now if its day has passed."""
    due_at = row.length.after(trigger)
    starts_at = received_at if row.length.before else trigger
    return Clock(
        code=row.code,
        title=row.title,
        duty=row.duty,
        basis=row.basis,
        source=row.source,
        sureness=row.sureness,
        starts_at=starts_at,
        due_at=max(due_at, starts_at),
        owner=row.owner,
        unit=row.length.unit,
        met_by=row.met_by,
    )


def carried_clock(clock: Clock, starts_at: datetime, due_at: datetime) -> Clock:
    """The same clock as it ran before: who answers for a child may change, and nobody gains time by it."""
    return Clock(**{**clock._asdict(), "starts_at": starts_at, "due_at": due_at})


def clocks(rows: Iterable[ClockRow], facts: Facts) -> tuple[Clock, ...]:
    """The clocks whose trigger is known."""
    received_at, moments = facts.context.received_at, facts.moments
    return tuple(clock(row, moments[row.starts], received_at) for row in rows if row.starts in moments)


def outstanding(rows: Iterable[ItemRow], facts: Facts, running: Iterable[Clock], fallback: Length) -> tuple[Item, ...]:
    """Each leaf still owed, once, under the first rule that asks for it, due with the clock of its duty.

    What is inside a leaf that is owed is not asked for apart.
    """
    due: dict[str, datetime] = {}
    for one in running:
        due[one.duty] = min(one.due_at, due.get(one.duty, one.due_at))
    otherwise = fallback.after(facts.context.received_at)
    found: dict[str, Item] = {}
    for row in rows:
        due_at, said = due.get(row.by, otherwise), row.section in facts.document
        for leaf in row.needs:
            if leaf in found or leaf.rpartition(".")[0] in found:
                continue
            state = facts.state_of(leaf) if said else Leaf.ABSENT
            if state is Leaf.ABSENT or (state is Leaf.NOT_KNOWN and row.not_known == "stays"):
                found[leaf] = Item(leaf, row, due_at, state is Leaf.NOT_KNOWN)
    return tuple(found.values())


def warnings(rows: Iterable[WarningRow]) -> tuple[Caution, ...]:
    return tuple(Caution(row.code, row.message, row.pointer or None, row.basis, row.source) for row in rows)


def not_held(row: CoverageRow) -> NotHeld:
    return NotHeld(row.code, row.title, row.todo, row.source)
