"""Holding the rows of an edition against each other: unique, complete, in step with their dates.

An edition that failed here would send a child's notification to the wrong body.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from decimal import Decimal
from itertools import pairwise

from app.kit.errors import Fault
from app.organisations.edition import Edition, OrganisationRow, PeriodRow, RoutingRow, refuse_if_any
from app.organisations.kinds import Kind

_ROUNDING = Decimal("0.0005")
_HEALTH_KINDS = {"E": Kind.INTEGRATED_CARE_BOARD, "W": Kind.HEALTH_BOARD}
_Known = Mapping[str, OrganisationRow]


def check(edition: Edition, held: Collection[str]) -> None:
    """Raise InvalidDirectory unless the edition holds together. ``held``: the codes of the one before."""
    known = {row.code: row for row in edition.organisations}
    refuse_if_any(
        [
            *_twice("/organisations.csv", [row.code for row in edition.organisations]),
            *_dropped(known, held),
            *_periods(edition.periods),
            *(fault for row in edition.routing for fault in _references(row, known)),
            *(fault for period in edition.periods for fault in _routing(period, edition, known)),
            *_neighbours(edition, known),
            *_successions(edition, known),
        ]
    )


def _twice(at: str, keys: Sequence[object]) -> Iterator[Fault]:
    if len(set(keys)) != len(keys):
        yield Fault(at, "twice", f"{len(keys) - len(set(keys))} rows stand here twice.")


def _dropped(known: _Known, held: Collection[str]) -> Iterator[Fault]:
    # Records point at them for ever: an edition closes an organisation by valid_to, it never forgets it.
    if missing := sorted(set(held) - set(known)):
        yield Fault("/organisations.csv", "dropped", f"Held already, not listed here: {', '.join(missing)}.")


def _periods(periods: Sequence[PeriodRow]) -> Iterator[Fault]:
    ordered = sorted(periods, key=lambda row: row.valid_from)
    for earlier, later in pairwise(ordered):
        if earlier.valid_to is None or earlier.valid_to >= later.valid_from:
            yield Fault(later.at, "overlap", "Two routing tables are in force on the same day.")
    if not ordered or ordered[-1].valid_to is not None:
        yield Fault("/routing_periods.csv", "closed", "One routing table must be in force from now on.")


def _references(row: RoutingRow, known: _Known) -> Iterator[Fault]:
    area, health, police = (known.get(code) for code in (row.area_code, row.health_code, row.police_code))
    days = row.valid_from, row.valid_to
    if area is None or not area.in_force(*days):
        yield Fault(row.at, "area", "No such authority is in force in this period.")
    elif health is None or health.kind is not _HEALTH_KINDS[area.country] or not health.in_force(*days):
        yield Fault(row.at, "health", "No such health body of this country is in force in this period.")
    if police is None or police.kind is not Kind.POLICE_FORCE or not police.in_force(*days):
        yield Fault(row.at, "police", "No such police force is in force in this period.")


def _routing(period: PeriodRow, edition: Edition, known: _Known) -> Iterator[Fault]:
    by_area: dict[str, list[RoutingRow]] = defaultdict(list)
    for row in edition.routing:
        if row.valid_from == period.valid_from:
            by_area[row.area_code].append(row)
    for area, rows in by_area.items():
        yield from _one_area(f"/{period.file} {area}", rows)
    authorities = {row.code for row in known.values() if row.kind is Kind.LOCAL_AUTHORITY}
    days = period.valid_from, period.valid_to
    if missing := sorted(code for code in authorities - set(by_area) if known[code].in_force(*days)):
        yield Fault(f"/{period.file}", "missing", f"Authorities without a health body: {', '.join(missing)}.")


def _one_area(at: str, rows: Sequence[RoutingRow]) -> Iterator[Fault]:
    yield from _twice(at, [row.health_code for row in rows])
    if abs(sum((row.health_share for row in rows), Decimal(-1))) > _ROUNDING:
        yield Fault(at, "shares", "The shares of an area's health bodies must add up to 1.")
    if Counter(row.default for row in rows)["true"] != 1:
        yield Fault(at, "default", "Exactly one health body of an area is the default.")
    if len({row.police_code for row in rows}) != 1:
        yield Fault(at, "police", "An area has one police force.")


def _neighbours(edition: Edition, known: _Known) -> Iterator[Fault]:
    keys = [(row.area_code, row.adjacent_code) for row in edition.neighbours]
    pairs = dict(zip(keys, (row.evidence for row in edition.neighbours), strict=True))
    yield from _twice("/adjacent_areas.csv", keys)
    for row in edition.neighbours:
        if row.area_code not in known or row.area_code == row.adjacent_code:
            yield Fault(row.at, "area", "A neighbour is another authority that this edition lists.")
        if pairs.get((row.adjacent_code, row.area_code)) != row.evidence:
            yield Fault(row.at, "one_way", "The other direction of this pair is missing or differs.")


def _successions(edition: Edition, known: _Known) -> Iterator[Fault]:
    keys = [(row.predecessor_code, row.successor_code) for row in edition.successions]
    yield from _twice("/organisation_successions.csv", keys)
    for row in edition.successions:
        successor, predecessor = known.get(row.successor_code), known.get(row.predecessor_code)
        if successor is None or successor.kind is not row.kind or row.successor_code == row.predecessor_code:
            yield Fault(row.at, "successor", "The successor is another listed organisation of this kind.")
        elif successor.valid_from and successor.valid_from > row.effective_from:
            yield Fault(row.at, "too_early", "The successor is not yet in force on this day.")
        if predecessor and (predecessor.valid_to is None or predecessor.valid_to >= row.effective_from):
            yield Fault(row.at, "still_in_force", "The predecessor is still in force on this day.")
