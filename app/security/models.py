"""Tables of clients, their keys, the assertions they signed and the practitioners they named."""

from sqlalchemy import Column, ForeignKey, Table, UniqueConstraint

from app.db.base import metadata
from app.db.types import Code, Digest, Id, Json, Sealed, Utc, Words

clients = Table(
    "clients",
    metadata,
    Column("id", Id, primary_key=True),
    Column("organisation_code", Code, nullable=False, index=True),
    Column("name", Words, nullable=False),
    Column("functions", Json, nullable=False),
    Column("scopes", Json, nullable=False),
    Column("acts_for", Json, nullable=False),
    Column("jwks", Json, nullable=False),
    Column("created_at", Utc, nullable=False),
    Column("revoked_at", Utc),
)

# Rows stay when a key is replaced or its client revoked: a key once seen is never another client's.
client_keys = Table(
    "client_keys",
    metadata,
    Column("thumbprint", Digest, primary_key=True),
    Column("client_id", Id, ForeignKey("clients.id"), nullable=False),
)

practitioners = Table(
    "practitioners",
    metadata,
    Column("id", Id, primary_key=True),
    Column("organisation_code", Code, nullable=False),
    Column("lookup", Digest, nullable=False),
    Column("sealed", Sealed, nullable=False),
    Column("first_seen_at", Utc, nullable=False),
    UniqueConstraint("organisation_code", "lookup"),
)

assertions = Table(
    "assertions",
    metadata,
    Column("digest", Digest, primary_key=True),
    Column("client_id", Id, ForeignKey("clients.id"), nullable=False),
    Column("jti", Code, nullable=False),
    Column("practitioner_id", Id, ForeignKey("practitioners.id")),
    Column("sealed", Sealed, nullable=False),
    Column("issued_at", Utc, nullable=False),
    Column("expires_at", Utc, nullable=False),
    UniqueConstraint("client_id", "jti"),
)

# Whom an organisation lets act for it, in one function: a trust for a health board, a shared night team.
delegations = Table(
    "delegations",
    metadata,
    Column("organisation_code", Code, ForeignKey("organisations.code"), primary_key=True),
    Column("delegate_code", Code, ForeignKey("organisations.code"), primary_key=True),
    Column("function", Code, primary_key=True),
)
