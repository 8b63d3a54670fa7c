"""Counting by month, apart from any request: the ledger says which months have news, and those are counted anew.

A position in the ledger is given only after the commit, so following it misses nothing. A month is counted whole
from the rows themselves, which makes counting twice harmless: a crash leaves a month due, never counted wrong.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from statistics import median
from typing import Any, Final, NamedTuple

import orjson
from sqlalchemy import Connection, Row, insert

from app.db.engine import Database
from app.kit.ids import made_at, sorts_from
from app.kit.repeating import Repeating
from app.ledger.following import LEAVES
from app.oversight import months
from app.oversight.models import COUNTS, oversight_counts, oversight_months, oversight_place
from app.rules.edition import current
from app.rules.working_time import day_starts, london_day

BATCH: Final = 1000
_PAGE: Final = 500
_NEWS: Final = (b'"notification.', b'"recipient.recalled"')
_WITHIN_24_HOURS: Final = "area-told-within-24-hours"
_NOTICE: Final = ("notice", "area_notice")


class Key(NamedTuple):
    """One line of a report: whose, on which side, about which partner and function."""

    organisation_code: str
    side: str
    partner_code: str
    function: str


class Tally:
    """The counts of one line while they grow; times in minutes."""

    def __init__(self) -> None:
        self.counts = dict.fromkeys(COUNTS, 0)
        self.opened: list[int] = []
        self.acknowledged: list[int] = []

    def add(self, row: Row[Any], start: "Start | None") -> None:
        """Count one recipient of one notification; ``start`` where that was the first word of a placement."""
        found = {
            "told": True,
            "starts": start is not None,
            "within_24_hours": start is not None and start.within_24_hours,
            "emergencies": start is not None and start.emergency,
            "within_5_working_days": start is not None and start.emergency and start.noticed_in_time,
            "retrieved": bool(row.retrieved_at or row.opened_at),
            "opened": row.opened_at is not None,
            "acknowledged": row.acknowledged_at is not None,
            "in_time": row.acknowledged_at is not None and row.acknowledged_at <= row.acknowledge_by,
        }
        for name, is_so in found.items():
            self.counts[name] += is_so
        if row.opened_at:
            self.opened.append(_minutes(row.sent_at, row.opened_at))
        if row.acknowledged_at:
            self.acknowledged.append(_minutes(row.sent_at, row.acknowledged_at))

    def values(self) -> dict[str, Any]:
        """As columns."""
        times = {
            "open_median": _middle(self.opened),
            "open_p90": _ninth(self.opened),
            "acknowledge_median": _middle(self.acknowledged),
            "acknowledge_p90": _ninth(self.acknowledged),
        }
        return {**self.counts, **times}


class Start(NamedTuple):
    """How soon after a child moved in the others were told."""

    emergency: bool
    within_24_hours: bool
    noticed_in_time: bool


class Counter(Repeating):
    """Finds the months with news and counts each anew, every ``interval`` seconds."""

    def __init__(self, database: Database, interval: float) -> None:
        super().__init__("counter", interval, lambda: self._catch_up(database))

    def _catch_up(self, database: Database) -> None:
        while not self.stopping and look_for_news(database) == BATCH:
            pass
        while not self.stopping and count_one(database):
            pass


def look_for_news(database: Database, most: int = BATCH) -> int:
    """Follow the ledger by up to ``most`` entries, and remember which months they are about; returns how many."""
    with database.write() as connection:
        was = connection.scalar(months.PLACE)
        if was is None:
            connection.execute(insert(oversight_place), {"id": 1, "position": 0})
            was = 0
        leaves = connection.execute(LEAVES, {"from_position": was, "limit": most}).all()
        if not leaves:
            return 0
        last = leaves[-1].position + 1
        if connection.execute(months.MOVE, {"was": was, "now": last}).rowcount != 1:
            # Another process follows the ledger too, and was first.
            return 0
        for organisation, month in sorted(_months(connection, leaves)):
            _remember(connection, organisation, month, last)
    return len(leaves)


def _months(connection: Connection, leaves: Iterable[Row[Any]]) -> set[tuple[str, str]]:
    bodies = (bytes(leaf.body) for leaf in leaves)
    subjects = (orjson.loads(body)["subject"] for body in bodies if any(each in body for each in _NEWS))
    ids = sorted({subject["notification"] for subject in subjects if subject.get("notification")})
    rows = connection.execute(months.SENT_BY, {"ids": ids}).all() if ids else ()
    return {(row.organisation_code, month_of(row.id)) for row in rows}


def _remember(connection: Connection, organisation: str, month: str, position: int) -> None:
    told = {"b_organisation": organisation, "b_month": month, "b_told": position}
    if connection.execute(months.TELL, told).rowcount == 0:
        row = {"organisation_code": organisation, "month": month, "told": position, "counted": 0}
        connection.execute(insert(oversight_months), row)


def count_one(database: Database) -> bool:
    """Count one month of one sender that has news, whole; False where none has."""
    with database.read() as connection:
        due = connection.execute(months.DUE).first()
        if due is None:
            return False
        tallies = _tallies(connection, due.organisation_code, due.month)
    with database.write() as connection:
        done = {"b_organisation": due.organisation_code, "b_month": due.month, "b_told": due.told}
        if connection.execute(months.COUNTED, done).rowcount == 1:
            _write(connection, due.organisation_code, due.month, tallies)
    return True


def _tallies(connection: Connection, sender: str, month: str) -> Mapping[Key, Tally]:
    """Read a month page by page: what is held at once does not grow with it."""
    tallies: dict[Key, Tally] = defaultdict(Tally)
    first, last = bounds(month)
    after = first
    while rows := connection.execute(
        months.SENT_IN, {"organisation": sender, "after": after, "last": last, "limit": _PAGE}
    ).all():
        sent = {row.id: row for row in rows}
        starts = dict(_starts(connection, rows))
        for told in connection.execute(months.TOLD, {"ids": list(sent)}):
            for key in _keys(sender, sent[told.notification_id].host_area, told):
                tallies[key].add(told, starts.get(told.notification_id))
        after = rows[-1].id
    return tallies


def _keys(sender: str, host_area: str | None, told: Row[Any]) -> Iterator[Key]:
    """A sender's report is by whom it told; that of an area by who sent, and by the function there that was told."""
    yield Key(sender, "placing", told.organisation_code, told.function)
    if told.side == "host" and host_area is not None and host_area != sender:
        yield Key(host_area, "host", sender, told.function)


