"""Bringing everything under the current master key: the keys of children, and what the service sealed as its own.

Short transactions of one page each, every row changed only if it is still what was read. A crash leaves some rows
under the old key and some under the new, which is how it was before; the next run does the rest.
"""

from collections.abc import Callable
from typing import Any, NamedTuple

from sqlalchemy import (
    Column,
    ColumnElement,
    LargeBinary,
    Select,
    Table,
    bindparam,
    case,
    func,
    not_,
    select,
    tuple_,
    update,
)

from app.children.models import child_keys
from app.oversight.models import oversight_quarters
from app.security.models import assertions, practitioners
from app.vault.vault import Vault
from app.work.models import idempotency_keys
from app.work.resources import Resources

PAGE = 200
MISSING = "missing"


class Own(NamedTuple):
    """A column the service seals as its own: its table, the purpose of the key, and what each value is bound to."""

    table: Table
    column: Column[Any]
    purpose: str
    bound_to: Column[Any]


OWN = (
    Own(assertions, assertions.c.sealed, "assertions", assertions.c.digest),
    Own(idempotency_keys, idempotency_keys.c.answer, "answers", idempotency_keys.c.key_digest),
    Own(oversight_quarters, oversight_quarters.c.sealed, "quarters", oversight_quarters.c.id),
    Own(practitioners, practitioners.c.sealed, "practitioners", practitioners.c.id),
)
"""Every column that ``Vault.seal_own`` fills; a test finds those that are missing here."""

_K = child_keys.c
_PAGE_OF_KEYS = (
    select(_K.child_id, _K.organisation_code, _K.wrapped, _K.master_key_id)
    .where(
        _K.wrapped.is_not(None),
        _K.master_key_id != bindparam("current"),
        tuple_(_K.child_id, _K.organisation_code) > tuple_(bindparam("child"), bindparam("organisation")),
    )
    .order_by(_K.child_id, _K.organisation_code)
    .limit(PAGE)
)
_REWRAP = (
    update(child_keys)
    .where(
        _K.child_id == bindparam("b_child"),
        _K.organisation_code == bindparam("b_organisation"),
        _K.wrapped == bindparam("b_was"),
    )
    .values(wrapped=bindparam("b_wrapped"), master_key_id=bindparam("b_current"))
)
_UNDER = select(_K.master_key_id, func.count()).where(_K.wrapped.is_not(None)).group_by(_K.master_key_id)

Told = Callable[[str, int], None]


def rewrap_all(resources: Resources, told: Told) -> int:
    """Bring every row under the current master key; tells a table's name and how many, page by page. How many in all.

    Runs until a whole pass finds nothing: a process that had not heard of the new key may have used the old meanwhile.
    """
    total = 0
    while changed := _rewrap_keys(resources, told) + sum(_reseal(resources, own, told) for own in OWN):
        total += changed
    return total


def counts(resources: Resources) -> dict[str, int]:
    """How many rows there are under each master key, by its id; those under a key nobody has here as ``missing``."""
    vault = resources.vault
    found = dict.fromkeys((*vault.master_ids, MISSING), 0)
    with resources.database.read() as connection:
        for kid, count in connection.execute(_UNDER):
            found[kid if kid in found else MISSING] += count
        for own in OWN:
            under = case(*((_is_under(own, vault.mark(kid)), kid) for kid in vault.master_ids), else_=MISSING)
            for kid, count in connection.execute(select(under, func.count()).group_by(under)):
                found[kid] += count
    return found


def _rewrap_keys(resources: Resources, told: Told) -> int:
    vault, last, total = resources.vault, ("", ""), 0
    while True:
        with resources.database.write() as connection:
            asked = {"current": vault.current, "child": last[0], "organisation": last[1]}
            page = connection.execute(_PAGE_OF_KEYS, asked).all()
            for row in page:
                wrapped, kid = vault.rewrap(row.wrapped, row.master_key_id, row.child_id, row.organisation_code)
                values = {"b_wrapped": wrapped, "b_current": kid, "b_was": row.wrapped}
                connection.execute(
                    _REWRAP, {"b_child": row.child_id, "b_organisation": row.organisation_code, **values}
                )
        if not page:
            return total
        last, total = (page[-1].child_id, page[-1].organisation_code), total + len(page)
        told("child_keys", total)


def _reseal(resources: Resources, own: Own, told: Told) -> int:
    vault, last, total = resources.vault, "", 0
    while True:
        with resources.database.write() as connection:
            page = connection.execute(_page(own, vault, last)).all()
            for bound_to, sealed in page:
                words = vault.unseal_own(own.purpose, bound_to, sealed)
                fresh = vault.seal_own(own.purpose, bound_to, words)
                connection.execute(
                    update(own.table).where(own.bound_to == bound_to, own.column == sealed).values({own.column: fresh})
                )
        if not page:
            return total
        last, total = page[-1][0], total + len(page)
        told(own.table.name, total)


def _page(own: Own, vault: Vault, last: str) -> Select[Any]:
    return (
        select(own.bound_to, own.column)
        .where(own.bound_to > last, not_(_is_under(own, vault.mark(vault.current))))
        .order_by(own.bound_to)
        .limit(PAGE)
    )


def _is_under(own: Own, mark: bytes) -> ColumnElement[bool]:
    return func.substr(own.column, 1, len(mark), type_=LargeBinary) == mark
