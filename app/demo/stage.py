"""The stage: a folder with a database, keys and client files of its own, and the service running on it."""

import fcntl
import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from app.db.engine import Database
from app.db.migrate import migrate
from app.demo.cast import HOST_HEALTH, SYSTEMS, TRUST, TRUST_NAME
from app.organisations.load import delegate, import_directory, register
from app.organisations.systems import System, register_system
from app.security.keys import SigningKey, load_signing_keys, make_demo_key, public_members
from app.settings import Settings
from app.vault.keys import load_keys, make_demo_keys
from app.vault.vault import Vault
from app.work.resources import Resources

PORT = 8000
KID = "demo-1"
_STORIES_AT_ONCE = 20
_START_SECONDS = 30
_STOP_SECONDS = 10


class StageBroken(Exception):
    """The story cannot begin; the text says why, in a sentence."""


@dataclass(frozen=True, slots=True)
class Stage:
    """Where a story plays. ``lock`` is the open file that keeps a second story out of the folder."""

    folder: Path
    port: int
    lock: int

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def database(self) -> Path:
        return self.folder / "demo.db"

    @property
    def log(self) -> Path:
        return self.folder / "service.log"

    @property
    def settings(self) -> Settings:
        """What the service is told through its environment."""
        return Settings(
            database_url=f"sqlite:///{self.database.resolve()}",
            public_url=self.url,
            keys_dir=(self.folder / "keys").resolve(),
            documents_dir=(self.folder / "documents").resolve(),
            port=self.port,
        )

    def client_file(self, name: str) -> Path:
        """Where the system of this name keeps what it needs to ask for a token."""
        return self.folder / "clients" / f"{name}.json"


def set_stage(wanted: Path) -> Stage:
    """Make everything the service needs in ``wanted``, or beside a living story in a folder of its own in it.

    The database is new each time: a story before this one in the same folder is gone, its keys stay.
    """
    os.umask(0o077)
    folder, lock = _claim(wanted)
    stage = Stage(folder, _free_port(), lock)
    for old in folder.glob("demo.db*"):
        old.unlink()
    _make_keys(stage)
    settings = stage.settings
    migrate(settings.database_url)
    resources = Resources(Database(settings.database_url), Vault(load_keys(settings)))
    try:
        with resources.database.write() as connection:
            import_directory(connection)
            register(connection, code=TRUST, kind="trust", name=TRUST_NAME, country="E")
            delegate(connection, HOST_HEALTH, TRUST, "children_in_care_health")
        for name, system in SYSTEMS.items():
            _register(resources, stage, name, system)
    finally:
        resources.database.dispose()
    return stage


@contextmanager
def service(stage: Stage) -> Iterator["subprocess.Popen[bytes]"]:
    """Run the service as an operator would, as a process of its own, until the block ends. Raises StageBroken."""
    told = {
        f"PLACEMENT_NOTIFY_{name.upper()}": str(value)
        for name, value in stage.settings.model_dump(include={"database_url", "public_url", "keys_dir", "port"}).items()
    }
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PLACEMENT_NOTIFY_")}
    with stage.log.open("wb") as log:
        # It inherits the lock, so the folder stays taken for as long as either of the two lives. Ctrl-C is for
        # the story, which then ends the service in order: hence a session of its own.
        process = subprocess.Popen(
            [sys.executable, "-m", "app.cli", "serve"],
            env=kept | told,
            cwd=Path(__file__).parents[2],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            pass_fds=(stage.lock,),
            start_new_session=True,
        )
    try:
        _await_ready(process, stage)
        yield process
    finally:
        process.terminate()
        try:
            process.wait(_STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _await_ready(process: "subprocess.Popen[bytes]", stage: Stage) -> None:
    until = time.monotonic() + _START_SECONDS
    while time.monotonic() < until and process.poll() is None:
        try:
            if httpx.get(f"{stage.url}/readyz", timeout=2).is_success:
                return
        except httpx.HTTPError:
            pass
        time.sleep(0.05)
    raise StageBroken(f"The service did not start. The end of {stage.log} says why.")


def _claim(wanted: Path) -> tuple[Path, int]:
    for folder in (wanted, *(wanted / str(number) for number in range(2, _STORIES_AT_ONCE))):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        lock = os.open(folder / "story.lock", os.O_CREAT | os.O_RDWR, 0o600)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            os.close(lock)
            continue
        return folder, lock
    raise StageBroken(f"{_STORIES_AT_ONCE - 1} stories are playing under {wanted} already. End one of them first.")


def _free_port() -> int:
    for port in (PORT, 0):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return int(probe.getsockname()[1])
    raise StageBroken("No port is free on 127.0.0.1.")


def _make_keys(stage: Stage) -> None:
    folder = stage.folder / "keys"
    if not folder.exists():
        make_demo_keys(folder)
        make_demo_key(folder)
    if not (load_keys(stage.settings).are_demo and load_signing_keys(folder)[0].is_demo):
        raise StageBroken(f"{folder} holds keys that were not made for a story. Choose another folder.")


def _register(resources: Resources, stage: Stage, name: str, system: System) -> None:
    told = stage.client_file(name)
    told.parent.mkdir(mode=0o700, exist_ok=True)
    pem = _client_key(told.with_suffix(".pem"))
    key_set = json.dumps({"keys": [{"kid": KID, **public_members(SigningKey(KID, pem))}]})
    client = register_system(resources, system, key_set)
    words = {"url": stage.url, "client_id": client.id, "kid": KID, "key": told.with_suffix(".pem").name}
    told.write_text(json.dumps(words, indent=2) + "\n", "utf-8")


def _client_key(path: Path) -> str:
    if not path.exists():
        key = ec.generate_private_key(ec.SECP256R1())
        path.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    return path.read_text("ascii")
