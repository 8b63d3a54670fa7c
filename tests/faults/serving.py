"""The service as an operator runs it: a process of its own, which can be killed and started again."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from http.client import HTTPConnection, HTTPException
from pathlib import Path

from app.db.engine import Database
from tests import evidence
from tests.world import World, WorldClock, keys_in

_REPOSITORY = Path(__file__).parents[2]
_STARTS_WITHIN = 120


class Served(World):
    """A world whose service is another process. Register its clients before ``start``."""

    def __init__(self, database_url: str, folder: Path) -> None:
        self.port = _free_port()
        super().__init__(f"http://127.0.0.1:{self.port}", database_url, folder, WorldClock())
        self.database = Database(database_url)
        self.owner_url = database_url
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start the service, and return when it answers."""
        with (self.folder / "log").open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "app.cli", "serve"],
                cwd=_REPOSITORY,
                env=self._environment(),
                stdout=log,
                stderr=subprocess.STDOUT,
            )
        deadline = time.monotonic() + _STARTS_WITHIN
        while not self._answers():
            assert time.monotonic() < deadline, "the service did not start"
            assert self._process.poll() is None, "the service ended at once"
            time.sleep(0.02)

    def kill(self) -> None:
        """End it as the machine would: no handler runs, nothing is flushed, nothing is said."""
        if self._process:
            self._process.send_signal(signal.SIGKILL)
            self._process.wait()

    def begin(self, *command: str) -> "subprocess.Popen[bytes]":
        """Start another command of this installation, to be cut off."""
        return subprocess.Popen(
            [sys.executable, "-m", "app.cli", *command],
            cwd=_REPOSITORY,
            env=self._environment(),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    def run(self, *command: str) -> subprocess.CompletedProcess[bytes]:
        """Run another command of this installation."""
        return subprocess.run(
            [sys.executable, "-m", "app.cli", *command],
            cwd=_REPOSITORY,
            env=self._environment(),
            capture_output=True,
            check=False,
        )

    def _environment(self) -> dict[str, str]:
        settings = {
            "database_url": self.database_url,
            "owner_url": self.owner_url,
            "public_url": self.url,
            "keys_dir": str(keys_in(self.folder)),
            "port": str(self.port),
            "requests_per_minute": "1000000",
            "sequencer_interval_ms": "50",
            "keys_reload_seconds": "0.2",
            "documents_dir": str(self.folder / "documents"),
        }
        named = {f"PLACEMENT_NOTIFY_{name.upper()}": value for name, value in settings.items()}
        return {"PATH": os.environ["PATH"], **named}

    def _answers(self) -> bool:
        connection = HTTPConnection("127.0.0.1", self.port, timeout=1)
        with closing(connection), suppress(OSError, HTTPException):
            connection.request("GET", "/livez")
            return connection.getresponse().status == 200
        return False


def _free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


@contextmanager
def served(database_url: str, folder: Path) -> Iterator[Served]:
    """A service that is not started yet; it is ended, and what it leaves behind is kept, when the block ends."""
    service = Served(database_url, folder)
    try:
        yield service
    finally:
        for caller in service.callers:
            caller.close()
        service.kill()
        log = (folder / "log").read_text()
        print(*(line for line in log.splitlines() if '"error"' in line), sep="\n")  # noqa: T201 - shown on failure
        evidence.keep("logs", log.encode())
        evidence.keep_rows(service.database)
        service.database.dispose()
