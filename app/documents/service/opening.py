"""Opening a document: by a party to a placement that lists it, or by the authority that keeps it.

The entry commits before a byte leaves. Every opening is an entry of its own: a file goes home with whoever opens it.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson
from sqlalchemy import Row

from app.access.disclosure import part_name
from app.access.errors import NotYours
from app.blobs.store import Blobs
from app.children.models import openings
from app.children.policy import OWN_RECORD
from app.children.restrictions import restrictions_for
from app.children.service import reading
from app.children.service.seeing import OPENED, Sight, how, opening
from app.documents import queries
from app.documents.errors import DocumentAwaited, DocumentNotShared
from app.documents.models import document_receipts
from app.documents.policy import file_name
from app.documents.service.keeping import CHILD, Holder, about, document_key, find, stream_name
from app.kit.ids import is_id
from app.ledger.actions import Action
from app.placements import queries as placement_queries
from app.placements.errors import Erased
from app.placements.policy import state_on
from app.placements.service.standing import Standing, stand
from app.rules.disclosure import View
from app.rules.documents import SECTION, given
from app.rules.edition import current, edition
from app.vault import frame
from app.vault.errors import Tampered
from app.vault.stream import opened
from app.web.etag import etag
from app.work.tx import Tx

_ACTIONS: Mapping[bool, Action] = {True: Action.DOCUMENT_OPENED, False: Action.DOCUMENT_RETRIEVED}


@dataclass(frozen=True, slots=True)
class Release:
    """One version, ready to leave: what is said of it, and the key and the name its frames open under."""

    document_id: str
    number: int
    tag: str
    media_type: str
    size: int
    file_name: str
    plain_name: str
    blob: str
    key: bytes
    stream: str

    def pieces(self, blobs: Blobs) -> Iterator[bytes]:
        """The bytes, each piece proved before it is given. Raises Tampered where the blob is not what was stored."""
        left = self.size
        for piece in opened(self.key, self.stream, blobs.read(self.blob)):
            left -= len(piece)
            yield piece
        if left:
            raise Tampered("a stored file is longer or shorter than its row says")

    def prove(self, blobs: Blobs) -> None:
        """Read it through once, so that a damaged file is refused before anything of it, or its entry, is made."""
        for _ in self.pieces(blobs):
            pass


@dataclass(frozen=True, slots=True)
class Listed:
    """A placement's current section of documents: as it was sent, and as the caller may see it, line by line."""

    standing: Standing
    view: View
    state: str
    key: bytes
    lines: list[tuple[dict[str, Any], dict[str, Any]]]


def holder_of(tx: Tx, child_id: str, document_id: str | None = None) -> Holder:
    """The caller's own authority as keeper of this child's documents. Raises NotYours, ChildErased.

    Where records were merged, the record that has this document; a new one belongs to the record that is kept.
    """
    return _holder(tx, reading.find(tx, child_id), document_id)


def _holder(tx: Tx, child: Row[Any], document_id: str | None) -> Holder:
    found = child
    if document_id is not None and (others := reading.family(tx, child)[1:]):
        asked = {"ids": [document_id], "records": [each.id for each in others], "organisation": child.organisation_code}
        holding = {row.child_id for row in tx.all(queries.AMONG, asked)}
        found = next((each for each in others if each.id in holding), child)
    return Holder(found.id, found.organisation_code, reading.key_of(tx, found), CHILD, found.id)


def listed(tx: Tx, placement_id: str) -> Listed:
    """What the placement lists for the caller. Raises NotYours, AccessEnded, Erased, DocumentNotShared."""
    standing = stand(tx, placement_queries.TO_OPEN, placement_id)
    row = standing.row
    state = state_on(row.state, row.ended_on, tx.today)
    restrictions = restrictions_for(row.restrictions, tx.by.practitioner_id)
    view = edition(row.rules_edition).view(tx.by.function, standing.side, state, restrictions)
    if not given(view):
        raise DocumentNotShared
    if row.wrapped is None:
        raise Erased
    key = tx.vault.unwrap(row.wrapped, row.master_key_id, row.child_id, row.organisation_code)
    section = _section(tx, row, key)
    lines = section.get("items", [])
    seen: Any = view.apply(SECTION, section).get("items", [])
    return Listed(standing, view, state, key, list(zip(lines, seen, strict=True)))


