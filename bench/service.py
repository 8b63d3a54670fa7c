"""The service as it runs in production, on a database of its own: migrated, furnished, with really signed tokens."""

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from json import load
from pathlib import Path
from uuid import uuid4

from cryptography.hazmat.primitives.asymmetric import ec

from app.db.engine import Database
from app.db.migrate import migrate
from app.organisations.load import import_directory
from app.security import clients
from app.security.keys import make_demo_key
from app.security.scopes import FUNCTION_SCOPES, Function
from app.vault.keys import make_demo_keys
from tests.postgres import OWNER, SERVICE, PostgresServer
from tests.rules.signing import jwk, key_set, sign

PLACING = "E08000035"
HOST = "E06000051"
HOST_HEALTH = "QOC"
PLACING_HEALTH = "QWO"
_KEYS = {code: ec.generate_private_key(ec.SECP256R1()) for code in (PLACING, HOST, HOST_HEALTH, PLACING_HEALTH)}
_ASSERTION = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"


class Service:
    """One running worker."""

    def __init__(self, url: str, pid: int, client_ids: dict[str, str]) -> None:
        self.url = url
        self.pid = pid
        self._client_ids = client_ids

    @property
    def port(self) -> int:
        return int(self.url.rpartition(":")[2])

    def token(self, organisation: str, function: str, name: str) -> str:
        """An access token for a named practitioner, asked for the way a client does."""
        now, client_id = int(time.time()), self._client_ids[organisation]
        person = {"name": name, "role": "practitioner", "team": "duty"}
        claims = {
            "iss": client_id,
            "sub": client_id,
            "aud": f"{self.url}/oauth2/token",
            "iat": now,
            "exp": now + 120,
            "jti": uuid4().hex,
            "practitioner": person,
        }
        form = {
            "grant_type": "client_credentials",
            "client_assertion_type": _ASSERTION,
            "client_assertion": sign(_KEYS[organisation], {"alg": "ES256", "typ": "JWT", "kid": "one"}, claims),
            "function": function,
        }
        with urllib.request.urlopen(f"{self.url}/oauth2/token", urllib.parse.urlencode(form).encode()) as answer:
            return str(load(answer)["access_token"])


def furnished(server: PostgresServer, name: str) -> dict[str, str]:
    """Make a database with the directory and a client for each organisation that takes part; client ids by code."""
    server.create_database(name)
    migrate(server.url(OWNER, name), service_role=SERVICE)
    database = Database(server.url(OWNER, name))
    with database.write() as connection:
        import_directory(connection)
        found = {code: _register(connection, code) for code in _KEYS}
    database.dispose()
    return found


def _register(connection: object, organisation: str) -> str:
    return clients.register(
        connection,
        organisation=organisation,
        name=f"System of {organisation}",
        functions=tuple(Function),
        scopes=frozenset().union(*FUNCTION_SCOPES.values()),
        key_set=key_set(jwk(_KEYS[organisation], "one")),
        now=datetime.now(UTC),
    ).id


@contextmanager
def serving(database_url: str, client_ids: dict[str, str], folder: Path) -> Iterator[Service]:
    """Run ``placement-notify serve`` until the block ends."""
    with started(database_url, client_ids, folder) as (service, _):
        yield service


@contextmanager
def started(database_url: str, client_ids: dict[str, str], folder: Path) -> Iterator[tuple[Service, float]]:
    """The same, with the seconds from the start of the process until it said that it was ready."""
    port = _free_port()
    url = f"http://127.0.0.1:{port}"
    if not folder.exists():
        folder.mkdir(mode=0o700)
        make_demo_keys(folder)
        make_demo_key(folder)
    chosen = {
        "DATABASE_URL": database_url,
        "PUBLIC_URL": url,
        "PORT": str(port),
        "KEYS_DIR": str(folder),
        "REQUESTS_PER_MINUTE": "10000000",
        "TOKEN_REQUESTS_PER_MINUTE": "10000000",
        # What is counted apart from requests must not fall among them.
        "COUNTING_SECONDS": "1000000",
        "ASSESSMENTS_SECONDS": "1000000",
    }
    environment = os.environ | {f"PLACEMENT_NOTIFY_{name}": value for name, value in chosen.items()}
    # An installation has its bytecode; a checkout may have been told to keep none, and would compile it at each start.
    environment |= {"PYTHONDONTWRITEBYTECODE": "", "PYTHONPYCACHEPREFIX": str(folder.parent / "bytecode")}
    began = time.monotonic()
    with (folder / "log").open("ab") as log:
        process = subprocess.Popen([sys.executable, "-m", "app.cli", "serve"], env=environment, stdout=log, stderr=log)
    try:
        _wait(f"{url}/readyz", process, folder / "log")
        yield Service(url, process.pid, client_ids), time.monotonic() - began
    finally:
        process.terminate()
        process.wait(30)


def _wait(url: str, process: "subprocess.Popen[bytes]", log: Path) -> None:
    for _ in range(1200):
        try:
            urllib.request.urlopen(url).close()
        except urllib.error.URLError:
            if process.poll() is not None:
                break
            time.sleep(0.1)
        else:
            return
    raise RuntimeError(f"the service did not start\n{log.read_text()}")


def _free_port() -> int:
    with socket.socket() as asked:
        asked.bind(("127.0.0.1", 0))
        return int(asked.getsockname()[1])
