"""A small world to test in: a running service, organisations with really registered clients, and people at work.

Everything goes over HTTP with really signed assertions, the way a council's own system would do it.
"""

import json
import ssl
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import uvicorn
from cryptography.hazmat.primitives.asymmetric import ec

from app.db.engine import Database
from app.kit.clock import parse_utc
from app.main import create_app
from app.organisations.load import delegate, import_directory, register
from app.security import clients
from app.security.keys import make_demo_key
from app.security.scopes import FUNCTION_SCOPES, Function
from app.settings import Settings
from app.vault.keys import make_demo_keys
from tests import evidence
from tests.databases import Databases, Prepare
from tests.rules.signing import jwk, key_set, sign

LEEDS = "E08000035"
SHROPSHIRE = "E06000051"
LEEDS_HEALTH = "QWO"
SHROPSHIRE_HEALTH = "QOC"
WEST_MERCIA = "E23000016"
WEST_YORKSHIRE = "E23000010"
TRUST = "RXT01"
PROVIDER = "PRV01"

PLAIN = ssl.create_default_context()
"""Nothing is encrypted here. Each client would load every authority of the machine anew, 25 ms of CPU each time."""

_ASSERTION = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"


class WorldClock:
    """A clock that tests may move; it never stands still, so ids and times stay in order."""

    def __init__(self) -> None:
        self.ahead = timedelta()

    def __call__(self) -> datetime:
        return datetime.now(UTC) + self.ahead

    def set(self, at: str) -> None:
        self.ahead = parse_utc(at) - datetime.now(UTC)


class Registered:
    """A client with its private key."""

    def __init__(self, client_id: str, key: ec.EllipticCurvePrivateKey) -> None:
        self.client_id = client_id
        self.key = key
        self.kid = "one"


class World:
    """A running service and everybody who uses it."""

    def __init__(self, url: str, database_url: str, folder: Path, clock: WorldClock) -> None:
        self.url = url
        self.database_url = database_url
        self.folder = folder
        self.clock = clock
        self.app: Any = None
        self.database: Database
        self.callers: list[Caller] = []
        self._clients: dict[str, Registered] = {}
        self._tokens: dict[tuple[Any, ...], tuple[str, datetime]] = {}

    def client_of(self, organisation: str) -> Registered:
        """The registered system of an organisation, with every function and scope."""
        if organisation not in self._clients:
            self._clients[organisation] = self.register_client(organisation)
        return self._clients[organisation]

    def register_client(
        self, organisation: str, functions: tuple[Function, ...] = tuple(Function), acts_for: tuple[str, ...] = ()
    ) -> Registered:
        """Register a fresh system with a key of its own."""
        key = ec.generate_private_key(ec.SECP256R1())
        scopes = frozenset().union(*(FUNCTION_SCOPES[function] for function in functions))
        with self.database.write() as connection:
            client = clients.register(
                connection,
                organisation=organisation,
                name=f"System of {organisation}",
                functions=functions,
                scopes=scopes,
                acts_for=acts_for,
                key_set=key_set(jwk(key, "one")),
                now=self.clock(),
            )
        if self.app:
            self.app.state.directory.refresh()
        return Registered(client.id, key)

    def take_over(self, other: "World") -> None:
        """Be called by the systems that are registered in another world over the same database."""
        self._clients |= other._clients

    def assertion(self, client: Registered, **changes: Any) -> str:
        """A signed assertion, valid by default."""
        now = int(self.clock().timestamp())
        claims = {
            "iss": client.client_id,
            "sub": client.client_id,
            "aud": f"{self.url}/oauth2/token",
            "iat": now,
            "exp": now + 120,
            "jti": uuid4().hex,
        }
        body = {name: value for name, value in (claims | changes).items() if value is not None}
        return sign(client.key, {"alg": "ES256", "typ": "JWT", "kid": client.kid}, body)

    def ask_for_token(self, assertion: str, function: str, **form: str) -> httpx.Response:
        """The token request itself."""
        fields = {
            "grant_type": "client_credentials",
            "client_assertion_type": _ASSERTION,
            "client_assertion": assertion,
            "function": function,
            **form,
        }
        answer = httpx.post(f"{self.url}/oauth2/token", data=fields, verify=PLAIN)
        evidence.answered(answer)
        return answer

    def token(
        self, organisation: str, function: str, name: str | None, client: Registered | None = None, **claims: Any
    ) -> str:
        """A token; remembered for the time it is, so that a test asks once for each person."""
        whose = (organisation, function, name, client and client.client_id, tuple(sorted(claims.items())))
        who = (*whose, self.clock.ahead)
        known = self._tokens.get(who)
        if known and known[1] > self.clock():
            return known[0]
        person = {"name": name, "role": "practitioner", "team": function.replace("_", " ")} if name else None
        evidence.sent({"name": name})
        assertion = self.assertion(client or self.client_of(organisation), practitioner=person, **claims)
        answer = self.ask_for_token(assertion, function, organisation=organisation)
        assert answer.status_code == 200, answer.text
        self._tokens[who] = (answer.json()["access_token"], self.clock() + timedelta(minutes=9))
        return str(self._tokens[who][0])

    def forget_tokens(self) -> None:
        """Ask for new ones from now on."""
        self._tokens.clear()

    @contextmanager
    def later(self, **by: int) -> Iterator[None]:
        """Some time passes; afterwards it is again what it was. Callers of one time are of no use in the other."""
        before = self.clock.ahead
        self.clock.ahead += timedelta(**by)
        try:
            yield
        finally:
            self.clock.ahead = before

    def as_(self, organisation: str, function: str = "social_care", name: str | None = None, **more: Any) -> "Caller":
        """Somebody at work: an organisation's system, in a function, perhaps with a named practitioner."""
        caller = Caller(self, self.token(organisation, function, name, **more))
        self.callers.append(caller)
        return caller


