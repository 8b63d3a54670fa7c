"""The directory in memory: an immutable snapshot, and the cache that keeps it close to the tables.

A send asks it a dozen questions; none costs a query. Days are ISO text. A change reaches every process within
``RECHECK_SECONDS``.
"""

import time
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from threading import Lock
from typing import Any, Literal

import orjson
from sqlalchemy import Connection, Row

from app.db.engine import Database
from app.db.errors import Busy
from app.organisations import models, queries
from app.organisations.contacts import Contacts, contacts_json
from app.organisations.kinds import BY_LETTER, Country, Kind
from app.organisations.postcodes import PostcodeMatch, find
from app.security.models import delegations

RECHECK_SECONDS = 30

Adjoining = Literal["yes", "ask", "no"]
_ADJOINING: Mapping[str, Adjoining] = {"land": "yes", "river": "yes", "estuary": "ask", "corner": "ask"}


@dataclass(frozen=True, slots=True)
class Organisation:
    """A body of the directory. ``valid_from`` None: not looked up. ``valid_to``: the last day in force."""

    code: str
    code_system: str
    kind: Kind
    name: str
    short_name: str
    country: Country
    gss: str | None
    valid_from: str | None
    valid_to: str | None
    contacts: Contacts


@dataclass(frozen=True, slots=True)
class HealthBody:
    """One health body of an area. ``share``: of the area's 2021 LSOAs, as ``0.9100``."""

    code: str
    share: str
    is_default: bool


@dataclass(frozen=True, slots=True)
class Succession:
    """What took over, from which day."""

    code: str
    effective_from: str


class Directory:
    """One state of the directory. Nothing in it changes, so any thread may ask."""

    def __init__(self, connection: Connection) -> None:
        self.stamp = queries.stamp(connection)
        self.version = int(self.stamp[0] or 0)
        self._organisations = {
            row.code: _organisation(row) for row in queries.all_rows(connection, models.organisations)
        }
        self._routing = _routing(queries.all_rows(connection, models.area_routing))
        self._adjoining = {
            (row.area_code, row.adjacent_code): _ADJOINING[row.evidence]
            for row in queries.all_rows(connection, models.adjacent_areas)
        }
        self._successions = _successions(queries.all_rows(connection, models.organisation_successions))
        self._delegations = frozenset(
            (row.organisation_code, row.delegate_code, row.function)
            for row in queries.all_rows(connection, delegations)
        )
        self._connected = _connected(queries.live_clients(connection), self._delegations)

    def organisations(self) -> tuple[Organisation, ...]:
        """Every organisation, by code."""
        return tuple(self._organisations.values())

    def organisation(self, code: str) -> Organisation | None:
        """The organisation of a code, in force or not."""
        return self._organisations.get(code)

    def name_of(self, code: str) -> str:
        """What an organisation is called; its code where the directory does not know it."""
        found = self._organisations.get(code)
        return found.name if found else code

    def area(self, code: str) -> Organisation | None:
        """The upper-tier authority of an area code."""
        found = self._organisations.get(code)
        return found if found and found.kind is Kind.LOCAL_AUTHORITY else None

    def country(self, code: str) -> Country | None:
        """The country of an organisation, or None where it is not known."""
        found = self._organisations.get(code)
        return found.country if found else None

    def postcode(self, postcode: str) -> PostcodeMatch:
        """Where a postcode lies. Raises InvalidPostcode."""
        return find(postcode)

    def health_bodies(self, area: str, on: str) -> tuple[HealthBody, ...]:
        """The health bodies of an area on a day, the default first, then by share; perhaps none."""
        return tuple(
            HealthBody(row.health_code, row.health_share, bool(row.is_default)) for row in self._routes(area, on)
        )

    def police(self, area: str, on: str) -> str | None:
        """The police force of an area on a day."""
        return next((row.police_code for row in self._routes(area, on)), None)

    def adjoining(self, area: str, other: str) -> Adjoining:
        """Whether two areas share a boundary, for regulation 11(2) of SI 2010/959 ("at a distance").

        ``ask``: they meet only over an estuary or at a corner, and a person decides. An area does
        not adjoin itself: settle first whether the home is in the area.
        """
        return self._adjoining.get((area, other), "no")

    def successors(self, code: str, on: str) -> tuple[str, ...]:
        """Who took over from an organisation by a day, followed through every change."""
        reached: list[str] = []
        pending = [code]
        while pending:
            changes = self._successions.get(pending.pop(), ())
            following = [each.code for each in changes if each.effective_from <= on and each.code not in reached]
            pending += following
            reached += following
        return tuple(each for each in reached if self._in_force(each, on))

    def successor(self, code: str, on: str) -> str | None:
        """The only successor on a day, or None: none, or several among whom a person chooses."""
        found = self.successors(code, on)
        return found[0] if len(found) == 1 else None

    def connected(self, organisation: str, function: str) -> bool:
        """Whether a live client receives for this function: the organisation's own, or that of a delegate."""
        return (organisation, function) in self._connected

    def delegates(self, organisation: str, function: str) -> tuple[str, ...]:
        """Who does this function for an organisation."""
        asked = organisation, function
        return tuple(sorted(to for of, to, what in self._delegations if (of, what) == asked))

    def _routes(self, area: str, on: str) -> list[Row[Any]]:
        return [
            row
            for row in self._routing.get(area, ())
            if _within(on, row.valid_from, row.valid_to) and self._in_force(row.health_code, on)
        ]

    def _in_force(self, code: str, on: str) -> bool:
        found = self._organisations.get(code)
        return found is not None and _within(on, found.valid_from, found.valid_to)


