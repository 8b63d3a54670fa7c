"""A child's identity written anew: sealed again, found again. The caller says why; see correcting and completing."""

from collections.abc import Mapping
from typing import Any

import orjson

from app.children import queries
from app.children.identity import FACTS, Indexes, identity_name, indexes
from app.work.tx import Tx


def rewrite(tx: Tx, child_id: str, version: int, key: bytes, identity: Mapping[str, Any]) -> Indexes:
    """Move the record on by one version; somebody else's change of it first is a Conflict."""
    found_by = indexes(tx.vault, tx.by.organisation, identity)
    tx.change(
        queries.CORRECT,
        {
            "b_id": child_id,
            "b_was": version,
            "b_version": version + 1,
            "b_sealed": tx.vault.seal(key, identity_name(child_id), orjson.dumps(identity)),
            "b_nhs_number_index": found_by["nhs_number_index"],
            "b_name_and_birth_index": found_by["name_and_birth_index"],
            "b_adult_in": found_by["adult_in"],
        },
    )
    return found_by


def complete(tx: Tx, child_id: str, version: int, sealed: bytes, key: bytes, child: Mapping[str, Any]) -> None:
    """Fill in what the record does not know and a notification now tells, such as the name after a consultation.

    A fact that is known is never overwritten here: putting it right is a correction, with a reason. The day a
    birth was expected is no date of birth, and gives way to one.
    """
    identity = orjson.loads(tx.vault.unseal(key, identity_name(child_id), sealed))
    told = {name: child[name] for name in FACTS if _settles(child.get(name), identity.get(name))}
    if told:
        rewrite(tx, child_id, version, key, {**identity, **told})


def _settles(told: Any, held: Any) -> bool:
    return _known(told) and (not _known(held) or (_expected(held) and not _expected(told)))


def _known(fact: Any) -> bool:
    return fact is not None and not (isinstance(fact, dict) and "not_known" in fact)


def _expected(fact: Any) -> bool:
    return isinstance(fact, dict) and "due" in fact
