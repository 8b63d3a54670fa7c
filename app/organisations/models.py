"""Tables of the directory. Rows with dates are in force on both the first and the last day; NULL is open."""

from sqlalchemy import CheckConstraint, Column, ForeignKey, Table

from app.db import types
from app.db.base import metadata

organisations = Table(
    "organisations",
    metadata,
    Column("code", types.Code, primary_key=True),
    Column("code_system", types.Code, nullable=False),
    Column("kind", types.Code, nullable=False),
    Column("name", types.Words, nullable=False),
    Column("short_name", types.Words, nullable=False),
    Column("country", types.Code, nullable=False),
    Column("gss", types.Code),
    Column("valid_from", types.Day),
    Column("valid_to", types.Day),
    Column("contacts", types.Json, nullable=False),
)

organisation_successions = Table(
    "organisation_successions",
    metadata,
    # No foreign key: codes abolished before the first edition are known only as predecessors.
    Column("predecessor_code", types.Code, primary_key=True),
    Column("successor_code", types.Code, ForeignKey("organisations.code"), primary_key=True),
    Column("effective_from", types.Day, nullable=False),
    Column("change", types.Code, nullable=False),
)

area_routing = Table(
    "area_routing",
    metadata,
    Column("area_code", types.Code, ForeignKey("organisations.code"), primary_key=True),
    Column("health_code", types.Code, ForeignKey("organisations.code"), primary_key=True),
    Column("valid_from", types.Day, primary_key=True),
    Column("valid_to", types.Day),
    Column("health_share", types.Code, nullable=False),
    Column("is_default", types.Flag, nullable=False),
    Column("police_code", types.Code, ForeignKey("organisations.code"), nullable=False),
)

adjacent_areas = Table(
    "adjacent_areas",
    metadata,
    Column("area_code", types.Code, ForeignKey("organisations.code"), primary_key=True),
    Column("adjacent_code", types.Code, ForeignKey("organisations.code"), primary_key=True),
    Column("evidence", types.Code, nullable=False),
)

directory_state = Table(
    "directory_state",
    metadata,
    Column("id", types.Whole, primary_key=True, autoincrement=False),
    Column("version", types.Whole, nullable=False),
    Column("loaded_at", types.Utc),
    CheckConstraint("id = 1", name="one_row"),
)
