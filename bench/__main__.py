"""``make bench``: one run that brings all it needs, every figure beside its bar. Exit code 1 where one is missed."""

import argparse
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from typing import Any

import psycopg
from rich.console import Console

from app.standard.batch import MOST_IN_A_BATCH
from bench import accounts, passports, report
from bench.growth import FEW, MANY, STATISTICS, buffers, growth
from bench.measure import CONNECTIONS, KINDS, Rounds
from bench.passports import PDF, PassportRounds
from bench.replay import LOGGING, Replay, captured
from bench.service import furnished, serving
from tests.postgres import SERVICE, PostgresServer

_DATABASE = "bench"
_REPLAYED = "replayed"
_ROUNDS = 3
_PGBENCH_SECONDS = 3
_WARM_UP = 400

say = Console(stderr=True)


@contextmanager
def _server() -> Iterator[PostgresServer]:
    server = PostgresServer.start(fsync=True, settings={**LOGGING, **STATISTICS})
    try:
        yield server
    finally:
        server.stop()


def _speed(server: PostgresServer, folder: Path, requests: int) -> dict[str, Any]:
    """CPU, rates and memory of the service, and beside each round what pgbench reaches with a send's statements."""
    url, client_ids = server.url(SERVICE, _DATABASE), furnished(server, _DATABASE)
    say.print("Warming up")
    with serving(url, client_ids, folder) as service:
        rounds = Rounds(service, server.pid)
        rounds.run(_WARM_UP, CONNECTIONS[0])
        statements = captured(server, _DATABASE, rounds.send_one)
    server.create_database(_REPLAYED, _DATABASE)
    replay = Replay(server, _REPLAYED, statements)
    with serving(url, client_ids, folder) as service:
        rounds = Rounds(service, server.pid)
        opening = PassportRounds(service, rounds)
        rounds.run(_WARM_UP, CONNECTIONS[0])
        opening.run(_WARM_UP, CONNECTIONS[0])
        _vacuum(server)
        done: list[report.Round] = []
        items: list[float] = []
        for number in range(1, _ROUNDS + 1):
            say.print(f"Round {number} of {_ROUNDS}")
            done.append({each: _round(rounds, opening, replay, each, requests) for each in CONNECTIONS})
            items.append(rounds.batch(MOST_IN_A_BATCH))
        found = report.figures(done) | {"batch_item_cpu_ms": round(median(items), 2)}
        found["batch_ratio"] = round(found["batch_item_cpu_ms"] / found["send_cpu_ms"], 2)
        if opening.has_pdf:
            found[f"{PDF}_cpu_ms"] = round(median(opening.pdf().cpu_ms for _ in range(_ROUNDS)), 1)
        found["service_rss_mb"] = round(accounts.peak_mb(service.pid))
        found["postgres_rss_mb"] = round(accounts.private_mb(server.pid))
    return found | {"rss_mb_max": max(found["service_rss_mb"], found["postgres_rss_mb"])}


def _round(rounds: Rounds, opening: PassportRounds, replay: Replay, connections: int, requests: int) -> report.Bursts:
    asked = requests if connections > 1 else requests // 3
    bursts = {**rounds.run(asked, connections), **opening.run(asked, connections)}
    rates = {
        "pgbench": replay.per_s(connections, _PGBENCH_SECONDS, pipelined=False),
        "pgbench_pipelined": replay.per_s(connections, _PGBENCH_SECONDS, pipelined=True),
    }
    time.sleep(1)
    return report.Bursts(bursts, rates)


def _vacuum(server: PostgresServer) -> None:
    for name in (_DATABASE, _REPLAYED):
        url = server.url("postgres", name).replace("+psycopg", "")
        with psycopg.connect(url, autocommit=True) as admin:
            admin.execute("VACUUM ANALYZE")
            admin.execute("CHECKPOINT")


def main() -> int:
    """Run and report."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--requests", type=int, default=1000, help="of each kind in a round, at 16 connections")
    requests = asked.parse_args().requests
    with _server() as server, tempfile.TemporaryDirectory() as folder:
        found = _speed(server, Path(folder) / "keys", requests)
        say.print(f"Counting buffers with {FEW:,} and with {MANY:,} notifications stored")
        touched = buffers(server, Path(folder) / "other-keys")
        say.print(f"Counting buffers with {passports.FEW:,} and with {passports.MANY:,} passports stored")
        opened = passports.buffers(server, Path(folder) / "keys-of-passports")
    found["buffers"] = report.buffers(touched, KINDS) | report.buffers(opened, passports.KINDS)
    found["buffers_growth"] = round(growth(touched), 2)
    found["passport_buffers_growth"] = round(growth(opened), 2)
    found["machine"] = report.machine()
    return 0 if report.publish(found) else 1


if __name__ == "__main__":
    sys.exit(main())
