"""What a passport was: its versions, and what differs between two of them, as far as the caller may see."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any, Final

import orjson
from sqlalchemy import Row

from app.access.disclosure import in_order
from app.access.people import Person, people
from app.children.service.seeing import Sight
from app.organisations.directory import Directory
from app.passports import queries
from app.passports.policy import differences
from app.passports.service.reading import held_in, summary
from app.passports.service.revealing import open_words, words_as_at
from app.passports.service.standing import Held, Standing, stand, view_of
from app.passports.service.telling import seen
from app.rules.disclosure import View
from app.web.paging import Cursors
from app.work.tx import Tx

_NEWEST: Final = 10**9
_AT_ONCE: Final = 200
"""Versions read in one go: a passport of more is rare."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Whose versions: of a child's passport, or of the one that stands under this ``record`` of it."""

    child_id: str
    record: str | None = None


def versions(tx: Tx, directory: Directory, cursors: Cursors, of: Wanted, cursor: str | None, limit: int) -> bytes:
    """A page of versions, newest first: which sections each brought, by whom. Raises NotYours, BadCursor.

    A version that brought nothing the caller may see is left out.
    """
    standing = stand(tx, directory, of.child_id, of.record)
    view = view_of(tx, standing)
    scope = f"passport_versions|{tx.by.organisation}|{tx.by.function}|{standing.child_id}"
    before = int(cursors.open(scope, cursor)) if cursor else _NEWEST
    found = list(islice(_shown(tx, standing, view, before), limit + 1))
    page = found[:limit]
    names = people(tx, (row.practitioner_id for row, _ in page))
    items = [_item(standing, row, changed, names) for row, changed in page]
    more = cursors.seal(scope, str(page[-1][0].version)) if len(found) > limit else None
    told = {"child_id": standing.shown_id, "merged_records": standing.merged_records}
    return orjson.dumps({**told, "items": items, "next_cursor": more})


def _item(standing: Standing, row: Row[Any], changed: list[str], names: Mapping[str, Person]) -> dict[str, Any]:
    named = standing.names(row.organisation_code)
    return {
        "record": standing.child_id,
        "version": row.version,
        "published_at": row.at,
        "organisation": row.organisation_code if named else None,
        "function": row.function,
        "published_by": names.get(row.practitioner_id) if named else None,
        "changed": changed,
        "entry_id": row.entry_id,
    }


def _shown(tx: Tx, standing: Standing, view: View, before: int) -> Iterator[tuple[Row[Any], list[str]]]:
    """The versions before this one that brought anything the caller sees, newest first, and what of it.

    A page that were cut before they are chosen would tell how many stand between.
    """
    while True:
        rows = tx.all(queries.VERSIONS, {"child_id": standing.child_id, "before": before, "limit": _AT_ONCE})
        for row in rows:
            if changed := [name for name in orjson.loads(row.changed) if name in view.shared]:
                yield row, changed
        if len(rows) < _AT_ONCE:
            return
        before = rows[-1].version


def diff(tx: Tx, directory: Directory, child_id: str, old: int, new: int, record: str | None = None) -> bytes:
    """Every field that differs between two versions, of the sections the caller may see; recorded as seen.

    Version 0 is the empty passport. Raises NotYours, PassportNotForYou, NoSuchVersion.
    """
    standing = stand(tx, directory, child_id, record)
    view = view_of(tx, standing)
    then, now = _held(tx, standing, view, old), _held(tx, standing, view, new)
    moved = [name for name in in_order({**then, **now}) if _at(then, name) != _at(now, name)]
    shown = View({name: view.shared[name] for name in moved if name in view.shared}, view.removed, {})
    before, after = _words(tx, standing, old, shown), _words(tx, standing, new, shown)
    changes = [
        each._asdict() for name in shown.shared for each in differences(before.get(name), after.get(name), f"/{name}")
    ]
    seen(tx, standing, Sight(standing.child_id, None, None, new, tuple(shown.shared), standing.right.code))
    # All that is withheld, not only what moved: that a part changed may itself tell of it.
    withheld = [{"section": name, "reason": view.withheld[name]} for name in in_order(view.withheld)]
    told = {"from": old, "to": new, "changes": changes, "sections_withheld": withheld}
    return orjson.dumps({**summary(standing, view, new), **told})


_NONE = {"version": 0}


def _at(held: Held, name: str) -> int:
    version: int = held.get(name, _NONE)["version"]
    return version


def _held(tx: Tx, standing: Standing, view: View, version: int) -> Held:
    return held_in(tx, standing, view, version) if version else {}


def _words(tx: Tx, standing: Standing, version: int, view: View) -> dict[str, Any]:
    rows = words_as_at(tx, standing.child_id, version) if version else ()
    opened = open_words(tx, standing, rows, view)
    return {name: orjson.loads(body) for name, body in opened.sections.items()}