class Caller:
    """Calls the service with one token."""

    def __init__(self, world: World, token: str) -> None:
        self.token = token
        self._http = httpx.Client(
            base_url=world.url,
            headers={"Authorization": f"Bearer {token}"},
            timeout=30,
            verify=PLAIN,
            event_hooks={"response": [evidence.answered]},
        )

    def close(self) -> None:
        self._http.close()

    def get(self, path: str, **more: Any) -> httpx.Response:
        return self._http.get(path, **more)

    def head(self, path: str, **more: Any) -> httpx.Response:
        return self._http.head(path, **more)

    def post(
        self, path: str, document: Any, key: str | None = None, headers: Mapping[str, str] | None = None
    ) -> httpx.Response:
        """Post JSON with an Idempotency-Key, fresh unless one is given."""
        return self._send("POST", path, document, key, headers)

    def put(
        self, path: str, document: Any, key: str | None = None, headers: Mapping[str, str] | None = None
    ) -> httpx.Response:
        """Put JSON in the same way."""
        return self._send("PUT", path, document, key, headers)

    def _send(
        self, method: str, path: str, document: Any, key: str | None, headers: Mapping[str, str] | None
    ) -> httpx.Response:
        sent = {"Idempotency-Key": key or uuid4().hex, "Content-Type": "application/json", **(headers or {})}
        evidence.sent(document)
        content = document if isinstance(document, bytes) else json.dumps(document).encode()
        return self._http.request(method, path, content=content, headers=sent)


@contextmanager
def running_world(database_url: str, folder: Path, *, record: bool = True, **settings: Any) -> Iterator[World]:
    """Serve on a free port over a migrated database with the directory loaded, until the block ends.

    ``record``: what it leaves behind is searched for personal values when the suite ends.
    """
    server_socket = uvicorn.Config("", port=0).bind_socket()
    url = f"http://127.0.0.1:{server_socket.getsockname()[1]}"
    clock = WorldClock()
    chosen = {
        "keys_dir": keys_in(folder),
        "requests_per_minute": 1_000_000,
        "token_requests_per_minute": 1_000_000,
        "sequencer_interval_ms": 50,
        # What the register does by itself is done when a test asks for it: an entry at any moment would be anybody's.
        "assessments_seconds": 10_000_000,
        "documents_dir": folder / "documents",
    }
    app = create_app(Settings(database_url=database_url, public_url=url, **{**chosen, **settings}), clock)
    world = World(url, database_url, folder, clock)
    world.app, world.database = app, app.state.database
    server = uvicorn.Server(uvicorn.Config(app, log_config=None, timeout_keep_alive=600))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [server_socket]}, daemon=True)
    thread.start()
    while not server.started:
        assert thread.is_alive(), "the service did not start"
        time.sleep(0.01)
    evidence.keep_logs()
    try:
        yield world
    finally:
        for caller in world.callers:
            caller.close()
        if record:
            evidence.keep("metrics", httpx.get(f"{url}/metrics").content)
            evidence.keep_rows(world.database)
        server.should_exit = True
        thread.join(10)


def keys_in(folder: Path) -> Path:
    """The keys of an installation, made when there are none yet."""
    keys = folder / "keys"
    if not keys.exists():
        keys.mkdir(parents=True, mode=0o700)
        make_demo_keys(keys)
        make_demo_key(keys)
    return keys


def furnished(databases: Databases) -> str:
    """A furnished database of its own; the directory is loaded once for each maker of databases."""
    return databases.fresh(_furnisher(databases))


@cache
def _furnisher(databases: Databases) -> Prepare:
    def prepare(url: str) -> None:
        # Loading the directory takes the rights of the tables' owner.
        database = Database(databases.owner_url(url))
        furnish(database)
        database.dispose()

    return prepare


def furnish(database: Any) -> None:
    """Load the directory and register the bodies that are in no national list. Once for each template database."""
    with database.write() as connection:
        import_directory(connection)
        register(connection, code=TRUST, kind="trust", name="Invented Community Trust", country="E")
        register(connection, code=PROVIDER, kind="provider", name="Invented Homes", country="E")
        delegate(connection, principal=SHROPSHIRE_HEALTH, delegate=TRUST, function="children_in_care_health")
