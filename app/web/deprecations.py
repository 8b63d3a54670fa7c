"""What is on its way out, in one table; every answer of such a route says so in its headers.

``Deprecation`` (RFC 9745) since when, ``Sunset`` (RFC 8594) until when at the least, and a ``Link`` to the page
that says what to use instead. docs/versions.md has the policy.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime

Header = tuple[bytes, bytes]


@dataclass(frozen=True, slots=True, kw_only=True)
class Deprecated:
    """A route that will go. ``since`` and ``sunset`` are aware; ``page`` is an address or a path on the service."""

    since: datetime
    sunset: datetime
    page: str

    def __post_init__(self) -> None:
        if self.sunset <= self.since:
            raise ValueError("what is deprecated goes after it is deprecated")

    def headers(self) -> list[Header]:
        """The three headers."""
        return [
            (b"deprecation", f"@{int(self.since.timestamp())}".encode()),
            (b"sunset", format_datetime(self.sunset.astimezone(UTC), usegmt=True).encode()),
            (b"link", f'<{self.page}>; rel="deprecation"; type="text/html"'.encode()),
        ]


DEPRECATED: dict[tuple[str, str], Deprecated] = {}
"""(method, route as in the contract) to what is said of it. Nothing is deprecated today."""
