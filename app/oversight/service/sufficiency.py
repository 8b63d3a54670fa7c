"""Whether there are homes that fit: placements begun in a quarter by ethnicity, and the needs no home could meet.

Both stand in sealed sections alone. They are opened to be counted, one page of placements at a time, and nothing of
one child leaves: an answer holds counts, and small ones are kept back. A quarter is counted once, when it is first
asked for, and its counts are kept sealed: words that change later would move them by single children.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, NamedTuple

import orjson
from sqlalchemy import Row

from app.access.disclosure import part_name
from app.ledger.actions import Action
from app.oversight import queries
from app.oversight.counting import sent_from
from app.oversight.errors import BadPeriod
from app.oversight.models import oversight_quarters
from app.oversight.policy import ETHNIC_GROUPS, ETHNICITY, GROUP_OF, NOT_TOLD, told_of, told_of_needs, total_of_needs
from app.placements.queries import FRAMES
from app.rules.reading import find, text
from app.standard.codes import code_lists
from app.vault import frame
from app.work.tx import Tx

_PAGE: Final = 200
_QUARTER: Final = re.compile(r"(\d{4})-Q([1-4])")
_BY_ETHNICITY: Final = ("child", "legal", "decision")
_BY_NEED: Final = ("decision",)


Tallies = dict[str, dict[str, int]]
"""Counts by name, in groups."""


class Period(NamedTuple):
    """A quarter: what it is called, its first day, and the first after it."""

    name: str
    first: date
    after: date


@dataclass(frozen=True, slots=True)
class Begun:
    """One placement that began, with the words that are counted."""

    row: Row[Any]
    words: Mapping[str, Any]


def by_ethnicity(tx: Tx, quarter: str | None) -> dict[str, Any]:
    """Placements begun in a quarter by ethnic group; leaves an entry. Raises BadPeriod."""
    period = _period(quarter, tx.today)
    lines = _counted_once(tx, "ethnicity", period, _count_groups)
    told, total = told_of(list(lines.values()), ETHNICITY)
    items = [
        {"ethnicity": group, "kept_back": counts["placements"] is None, **counts}
        for group, counts in zip(lines, told, strict=True)
    ]
    _record(tx, "ethnicity", period)
    return {"quarter": period.name, "items": items, "total": total}


def unmet_needs(tx: Tx, quarter: str | None) -> dict[str, Any]:
    """For how many placements begun in a quarter no home met a need; leaves an entry. Raises BadPeriod."""
    period = _period(quarter, tx.today)
    found = _counted_once(tx, "unmet_needs", period, _count_needs)
    counts, among = found["needs"], found["whole"]["placements"]
    shown = told_of_needs(counts, among)
    titles = code_lists()["need"].codes
    items = [
        {"need": need, "title": titles[need].label, "kept_back": shown[need] is None, "placements": shown[need]}
        for need in titles
        if need in counts
    ]
    _record(tx, "unmet_needs", period)
    any_unmet = total_of_needs(found["any"]["need_unmet"], among, counts)
    total = {**told_of_needs(found["whole"], among), "any_need_unmet": any_unmet}
    return {"quarter": period.name, "items": items, "total": total}


def _counted_once(tx: Tx, report: str, period: Period, count: Callable[[Tx, Period], Tallies]) -> Tallies:
    """What a report counts of a quarter: as it was counted first, whatever became known since."""
    kept = f"{tx.by.organisation}|{report}|{period.name}"
    row = tx.one(queries.QUARTER, {"id": kept})
    if row is not None:
        held: Tallies = orjson.loads(tx.vault.unseal_own("quarters", kept, row.sealed))
        return held
    found = count(tx, period)
    sealed = tx.vault.seal_own("quarters", kept, orjson.dumps(found))
    tx.add(oversight_quarters, {"id": kept, "counted_at": tx.at, "sealed": sealed})
    return found


def _count_groups(tx: Tx, period: Period) -> Tallies:
    """Every count of each ethnic group in which a placement began."""
    lines: dict[str, Counter[str]] = {group: Counter() for group in (*ETHNIC_GROUPS, NOT_TOLD)}
    for begun in _begun(tx, period, _BY_ETHNICITY):
        group = GROUP_OF.get(text(begun.words, "child.ethnicity") or "", NOT_TOLD)
        lines[group].update(_counted(begun))
    return {group: {each: line[each] for each in ETHNICITY.counts} for group, line in lines.items() if line}


def _count_needs(tx: Tx, period: Period) -> Tallies:
    """How often no home met each need, among how many placements, and in how many of them any."""
    counts: Counter[str] = Counter()
    among = told = unmet = 0
    for begun in _begun(tx, period, _BY_NEED):
        needs = find(begun.words, "decision.search.needs_unmet")
        among += 1
        told += find(begun.words, "decision.search") is not None
        unmet += bool(needs)
        counts.update(set(needs) if isinstance(needs, list) else ())
    whole = {"placements": among, "search_told": told}
    return {"needs": dict(counts), "whole": whole, "any": {"need_unmet": unmet}}


def _counted(begun: Begun) -> Iterable[str]:
    row, words = begun.row, begun.words
    so = {
        "placements": True,
        "emergencies": row.urgency == "emergency",
        "out_of_area": row.distance is not None,
        "at_a_distance": row.distance == "at_a_distance",
        "of_concern": row.concern is not None,
        "deprived_of_liberty": find(words, "legal.deprivation_of_liberty") is not None,
        "matching_told": find(words, "decision.matching") is not None,
    }
    return (name for name, is_so in so.items() if is_so)


def _begun(tx: Tx, period: Period, used: tuple[str, ...]) -> Iterator[Begun]:
    """Every placement the caller's authority began in a period."""
    place, last = sent_from(period.first), sent_from(period.after)
    while True:
        asked = {"organisation": tx.by.organisation, "after": place, "last": last, "limit": _PAGE}
        rows = tx.all(queries.BEGUN_IN, asked)
        yield from _opened(tx, rows, used)
        if len(rows) < _PAGE:
            return
        place = rows[-1].id


