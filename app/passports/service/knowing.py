"""Who the child is by their own record, as the caller is shown it, and what the young person decided."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

import orjson
from sqlalchemy import Row, Select

from app.children.identity import identity_name
from app.passports import queries
from app.passports.errors import PassportErased, PassportMovedOn
from app.passports.service.revealing import open_words
from app.passports.service.standing import Standing, view_of
from app.rules.disclosure import ALL, View
from app.rules.edition import current
from app.work.tx import Tx

_SHARING = View({"sharing": ALL}, {}, {})


def before_writing(tx: Tx, standing: Standing) -> Row[Any]:
    """The child's record and keys, to write by. Raises PassportErased, PassportMovedOn."""
    row = record_of(tx, standing, queries.TO_WRITE)
    if current().ends(row.state, "passport_closes"):
        raise PassportMovedOn
    return row


def record_of(tx: Tx, standing: Standing, question: Select[Any] = queries.BEFORE_WRITING) -> Row[Any]:
    """The child's record and keys. Raises PassportErased."""
    row = tx.one(question, {"child_id": standing.child_id, "organisation": tx.by.organisation})
    if row is None:
        raise PassportErased
    return row


def identity_in(tx: Tx, standing: Standing, row: Row[Any]) -> Mapping[str, Any]:
    """What the caller's own view shows of the identity document; nothing where that was erased or is withheld.

    Whatever is held against a fact tells of it, one refusal at a time: a fact kept from the caller holds nothing up.
    Raises PassportNotForYou.
    """
    view = view_of(tx, standing)
    if row.sealed is None or row.wrapped is None or "identity" not in view.shared:
        return {}
    key = tx.vault.unwrap(row.wrapped, row.master_key_id, standing.child_id, standing.authority)
    identity: Mapping[str, Any] = orjson.loads(tx.vault.unseal(key, identity_name(standing.child_id), row.sealed))
    return view.apply("identity", identity)


def decided_in(tx: Tx, standing: Standing, rows: Iterable[Row[Any]]) -> list[Mapping[str, Any]]:
    """What the young person decided about sharing: in the record that is read, and in each merged with it.

    ``rows`` are the words of the first. Nothing where nothing is recorded.
    """
    others = (replace(standing, child_id=each) for each in standing.merged_records)
    beside = [_sharing(tx, each, tx.all(queries.CURRENT, {"child_id": each.child_id})) for each in others]
    return [_sharing(tx, standing, rows), *beside]


def _sharing(tx: Tx, standing: Standing, rows: Iterable[Row[Any]]) -> Mapping[str, Any]:
    opened = open_words(tx, standing, rows, _SHARING).sections
    sharing: Mapping[str, Any] = orjson.loads(opened["sharing"]) if "sharing" in opened else {}
    return sharing
