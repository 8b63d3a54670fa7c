"""Entity tags: one per party, changing only when something that party may see changes."""

import hashlib

from app.web.errors import StaleVersion, VersionRequired


def etag(*parts: object) -> str:
    """A strong tag over ``parts``. The parts must already be limited to what the party may see."""
    return '"' + hashlib.sha256("\x1f".join(map(str, parts)).encode()).hexdigest()[:32] + '"'


def matches(header: str | None, tag: str) -> bool:
    """Tell whether If-None-Match names the tag."""
    return header is not None and tag in map(str.strip, header.split(","))


def require_match(header: str | None, tag: str) -> None:
    """Insist on If-Match naming the tag. Raises VersionRequired, StaleVersion."""
    if header is None:
        raise VersionRequired
    if header.strip() != tag:
        raise StaleVersion
