"""The merged state of a placement: what has been told so far, as one party may see it."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import orjson
from sqlalchemy import Row

from app.access.disclosure import in_order, kept_back, reveal, shows_child_id
from app.access.people import Person, people
from app.children.restrictions import restrictions_for
from app.children.service.seeing import SENDER, Sight, see
from app.placements import queries
from app.placements.errors import Erased
from app.placements.freshness import Fresh, Where, freshness
from app.placements.outstanding import tell
from app.placements.policy import PLACING, follows, sees_clock, sees_recipient, state_on
from app.placements.service.recipients import recipient_state
from app.placements.service.standing import Standing, stand
from app.rules.disclosure import View
from app.rules.edition import Edition, current, edition
from app.rules.rows import ClockRow
from app.vault import frame
from app.web.etag import etag, matches
from app.work.tx import Tx


@dataclass(frozen=True, slots=True)
class Merged:
    """A placement as one party sees it; ``body`` is None where the party has it already."""

    tag: str
    body: bytes | None


@dataclass(frozen=True, slots=True)
class Asked:
    """One party's question, answered up to the words themselves: what it may see, where that is, the head."""

    standing: Standing
    view: View
    where: Where
    fresh: Mapping[str, Fresh]
    names: Mapping[str, Person]
    head: dict[str, Any]

    @property
    def tag(self) -> str:
        confirmed = [(name, each.confirmed_at) for name, each in self.fresh.items() if each.confirmed_by]
        return etag(orjson.dumps(self.head), self.view.fingerprint, *([repr(confirmed)] if confirmed else []))


def look(tx: Tx, placement_id: str) -> Merged:
    """Answer a HEAD: there, and unchanged? Opens nothing, leaves no trace. Raises NotYours, AccessEnded."""
    return Merged(ask(tx, placement_id).tag, None)


def open_(tx: Tx, placement_id: str, has: str | None) -> Merged:
    """Release the merged state to the caller and record that. Raises NotYours, AccessEnded, Erased.

    ``has`` is If-None-Match: where it still fits, nothing is released and nothing recorded. Seeing the merged
    state does not mark any one notification as opened: words that were since replaced were not read.
    """
    asked = ask(tx, placement_id)
    if matches(has, asked.tag):
        return Merged(asked.tag, None)
    return Merged(asked.tag, release(tx, asked))


def release(tx: Tx, asked: Asked) -> bytes:
    """The merged state as JSON, once it is recorded that the caller saw it. Raises Erased."""
    row = asked.standing.row
    if row.wrapped is None:
        raise Erased
    key = tx.vault.unwrap(row.wrapped, row.master_key_id, row.child_id, row.organisation_code)
    revealed = reveal(tx.vault, key, sealed_parts(tx, asked.where), asked.view)
    shown = tuple(revealed.sections)
    see(tx, Sight(row.child_id, row.id, None, row.version, shown, asked.standing.why), row)
    withheld = {**asked.view.withheld, **revealed.withheld}
    told = {
        "sections_shared": [place_of(name, asked) for name in shown],
        "sections_withheld": [{"section": name, "reason": withheld[name]} for name in in_order(withheld)],
        "fields_withheld": kept_back(asked.view),
    }
    body = orjson.dumps({**asked.head, **told})
    return body[:-1] + b',"sections":' + revealed.to_json() + b"}"


