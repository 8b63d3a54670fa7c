"""Looking up one row by its id at the same cost however many there are.

The tree of a primary key grows deeper with its rows, and an act asks for the same few rows in joins and in the checks
of foreign keys. PostgreSQL's hash index takes one page whatever is stored (docs/decisions/0020). SQLite has none, and
goes by the primary key there.
"""

from sqlalchemy import Index

ONLY_ON = "only_on"
"""The name under ``Index.info`` of the one database that an index is made on."""

ROOMY = {"fillfactor": 40}
"""Buckets are split one after another, so that some hold twice as much as others: at the usual 75 they spill over."""


def by_hash(table: str) -> Index:
    """An index for PostgreSQL alone, over the ids of a table."""
    return Index(
        f"ix_{table}_id_hash",
        "id",
        postgresql_using="hash",
        postgresql_with=ROOMY,
        info={ONLY_ON: "postgresql"},
    ).ddl_if(dialect="postgresql")
