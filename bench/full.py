"""``make bench SCALE=full``: what a request touches with ten years stored, beside what it touches at first.

Counts, not times, are the measure: shared buffers do not depend on how busy the machine is. CPU is told beside them.
"""

import argparse
import json
import sys
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import psycopg
from rich.console import Console
from rich.table import Table

from app.db.engine import Database
from app.oversight.counting import count_one, look_for_news
from bench import calls
from bench.growth import STATISTICS, TOUCHED, settle
from bench.measure import Rounds
from bench.seed import Seed
from bench.service import PLACING, furnished, serving, started
from tests.postgres import SERVICE, PostgresServer

SCALES = {"full": (1_000_000, 10_000_000), "tenth": (100_000, 1_000_000)}
"""Notifications, and entries of the ledger."""
FEW = 1_000
GROWTH = 1.3
PAGE_CPU_MS = 200.0
READY_SECONDS = 3.0
LATEST = Path(__file__).parent / "latest_full.json"

_DATABASE = "full"
_HOT = 100
_PAGES = 20
_LEAVES = 20_000
_SERVER = {"shared_buffers": "1GB", "maintenance_work_mem": "512MB", "max_wal_size": "8GB", "autovacuum": "off"}

say = Console(stderr=True)
Found = dict[str, dict[str, float]]


def _pages(token: Any, placement: str, searcher: str) -> Mapping[str, str]:
    """A request of every kind that reads a list, a report or one placement."""
    worker = token(PLACING, "social_care", "Asha Rahman")
    auditor = token(PLACING, "quality_assurance", "Quinn Auditor")
    reviewer = token(PLACING, "reviewing_officer", searcher)
    host = token("E06000051", "social_care", "Bo Hughes")
    search = {"given_names": "Nobody", "family_name": "Here", "date_of_birth": "2012-05-06"}
    return {
        "placement": calls.get(f"/v1/placements/{placement}", worker),
        "timeline": calls.get(f"/v1/placements/{placement}/timeline", worker),
        "sent": calls.get("/v1/sent?limit=50", worker),
        "register": calls.get("/v1/register?limit=50", host),
        "search": calls.post("/v1/placements/search", reviewer, search),
        "unregistered": calls.get("/v1/oversight/unregistered?limit=50", auditor),
        "out of area": calls.get("/v1/oversight/out-of-area?limit=50", auditor),
        "living here": calls.get("/v1/oversight/out-of-area?limit=50&side=host", host),
        "timeliness": calls.get("/v1/oversight/timeliness?month=2016-08&limit=200", auditor),
        "sample": calls.get("/v1/oversight/sample?from=2016-07-31&to=2016-08-04&seed=one", auditor),
    }


def run(notifications: int, entries: int) -> dict[str, Any]:
    """Seed in two steps and measure after each. Needs some 50 GB of disk at full scale."""
    server = PostgresServer.start(fsync=False, settings={**STATISTICS, **_SERVER})
    try:
        with tempfile.TemporaryDirectory() as folder:
            return _run(server, Path(folder) / "keys", notifications, entries)
    finally:
        server.stop()


def _run(server: PostgresServer, keys: Path, notifications: int, entries: int) -> dict[str, Any]:
    client_ids = furnished(server, _DATABASE)
    url = server.url("postgres", _DATABASE).replace("+psycopg", "")
    found: dict[str, Any] = {"notifications": notifications, "entries": entries}
    with psycopg.connect(url, autocommit=True) as admin:
        with serving(server.url(SERVICE, _DATABASE), client_ids, keys) as service:
            rounds = Rounds(service, server.pid)
            rounds.run(1, 1)
            settle(admin)
            admin.execute("CREATE EXTENSION pg_stat_statements")
            seed = Seed(admin)
            seed.grow_to(FEW, most=notifications)
            _count(server, found, "few")
            found["few"] = _measured(admin, rounds, service.token, "Ira Reviews")
        began = time.monotonic()
        seed.grow_to(notifications, entries)
        found["seeded_seconds"] = round(time.monotonic() - began)
        found["stored"] = dict(admin.execute(_STORED).fetchall())
        _count(server, found, "many")
        with started(server.url(SERVICE, _DATABASE), client_ids, keys) as (service, seconds):
            found["ready_seconds"] = round(seconds, 2)
            # One person may search only so often in a day.
            found["many"] = _measured(admin, Rounds(service, server.pid), service.token, "Ida Reviews")
    return found


