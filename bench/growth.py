"""Shared buffers touched per request, with few and with many notifications stored."""

from pathlib import Path

import psycopg

from bench.measure import Rounds
from bench.seed import Seed
from bench.service import furnished, serving
from tests.postgres import SERVICE, PostgresServer

FEW, MANY = 1_000, 100_000
STATISTICS = {"shared_preload_libraries": "pg_stat_statements", "pg_stat_statements.track": "none"}
"""Settings the server must have been started with; nothing is counted until it is asked for here."""
_REQUESTS = 200
TOUCHED = """
SELECT sum(shared_blks_hit + shared_blks_read) FROM pg_stat_statements
WHERE userid = %s::regrole AND dbid = (SELECT oid FROM pg_database WHERE datname = current_database())
"""


def buffers(server: PostgresServer, folder: Path) -> dict[int, dict[str, float]]:
    """Buffers a request of each kind touches, by how many notifications are stored."""
    client_ids = furnished(server, "growth")
    url = server.url("postgres", "growth").replace("+psycopg", "")
    with (
        psycopg.connect(url, autocommit=True) as admin,
        serving(server.url(SERVICE, "growth"), client_ids, folder) as service,
    ):
        admin.execute("CREATE EXTENSION pg_stat_statements")
        rounds = Rounds(service, server.pid)
        rounds.run(1, 1)
        settle(admin)
        seed = Seed(admin)
        return {stored: _touched(admin, seed, rounds, stored) for stored in (FEW, MANY)}


def _touched(admin: psycopg.Connection, seed: Seed, rounds: Rounds, stored: int) -> dict[str, float]:
    seed.grow_to(stored, most=MANY)
    rounds.run(60, 1)
    counted: dict[str, float] = {}

    def count(kind: str) -> None:
        settle(admin)
        row = admin.execute(TOUCHED, (SERVICE,)).fetchone()
        counted[kind] = float(row[0]) / _REQUESTS if row else 0.0
        admin.execute("SELECT pg_stat_statements_reset()")

    admin.execute("ALTER SYSTEM SET pg_stat_statements.track = 'top'")
    admin.execute("SELECT pg_reload_conf(), pg_stat_statements_reset()")
    rounds.run(_REQUESTS, 1, after=count)
    admin.execute("ALTER SYSTEM RESET pg_stat_statements.track")
    admin.execute("SELECT pg_reload_conf()")
    return counted


def settle(admin: psycopg.Connection) -> None:
    """Wait until every entry has its place in the tree: that work belongs to the requests before."""
    while admin.execute("SELECT EXISTS (SELECT FROM ledger_pending)").fetchone() == (True,):
        admin.execute("SELECT pg_sleep(0.1)")


def growth(found: dict[int, dict[str, float]]) -> float:
    """The largest growth of any kind of request, from the fewest stored to the most."""
    few, many = found[min(found)], found[max(found)]
    return max(many[kind] / few[kind] for kind in few)
