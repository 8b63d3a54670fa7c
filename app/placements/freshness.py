"""How fresh a section's words are: since when they stand, and when and by whom they were last said to be true. Pure."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import orjson

from app.rules.working_time import london_day_of

Where = Mapping[str, Sequence[Any]]
"""Section -> the notification its current words stand in, its version, when it was sent, and of words carried forward
from an earlier placement since when they stand."""


class Fresh(NamedTuple):
    """The age of one section. ``carried`` says that its words were taken over from an earlier placement."""

    notification_id: str
    version: int
    as_of: str
    carried: bool
    confirmed_at: str
    confirmed_by: str | None
    """The practitioner who found it still true since; None where only its sending says so."""

    @property
    def as_of_on(self) -> str:
        """The day in London since which these words stand."""
        return london_day_of(self.as_of)

    @property
    def confirmed_on(self) -> str:
        """The day in London on which they were last said to be true."""
        return london_day_of(self.confirmed_at)


def freshness(where: Where, confirmed: str | None) -> dict[str, Fresh]:
    """How fresh each section is. ``confirmed`` is what stands confirmed, as the last confirmation keeps it."""
    found: Mapping[str, Sequence[Any]] = orjson.loads(confirmed) if confirmed else {}
    return {name: _fresh(place, found.get(name)) for name, place in where.items()}


def _fresh(place: Sequence[Any], found: Sequence[Any] | None) -> Fresh:
    # Sending a section says that it is true on that day, whether its words are new or the same again. What was found
    # true of words that were replaced since says nothing of those that stand now.
    notification_id, version, sent_at, *since = place
    confirmed_at, by = found[1:] if found and found[0] == notification_id else (sent_at, None)
    return Fresh(notification_id, version, since[0] if since else sent_at, bool(since), confirmed_at, by)
