"""Which of our forms a reader asks for."""

from collections.abc import Mapping, Sequence
from typing import Final

from app.web.errors import NotAcceptable

JSON: Final = "application/json"
PDF: Final = "application/pdf"


def acceptable(accept: str | None, ours: Sequence[str]) -> str:
    """The media type to answer in. Raises NotAcceptable.

    Of several that are accepted alike, the first of ``ours``: a browser's ``*/*`` gets JSON, where that is first.
    """
    wanted = _wanted(accept or "*/*")
    chosen = max(ours, key=lambda media: (_weight(media, wanted), -ours.index(media)))
    if _weight(chosen, wanted) <= 0:
        raise NotAcceptable
    return chosen


def _wanted(accept: str) -> dict[str, float]:
    """Each range of an Accept header with its weight (RFC 9110, 12.5.1); what is not well formed weighs nothing."""
    wanted = {}
    for each in accept.lower().split(",")[:20]:
        media, *parameters = (part.strip() for part in each.split(";"))
        quality = next((part[2:] for part in parameters if part.startswith("q=")), "1")
        wanted[media] = float(quality) if quality.replace(".", "", 1).isdecimal() and quality.isascii() else 0.0
    return wanted


def _weight(media: str, wanted: Mapping[str, float]) -> float:
    ranges = (media, f"{media.partition('/')[0]}/*", "*/*")
    return next((wanted[each] for each in ranges if each in wanted), 0.0)