def _starts(connection: Connection, rows: Sequence[Row[Any]]) -> Iterator[tuple[str, Start]]:
    starts = {row.id: row for row in rows if row.kind == "start"}
    places = sorted({row.placement_id for row in starts.values()})
    found: dict[str, list[Row[Any]]] = defaultdict(list)
    for clock in connection.execute(months.CLOCKS, {"ids": places}) if places else ():
        found[clock.notification_id].append(clock)
    duties = _duties()
    for notification_id, row in starts.items():
        in_time = {clock.code for clock in found[notification_id] if clock.met_at and clock.met_at <= clock.due_at}
        notices = [clock.code for clock in found[notification_id] if duties.get(clock.code) in _NOTICE]
        yield (
            notification_id,
            Start(row.urgency == "emergency", _WITHIN_24_HOURS in in_time, bool(notices) and in_time >= set(notices)),
        )


def _duties() -> Mapping[str, str]:
    return {row.code: row.duty for row in current().clocks}


def _write(connection: Connection, sender: str, month: str, tallies: Mapping[Key, Tally]) -> None:
    """Replace what was counted for a month before. A line nobody belongs to any more counts nothing."""
    held = {Key(*row) for row in connection.execute(months.HELD, {"sender": sender, "month": month})}
    for key in sorted(held):
        values = {**key._asdict(), "month": month, **tallies.get(key, Tally()).values()}
        connection.execute(months.REPLACE, {f"b_{name}": value for name, value in values.items()})
    fresh = [
        {**key._asdict(), "month": month, "sender_code": sender, **tallies[key].values()}
        for key in sorted(tallies.keys() - held)
    ]
    if fresh:
        connection.execute(insert(oversight_counts), fresh)


def month_of(made: str) -> str:
    """The month in London in which something with this id was made."""
    return london_day(made_at(made)).isoformat()[:7]


def bounds(month: str) -> tuple[str, str]:
    """Ids of notifications between which everything sent in a month of London lies."""
    first = date.fromisoformat(f"{month}-01")
    return sent_from(first), sent_from((first + timedelta(days=31)).replace(day=1))


def sent_from(day: date) -> str:
    """What sorts before every notification sent from the start of this day on, in London."""
    return sorts_from("ntf", day_starts(day))


def _minutes(sent_at: str, at: str) -> int:
    taken = datetime.fromisoformat(at) - datetime.fromisoformat(sent_at)
    return max(0, int(taken.total_seconds() // 60))


def _middle(minutes: list[int]) -> int | None:
    return round(median(minutes)) if minutes else None


def _ninth(minutes: list[int]) -> int | None:
    """The time within which nine in ten had done it."""
    return sorted(minutes)[max(0, -(-len(minutes) * 9 // 10) - 1)] if minutes else None
