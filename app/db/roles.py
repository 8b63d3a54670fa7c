"""The least rights of the role the service runs as, on PostgreSQL."""

from collections.abc import Mapping

from sqlalchemy import Connection, inspect, text

ORDINARY = "SELECT, INSERT, UPDATE"
READ_ONLY = "SELECT"
_OWN = {"alembic_version": READ_ONLY}
_IS_OWNER = text("SELECT pg_has_role(:role, current_user, 'MEMBER')")


def grant_least(connection: Connection, role: str, special: Mapping[str, str]) -> None:
    """Give ``role`` the rights in ``special`` by table and ORDINARY on every other, and no more than those.

    Raises ValueError when ``role`` is, or may become, the owner of the tables: rights do not bind an owner.
    """
    if connection.scalar(_IS_OWNER, {"role": role}):
        raise ValueError("service_role must be neither the owner of the tables, a member of it nor a superuser")
    quote = connection.dialect.identifier_preparer.quote
    name, rights = quote(role), {**special, **_OWN}
    connection.exec_driver_sql(f"GRANT USAGE ON SCHEMA public TO {name}")
    for table in inspect(connection).get_table_names():
        connection.exec_driver_sql(f"REVOKE ALL ON {quote(table)} FROM {name}")
        connection.exec_driver_sql(f"GRANT {rights.get(table, ORDINARY)} ON {quote(table)} TO {name}")
