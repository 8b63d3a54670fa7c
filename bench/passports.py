"""Health passports: what it costs to open one, to find nothing new, and to have it in another form."""

import json
from collections.abc import Iterator, Mapping
from copy import deepcopy
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import psycopg

from bench import calls
from bench.growth import TOUCHED, settle
from bench.measure import Burst, Rounds
from bench.seed import Seed
from bench.service import PLACING, PLACING_HEALTH, Service, furnished, serving
from tests.postgres import SERVICE, PostgresServer

KINDS = ("passport", "passport_same", "passport_fhir")
PDF = "passport_pdf"
"""Measured only where the service offers it."""
FEW, MANY = 1_000, 100_000
"""Passports stored."""
VERSIONS = 20
LEAST_BYTES = 30_000
"""How long an answer as JSON is, at the least."""

_CHILDREN = 60
_NURSES = 200
_REQUESTS = 200
_WARM_UP = 100
_PDFS = 20
_FHIR, _AS_PDF = "application/fhir+json", "application/pdf"
_EXAMPLE = Path(__file__).parents[1] / "examples/documents/health-passport_full.json"
_STORED = ("children", "child_keys", "passports", "passport_versions", "passport_sections", "passport_teams")
_SHORTENED = {
    # What is never opened need not be as long: the trees above the rows are what grows.
    "passport_sections.sealed": "substr(sealed, 1, 64)",
    "passport_versions.sections": "'{}'",
}


def document() -> dict[str, Any]:
    """The full example of the standard, with as many attendances and immunisations as make it 30 KB for a nurse."""
    passport: dict[str, Any] = json.loads(_EXAMPLE.read_text("utf-8"))
    for each in passport["immunisations"]["given"]["items"]:
        each["given_on"] = "2023-02-08"
    attendances = passport["hospital_care"]["attendances"]["items"]
    while len(json.dumps(passport, separators=(",", ":"))) < LEAST_BYTES:
        attendances.append(deepcopy(attendances[0]))
    return passport


class Passports:
    """Children whose passports are read, and nurses who have not read them yet: a first opening writes an entry."""

    def __init__(self, service: Service, versions: int = 1, children: int = _CHILDREN) -> None:
        self._service = service
        worker = service.token(PLACING, "social_care", "Asha Rahman")
        with httpx.Client(base_url=service.url, timeout=60) as http:
            self._http = http
            self._children = [self._child(worker, versions) for _ in range(children)]
        self._pairs = self._never_yet()

    def _never_yet(self) -> Iterator[tuple[str, str]]:
        """Each nurse with each child, once: who looks again within a quarter of an hour leaves no second entry."""
        for number in range(_NURSES):
            token = self._service.token(PLACING_HEALTH, "children_in_care_health", f"Nurse {_letters(number)}")
            for child in self._children:
                yield token, child

    def _child(self, worker: str, versions: int) -> str:
        nurse = self._service.token(PLACING_HEALTH, "children_in_care_health", "Bettina Supposed")
        record = {
            "local_id": uuid4().hex[:12],
            "given_names": "Rowan",
            "family_name": "Inventley",
            "date_of_birth": "2010-03-04",
            "sex": "F",
        }
        child = self._send("POST", "/v1/children", worker, record).json()["child_id"]
        passport = document()
        self._publish(nurse, child, passport)
        for number in range(versions - 1):
            voice = {**passport["own_voice"], "who_helps_me": f"Helper {_letters(number)}."}
            self._publish(nurse, child, {"own_voice": voice})
        return str(child)

    def _publish(self, nurse: str, child: str, sections: Mapping[str, Any]) -> None:
        address = f"/v1/children/{child}/health-passport"
        tag = self._http.head(address, headers={"Authorization": f"Bearer {nurse}"}).headers["etag"]
        self._send("PUT", address, nurse, sections, {"If-Match": tag})

    def _send(
        self, method: str, path: str, token: str, body: Any, headers: Mapping[str, str] | None = None
    ) -> httpx.Response:
        sent = {"Authorization": f"Bearer {token}", "Idempotency-Key": uuid4().hex, **(headers or {})}
        answer = self._http.request(method, path, json=body, headers=sent)
        if not answer.is_success:
            raise RuntimeError(f"{method} {path}: {answer.status_code} {answer.text}")
        return answer

    def opens(self, number: int, **headers: str) -> list[str]:
        """First openings, each by a nurse who has not seen that passport."""
        pairs = [next(self._pairs) for _ in range(number)]
        return [calls.get(_address(child), token, **headers) for token, child in pairs]

    def polls(self, number: int) -> list[str]:
        """What is asked by a nurse who has the passport already."""
        token = self._service.token(PLACING_HEALTH, "children_in_care_health", "Bettina Supposed")
        asking = {"Authorization": f"Bearer {token}"}
        tags = {
            child: httpx.head(f"{self._service.url}{_address(child)}", headers=asking).headers["etag"]
            for child in self._children
        }
        order = (self._children[place % len(self._children)] for place in range(number))
        return [calls.get(_address(child), token, If_None_Match=tags[child]) for child in order]

    def has_pdf(self) -> bool:
        """Whether this service makes a PDF of a passport."""
        token, child = next(self._pairs)
        headers = {"Authorization": f"Bearer {token}", "Accept": _AS_PDF}
        status = httpx.get(f"{self._service.url}{_address(child)}", headers=headers, timeout=60).status_code
        if status not in (200, 406):
            raise RuntimeError(f"a passport as PDF was answered with {status}")
        return status == 200


