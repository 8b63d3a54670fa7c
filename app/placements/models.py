"""A placement and every fact about it: what was told, to whom, what they did, what is due.

The acts that make these facts live in ``app.notifications``; the facts stand here, because a placement answers
for its parties and its history (docs/decisions/0004).
"""

from sqlalchemy import Column, ForeignKey, Index, Table, UniqueConstraint, text

from app.db import types
from app.db.base import metadata
from app.db.lookups import ROOMY, by_hash

_TO_END = text("state = 'active'")
_AWAY = text("distance IS NOT NULL AND state = 'active'")
_OF_CONCERN = text("concern IS NOT NULL AND state = 'active'")

placements = Table(
    "placements",
    metadata,
    Column("id", types.Id, primary_key=True),
    Column("child_id", types.Id, ForeignKey("children.id"), nullable=False),
    Column("organisation_code", types.Code, ForeignKey("organisations.code"), nullable=False),
    Column("host_area", types.Code),
    Column("state", types.Code, nullable=False),
    Column("version", types.Whole, nullable=False),
    Column("sections", types.Json, nullable=False),
    Column("outstanding", types.Json, nullable=False),
    Column("rules_edition", types.Code, nullable=False),
    Column("urgency", types.Code, nullable=False),
    Column("age_band", types.Code, nullable=False),
    Column("concern", types.Code),
    Column("concern_since", types.Day),
    Column("distance", types.Code),
    Column("started_on", types.Day),
    Column("ended_on", types.Day),
    Column("ended_why", types.Code),
    Column("created_at", types.Utc, nullable=False),
    Column("changed_at", types.Utc, nullable=False),
    by_hash("placements"),
    Index("ix_placements_host_area_state_id", "host_area", "state", "id"),
    Index("ix_placements_child_id_id", "child_id", "id"),
    Index("ix_placements_ending", "ended_on", postgresql_where=_TO_END, sqlite_where=_TO_END),
    Index("ix_placements_away", "organisation_code", "id", postgresql_where=_AWAY, sqlite_where=_AWAY),
    Index(
        "ix_placements_concern_of_sender",
        "organisation_code",
        "id",
        postgresql_where=_OF_CONCERN,
        sqlite_where=_OF_CONCERN,
    ),
    Index("ix_placements_concern_in_area", "host_area", "id", postgresql_where=_OF_CONCERN, sqlite_where=_OF_CONCERN),
)
"""``sections`` says where each section's current words are: name -> [notification id, version, when it was sent], and
where they were carried forward from an earlier placement, a fourth: since when they stand.

``ended_why`` is set where care itself ended or passed on, and the placement with it: a state of the child.
``concern`` and ``distance`` are the predicates of the rules that put a placement on a list of oversight, or NULL.
"""

notifications = Table(
    "notifications",
    metadata,
    Column("id", types.Id, primary_key=True),
    Column("placement_id", types.Id, ForeignKey("placements.id"), nullable=False),
    Column("child_id", types.Id, ForeignKey("children.id"), nullable=False),
    Column("organisation_code", types.Code, ForeignKey("organisations.code"), nullable=False),
    Column("function", types.Code, nullable=False),
    Column("practitioner_id", types.Id, ForeignKey("practitioners.id")),
    Column("kind", types.Code, nullable=False),
    Column("occasion", types.Code),
    Column("urgency", types.Code, nullable=False),
    Column("reason", types.Code),
    Column("reference_index", types.Digest),
    Column("version", types.Whole, nullable=False),
    Column("rules_edition", types.Code, nullable=False),
    Column("changes", types.Json, nullable=False),
    Column("sealed", types.Sealed),
    Column("sent_at", types.Utc, nullable=False),
    Column("entry_id", types.Id, ForeignKey("ledger_entries.id"), nullable=False),
    UniqueConstraint("organisation_code", "kind", "reference_index"),
    by_hash("notifications"),
    Index("ix_notifications_organisation_code_id", "organisation_code", "id"),
    Index("ix_notifications_placement_id_id", "placement_id", "id"),
)
"""``sealed`` is the frame of the sections sent, each sealed by itself; NULL once erased."""

