"""What is answered about notifications. Output fields have no defaults: an answer always holds all of them."""

from typing import Any, Literal

from pydantic import Field

from app.access.people import Person
from app.kit.ids import ID_PATTERN
from app.placements.schemas import ChildIdShown, Clock, Outstanding, RecipientState, Shown, Withheld


class NotHeld(Shown):
    """Why the law for this case is not held in the rules, and what to do."""

    code: str
    title: str
    what_to_do: str


class Rules(Shown):
    """The edition of the rules that decided, and whether it holds the law for this case."""

    edition: str
    held: bool
    not_held: NotHeld | None


class Foreseen(Shown):
    """Somebody who would be told, why, on what basis, and by when an answer would be expected."""

    organisation: str
    organisation_name: str
    function: str
    why: str
    basis: str
    acknowledge_by: str
    connected: bool = Field(description="Whether a system of theirs is connected; if not, ring them")


class Recipient(Foreseen):
    """Somebody who is told, why, on what basis, and by when an answer is expected."""

    id: str = Field(pattern=ID_PATTERN)


class Suggested(Shown):
    """Somebody practice suggests telling; add them as additional recipients."""

    party: str
    function: str
    why: str


class Warned(Shown):
    """What a person should look at. Never a refusal."""

    code: str
    message: str
    pointer: str | None
    basis: str


class Advice(Shown):
    """Advice on wording: a phrase to think about, and what to say instead. Keep it and say why, or change it."""

    code: str = Field(description="Which advice; name it in sender.wording_kept to keep the words")
    pointer: str
    phrase: str = Field(description="The phrase as the table of the standard has it")
    message: str = Field(description="What to say instead")
    why: str
    category: str
    kept: bool = Field(description="Whether the author read this before and keeps the words")


class Receipt(Shown):
    """Where this stands in the ledger."""

    entry_id: str
    recorded_at: str


class Recorded(Shown):
    """What was made of a notification, and where that stands."""

    id: str = Field(pattern=ID_PATTERN)
    placement_id: str = Field(pattern=ID_PATTERN)
    child_id: ChildIdShown
    version: int
    state: str
    sent_at: str
    warnings: list[Warned]
    receipt: Receipt


class Sent(Recorded):
    """A notification, recorded."""

    rules: Rules
    recipients: list[Recipient]
    suggested_recipients: list[Suggested]
    outstanding: list[Outstanding]
    clocks: list[Clock]
    advice: list[Advice]


class Previewed(Shown):
    """What a notification would do. Nothing was sent and nothing was stored."""

    dry_run: Literal[True]
    version: int
    state: str
    sent_at: str = Field(description="When this was worked out; due times run from here")
    rules: Rules
    recipients: list[Foreseen]
    suggested_recipients: list[Suggested]
    outstanding: list[Outstanding]
    clocks: list[Clock]
    advice: list[Advice]
    warnings: list[Warned]


class SentBy(Shown):
    """The team that sent it."""

    organisation: str
    function: str


class NotificationView(Shown):
    """One party's view: what is shared, what is not, and why."""

    id: str
    kind: str
    occasion: str | None
    urgency: str
    reason: str | None = Field(description="Of a withdrawal: why")
    placement_id: str
    child_id: ChildIdShown
    version: int
    state: str
    sent_at: str
    sent_by: SentBy
    your_side: Literal["placing", "host"]
    why_you: str = Field(description="Why this reached your function, in the words of the rule")
    rule: str | None = Field(description="The rule's code; null for the sender itself")
    acknowledge_by: str | None
    acknowledged_at: str | None
    rules_edition: str
    changes: list[str]
    fields_withheld: list[str] = Field(description="Single fields a restriction takes out, as JSON pointers")
    sections_shared: list[str]
    sections_withheld: list[Withheld]
    sections: dict[str, Any] = Field(description="By name; each follows the published standard, less what is withheld")


class InboxItem(Shown):
    """One notification that was sent to this function."""

    notification_id: str
    placement_id: str
    kind: str
    urgency: str
    age_band: str
    sent_at: str
    acknowledge_by: str
    overdue: bool
    retrieved_at: str | None
    opened_at: str | None
    acknowledged_at: str | None
    outcome: str | None


class Inbox(Shown):
    """A page of the inbox."""

    items: list[InboxItem]
    next_cursor: str | None


class SentItem(Shown):
    """A notification on the sender's board."""

    notification_id: str
    placement_id: str
    child_id: ChildIdShown
    kind: str
    occasion: str | None
    urgency: str
    version: int
    sent_at: str
    state: str
    recipients: list[RecipientState]
    outstanding: list[Outstanding]


class SentBoard(Shown):
    """A page of the sender's board."""

    items: list[SentItem]
    next_cursor: str | None


class Acknowledged(Shown):
    """An acknowledgement, recorded."""

    id: str
    notification_id: str
    outcome: str
    at: str


class SeenBefore(Shown):
    """A recipient whose access ended, and what they had seen by then."""

    id: str
    organisation: str
    function: str
    retrieved_at: str | None
    opened_at: str | None
    opened_by: Person | None


class StartedClock(Shown):
    """A clock that began."""

    code: str
    title: str
    basis: str
    due: str


class Recalled(Shown):
    """A recall, recorded: access has ended."""

    id: str
    notification_id: str
    placement_id: str
    at: str
    access_ended: list[SeenBefore]
    clocks: list[StartedClock]