_STORED = """
SELECT relname, reltuples::bigint FROM pg_class
WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace AND reltuples > 1000 ORDER BY 2 DESC
"""


def _count(server: PostgresServer, found: dict[str, Any], name: str) -> None:
    """Let the counting by month catch up, so that none of it happens while requests are measured."""
    database, began, months = Database(server.url(SERVICE, _DATABASE)), time.monotonic(), 0
    while look_for_news(database, _LEAVES):
        pass
    while count_one(database):
        months += 1
    database.dispose()
    with psycopg.connect(server.url("postgres", _DATABASE).replace("+psycopg", ""), autocommit=True) as admin:
        # As an installation does by itself; here autovacuum is off, so that it does not fall among requests.
        admin.execute("VACUUM ANALYZE oversight_months, oversight_counts")
    found[f"counted_{name}"] = {"months": months, "seconds": round(time.monotonic() - began, 1)}


def _measured(admin: psycopg.Connection, rounds: Rounds, token: Any, searcher: str) -> Found:
    rounds.run(60, 1)
    pages = _pages(token, _a_placement(admin), searcher)
    for request in pages.values():
        rounds.ask([request])
    found: Found = {}

    def count(kind: str, requests: int, cpu_ms: float) -> None:
        settle(admin)
        row = admin.execute(TOUCHED, (SERVICE,)).fetchone()
        touched = float(row[0]) / requests if row and row[0] else 0.0
        found[kind] = {"buffers": round(touched, 1), "cpu_ms": round(cpu_ms, 2)}
        admin.execute("SELECT pg_stat_statements_reset()")

    admin.execute("ALTER SYSTEM SET pg_stat_statements.track = 'top'")
    admin.execute("SELECT pg_reload_conf(), pg_stat_statements_reset()")
    bursts = rounds.run(_HOT, 1, after=lambda kind: count(kind, _HOT, 0.0))
    for kind, burst in bursts.items():
        found[kind]["cpu_ms"] = round(burst.cpu_ms, 2)
    for kind, request in pages.items():
        count(kind, _PAGES, rounds.ask([request] * _PAGES).cpu_ms)
    admin.execute("ALTER SYSTEM RESET pg_stat_statements.track")
    admin.execute("SELECT pg_reload_conf()")
    return found


def _a_placement(admin: psycopg.Connection) -> str:
    """The newest of the sender's: told by this run, so it opens whatever is stored."""
    row = admin.execute(
        "SELECT id FROM placements WHERE organisation_code = %s ORDER BY id DESC LIMIT 1", (PLACING,)
    ).fetchone()
    return str(row[0]) if row else ""


def publish(found: Mapping[str, Any]) -> bool:
    """Print the figures, write them down, and tell whether every bar is met."""
    LATEST.write_text(json.dumps(found, indent=2) + "\n", "utf-8")
    title = f"{FEW:,} and {found['notifications']:,} notifications, {found['entries']:,} entries"
    table = Table("", "buffers", "growth", "CPU ms", "", title=title)
    met = found["ready_seconds"] <= READY_SECONDS
    for kind, many in found["many"].items():
        few = found["few"][kind]
        growth = many["buffers"] / max(few["buffers"], 1.0)
        good = growth <= GROWTH and many["cpu_ms"] <= PAGE_CPU_MS
        met &= good
        buffers, cpu = f"{few['buffers']:g} to {many['buffers']:g}", f"{few['cpu_ms']:g} to {many['cpu_ms']:g}"
        table.add_row(kind, buffers, f"{growth:.2f}", cpu, "met" if good else "MISSED")
    Console().print(table)
    Console().print(f"Ready {found['ready_seconds']} s after its start. Written to {LATEST.name}.")
    return bool(met)


def main() -> int:
    """Run and report."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("scale", choices=sorted(SCALES))
    return 0 if publish(run(*SCALES[asked.parse_args().scale])) else 1


if __name__ == "__main__":
    sys.exit(main())
