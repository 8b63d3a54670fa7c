"""Every statement on the directory's tables. They hold no personal data, and every party may read them."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Table, bindparam, delete, func, insert, select, update

from app.organisations.kinds import Kind
from app.organisations.models import (
    adjacent_areas,
    area_routing,
    directory_state,
    organisation_successions,
    organisations,
)
from app.security.models import clients, delegations

Values = Mapping[str, Any]

_STAMP = select(
    select(directory_state.c.version).scalar_subquery(),
    func.count(clients.c.id),
    func.max(clients.c.created_at),
    func.count(clients.c.revoked_at),
)
_CHANGE_BY_CODE = update(organisations).where(organisations.c.code == bindparam("its_code"))


def stamp(connection: Connection) -> tuple[Any, ...]:
    """What differs whenever the directory or the set of live clients does."""
    return tuple(connection.execute(_STAMP).one())


def all_rows(connection: Connection, table: Table) -> Sequence[Row[Any]]:
    """A whole table of the directory: some thousands of rows at most."""
    return connection.execute(select(table).order_by(*table.primary_key.columns)).all()


def live_clients(connection: Connection) -> Sequence[Row[Any, Any, Any]]:
    """Whose systems are connected, for which functions, and for whom else they act."""
    columns = clients.c.organisation_code, clients.c.functions, clients.c.acts_for
    return connection.execute(select(*columns).where(clients.c.revoked_at.is_(None))).all()


def kinds_by_code(connection: Connection) -> dict[str, Kind]:
    """Every code held, with the kind of its organisation."""
    rows = connection.execute(select(organisations.c.code, organisations.c.kind))
    return {code: Kind(kind) for code, kind in rows}


def put_organisations(connection: Connection, rows: Iterable[Values], held: Iterable[str]) -> None:
    """Insert organisations, or change those among ``held``; a column not named stays as it is."""
    known = frozenset(held)
    changed, added = [], []
    for row in rows:
        if row["code"] in known:
            changed.append({"its_code": row["code"], **{name: row[name] for name in row if name != "code"}})
        else:
            added.append({"contacts": "{}", **row})
    if changed:
        connection.execute(_CHANGE_BY_CODE, changed)
    if added:
        connection.execute(insert(organisations), added)


def replace_links(
    connection: Connection,
    routing: Sequence[Values],
    neighbours: Sequence[Values],
    successions: Sequence[Values],
) -> None:
    """Put an edition's routing, neighbours and successions in the place of the former."""
    tables = (area_routing, routing), (adjacent_areas, neighbours), (organisation_successions, successions)
    for table, rows in tables:
        connection.execute(delete(table))
        if rows:
            connection.execute(insert(table), [dict(row) for row in rows])


def add_delegation(connection: Connection, row: Values) -> bool:
    """Insert a delegation. Returns False when it stands already."""
    if connection.execute(select(delegations).where(*_this_delegation(row))).first():
        return False
    connection.execute(insert(delegations), [dict(row)])
    return True


def remove_delegation(connection: Connection, row: Values) -> bool:
    """Delete a delegation. Returns False when there was none."""
    return connection.execute(delete(delegations).where(*_this_delegation(row))).rowcount == 1


def _this_delegation(row: Values) -> list[ColumnElement[bool]]:
    return [column == row[column.name] for column in delegations.primary_key.columns]


def delegations_to(connection: Connection, delegate: str) -> set[tuple[str, str]]:
    """Whose function an organisation may do: the principal and the function."""
    columns = delegations.c.organisation_code, delegations.c.function
    found = connection.execute(select(*columns).where(delegations.c.delegate_code == delegate))
    return {(code, function) for code, function in found}


def bump(connection: Connection, **changed: str) -> int:
    """Tell every process that the directory changed; ``loaded_at`` after an import. Returns the version."""
    version = int(connection.execute(select(directory_state.c.version)).scalar() or 0) + 1
    if version == 1:
        connection.execute(insert(directory_state), [{"id": 1, "version": 1, **changed}])
    else:
        connection.execute(update(directory_state).values(version=directory_state.c.version + 1, **changed))
    return version