def ask(tx: Tx, placement_id: str) -> Asked:
    """What a party may know of a placement, up to the words. Raises NotYours, AccessEnded."""
    standing = stand(tx, queries.TO_OPEN, placement_id)
    row, side = standing.row, standing.side
    rules = edition(row.rules_edition)
    rule = None if standing.why == SENDER else standing.why
    state = state_on(row.state, row.ended_on, tx.today)
    view = rules.view(tx.by.function, side, state, restrictions_for(row.restrictions, tx.by.practitioner_id))
    whole = follows(tx.by, side, row.organisation_code, view)
    where: Where = {name: place for name, place in orjson.loads(row.sections).items() if name in view.shared}
    fresh = freshness(where, row.confirmed)
    told = _recipients(tx, row, None if whole else view) if side == PLACING else None
    names = people(tx, (*_seen_by(told or ()), *(each.confirmed_by for each in fresh.values())))
    head = {
        "id": row.id,
        "child_id": row.shown_id if shows_child_id(view) else None,
        "placing_authority": row.organisation_code,
        "state": state,
        "ended_why": row.ended_why,
        "urgency": row.urgency,
        "your_side": side,
        "why_you": rules.why(rule),
        "rule": rule,
        "rules_edition": row.rules_edition,
        "as_of": max((place[2] for place in where.values()), default=None),
        "clocks": _clocks(tx, row, None if whole else (side, tx.by.function), view, rules),
        "outstanding": tell(orjson.loads(row.outstanding), rules, view),
        "recipients": None if told is None else [_recipient(each, names, tx.at) for each in told],
    }
    return Asked(standing, view, {name: where[name] for name in in_order(where)}, fresh, names, head)


def sealed_parts(tx: Tx, where: Where) -> list[tuple[str, str, bytes]]:
    """The sealed sections the party may see, from the notifications that hold them; one query for all."""
    if not where:
        return []
    ids = sorted({place[0] for place in where.values()})
    frames = {row.id: frame.unpack(row.sealed) for row in tx.all(queries.FRAMES, {"ids": ids}) if row.sealed}
    return [(place[0], name, frames[place[0]][name]) for name, place in where.items() if place[0] in frames]


def place_of(name: str, asked: Asked) -> dict[str, Any]:
    """Where a section's words come from, and how fresh they are."""
    fresh = asked.fresh[name]
    return {
        "section": name,
        "notification_id": fresh.notification_id,
        "version": fresh.version,
        "as_of": fresh.as_of,
        "carried_forward": fresh.carried,
        "confirmed_on": fresh.confirmed_on,
        "confirmed_by": asked.names.get(fresh.confirmed_by) if fresh.confirmed_by else None,
    }


def _clocks(tx: Tx, row: Row[Any], party: tuple[str, str] | None, view: View, rules: Edition) -> list[dict[str, Any]]:
    """The clocks that ``party`` sees; every one where it is None."""
    known = {rule.code: rule for held in (current(), rules) for rule in held.clocks}
    return [
        _clock(clock, known.get(clock.code), tx.at)
        for clock in tx.all(queries.CLOCKS_OF, {"placement_id": row.id})
        if party is None or sees_clock(party, view, _starts(known.get(clock.code)), clock.owner)
    ]


def _starts(rule: ClockRow | None) -> str | None:
    return rule.starts if rule else None


def _clock(clock: Row[Any], rule: ClockRow | None, now: str) -> dict[str, Any]:
    late = "overdue" if clock.due_at < now else "running"
    return {
        "code": clock.code,
        "title": rule.title if rule else clock.code,
        "basis": clock.basis,
        "owner": clock.owner,
        "due": clock.due_at,
        "met_at": clock.met_at,
        "marked_at": clock.marked_at,
        "state": "met" if clock.met_at else "stopped" if clock.stopped_at else late,
    }


def _recipients(tx: Tx, row: Row[Any], view: View | None) -> list[Row[Any]]:
    """The recipients that a view lets a party of the placing side see; every one where it is None."""
    every = tx.all(queries.RECIPIENTS, {"placement_id": row.id})
    return [one for one in every if view is None or _sees(tx, view, one)]


def _seen_by(told: Iterable[Row[Any]]) -> Iterator[str | None]:
    return (each for one in told for each in (one.opened_by, one.acknowledged_by))


def _recipient(one: Row[Any], names: Mapping[str, Person], now: str) -> dict[str, Any]:
    return {"notification_id": one.notification_id, **recipient_state(one, names, now)}


def _sees(tx: Tx, view: View, recipient: Row[Any]) -> bool:
    return sees_recipient(tx.by, view, recipient.organisation_code, recipient.function)
