"""A passport, its versions, who confirmed it, and which teams hold a part in it."""

from sqlalchemy import Column, ForeignKey, Index, Table, text

from app.db import types
from app.db.base import metadata

_CURRENT = text("until_version IS NULL")
_IN_FORCE = text("until_at IS NULL")
_OPEN = text("state IN ('offered', 'queried', 'declined')")
_UNSETTLED = text("settled = 0")

passports = Table(
    "passports",
    metadata,
    Column("child_id", types.Id, ForeignKey("children.id"), primary_key=True),
    Column("version", types.Whole, nullable=False),
    Column("sections", types.Json, nullable=False),
    Column("review_due_on", types.Day),
    Column("created_at", types.Utc, nullable=False),
    Column("changed_at", types.Utc, nullable=False),
)
"""``sections``: of each section, since which version its words stand, who wrote them, and how old they are.
``review_due_on`` is the first day on which any of them is due for review, so that a list finds what went stale."""

passport_versions = Table(
    "passport_versions",
    metadata,
    Column("child_id", types.Id, ForeignKey("passports.child_id"), primary_key=True),
    Column("version", types.Whole, primary_key=True),
    Column("organisation_code", types.Code, ForeignKey("organisations.code"), nullable=False),
    Column("function", types.Code, nullable=False),
    Column("practitioner_id", types.Id, ForeignKey("practitioners.id")),
    Column("changed", types.Json, nullable=False),
    Column("sections", types.Json, nullable=False),
    Column("at", types.Utc, nullable=False),
    Column("entry_id", types.Id, ForeignKey("ledger_entries.id"), nullable=False),
)
"""``changed`` names the sections this version brought; ``sections`` is the passport's own as it stood then."""

passport_sections = Table(
    "passport_sections",
    metadata,
    Column("child_id", types.Id, ForeignKey("passports.child_id"), primary_key=True),
    Column("section", types.Code, primary_key=True),
    Column("version", types.Whole, primary_key=True),
    Column("until_version", types.Whole),
    Column("organisation_code", types.Code, ForeignKey("organisations.code"), nullable=False),
    Column("sealed", types.Sealed, nullable=False),
    Index("ix_passport_sections_current", "child_id", postgresql_where=_CURRENT, sqlite_where=_CURRENT),
)
"""The words of one section from ``version`` until just before ``until_version``, sealed under the key its writer's
organisation has for this child. A version adds only what it changed, so many versions cost little."""

passport_confirmations = Table(
    "passport_confirmations",
    metadata,
    Column("id", types.Id, primary_key=True),
    Column("child_id", types.Id, ForeignKey("passports.child_id"), nullable=False),
    Column("version", types.Whole, nullable=False),
    Column("sections", types.Json, nullable=False),
    Column("organisation_code", types.Code, ForeignKey("organisations.code"), nullable=False),
    Column("function", types.Code, nullable=False),
    Column("practitioner_id", types.Id, ForeignKey("practitioners.id"), nullable=False),
    Column("at", types.Utc, nullable=False),
    Column("entry_id", types.Id, ForeignKey("ledger_entries.id"), nullable=False),
    Index("ix_passport_confirmations_child_id_id", "child_id", "id"),
)
"""A named person found these sections still true. Their words and dates stay as they were."""

passport_teams = Table(
    "passport_teams",
    metadata,
    Column("id", types.Id, primary_key=True),
    Column("child_id", types.Id, ForeignKey("children.id"), nullable=False),
    Column("organisation_code", types.Code, ForeignKey("organisations.code"), nullable=False),
    Column("function", types.Code, nullable=False),
    Column("side", types.Code, nullable=False),
    Column("by_right", types.Code, nullable=False),
    Column("holds", types.Flag, nullable=False),
    Column("since_at", types.Utc, nullable=False),
    Column("until_at", types.Utc),
    Column("until_why", types.Code),
    Column("entry_id", types.Id, ForeignKey("ledger_entries.id"), nullable=False),
    Index(
        "ix_passport_teams_in_force",
        "child_id",
        "organisation_code",
        "function",
        unique=True,
        postgresql_where=_IN_FORCE,
        sqlite_where=_IN_FORCE,
    ),
    Index("ix_passport_teams_organisation_code_function_id", "organisation_code", "function", "id"),
)
"""Which team has a part in the passport, since when and by what right; ``holds`` marks the one that keeps it.

A team in force here is a party whatever placement there is. Teams told of a placement the child lives in now are
parties without a row, for as long as that lasts."""

