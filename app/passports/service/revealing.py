"""From sealed sections to the ones a view shares: a withheld section is never opened."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Row

from app.access.disclosure import Revealed, in_order, reveal
from app.passports import queries
from app.passports.service.standing import Standing
from app.rules.disclosure import View
from app.work.tx import Tx

ERASED = "erased"


def bound_to(child_id: str, version: int) -> str:
    """What the sections of one version are sealed for: they open nowhere else."""
    return f"{child_id}|passport|{version}"


def current_words(tx: Tx, standing: Standing) -> Sequence[Row[Any]]:
    """The sealed words of the version the caller was found before; none where nothing is published.

    PostgreSQL answers each question as of its own moment. Where a newer version was committed between the two, its
    words stand already and those asked for are read as of their version: an answer never mixes two.
    """
    if not standing.held:
        return ()
    rows = tx.all(queries.CURRENT, {"child_id": standing.child_id})
    if {row.section: row.version for row in rows} == {name: held["version"] for name, held in standing.held.items()}:
        return rows
    return words_as_at(tx, standing.child_id, standing.version)


def words_as_at(tx: Tx, child_id: str, version: int) -> Sequence[Row[Any]]:
    """The sealed words as they stood in one version."""
    return tx.all(queries.AS_AT, {"child_id": child_id, "version": version})


_WORKS_FOR = frozenset({"provenance.recorded_by.organisation"})


def _without_whereabouts(standing: Standing, view: View) -> View:
    """The view, less whom those who wrote a section down work for, where that would say where the child lives."""
    if not standing.hides_area:
        return view
    removed = {name: view.removed.get(name, frozenset()) | _WORKS_FOR for name in view.shared}
    return View(view.shared, removed, view.withheld)


def open_words(tx: Tx, standing: Standing, rows: Iterable[Row[Any]], view: View) -> Revealed:
    """The sections that ``view`` shares, in the order of a page. What an organisation had erased is withheld."""
    child_id, view = standing.child_id, _without_whereabouts(standing, view)
    by_key: dict[tuple[str, bytes | None, str | None], list[tuple[str, str, bytes]]] = defaultdict(list)
    for row in rows:
        if row.section in view.shared:
            part = (bound_to(child_id, row.version), row.section, row.sealed)
            by_key[row.organisation_code, row.wrapped, row.master_key_id].append(part)
    sections: dict[str, bytes] = {}
    withheld = dict(view.withheld)
    for (organisation, wrapped, master_key_id), parts in by_key.items():
        if wrapped is None or master_key_id is None:
            withheld |= {name: ERASED for _, name, _ in parts}
            continue
        key = tx.vault.unwrap(wrapped, master_key_id, child_id, organisation)
        opened = reveal(tx.vault, key, parts, view)
        sections |= opened.sections
        withheld |= opened.withheld
    return Revealed({name: sections[name] for name in in_order(sections)}, withheld)
