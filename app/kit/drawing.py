"""Random bytes from the system, drawn many at once."""

import os
import struct
from collections.abc import Iterator

_AT_ONCE = 256
_NOTHING: Iterator[tuple[bytes]] = iter(())
_drawn: dict[int, Iterator[tuple[bytes]]] = {}
"""What was drawn and not given out yet, by how many bytes are given out at a time."""


def draw(size: int) -> bytes:
    """Return ``size`` bytes nobody was given before.

    A send makes some thirty ids. A call to the system for each lets go of the interpreter's lock thirty times, and
    threads on several cores then spend a third of their time passing it to each other. ``next`` on such an iterator is
    one step under that lock, so no two threads are given the same.
    """
    while (found := next(_drawn.get(size, _NOTHING), None)) is None:
        _drawn[size] = struct.iter_unpack(f"{size}s", os.urandom(size * _AT_ONCE))
    return found[0]


os.register_at_fork(after_in_child=_drawn.clear)