def _section(tx: Tx, row: Row[Any], key: bytes) -> dict[str, Any]:
    place = orjson.loads(row.sections).get(SECTION)
    held = tx.all(placement_queries.FRAMES, {"ids": [place[0]]}) if place else ()
    for each in held:
        if each.sealed is None:
            raise Erased
        sealed = frame.unpack(each.sealed)[SECTION]
        section: dict[str, Any] = orjson.loads(tx.vault.unseal(key, part_name(each.id, SECTION), sealed))
        return section
    return {}


def opens(tx: Tx, found: Listed, *types: str) -> bool:
    """Whether the caller may open what is of these types in this placement."""
    row = found.standing.row
    restrictions = restrictions_for(row.restrictions, tx.by.practitioner_id)
    party = (found.standing.side, tx.by.function)
    return edition(row.rules_edition).documents.opens(types, party, found.state, restrictions)


def through_placement(tx: Tx, placement_id: str, document_id: str, number: int | None) -> Release:
    """A document the placement lists, for a party that may open it. Leaves no trace.

    Raises NotYours, AccessEnded, Erased, DocumentNotShared, DocumentAwaited.
    """
    return _through_placement(tx, placement_id, document_id, number)[0]


def _through_placement(
    tx: Tx, placement_id: str, document_id: str, number: int | None
) -> tuple[Release, Listed, Row[Any]]:
    found = listed(tx, placement_id)
    types = [line["type"] for line, _ in found.lines if line.get("document_id") == document_id]
    if not types:
        raise NotYours
    row = found.standing.row
    if not opens(tx, found, *types):
        raise DocumentNotShared
    named, keys = among(tx, found, [document_id] if is_id("doc", document_id) else [])
    if document_id not in named:
        raise NotYours
    record = named[document_id].child_id
    holder = Holder(record, row.organisation_code, keys[record], CHILD, record)
    document = find(tx, holder, document_id, number)
    # What the line calls it and what it was announced as must both be this party's to open.
    if not opens(tx, found, document.type):
        raise DocumentNotShared
    return ready(tx, holder.key, document), found, document


def among(tx: Tx, found: Listed, ids: Sequence[str]) -> tuple[dict[str, Row[Any]], dict[str, bytes]]:
    """Those of some documents that are this child's, by any of its records, and the key of each record.

    No line makes another child's document this one's. A record that was erased has no key, and none of its own.
    """
    row, keys = found.standing.row, {found.standing.row.child_id: found.key}
    asked = {"ids": [*ids], "records": [row.child_id], "organisation": row.organisation_code}
    rows = [*tx.all(queries.AMONG, asked)] if ids else []
    if len(rows) < len(ids):
        records = reading.records_of(tx, row.child_id, row.organisation_code)
        others = {each.id: each for each in records if each.id != row.child_id and each.wrapped is not None}
        keys |= {each.id: reading.key_of(tx, each) for each in others.values()}
        rows += tx.all(queries.AMONG, {**asked, "records": [*others]}) if others else ()
    return {each.id: each for each in rows}, keys


def release_through_placement(tx: Tx, placement_id: str, document_id: str, number: int | None) -> Release:
    """The same, recorded: in the ledger, in the account of who has seen what of the child, and as a receipt."""
    release, found, document = _through_placement(tx, placement_id, document_id, number)
    row = found.standing.row
    subject = {"document": document.id, "child": row.child_id, "placement": row.id}
    entry_id = recorded(tx, subject, document, found.standing.why)
    sight = Sight(row.child_id, row.id, None, row.version, (SECTION,), found.standing.why)
    tx.add(openings, opening(tx, sight, entry_id))
    return release


