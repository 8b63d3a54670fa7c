"""CPU and memory as the kernel accounts them, for trees of processes."""

import hashlib
import json
import os
import time
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import psutil

MEGABYTE = 1024
_WORK = {f"name {place}": [place, str(place), None] for place in range(100)}
_TIMES = 200


@dataclass(frozen=True)
class Reading:
    """CPU seconds so far: of the service, of PostgreSQL, of the whole machine, of this program; and the time."""

    service: float
    postgres: float
    machine: float
    own: float
    at: float


def read(service: int, postmaster: int) -> Reading:
    """Read all accounts at once."""
    own = os.times()
    machine = psutil.cpu_times()
    return Reading(
        service=_cpu(service),
        postgres=_cpu(postmaster),
        machine=sum(machine[:8]) - machine.idle - machine.iowait,
        own=own.user + own.system + own.children_user + own.children_system,
        at=time.monotonic(),
    )


def _cpu(pid: int) -> float:
    """User and system time of a process and those it started, the ones that have ended included.

    A backend that exits is added to the account of its parent, so none gets lost between two readings.
    """
    root = psutil.Process(pid)
    total = 0.0
    for process in (root, *root.children(recursive=True)):
        with suppress(psutil.NoSuchProcess):
            total += sum(process.cpu_times()[:4])
    return total


def reference_ms() -> float:
    """CPU milliseconds of a fixed piece of work: how fast the machine is at this moment, to tell a slow one by."""
    began = time.process_time()
    for _ in range(_TIMES):
        hashlib.sha256(json.dumps(_WORK).encode()).digest()
    return (time.process_time() - began) * 1000


def peak_mb(pid: int) -> float:
    """The most memory a process has ever held (VmHWM)."""
    return _status(pid, ("VmHWM",)) / MEGABYTE


def private_mb(postmaster: int) -> float:
    """The largest share of memory that one PostgreSQL process holds for itself: shared buffers are counted once."""
    pids = (process.pid for process in psutil.Process(postmaster).children(recursive=True))
    return max(_status(pid, ("RssAnon", "RssFile")) for pid in pids) / MEGABYTE


def _status(pid: int, names: Iterable[str]) -> int:
    lines = dict(line.split(":", 1) for line in Path(f"/proc/{pid}/status").read_text().splitlines())
    return sum(int(lines[name].split()[0]) for name in names)
