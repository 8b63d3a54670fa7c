"""Keeping a process small: what a long-running worker asks of the system's allocator."""

import ctypes
import gc
import linecache
from contextlib import suppress

_TRIM_THRESHOLD, _ARENA_MAX = -1, -8
"""Parameters of glibc's ``mallopt``."""
_KEPT_FREE = 128 * 1024
_NEW_OBJECTS = 20_000
"""How many things are made before young ones are searched: an answer of thousands of parts is made without a search."""


def give_memory_back() -> None:
    """Let all threads share one arena, and give freed memory back soon. Elsewhere than on glibc, do nothing.

    Each thread's own arena keeps what its largest request once took; threads that take turns need only one.
    """
    with suppress(OSError, AttributeError):
        mallopt = ctypes.CDLL(None).mallopt
        mallopt(_ARENA_MAX, 1)
        mallopt(_TRIM_THRESHOLD, _KEPT_FREE)


def keep_what_stays() -> None:
    """Leave what stands now out of every later search for garbage: code, rules and models stay as long as the process.

    A search goes through all of that otherwise, again and again while a long answer is made: as FHIR, a passport took
    a sixth more of CPU. Called once all is imported, before anything is served.
    """
    # The text of every module with models, read for the words below their fields.
    linecache.clearcache()
    gc.collect()
    gc.freeze()
    gc.set_threshold(_NEW_OBJECTS, 10, 10)
