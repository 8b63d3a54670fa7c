"""Opaque, time-ordered identifiers: a prefix that names the kind, 48 bits of time, 80 random bits."""

import re
import time
from datetime import UTC, datetime

from app.kit.drawing import draw

_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
_PAIRS = [high + low for high in _ALPHABET for low in _ALPHABET]

ID_PATTERN = r"^[a-z]{3}_[0-9a-hjkmnp-tv-z]{26}$"
_ID = re.compile(ID_PATTERN)


_TIME_ENDS = 14
_RANDOM_BYTES = 10


def new_id(kind: str) -> str:
    """Return a fresh id such as ``ntf_01jdyb3m...``; ids made later sort later (to the millisecond)."""
    value = (time.time_ns() // 1_000_000) << 80 | int.from_bytes(draw(_RANDOM_BYTES), "big")
    return kind + "_" + "".join(_PAIRS[value >> shift & 0x3FF] for shift in range(120, -1, -10))


def derived_id(kind: str, digest: str) -> str:
    """Return the id that follows from a digest in hex of at least 128 bits: always the same, in no order of time."""
    value = int(digest[:32], 16)
    return kind + "_" + "".join(_PAIRS[value >> shift & 0x3FF] for shift in range(120, -1, -10))


def made_at(made: str) -> datetime:
    """When an id of ours was made, to the millisecond, in UTC."""
    value = 0
    for letter in made[4:_TIME_ENDS]:
        value = value << 5 | _ALPHABET.index(letter)
    return datetime.fromtimestamp(value / 1000, UTC)


def sorts_from(kind: str, moment: datetime) -> str:
    """What sorts before every id of a kind made at or after a moment, and after every one made before it."""
    value = int(moment.timestamp() * 1000)
    return kind + "_" + "".join(_PAIRS[value >> shift & 0x3FF] for shift in range(40, -1, -10))


def is_id(kind: str, text: str) -> bool:
    """Tell whether ``text`` is shaped like one of our ids of this kind."""
    return text.startswith(kind + "_") and _ID.fullmatch(text) is not None