class DirectoryCache:
    """Hands out the present snapshot; every ``RECHECK_SECONDS`` it asks the database whether it changed."""

    def __init__(self, database: Database, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._database = database
        self._monotonic = monotonic
        self._lock = Lock()
        self._checked_at = 0.0
        self._directory: Directory | None = None

    def get(self) -> Directory:
        """The directory; the last one known while the database is away. Raises Busy on the first read."""
        directory = self._directory
        if directory is None:
            with self._lock:
                return self._directory or self._refreshed(None)
        if self._monotonic() - self._checked_at < RECHECK_SECONDS or not self._lock.acquire(blocking=False):
            return directory
        try:
            return self._refreshed(directory)
        except Busy:
            return directory
        finally:
            self._lock.release()

    def refresh(self) -> None:
        """Read the directory now: after a change made in this process. Raises Busy."""
        with self._lock:
            self._refreshed(None)

    def _refreshed(self, held: Directory | None) -> Directory:
        self._checked_at = self._monotonic()
        with self._database.read() as connection:
            if held is None or queries.stamp(connection) != held.stamp:
                held = Directory(connection)
        self._directory = held
        return held


def _within(on: str, first: str | None, last: str | None) -> bool:
    return (first is None or first <= on) and (last is None or on <= last)


def _organisation(row: Row[Any]) -> Organisation:
    fields = row._asdict()
    fields |= {
        "kind": Kind(row.kind),
        "country": BY_LETTER[row.country],
        "contacts": contacts_json.validate_json(row.contacts),
    }
    return Organisation(**fields)


def _routing(rows: Any) -> dict[str, list[Row[Any]]]:
    routing: dict[str, list[Row[Any]]] = defaultdict(list)
    for row in sorted(rows, key=lambda row: (-row.is_default, -float(row.health_share))):
        routing[row.area_code].append(row)
    return dict(routing)


def _successions(rows: Any) -> dict[str, list[Succession]]:
    found: dict[str, list[Succession]] = defaultdict(list)
    for row in rows:
        found[row.predecessor_code].append(Succession(row.successor_code, row.effective_from))
    return dict(found)


def _connected(rows: Any, delegations: frozenset[tuple[str, str, str]]) -> frozenset[tuple[str, str]]:
    connected = set()
    for row in rows:
        own, functions = row.organisation_code, orjson.loads(row.functions)
        connected |= {(own, function) for function in functions}
        connected |= {
            (other, function)
            for other in orjson.loads(row.acts_for)
            for function in functions
            if (other, own, function) in delegations
        }
    return frozenset(connected)
