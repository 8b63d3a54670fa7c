"""Where a caller stands towards a passport: on which side, by what right, and what that lets them see and write."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any

import orjson
from sqlalchemy import Row

from app.access.errors import NotYours
from app.children.restrictions import restrictions_for
from app.kit.ids import is_id
from app.organisations.directory import Directory
from app.passports import queries
from app.passports.errors import PassportNotForYou, PassportNotHandedOver
from app.passports.policy import Right, awaits, hides_area, is_due, reaching, read_of, right_of
from app.rules.disclosure import Restrictions, View
from app.rules.edition import current
from app.rules.passport_transfers import MOVE
from app.rules.passports import Party, Passports
from app.web.etag import etag
from app.work.tx import Tx

Held = Mapping[str, Mapping[str, Any]]
"""Of each section recorded: ``version``, writer (``organisation``, ``function``, ``practitioner``), ``at``,
``as_of``, ``review_due_on``, and its last confirmation (``confirmed_on``, ``confirmed_by``)."""


@dataclass(frozen=True, slots=True)
class Standing:
    """A passport as it was asked for. Before anything is published its version is 0 and ``held`` is empty.

    ``child_id`` is the record its words stand under, ``shown_id`` the one the child is known by and ``asked_id`` the
    one that was asked for: they differ where records were merged. ``records`` are all of them, the kept one first;
    ``merged_records`` those others that have a passport too.
    """

    child_id: str
    shown_id: str
    asked_id: str
    records: tuple[str, ...]
    merged_records: tuple[str, ...]
    authority: str
    version: int
    held: Held
    changed_at: str | None
    stored: str
    row: Row[Any]
    right: Right
    party: Party
    restrictions: Restrictions
    placing: frozenset[str]
    """The authority and its health bodies."""
    hides_area: bool
    """Whether the caller must not learn where the child lives: then no organisation of that place is named."""

    def names(self, organisation: str) -> bool:
        """Whether the caller may be told that this organisation wrote something."""
        return not self.hides_area or organisation in self.placing

    @property
    def rules(self) -> Passports:
        """The tables that decide. A passport outlives editions: each reading is under the current one."""
        return current().passports


@dataclass(frozen=True, slots=True)
class Asked:
    """The records of a child as one party asks for them, the kept one first, and the one whose passport is read."""

    id: str
    rows: Sequence[Row[Any]]
    read: Row[Any]


def ask(tx: Tx, child_id: str, record: str | None = None) -> Asked:
    """A child's records and the passport that is read: the kept one's, or a merged one's if that has none.

    ``record`` asks for the passport of this record. Raises NotYours where there is no such child or passport.
    """
    rows = _records(tx, child_id)
    if record is None:
        return Asked(child_id, rows, read_of(rows))
    found = next((each for each in rows if each.version and each.child_id == record), None)
    if found is None:
        raise NotYours
    return Asked(child_id, rows, found)


def _records(tx: Tx, child_id: str) -> list[Row[Any]]:
    """Every record of the child, the kept one first: most have one, and nothing more is asked."""
    asked = _row(tx, child_id)
    if asked.merged_into is None and not asked.has_merged:
        return [asked]
    kept = asked if asked.merged_into is None else _row(tx, asked.merged_into)
    others = (each.id for each in tx.all(queries.MERGED, {"child_id": kept.child_id}))
    return [kept, *(asked if each == child_id else _row(tx, each) for each in others)]


def _row(tx: Tx, child_id: str) -> Row[Any]:
    by = tx.by
    values = {
        "child_id": child_id,
        "organisation": by.organisation,
        "function": by.function,
        "practitioner_id": by.practitioner_id,
        "today": tx.today,
    }
    row = tx.one(queries.STANDING, values) if is_id("chd", child_id) else None
    if row is None:
        raise NotYours
    return row


def stand(tx: Tx, directory: Directory, child_id: str, record: str | None = None) -> Standing:
    """Ask for a passport as a party to it; ``record`` as in ``ask``. Raises NotYours, PassportNotHandedOver.

    Whoever has a part in one record of a child that was merged has it in the child.
    """
    asked = ask(tx, child_id, record)
    authority = asked.read.authority
    health = _own_health(tx, directory, authority)
    rights = (_right(tx, row, health) for row in (asked.read, *asked.rows))
    right = next((each for each in rights if each is not None), None)
    if right is None and any(row.offer_state or awaits(tx.by, row.told_side) for row in asked.rows):
        raise PassportNotHandedOver
    if right is None:
        raise NotYours
    return standing_of(tx, directory, asked, right)


def _own_health(tx: Tx, directory: Directory, authority: str) -> list[str]:
    return [each.code for each in directory.health_bodies(authority, tx.today) if each.is_default]


def _right(tx: Tx, row: Row[Any], health: Sequence[str]) -> Right | None:
    team = Right(row.team_side, row.by_right) if row.by_right else None
    return right_of(tx.by, row.authority, health, team, row.told_side, _reads_what_is_offered(tx, row))


def _reads_what_is_offered(tx: Tx, row: Row[Any]) -> bool:
    """By the table of transfers. An offer that a move opened lasts no longer than the team is told of the home."""
    if row.offer_state is None or (row.offer_opened_by == MOVE and row.told_side is None):
        return False
    return reads_offer(tx, row)


def reads_offer(tx: Tx, offer: Row[Any]) -> bool:
    """Whether whom a passport is offered to reads it before they have accepted."""
    over = offer.offer_reads_until is not None and offer.offer_reads_until < tx.at
    return current().passport_transfers.reads(offer.offer_state, offer.offer_urgency, over)


def standing_of(tx: Tx, directory: Directory, asked: Asked, right: Right) -> Standing:
    """A passport seen by a caller with this right."""
    row, rules = asked.read, current().passports
    restrictions = restrictions_for(row.restrictions, tx.by.practitioner_id)
    return Standing(
        child_id=row.child_id,
        shown_id=asked.rows[0].child_id,
        asked_id=asked.id,
        records=tuple(each.child_id for each in asked.rows),
        merged_records=tuple(each.child_id for each in asked.rows if each.version and each is not row),
        authority=row.authority,
        version=row.version or 0,
        held=orjson.loads(row.sections) if row.sections else {},
        changed_at=row.changed_at,
        stored=row.sections or "",
        row=row,
        right=right,
        party=rules.party(tx.by.function, right.side),
        restrictions=restrictions,
        placing=frozenset((row.authority, *_own_health(tx, directory, row.authority))),
        hides_area=hides_area(reaching(rules.restrictions, f"{right.side}.{tx.by.function}", restrictions)),
    )


def view_of(tx: Tx, standing: Standing, code: str | None = None) -> View:
    """What the caller sees, in its own view or in the one of this code. Raises PassportNotForYou."""
    if code is None and not standing.party.reads:
        raise PassportNotForYou
    return standing.rules.view(tx.by.function, standing.right.side, standing.restrictions, code)


def newest(held: Held, seen: Collection[str]) -> int:
    """The newest version that brought anything of these sections; 0 where none did.

    A party is told this number and no later one: that a version came tells that something was written, and when.
    """
    return max((age["version"] for name, age in held.items() if name in seen), default=0)


def tag_of(tx: Tx, standing: Standing, view: View, kind: str = "") -> str:
    """The entity tag of a passport as this party sees it: the newest version it sees anything of, and two digests.

    The first stands for the words it sees, whatever form they were read in; the second also for that form, and for
    what became of them since: confirmed, merged, due for review as the days go by.
    """
    by, held, today = tx.by, standing.held, tx.today
    shown = sorted(filter(view.shared.__contains__, held))
    words = [(name, held[name]["version"]) for name in shown]
    confirmed = [held[name].get("confirmed_at") for name in shown]
    due = [name for name in shown if is_due(held[name], today)]
    first = etag(standing.child_id, by.organisation, by.function, view.fingerprint, words).strip('"')
    second = etag(first, kind, standing.shown_id, confirmed, due, *standing.merged_records).strip('"')
    return f'"{newest(held, view.shared)}-{first[:20]}-{second[:12]}"'


def section_tags(tx: Tx, standing: Standing) -> Callable[[str], str]:
    """By name of a section, the entity tag of its words, by which a team that writes it says what it read.

    Nobody makes one who was not given it: the digest is keyed.
    """
    whose = f"{standing.child_id}\x1f{tx.by.organisation}\x1f{tx.by.function}"
    begun = blake2b(key=tx.vault.index("section_tags", whose).encode(), digest_size=10)

    def tag(name: str) -> str:
        version = standing.held[name]["version"] if name in standing.held else 0
        # A passport has a tag for each of its sections: what they have in common is digested once.
        digest = begun.copy()
        digest.update(f"{name}\x1f{version}".encode())
        return f'"{version}-{digest.hexdigest()}"'

    return tag