def of_child(tx: Tx, child_id: str, document_id: str, number: int | None) -> Release:
    """A document of the caller's own child. Leaves no trace. Raises NotYours, ChildErased and as above."""
    return _of_child(tx, child_id, document_id, number)[0]


def _of_child(tx: Tx, child_id: str, document_id: str, number: int | None) -> tuple[Release, Row[Any]]:
    child = reading.find(tx, child_id)
    holder = _holder(tx, child, document_id)
    document = find(tx, holder, document_id, number)
    if not may_keep(tx, child, document.type):
        raise DocumentNotShared
    return ready(tx, holder.key, document), document


def may_keep(tx: Tx, child: Row[Any], document_type: str) -> bool:
    """Whether this function of the keeping authority may open a document of this type of its own child."""
    restrictions = restrictions_for(child.restrictions, tx.by.practitioner_id)
    return current().documents.opens((document_type,), ("placing", tx.by.function), "active", restrictions)


def release_of_child(tx: Tx, child_id: str, document_id: str, number: int | None) -> Release:
    """The same, recorded in the ledger, in the account of who has seen what of the child, and as a receipt."""
    release, document = _of_child(tx, child_id, document_id, number)
    entry_id = recorded(tx, {"document": document.id, "child": child_id}, document, OWN_RECORD)
    sight = Sight(document.child_id, None, None, document.number, (SECTION,), OWN_RECORD)
    tx.add(openings, opening(tx, sight, entry_id))
    return release


def ready(tx: Tx, key: bytes, row: Row[Any]) -> Release:
    """Make a version that ``keeping.find`` gave ready, under the child's key. Raises DocumentAwaited, NotYours."""
    if row.version == 0:
        raise DocumentAwaited
    if row.version_id is None:
        raise NotYours
    told = about(tx.vault, key, row)
    wanted = told.get("file_name") or told.get("title")
    plain = row.type.replace("_", "-")
    return Release(
        document_id=row.id,
        number=row.number,
        tag=etag(row.id, row.version_id),
        media_type=row.media_type,
        size=row.size,
        file_name=file_name(wanted, plain, row.media_type),
        plain_name=file_name(None, f"{plain}-{row.number}", row.media_type),
        blob=row.blob,
        key=document_key(tx.vault, key, row),
        stream=row.stream or stream_name(row.id, row.version_id),
    )


def recorded(tx: Tx, subject: Mapping[str, str | None], document: Row[Any], why: str) -> str:
    """Write down that the caller is given this version; ``subject`` says through what. Returns the entry's id."""
    _receipt(tx, document)
    commitments = {"content": document.commitment}
    action = _ACTIONS[how(tx) == OPENED]
    return tx.record(action, subject, version=document.number, commitments=commitments, why=why)


def _receipt(tx: Tx, document: Row[Any]) -> None:
    """Note the first time this party had this version. Two at once: one is done again, and finds the other's."""
    by, named = tx.by, how(tx) == OPENED
    values = {
        "document_id": document.id,
        "number": document.number,
        "organisation": by.organisation,
        "function": by.function,
    }
    row = tx.one(queries.RECEIPT, values)
    if row is None:
        first = {
            "document_id": document.id,
            "number": document.number,
            "organisation_code": by.organisation,
            "function": by.function,
            "retrieved_at": None if named else tx.at,
            "opened_at": tx.at if named else None,
            "opened_by": by.practitioner_id,
        }
        tx.add(document_receipts, first)
    elif (row.opened_at if named else row.retrieved_at) is None:
        marked = {
            "b_document_id": document.id,
            "b_version": document.number,
            "b_organisation": by.organisation,
            "b_function": by.function,
            "b_at": tx.at,
        }
        if named:
            tx.change(queries.MARK_OPENED, {**marked, "b_by": by.practitioner_id})
        else:
            tx.change(queries.MARK_RETRIEVED, marked)
