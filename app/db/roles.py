"""The least rights of the role the service runs as, on PostgreSQL."""

from collections.abc import Mapping

from sqlalchemy import Connection, inspect

ORDINARY = "SELECT, INSERT, UPDATE"
READ_ONLY = "SELECT"
_OWN = {"alembic_version": READ_ONLY}


def grant_least(connection: Connection, role: str, special: Mapping[str, str]) -> None:
    """Give ``role`` the rights in ``special`` by table and ORDINARY on every other, and no more than those.

    Raises ValueError when ``role`` is the one that owns the tables: an owner cannot be held to rights.
    """
    if connection.exec_driver_sql("SELECT current_user").scalar_one() == role:
        raise ValueError("service_role must differ from the role that owns the tables and runs migrations")
    quote = connection.dialect.identifier_preparer.quote
    name, rights = quote(role), {**special, **_OWN}
    connection.exec_driver_sql(f"GRANT USAGE ON SCHEMA public TO {name}")
    for table in inspect(connection).get_table_names():
        connection.exec_driver_sql(f"REVOKE ALL ON {quote(table)} FROM {name}")
        connection.exec_driver_sql(f"GRANT {rights.get(table, ORDINARY)} ON {quote(table)} TO {name}")