_WAITING = text("acknowledged_at IS NULL AND access_ended_at IS NULL")

recipients = Table(
    "recipients",
    metadata,
    Column("id", types.Id, primary_key=True),
    Column("notification_id", types.Id, ForeignKey("notifications.id"), nullable=False),
    Column("placement_id", types.Id, ForeignKey("placements.id"), nullable=False),
    Column("organisation_code", types.Code, ForeignKey("organisations.code"), nullable=False),
    Column("function", types.Code, nullable=False),
    Column("side", types.Code, nullable=False),
    Column("rule", types.Code, nullable=False),
    Column("basis", types.Code, nullable=False),
    Column("kind", types.Code, nullable=False),
    Column("urgency", types.Code, nullable=False),
    Column("age_band", types.Code, nullable=False),
    Column("acknowledge_by", types.Utc, nullable=False),
    Column("sent_at", types.Utc, nullable=False),
    Column("alerted_at", types.Utc),
    Column("retrieved_at", types.Utc),
    Column("opened_at", types.Utc),
    Column("opened_by", types.Id, ForeignKey("practitioners.id")),
    Column("acknowledged_at", types.Utc),
    Column("acknowledged_by", types.Id, ForeignKey("practitioners.id")),
    Column("outcome", types.Code),
    Column("access_ended_at", types.Utc),
    Column("access_ended_why", types.Code),
    # The party comes first, so that whoever asks for all of them goes by the hash of one id, however many there are.
    UniqueConstraint("organisation_code", "function", "notification_id"),
    Index(
        "ix_recipients_organisation_code_placement_id_function",
        "organisation_code",
        "placement_id",
        "function",
    ),
    Index("ix_recipients_placement_id", "placement_id", postgresql_using="hash", postgresql_with=ROOMY),
    Index("ix_recipients_notification_id", "notification_id", postgresql_using="hash", postgresql_with=ROOMY),
    Index("ix_recipients_organisation_code_function_id", "organisation_code", "function", "id"),
    Index(
        "ix_recipients_waiting",
        "organisation_code",
        "function",
        "id",
        postgresql_where=_WAITING,
        sqlite_where=_WAITING,
    ),
)

acknowledgements = Table(
    "acknowledgements",
    metadata,
    Column("id", types.Id, primary_key=True),
    Column("recipient_id", types.Id, ForeignKey("recipients.id"), nullable=False),
    Column("notification_id", types.Id, ForeignKey("notifications.id"), nullable=False),
    Column("placement_id", types.Id, ForeignKey("placements.id"), nullable=False),
    Column("organisation_code", types.Code, ForeignKey("organisations.code"), nullable=False),
    Column("function", types.Code, nullable=False),
    Column("practitioner_id", types.Id, ForeignKey("practitioners.id"), nullable=False),
    Column("outcome", types.Code, nullable=False),
    Column("reason", types.Code),
    Column("sealed", types.Sealed, nullable=False),
    Column("at", types.Utc, nullable=False),
    Column("entry_id", types.Id, ForeignKey("ledger_entries.id"), nullable=False),
    Index("ix_acknowledgements_placement_id_id", "placement_id", "id"),
)
"""``sealed`` holds the note, the owner and the actions, under the acknowledging organisation's own key."""

recalls = Table(
    "recalls",
    metadata,
    Column("id", types.Id, primary_key=True),
    Column("notification_id", types.Id, ForeignKey("notifications.id"), nullable=False),
    Column("placement_id", types.Id, ForeignKey("placements.id"), nullable=False),
    Column("organisation_code", types.Code, ForeignKey("organisations.code"), nullable=False),
    Column("practitioner_id", types.Id, ForeignKey("practitioners.id"), nullable=False),
    Column("reason", types.Code, nullable=False),
    Column("sealed", types.Sealed, nullable=False),
    Column("at", types.Utc, nullable=False),
    Column("entry_id", types.Id, ForeignKey("ledger_entries.id"), nullable=False),
    Index("ix_recalls_placement_id_id", "placement_id", "id"),
)

