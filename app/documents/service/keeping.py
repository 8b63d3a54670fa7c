"""Documents of a child as their controller keeps them: announced, then uploaded, version after version.

Whoever calls has found the child and its key: the routes of children here, and any other record about a child that
holds documents of its own (``Holder.kind`` and ``Holder.owner_id``).
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import orjson
from sqlalchemy import Row

from app.access.errors import NotYours
from app.documents import queries
from app.documents.models import document_versions, documents
from app.kit.ids import is_id, new_id
from app.ledger.actions import Action
from app.vault.keys import KEY_BYTES
from app.vault.vault import Vault
from app.work.tx import Tx

CHILD: Final = "child"


@dataclass(frozen=True, slots=True)
class Holder:
    """Whose documents: a child's, held by one controlling organisation under ``key``, the child's key of theirs."""

    child_id: str
    organisation: str
    key: bytes
    kind: str
    owner_id: str


@dataclass(frozen=True, slots=True)
class Place:
    """Where one upload goes: a version that may come to be. Its id is in every frame, so no frame fits elsewhere."""

    document_id: str
    version_id: str
    key: bytes

    @property
    def stream(self) -> str:
        """The name the frames are sealed under."""
        return stream_name(self.document_id, self.version_id)


@dataclass(frozen=True, slots=True)
class Taken:
    """A file that was received whole, sealed and looked into."""

    blob: str
    size: int
    sha256: str
    media_type: str
    active: tuple[str, ...]
    scan: str


@dataclass(frozen=True, slots=True)
class Kept:
    """The version a file is, and whether this upload made it."""

    facts: dict[str, Any]
    is_new: bool


def stream_name(document_id: str, version_id: str) -> str:
    """What the frames of a version are bound to."""
    return f"{document_id}|{version_id}"


def announce(tx: Tx, holder: Holder, about: Mapping[str, Any]) -> tuple[str, str]:
    """Make room for a document: its id, and the id of the ledger's entry. ``about`` is a published document record."""
    document_id = new_id("doc")
    subject = {"document": document_id, "child": holder.child_id, "owner": holder.owner_id}
    entry_id = tx.record(Action.DOCUMENT_ANNOUNCED, subject, type=about["type"], owner=holder.kind)
    told = {name: about[name] for name in ("title", "file_name", "dated_on") if name in about}
    row = {
        "id": document_id,
        "child_id": holder.child_id,
        "organisation_code": holder.organisation,
        "owner_kind": holder.kind,
        "owner_id": holder.owner_id,
        "type": about["type"],
        "version": 0,
        "sealed": tx.vault.seal(holder.key, f"{document_id}|about", orjson.dumps(told)),
        "wrapped": tx.vault.seal(holder.key, f"{document_id}|key", os.urandom(KEY_BYTES)),
        "created_at": tx.at,
        "entry_id": entry_id,
    }
    tx.add(documents, row)
    return document_id, entry_id


def find(tx: Tx, holder: Holder, document_id: str, number: int | None = None) -> Row[Any]:
    """A document of this holder, with its latest version or the one asked for. Raises NotYours."""
    values = {"document_id": document_id, "child_id": holder.child_id, "organisation": holder.organisation}
    if not is_id("doc", document_id):
        raise NotYours
    if number is None:
        row = tx.one(queries.DOCUMENT, values)
    else:
        row = tx.one(queries.DOCUMENT_AT, {**values, "number": number})
    if row is None or (row.owner_kind, row.owner_id) != (holder.kind, holder.owner_id):
        raise NotYours
    return row


def place_for(tx: Tx, holder: Holder, document_id: str) -> Place:
    """Where an upload of this document would go. Nothing is written. Raises NotYours."""
    row = find(tx, holder, document_id)
    return Place(document_id, new_id("dcv"), document_key(tx.vault, holder.key, row))


def keep(tx: Tx, holder: Holder, place: Place, taken: Taken) -> Kept:
    """Make what was taken the next version, unless it is what the latest version holds already. Raises NotYours."""
    row = find(tx, holder, place.document_id)
    commitment = tx.vault.commitment(holder.key, f"{row.id}|content", taken.sha256.encode())
    if row.commitment == commitment:
        return Kept(facts_of(tx.vault, holder.key, row), is_new=False)
    number = row.version + 1
    entry_id = tx.record(
        Action.DOCUMENT_UPLOADED,
        {"document": row.id, "child": holder.child_id, "owner": holder.owner_id},
        type=row.type,
        version=number,
        size=taken.size,
        commitments={"content": commitment},
        scan=taken.scan,
        active_content=list(taken.active),
    )
    version = {
        "id": place.version_id,
        "document_id": row.id,
        "number": number,
        "blob": taken.blob,
        "media_type": taken.media_type,
        "size": taken.size,
        "commitment": commitment,
        "sealed": tx.vault.seal(holder.key, f"{place.version_id}|sha256", bytes.fromhex(taken.sha256)),
        "scan": taken.scan,
        "active_content": orjson.dumps(taken.active).decode(),
        "uploaded_at": tx.at,
        "practitioner_id": tx.by.practitioner_id,
        "entry_id": entry_id,
        "stream": None,
    }
    tx.add(document_versions, version)
    # Of two uploads at once one finds the count moved on, and is done again as the version after the other.
    tx.change(queries.COUNT_ON, {"b_id": row.id, "b_was": row.version, "b_version": number})
    return Kept(_facts(version, taken.sha256), is_new=True)


def document_key(vault: Vault, child_key: bytes, row: Row[Any]) -> bytes:
    """The document's own key. Raises Tampered."""
    return vault.unseal(child_key, f"{row.id}|key", row.wrapped)


def about(vault: Vault, child_key: bytes, row: Row[Any]) -> dict[str, Any]:
    """Title, file name and date, as they were announced. Raises Tampered."""
    told: dict[str, Any] = orjson.loads(vault.unseal(child_key, f"{row.id}|about", row.sealed))
    return told


def facts_of(vault: Vault, child_key: bytes, row: Row[Any]) -> dict[str, Any]:
    """What is told of a version to those who may open it. Raises Tampered."""
    digest = vault.unseal(child_key, f"{row.version_id}|sha256", row.digest)
    return _facts(row._asdict(), digest.hex())


def _facts(row: Mapping[str, Any], sha256: str) -> dict[str, Any]:
    return {
        "version": row["number"],
        "media_type": row["media_type"],
        "size": row["size"],
        "sha256": sha256,
        "scan": row["scan"],
        "active_content": orjson.loads(row["active_content"]),
        "uploaded_at": row["uploaded_at"],
    }
