"""A file, put together from what each of its parts answers by itself, so that it can show no more than they do.

Every part takes the scope of its own route, checks who asks, applies the tables of disclosure and leaves its own trace;
the file leaves one more. Source: Reviews of practice: commissioning was kept in emails, lost with leavers; clear
auditable records belong on the child's file.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Final

import orjson

from app.access.people import people
from app.assessments.service.reading import register
from app.audit.service import disclosures
from app.children.service.correcting import corrections
from app.children.service.listing import Listing
from app.children.service.reading import read
from app.children.service.restricting import restrictions
from app.documents.service import listing as documents
from app.kit.errors import Failure
from app.ledger.actions import Action
from app.lives.service.placements_of import placements_of
from app.organisations.directory import Directory
from app.passports.service.history import Wanted, versions
from app.placements.policy import follows
from app.placements.service.merged import ask, release
from app.placements.service.reviewing import replies
from app.placements.service.timeline import events
from app.security.principal import Caller
from app.security.scopes import Scope
from app.transfers.service.reading import of_child as transfers_of
from app.web.paging import Cursors
from app.work.tx import Tx

MOST: Final = 500
"""Of each kind of thing in one file. More is said (``is_whole``), and the lists have it page by page."""

_MOST_PLACEMENTS: Final = 50
_NOT_THEIRS: Final = (403, 404, 409, 410)
"""Refusals of a part that leave the rest of a file standing: not theirs, not shared, erased, not there yet."""


@dataclass(slots=True)
class Parts:
    """What the parts of one file answered to a caller, and which were refused."""

    by: Caller
    found: dict[str, Any] = field(default_factory=dict)
    withheld: list[dict[str, str]] = field(default_factory=list)
    whole: bool = True

    def add(self, name: str, scope: Scope, act: Callable[[], bytes]) -> None:
        """Take a part in as its own route answers it."""
        body = self.take(name, scope, lambda: orjson.loads(act()))
        self.whole &= body is None or body.get("next_cursor") is None
        self.found[name] = body

    def take(self, name: str, scope: Scope, act: Callable[[], dict[str, Any]]) -> dict[str, Any] | None:
        """What ``act`` answers; None where it is refused, which is named with the code of the refusal."""
        try:
            self.by.check_scope(scope)
            return act()
        except Failure as refusal:
            if refusal.status not in _NOT_THEIRS:
                raise
            self.withheld.append({"part": name, "reason": refusal.code})
            return None


def file_of_placement(tx: Tx, placement_id: str) -> dict[str, Any]:
    """The file of a placement, for a party to it. Raises InsufficientScope, NotYours, AccessEnded, Erased."""
    made = _placement(tx, placement_id)
    tx.record(Action.FILE_READ, {"placement": placement_id}, parts=_names(made))
    return made


def file_of_child(tx: Tx, directory: Directory, cursors: Cursors, child_id: str) -> dict[str, Any]:
    """The file of a child, for the authority that answers for the record. Raises InsufficientScope, NotYours."""
    page, homes = Listing(cursors, None, MOST), Listing(cursors, None, _MOST_PLACEMENTS)
    tx.by.check_scope(Scope.CHILDREN_READ)
    child = orjson.loads(read(tx, child_id, None).body or b"null")
    parts = Parts(tx.by)
    parts.add(
        "placements",
        Scope.PLACEMENTS_READ,
        lambda: placements_of(tx, child_id, homes),
    )
    parts.add("corrections", Scope.CHILDREN_READ, lambda: corrections(tx, child_id, page))
    parts.add("restrictions", Scope.CHILDREN_RESTRICT, lambda: restrictions(tx, child_id, page))
    parts.add("documents", Scope.DOCUMENTS_READ, lambda: documents.of_child(tx, child_id, page))
    parts.add("assessments", Scope.ASSESSMENTS_READ, lambda: register(tx, directory, child_id, page))
    parts.add("passport_versions", Scope.PASSPORTS_READ, lambda: _versions(tx, directory, cursors, child_id))
    parts.add("passport_transfers", Scope.PASSPORTS_TRANSFER, lambda: transfers_of(tx, directory, child_id, page))
    parts.add("disclosures", Scope.DISCLOSURES_READ, lambda: disclosures(tx, directory, cursors, child_id, None, MOST))
    listed = (parts.found.pop("placements") or {"items": []})["items"]
    ids = [each["placement_id"] for each in listed]
    taken = (parts.take(each, Scope.PLACEMENTS_READ, partial(_placement, tx, each)) for each in ids)
    placements = [each for each in taken if each is not None]
    made = {
        "child_id": child["child_id"],
        **_made(tx),
        "child": child,
        "placements": placements,
        **parts.found,
        "parts_withheld": parts.withheld,
        "is_whole": parts.whole and all(each["is_whole"] for each in placements),
    }
    tx.record(Action.FILE_READ, {"child": child["child_id"]}, parts=_names(made), count=len(placements))
    return made


def _versions(tx: Tx, directory: Directory, cursors: Cursors, child_id: str) -> bytes:
    """The versions of the passport that is read, then those of every other that stands under a merged record."""
    made: dict[str, Any] = orjson.loads(versions(tx, directory, cursors, Wanted(child_id), None, MOST))
    for record in made["merged_records"]:
        other = orjson.loads(versions(tx, directory, cursors, Wanted(child_id, record), None, MOST))
        made["items"] += other["items"]
        made["next_cursor"] = made["next_cursor"] or other["next_cursor"]
    return orjson.dumps(made)


def _placement(tx: Tx, placement_id: str) -> dict[str, Any]:
    tx.by.check_scope(Scope.PLACEMENTS_READ)
    asked = ask(tx, placement_id)
    standing = asked.standing
    happened, more = events(tx, standing, "", MOST)
    whole = follows(tx.by, standing.side, standing.row.organisation_code, asked.view)
    said = replies(tx, placement_id, MOST) if whole else None
    parts = Parts(tx.by)
    parts.add("documents", Scope.DOCUMENTS_READ, lambda: documents.of_placement(tx, placement_id))
    return {
        "placement_id": placement_id,
        **_made(tx),
        "placement": orjson.loads(release(tx, asked)),
        "events": happened,
        "replies": said,
        **parts.found,
        "parts_withheld": parts.withheld,
        "is_whole": more is None and len(said or ()) < MOST and parts.whole,
    }


def _made(tx: Tx) -> dict[str, Any]:
    by = tx.by
    person = people(tx, [by.practitioner_id]).get(by.practitioner_id or "")
    asker = {"organisation": by.organisation, "function": by.function, "practitioner": person}
    return {"made_at": tx.at, "made_for": asker}


def _names(made: Mapping[str, Any]) -> list[str]:
    """The parts a file holds something of: for the ledger, which takes no words."""
    return [name for name, part in made.items() if isinstance(part, dict | list) and part and name != "made_for"]