clocks = Table(
    "clocks",
    metadata,
    Column("id", types.Id, primary_key=True),
    Column("placement_id", types.Id, ForeignKey("placements.id"), nullable=False),
    Column("notification_id", types.Id, ForeignKey("notifications.id"), nullable=False),
    Column("code", types.Code, nullable=False),
    Column("basis", types.Code, nullable=False),
    Column("owner", types.Code, nullable=False),
    Column("starts_at", types.Utc, nullable=False),
    Column("due_at", types.Utc, nullable=False),
    Column("met_at", types.Utc),
    Column("stopped_at", types.Utc),
    Column("marked_at", types.Utc),
    Column("marked_by", types.Id, ForeignKey("practitioners.id")),
    Index("ix_clocks_placement_id_code", "placement_id", "code"),
)
"""``marked_at`` is when somebody last said that it is done. A clock that repeats then starts again, and is not met."""

clock_marks = Table(
    "clock_marks",
    metadata,
    Column("id", types.Id, primary_key=True),
    Column("clock_id", types.Id, ForeignKey("clocks.id"), nullable=False),
    Column("placement_id", types.Id, ForeignKey("placements.id"), nullable=False),
    Column("organisation_code", types.Code, ForeignKey("organisations.code"), nullable=False),
    Column("function", types.Code, nullable=False),
    Column("practitioner_id", types.Id, ForeignKey("practitioners.id"), nullable=False),
    Column("code", types.Code, nullable=False),
    Column("due_at", types.Utc, nullable=False),
    Column("done_at", types.Utc, nullable=False),
    Column("at", types.Utc, nullable=False),
    Column("entry_id", types.Id, ForeignKey("ledger_entries.id"), nullable=False),
    Index("ix_clock_marks_placement_id_id", "placement_id", "id"),
)
"""Each time somebody said that the duty of a clock was done: a clock that repeats keeps only the last."""

placement_confirmations = Table(
    "placement_confirmations",
    metadata,
    Column("id", types.Id, primary_key=True),
    Column("placement_id", types.Id, ForeignKey("placements.id"), nullable=False),
    Column("number", types.Whole, nullable=False),
    Column("version", types.Whole, nullable=False),
    Column("sections", types.Json, nullable=False),
    Column("standing", types.Json, nullable=False),
    Column("organisation_code", types.Code, ForeignKey("organisations.code"), nullable=False),
    Column("function", types.Code, nullable=False),
    Column("practitioner_id", types.Id, ForeignKey("practitioners.id"), nullable=False),
    Column("at", types.Utc, nullable=False),
    Column("entry_id", types.Id, ForeignKey("ledger_entries.id"), nullable=False),
    UniqueConstraint("placement_id", "number"),
    Index("ix_placement_confirmations_placement_id_id", "placement_id", "id"),
)
"""A named person found these sections still true; words and dates stay as they were.

``standing`` is all that is confirmed so far: section -> [notification its words stood in, when, practitioner]. One
row therefore says it of the whole placement; the ``number`` makes the second of two at once look again.
"""

searches = Table(
    "searches",
    metadata,
    Column("id", types.Id, primary_key=True),
    Column("organisation_code", types.Code, ForeignKey("organisations.code"), nullable=False),
    Column("function", types.Code, nullable=False),
    Column("practitioner_id", types.Id, ForeignKey("practitioners.id"), nullable=False),
    Column("criterion", types.Code, nullable=False),
    Column("at", types.Utc, nullable=False),
    Column("entry_id", types.Id, ForeignKey("ledger_entries.id"), nullable=False),
    Index("ix_searches_practitioner_id_at", "practitioner_id", "at"),
    Index("ix_searches_organisation_code_at", "organisation_code", "at"),
)
"""What was searched by, never for: the ledger's entries of searches, in a form that can be counted by the day."""
