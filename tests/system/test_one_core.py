"""Workers of one machine keep to different cores, and whoever finds none free runs wherever there is room."""

import os
import subprocess
import sys
from collections.abc import Iterator

import pytest

_WORKER = """
import os, sys
from app.kit.core import keep_to_one_core
print(keep_to_one_core(sys.argv[1]), len(os.sched_getaffinity(0)), flush=True)
input()
"""
_AMONG = f"test-{os.getpid()}"


class Worker:
    """A process that has claimed what it could, until it is ended."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-c", _WORKER, _AMONG], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        assert self._process.stdout is not None
        self.core, self.cores = self._process.stdout.readline().split()

    def end(self) -> None:
        self._process.kill()
        self._process.communicate()


@pytest.fixture
def workers() -> Iterator[list[Worker]]:
    """As many workers as there are cores, and one more."""
    started = [Worker() for _ in range(len(os.sched_getaffinity(0)) + 1)]
    yield started
    for each in started:
        each.end()


def test_each_worker_has_a_core_of_its_own_and_a_dead_one_leaves_its_own_free(workers: list[Worker]) -> None:
    cores = len(os.sched_getaffinity(0))
    claimed = [each for each in workers if each.core != "None"]
    # Where there is only one core there is nothing to share out.
    assert len(claimed) == (cores if cores > 1 else 0)
    assert len({each.core for each in claimed}) == len(claimed)
    assert {each.cores for each in claimed} <= {"1"}
    assert (workers[-1].core, int(workers[-1].cores)) == ("None", cores)
    for first in claimed[:1]:
        first.end()
        heir = Worker()
        heir.end()
        assert heir.core == first.core
