"""Opaque, time-ordered identifiers: a prefix that names the kind, 48 bits of time, 80 random bits."""

import os
import re
import time

_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
_PAIRS = [high + low for high in _ALPHABET for low in _ALPHABET]

ID_PATTERN = r"^[a-z]{3}_[0-9a-hjkmnp-tv-z]{26}$"
_ID = re.compile(ID_PATTERN)


def new_id(kind: str) -> str:
    """Return a fresh id such as ``ntf_01jdyb3m...``; ids made later sort later (to the millisecond)."""
    value = (time.time_ns() // 1_000_000) << 80 | int.from_bytes(os.urandom(10), "big")
    return kind + "_" + "".join(_PAIRS[value >> shift & 0x3FF] for shift in range(120, -1, -10))


def is_id(kind: str, text: str) -> bool:
    """Tell whether ``text`` is shaped like one of our ids of this kind."""
    return text.startswith(kind + "_") and _ID.fullmatch(text) is not None
