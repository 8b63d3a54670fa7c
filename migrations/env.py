"""How Alembic runs here: on the connection it is given, over the tables of every package."""

import pkgutil
from importlib import import_module
from importlib.util import find_spec
from typing import Any, Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext
from sqlalchemy import inspect

import app
from app.db import types
from app.db.base import metadata
from app.db.lookups import ONLY_ON
from app.db.roles import grant_least
from app.ledger.guards import RIGHTS, install
from app.ledger.models import ledger_head

_NEVER_CHANGED = (
    "acknowledgements",
    "assertions",
    "child_corrections",
    "document_versions",
    "idempotency_keys",
    "openings",
    "passport_confirmations",
    "passport_versions",
    "practitioners",
    "recalls",
    "searches",
)
"""The account of who said and saw what: the service only adds to it."""

for package in pkgutil.iter_modules(app.__path__):
    # Every feature keeps its tables in its own ``models``: none can be forgotten here.
    if package.ispkg and find_spec(f"app.{package.name}.models"):
        import_module(f"app.{package.name}.models")


def name_type(kind: str, value: object, _context: AutogenContext) -> str | Literal[False]:
    """Write our two composed types by the names the template gives them."""
    names = {id(types.Id): "BYTEWISE", id(types.Position): "POSITION"}
    return names.get(id(value), False) if kind == "type" else False


def is_made_here(connection: Any) -> Any:
    """Leave out of a comparison what is meant for another database."""
    return lambda thing, *_: thing.info.get(ONLY_ON, connection.dialect.name) == connection.dialect.name


def run(connection: Any, guard: bool, service_role: str | None) -> None:
    """Run the migrations; afterwards put the guards back, and give the service's role its rights."""
    context.configure(
        connection=connection,
        target_metadata=metadata,
        render_as_batch=connection.dialect.name == "sqlite",
        render_item=name_type,
        include_object=is_made_here(connection),
    )
    context.run_migrations()
    if guard and inspect(connection).has_table(ledger_head.name):
        install(connection)
        if service_role and connection.dialect.name == "postgresql":
            grant_least(connection, service_role, {**dict.fromkeys(_NEVER_CHANGED, "SELECT, INSERT"), **RIGHTS})


attributes = context.config.attributes
run(attributes["connection"], attributes.get("guard", False), attributes.get("service_role"))
