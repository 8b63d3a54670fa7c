"""Counts kept for oversight, by month. They follow from other tables and may be counted anew at any time."""

from sqlalchemy import CheckConstraint, Column, ForeignKey, Index, Table, text

from app.db import types
from app.db.base import metadata

_DUE = text("told > counted")

oversight_place = Table(
    "oversight_place",
    metadata,
    Column("id", types.Flag, primary_key=True, autoincrement=False),
    Column("position", types.Position, nullable=False),
    CheckConstraint("id = 1", name="only_one"),
)
"""One row: the position in the ledger up to which it is known which months have news."""

oversight_months = Table(
    "oversight_months",
    metadata,
    Column("organisation_code", types.Code, ForeignKey("organisations.code"), primary_key=True),
    Column("month", types.Code, primary_key=True),
    Column("told", types.Position, nullable=False),
    Column("counted", types.Position, nullable=False),
    Index("ix_oversight_months_due", "organisation_code", "month", postgresql_where=_DUE, sqlite_where=_DUE),
)
"""The months of a sender: the ledger position of the last news of one, and of the last that was counted in."""

oversight_quarters = Table(
    "oversight_quarters",
    metadata,
    Column("id", types.Code, primary_key=True),
    Column("counted_at", types.Utc, nullable=False),
    Column("sealed", types.Sealed, nullable=False),
)
"""What a report counted of a quarter when it was first asked for. ``id`` is organisation, report and quarter.

Sealed, because it holds the small numbers too; kept, because what is counted anew would move by single children.
"""

COUNTS = (
    "told",
    "starts",
    "within_24_hours",
    "emergencies",
    "within_5_working_days",
    "retrieved",
    "opened",
    "acknowledged",
    "in_time",
)
"""What is counted of the recipients of a month."""

oversight_counts = Table(
    "oversight_counts",
    metadata,
    Column("organisation_code", types.Code, ForeignKey("organisations.code"), primary_key=True),
    Column("side", types.Code, primary_key=True),
    Column("month", types.Code, primary_key=True),
    Column("partner_code", types.Code, ForeignKey("organisations.code"), primary_key=True),
    Column("function", types.Code, primary_key=True),
    Column("sender_code", types.Code, ForeignKey("organisations.code"), nullable=False),
    *(Column(name, types.Whole, nullable=False) for name in COUNTS),
    Column("open_median", types.Whole),
    Column("open_p90", types.Whole),
    Column("acknowledge_median", types.Whole),
    Column("acknowledge_p90", types.Whole),
    Index("ix_oversight_counts_sender_code_month", "sender_code", "month"),
)
"""One line of a report: for a sender by whom it told, for an area by who told those in it. Times in minutes.

``sender_code`` is whose month it was counted from, so that counting again finds what it wrote before.
"""
