"""Keeping a process on one core (docs/decisions/0006).

Python runs one thread of a process at a time. Spread over several cores, the threads of a busy worker spend a
third of its time handing that turn from core to core; on one core they do not, and other processes go elsewhere.
"""

import os
import socket

_held: list[socket.socket] = []
"""A claim lasts as long as its socket, and a socket as long as its process, however that ends."""


def keep_to_one_core(among: str = "placement-notify") -> int | None:
    """Keep this process, and threads it starts from now on, to a core no other has claimed.

    ``among`` names those who share the machine's cores out. Returns the core, or None
    where the system knows no such thing, only one core may be used, or none is free.
    """
    if not hasattr(os, "sched_setaffinity"):
        return None
    # The first core is where many systems serve their devices.
    cores = sorted(os.sched_getaffinity(0), reverse=True)
    free = next((core for core in cores if _claim(among, core)), None) if len(cores) > 1 else None
    if free is not None:
        os.sched_setaffinity(0, {free})
    return free


def _claim(among: str, core: int) -> bool:
    claim = socket.socket(socket.AF_UNIX)
    try:
        # The leading NUL names no file: whoever dies without tidying up leaves nothing behind.
        claim.bind(f"\0{among}-core-{core}")
    except OSError:
        claim.close()
        return False
    _held.append(claim)
    return True