passport_transfers = Table(
    "passport_transfers",
    metadata,
    Column("id", types.Id, primary_key=True),
    Column("child_id", types.Id, ForeignKey("children.id"), nullable=False),
    Column("authority_code", types.Code, ForeignKey("organisations.code"), nullable=False),
    Column("placement_id", types.Id, ForeignKey("placements.id")),
    Column("previous_id", types.Id, ForeignKey("passport_transfers.id")),
    Column("opened_by", types.Code, nullable=False),
    Column("urgency", types.Code, nullable=False),
    Column("from_organisation_code", types.Code, ForeignKey("organisations.code")),
    Column("to_organisation_code", types.Code, ForeignKey("organisations.code"), nullable=False),
    Column("originating_code", types.Code, ForeignKey("organisations.code")),
    Column("commissioner_code", types.Code, ForeignKey("organisations.code")),
    Column("commissioner_basis", types.Code),
    Column("provider_code", types.Code, ForeignKey("organisations.code")),
    Column("state", types.Code, nullable=False),
    Column("waits_for", types.Code, nullable=False),
    Column("due_at", types.Utc),
    Column("settled", types.Flag, nullable=False),
    Column("decline_reason", types.Code),
    Column("offered_at", types.Utc, nullable=False),
    Column("reads_until", types.Utc),
    Column("decided_at", types.Utc),
    Column("confirm_by", types.Utc, nullable=False),
    Column("confirmed_at", types.Utc),
    Column("confirmed_by", types.Id, ForeignKey("practitioners.id")),
    Column("confirmed_version", types.Whole),
    Column("entry_id", types.Id, ForeignKey("ledger_entries.id"), nullable=False),
    Index("ix_passport_transfers_child_id_id", "child_id", "id"),
    Index("ix_passport_transfers_placement_id", "placement_id"),
    Index(
        "ix_passport_transfers_open",
        "child_id",
        "to_organisation_code",
        "id",
        postgresql_where=_OPEN,
        sqlite_where=_OPEN,
    ),
    Index(
        "ix_passport_transfers_to",
        "to_organisation_code",
        "id",
        postgresql_where=_UNSETTLED,
        sqlite_where=_UNSETTLED,
    ),
    Index(
        "ix_passport_transfers_from",
        "from_organisation_code",
        "id",
        postgresql_where=_UNSETTLED,
        sqlite_where=_UNSETTLED,
    ),
    Index(
        "ix_passport_transfers_authority",
        "authority_code",
        "id",
        postgresql_where=_UNSETTLED,
        sqlite_where=_UNSETTLED,
    ),
)
"""A passport on its way from the team that keeps it to another; the states and clocks are ``passport_transfers.toml``.

``opened_by`` is move, offer or re_route; ``settled`` is 0 while somebody still has to act on it; ``reads_until`` ends
what the new team reads before it has accepted, NULL where that lasts as long as the offer. The acts that write here
live in ``app.transfers``; the facts stand here, because they decide who reads a passport."""

passport_transfer_steps = Table(
    "passport_transfer_steps",
    metadata,
    Column("id", types.Id, primary_key=True),
    Column("transfer_id", types.Id, ForeignKey("passport_transfers.id"), nullable=False),
    Column("child_id", types.Id, ForeignKey("children.id"), nullable=False),
    Column("act", types.Code, nullable=False),
    Column("organisation_code", types.Code, ForeignKey("organisations.code"), nullable=False),
    Column("function", types.Code, nullable=False),
    Column("practitioner_id", types.Id, ForeignKey("practitioners.id"), nullable=False),
    Column("sealed", types.Sealed, nullable=False),
    Column("at", types.Utc, nullable=False),
    Column("entry_id", types.Id, ForeignKey("ledger_entries.id"), nullable=False),
    Index("ix_passport_transfer_steps_transfer_id_id", "transfer_id", "id"),
)
"""What a named person did about a transfer, their words sealed under their own organisation's key for the child."""
