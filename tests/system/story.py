"""A story told by a process of its own, for the tests that look at what it leaves running."""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def environment() -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PLACEMENT_NOTIFY_")}
    return kept | {"COLUMNS": "80", "NO_COLOR": "1", "PYTHONUNBUFFERED": "1"}


class Story:
    """A story that has been told and whose service is still running."""

    def __init__(self, folder: Path, process: subprocess.Popen[str], told: str) -> None:
        self.folder = folder
        self.process = process
        self.told = told
        self.url = re.search(r"runs at (http://\S+)", told)[1]


@contextmanager
def telling(folder: Path) -> Iterator[Story]:
    words = [sys.executable, "-m", "app.cli", "demo", "--folder", str(folder)]
    process = subprocess.Popen(
        words, cwd=ROOT, env=environment(), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    told = ""
    for line in process.stdout:
        told += line
        if "Ctrl-C" in line:
            break
    else:
        pytest.fail(told[-2000:])
    try:
        yield Story(folder, process, told)
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGINT)
        process.communicate(timeout=30)