class PassportRounds:
    """Runs every kind of request about passports again and again."""

    def __init__(self, service: Service, rounds: Rounds, versions: int = 1, children: int = _CHILDREN) -> None:
        self._rounds = rounds
        self._passports = Passports(service, versions, children)
        self.has_pdf = self._passports.has_pdf()

    def prepared(self, number: int) -> list[tuple[str, list[str], str]]:
        """Each kind with ``number`` requests and the status they get: all that has to be asked before, is."""
        passports = self._passports
        return [
            (KINDS[0], passports.opens(number), "200"),
            (KINDS[1], passports.polls(number), "304"),
            (KINDS[2], passports.opens(number, Accept=_FHIR), "200"),
        ]

    def run(self, number: int, connections: int) -> dict[str, Burst]:
        """Open as JSON, ask for what is held already, open as FHIR, ``number`` times each."""
        found = dict(self.bursts(self.prepared(number), connections))
        if found[KINDS[0]].answer_bytes < LEAST_BYTES:
            raise RuntimeError("the passport was too short, which would flatter the figures")
        return found

    def bursts(self, prepared: list[tuple[str, list[str], str]], connections: int) -> Iterator[tuple[str, Burst]]:
        """The same, one kind after another."""
        for kind, requests, expected in prepared:
            yield kind, self._rounds.ask(requests, expected, connections)

    def pdf(self) -> Burst:
        """A few as PDF, one after another: they are made apart from requests, one at a time."""
        return self._rounds.ask(self._passports.opens(_PDFS, Accept=_AS_PDF))


def buffers(server: PostgresServer, folder: Path) -> dict[int, dict[str, float]]:
    """Buffers a request of each kind touches, by how many passports of twenty versions are stored."""
    client_ids = furnished(server, "passports")
    url = server.url("postgres", "passports").replace("+psycopg", "")
    with (
        psycopg.connect(url, autocommit=True) as admin,
        serving(server.url(SERVICE, "passports"), client_ids, folder) as service,
    ):
        admin.execute("CREATE EXTENSION pg_stat_statements")
        rounds = Rounds(service, server.pid)
        Passports(service, VERSIONS, children=1)
        settle(admin)
        seed = Seed(admin, _STORED, _SHORTENED)
        found = {}
        for stored in (FEW, MANY):
            seed.grow_to(stored, most=MANY)
            found[stored] = _touched(admin, PassportRounds(service, rounds, VERSIONS, children=4))
    return found


def _touched(admin: psycopg.Connection, rounds: PassportRounds) -> dict[str, float]:
    rounds.run(_WARM_UP, 1)
    prepared, counted = rounds.prepared(_REQUESTS), {}
    settle(admin)
    # As an installation does by itself: a plan made while a table was all but empty reads it whole for ever.
    admin.execute("VACUUM ANALYZE")
    admin.execute("ALTER SYSTEM SET pg_stat_statements.track = 'top'")
    admin.execute("SELECT pg_reload_conf(), pg_stat_statements_reset()")
    for kind, _ in rounds.bursts(prepared, 1):
        settle(admin)
        row = admin.execute(TOUCHED, (SERVICE,)).fetchone()
        counted[kind] = float(row[0]) / _REQUESTS if row and row[0] else 0.0
        admin.execute("SELECT pg_stat_statements_reset()")
    admin.execute("ALTER SYSTEM RESET pg_stat_statements.track")
    admin.execute("SELECT pg_reload_conf()")
    return counted


def _address(child: str) -> str:
    return f"/v1/children/{child}/health-passport"


def _letters(number: int) -> str:
    """A name of letters only, as names are."""
    return "".join(chr(ord("a") + number // 26**place % 26) for place in range(3)).title()
