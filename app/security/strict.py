"""Base64url and JSON read in one way only.

Two readers that disagree about a token are how tokens are forged, so whatever could be read twice (padding,
stray characters, spare bits, a repeated name, NaN) is refused before any library is asked.
"""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from typing import NoReturn


class Malformed(ValueError):
    """The text is not what it claims to be. The message tells the sender how, without any value of theirs."""


def to_base64url(data: bytes) -> str:
    """Encode without padding (RFC 7515, 2)."""
    return urlsafe_b64encode(data).rstrip(b"=").decode("ascii")


def from_base64url(text: str) -> bytes:
    """Decode, refusing padding, foreign characters and spare bits. Raises Malformed."""
    try:
        data = urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except ValueError:
        raise Malformed("is not base64url") from None
    if to_base64url(data) != text:
        raise Malformed("is not base64url without padding")
    return data


def parse_object(data: bytes) -> dict[str, object]:
    """Parse one JSON object in UTF-8, refusing repeated names, NaN and Infinity. Raises Malformed."""
    try:
        value = json.loads(data.decode("utf-8"), object_pairs_hook=_without_repeats, parse_constant=_no_constant)
    except Malformed:
        raise
    except (ValueError, RecursionError):
        # The parser's own error carries the whole text with it.
        raise Malformed("is not JSON in UTF-8") from None
    if not isinstance(value, dict):
        raise Malformed("is not a JSON object")
    return value


def _without_repeats(pairs: list[tuple[str, object]]) -> dict[str, object]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise Malformed("names something twice")
    return members


def _no_constant(_: str) -> NoReturn:
    raise Malformed("holds NaN or Infinity, which JSON does not have")