def _opened(tx: Tx, rows: Iterable[Row[Any]], used: tuple[str, ...]) -> Iterator[Begun]:
    where = {row.id: orjson.loads(row.sections) for row in rows}
    ids = sorted({places[name][0] for places in where.values() for name in used if name in places})
    frames = {
        each.id: frame.unpack(each.sealed) for each in (tx.all(FRAMES, {"ids": ids}) if ids else ()) if each.sealed
    }
    for row in rows:
        yield Begun(row, dict(_words(tx, row, where[row.id], frames, used)))


def _words(
    tx: Tx, row: Row[Any], places: Mapping[str, Any], frames: Mapping[str, Mapping[str, bytes]], used: tuple[str, ...]
) -> Iterator[tuple[str, Any]]:
    """The sections that are counted; none of a child whose words were erased, who still counts as a placement."""
    if row.wrapped is None:
        return
    key = tx.vault.unwrap(row.wrapped, row.master_key_id, row.child_id, row.organisation_code)
    for name in used:
        if name in places and places[name][0] in frames:
            sent = places[name][0]
            yield name, orjson.loads(tx.vault.unseal(key, part_name(sent, name), frames[sent][name]))


def _period(asked: str | None, today: str) -> Period:
    """A quarter that is over: what still grows would tell of single moves."""
    this = date.fromisoformat(today)
    begins = this.replace(month=(this.month - 1) // 3 * 3 + 1, day=1)
    if asked is None:
        after, first = begins, _months(begins, -3)
    else:
        if not (match := _QUARTER.fullmatch(asked)) or not 2000 <= int(match[1]) <= this.year:
            raise BadPeriod
        first = date(int(match[1]), int(match[2]) * 3 - 2, 1)
        after = _months(first, 3)
    if after > begins:
        raise BadPeriod
    return Period(f"{first.year}-Q{(first.month + 2) // 3}", first, after)


def _months(first: date, count: int) -> date:
    months = first.year * 12 + first.month - 1 + count
    return date(months // 12, months % 12 + 1, 1)


def _record(tx: Tx, name: str, period: Period) -> None:
    organisation = {"organisation": tx.by.organisation}
    tx.record(Action.OVERSIGHT_READ, organisation, list=name, first_month=period.first.isoformat()[:7])
