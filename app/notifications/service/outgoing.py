"""One notification on its way out: what was sent, what stood before, what the rules decided, who is told."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from app.notifications.service.knowing import Known
from app.notifications.service.placing import Placing
from app.notifications.service.telling import Party, Told
from app.rules.decision import Decision
from app.rules.language import Advice


@dataclass(frozen=True, slots=True)
class Outgoing:
    """Everything decided about one send, before any of it is written."""

    id: str
    placement_id: str
    version: int
    state: str
    document: Mapping[str, Any]
    sections: Mapping[str, Any]
    known: Known
    placing: Placing
    decision: Decision
    outstanding: str
    """What is still owed, in the form the placement keeps it."""
    met: frozenset[str]
    """Codes of the clocks that this notification, with all said before, has met."""
    told: list[Told]
    left: list[Party]
    why_left: str
    changes: list[str]
    advice: list[Advice]
    """Words to think about in the sections sent."""
    reference_index: str | None
    urgency: str
    kept: Mapping[str, str]
    """Sections carried forward unchanged from an earlier placement -> since when their words stand."""
