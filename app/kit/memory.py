"""Keeping a process small: what a long-running worker asks of the system's allocator."""

import ctypes
from contextlib import suppress

_TRIM_THRESHOLD, _ARENA_MAX = -1, -8
"""Parameters of glibc's ``mallopt``."""
_KEPT_FREE = 128 * 1024


def give_memory_back() -> None:
    """Let all threads share one arena, and give freed memory back soon. Elsewhere than on glibc, do nothing.

    Each thread's own arena keeps what its largest request once took; threads that take turns need only one.
    """
    with suppress(OSError, AttributeError):
        mallopt = ctypes.CDLL(None).mallopt
        mallopt(_ARENA_MAX, 1)
        mallopt(_TRIM_THRESHOLD, _KEPT_FREE)
