"""Setting and lifting what must not be told of a child: by name, with a reason, and reviewed on a day."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import orjson
from sqlalchemy import Row

from app.access.errors import NotYours
from app.access.people import people
from app.children import queries
from app.children.errors import AlreadyLifted, ReviewNotAhead, SecondPersonNeeded, UnknownPractitioner
from app.children.models import child_restrictions
from app.children.policy import NAMED_PRACTITIONERS_ONLY, TWO_PEOPLE
from app.children.restrictions import Stored, in_force
from app.children.service.listing import Listing, listed
from app.children.service.reading import family, find, key_of, leave_trace
from app.kit.errors import Fault
from app.kit.ids import is_id, new_id
from app.ledger.actions import Action
from app.work.once import Reply
from app.work.tx import Tx


def restrict(tx: Tx, child_id: str, document: Mapping[str, Any]) -> Reply:
    """Restrict what is shown of a child from now on, in every view.

    Raises NotYours, ChildErased, ReviewNotAhead, UnknownPractitioner.
    """
    row = find(tx, child_id)
    key = key_of(tx, row)
    _check_review(tx, document["review_on"])
    stored: Stored = {
        "id": new_id("rst"),
        "kind": document["restriction"],
        "spared": sorted({f"{each['side']}.{each['function']}" for each in document.get("spared", ())}),
        "practitioners": _practitioners(tx, document),
    }
    entry_id = _record(tx, Action.CHILD_RESTRICTED, row, stored, document["reason"])
    words = {"reason": document["reason"], "detail": document.get("detail"), "lifted_because": None, **stored}
    tx.add(
        child_restrictions,
        {
            "id": stored["id"],
            "child_id": row.id,
            "organisation_code": row.organisation_code,
            "kind": stored["kind"],
            "sealed": seal_words(tx, key, stored["id"], words),
            "review_on": document["review_on"],
            "set_at": tx.at,
            "set_by": tx.by.practitioner_id,
            "lifted_at": None,
            "lifted_by": None,
            "entry_id": entry_id,
        },
    )
    put_in_force(tx, family(tx, row), [*in_force(row.restrictions), stored])
    return _reply(tx, row, stored, entry_id)


def lift(tx: Tx, child_id: str, restriction_id: str, document: Mapping[str, Any]) -> Reply:
    """Take a restriction away. Raises NotYours, ChildErased, AlreadyLifted, SecondPersonNeeded."""
    row = find(tx, child_id)
    records = family(tx, row)
    held = _held(tx, records, restriction_id)
    key = next(key_of(tx, each) for each in records if each.id == held.child_id)
    if held.lifted_at is not None:
        raise AlreadyLifted
    if held.kind in TWO_PEOPLE and held.set_by == tx.by.practitioner_id:
        raise SecondPersonNeeded
    current = in_force(row.restrictions)
    stored = next(each for each in current if each["id"] == held.id)
    entry_id = _record(tx, Action.CHILD_UNRESTRICTED, row, stored)
    words = {**unseal_words(tx, key, held), "lifted_because": document["reason"]}
    tx.change(
        queries.LIFT,
        {
            "b_id": held.id,
            "b_sealed": seal_words(tx, key, held.id, words),
            "b_at": tx.at,
            "b_by": tx.by.practitioner_id,
        },
    )
    put_in_force(tx, records, [each for each in current if each is not stored])
    return _reply(tx, row, stored, entry_id)


def restrictions(tx: Tx, child_id: str, listing: Listing) -> bytes:
    """Every restriction there is or was, its reasons and who set it. Raises NotYours, ChildErased."""
    row = find(tx, child_id)
    records = family(tx, row)
    keys = {each.id: key_of(tx, each) for each in records}
    rows, more = listed(tx, queries.RESTRICTIONS, [*keys], "restrictions", listing)
    names = people(tx, (each for held in rows for each in (held.set_by, held.lifted_by)))
    items = []
    for held in rows:
        words = unseal_words(tx, keys[held.child_id], held)
        items.append(
            {
                "restriction_id": held.id,
                "restriction": held.kind,
                "reason": words["reason"],
                "detail": words["detail"],
                "spared": words["spared"],
                "practitioners": words["practitioners"],
                "review_on": held.review_on,
                "review_due": held.lifted_at is None and held.review_on <= tx.today,
                "set_at": held.set_at,
                "set_by": names.get(held.set_by),
                "lifted_at": held.lifted_at,
                "lifted_by": names.get(held.lifted_by),
                "lifted_because": words["lifted_because"],
            }
        )
    leave_trace(tx, records, ["restrictions"])
    return orjson.dumps({"items": items, "next_cursor": more})


def _check_review(tx: Tx, review_on: str) -> None:
    if review_on <= tx.today:
        raise ReviewNotAhead(faults=[Fault("/review_on", "not_ahead", "A day after today is needed here.")])


def _practitioners(tx: Tx, document: Mapping[str, Any]) -> list[str]:
    """Who is spared by name: those named, or, for a lock that names nobody, whoever sets it."""
    named = document.get("practitioners", ())
    if not named:
        by = tx.by.practitioner_id
        return [by] if by and document["restriction"] == NAMED_PRACTITIONERS_ONLY else []
    known = {row.id for row in tx.all(queries.KNOWN_PRACTITIONERS, {"ids": sorted(set(named))})}
    faults = [
        Fault(f"/practitioners/{place}", "unknown_practitioner", "There is no practitioner with this id.")
        for place, each in enumerate(named)
        if each not in known
    ]
    if faults:
        raise UnknownPractitioner(faults=faults)
    return sorted(known)


def _held(tx: Tx, records: Iterable[Row[Any]], restriction_id: str) -> Row[Any]:
    values = {"restriction_id": restriction_id, "ids": [each.id for each in records]}
    held = tx.one(queries.RESTRICTION, values) if is_id("rst", restriction_id) else None
    if held is None:
        raise NotYours
    return held


def _record(tx: Tx, action: Action, row: Row[Any], stored: Stored, reason: str | None = None) -> str:
    return tx.record(
        action,
        {"child": row.id, "restriction": stored["id"]},
        kind=stored["kind"],
        reason=reason,
        spared=stored["spared"],
        practitioners=stored["practitioners"],
    )


def put_in_force(tx: Tx, records: Iterable[Row[Any]], stored: Sequence[Stored]) -> None:
    """Restrict every record of a child alike. Two people at once: the second finds others than it read, runs again."""
    text = orjson.dumps(stored).decode()
    for row in records:
        tx.change(queries.RESTRICT, {"b_id": row.id, "b_was": row.restrictions, "b_restrictions": text})


def _reply(tx: Tx, row: Row[Any], stored: Stored, entry_id: str) -> Reply:
    answer = {
        "restriction_id": stored["id"],
        "child_id": row.id,
        "restriction": stored["kind"],
        "receipt": {"entry_id": entry_id, "recorded_at": tx.at},
    }
    return Reply(201, orjson.dumps(answer))


def seal_words(tx: Tx, key: bytes, restriction_id: str, words: Mapping[str, Any]) -> bytes:
    """What was written of a restriction, as its row keeps it."""
    return tx.vault.seal(key, _name(restriction_id), orjson.dumps(words))


def unseal_words(tx: Tx, key: bytes, held: Row[Any]) -> dict[str, Any]:
    """What was written of a restriction: its reasons, whom it spares, why it was lifted."""
    words: dict[str, Any] = orjson.loads(tx.vault.unseal(key, _name(held.id), held.sealed))
    return words


def _name(restriction_id: str) -> str:
    return f"{restriction_id}|words"
