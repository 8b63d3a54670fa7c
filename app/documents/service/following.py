"""Documents that follow a child to another authority: known anew under its key, their bytes where they were.

The document's own key is wrapped once more, for the new record. Erasing either record leaves the other its own.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row

from app.documents import queries
from app.documents.models import document_versions, documents
from app.documents.service.keeping import Holder, document_key, stream_name
from app.kit.ids import new_id
from app.ledger.actions import Action
from app.vault.vault import Vault
from app.work.tx import Tx


@dataclass(frozen=True, slots=True)
class Papers:
    """``ids``: of each document that followed, the former id and the new one. ``stayed``: type and why it did not."""

    ids: Mapping[str, str]
    stayed: list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Former:
    """Whose documents they were: the authority, and its key for each of the child's records."""

    organisation: str
    keys: Mapping[str, bytes]


def follow(tx: Tx, former: Former, into: Holder, types: frozenset[str], transfer_id: str) -> Papers:
    """Give the new record the latest version of every document whose type follows. Who had read it, stays behind."""
    asked = {"records": [*former.keys], "organisation": former.organisation, "kind": into.kind}
    rows = tx.all(queries.FOLLOWING, asked)
    moving = {row.id: new_id("doc") for row in rows if row.version and row.type in types}
    stayed = [(row.type, "by_rule" if row.type not in types else "awaited") for row in rows if row.id not in moving]
    if moving:
        made = list(_made(tx.vault, [row for row in rows if row.id in moving], former, into, moving))
        commitments = {document["id"]: version["commitment"] for document, version in made}
        subject = {"child": into.child_id, "transfer": transfer_id}
        entry_id = tx.record(Action.DOCUMENT_FOLLOWED, subject, commitments=commitments)
        tx.add(documents, *({**document, "entry_id": entry_id} for document, _ in made))
        tx.add(document_versions, *({**version, "entry_id": entry_id} for _, version in made))
    return Papers(moving, stayed)


def _made(
    vault: Vault, rows: list[Row[Any]], former: Former, into: Holder, ids: Mapping[str, str]
) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    """Of each document its new row, and that of its version."""
    for row in rows:
        version_id, theirs = new_id("dcv"), former.keys[row.child_id]
        digest = vault.unseal(theirs, f"{row.version_id}|sha256", row.digest)
        document = _document(vault, row, theirs, into, ids[row.id])
        yield document, _version(vault, row, into, document["id"], version_id, digest)


def _document(vault: Vault, row: Row[Any], theirs: bytes, into: Holder, document_id: str) -> dict[str, Any]:
    about = vault.unseal(theirs, f"{row.id}|about", row.sealed)
    return {
        "id": document_id,
        "child_id": into.child_id,
        "organisation_code": into.organisation,
        "owner_kind": into.kind,
        "owner_id": into.owner_id,
        "type": row.type,
        "version": row.version,
        "sealed": vault.seal(into.key, f"{document_id}|about", about),
        "wrapped": vault.seal(into.key, f"{document_id}|key", document_key(vault, theirs, row)),
        "created_at": row.created_at,
    }


def _version(
    vault: Vault, row: Row[Any], into: Holder, document_id: str, version_id: str, digest: bytes
) -> dict[str, Any]:
    return {
        "id": version_id,
        "document_id": document_id,
        "number": row.number,
        "blob": row.blob,
        "media_type": row.media_type,
        "size": row.size,
        "commitment": vault.commitment(into.key, f"{document_id}|content", digest.hex().encode()),
        "sealed": vault.seal(into.key, f"{version_id}|sha256", digest),
        "scan": row.scan,
        "active_content": row.active_content,
        "uploaded_at": row.uploaded_at,
        "practitioner_id": row.practitioner_id,
        "stream": row.stream or stream_name(row.id, row.version_id),
    }
