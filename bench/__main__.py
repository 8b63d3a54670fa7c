"""``make bench``: one run that brings all it needs, every figure beside its bar. Exit code 1 where one is missed."""

import argparse
import statistics
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
from rich.console import Console

from bench import accounts, report
from bench.growth import FEW, MANY, STATISTICS, buffers, growth
from bench.measure import CONNECTIONS, KINDS, Rounds
from bench.replay import LOGGING, Replay, captured
from bench.service import furnished, serving
from tests.postgres import SERVICE, PostgresServer

_DATABASE = "bench"
_ROUNDS = 3
_PGBENCH_SECONDS = 5
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
    """CPU, rates and memory of the service, and what pgbench reaches with the statements of a send."""
    client_ids = furnished(server, _DATABASE)
    with serving(server.url(SERVICE, _DATABASE), client_ids, folder) as service:
        rounds = Rounds(service, server.pid)
        say.print("Warming up")
        rounds.run(_WARM_UP, CONNECTIONS[0])
        _vacuum(server)
        done: list[report.Round] = []
        for number in range(1, _ROUNDS + 1):
            say.print(f"Round {number} of {_ROUNDS}")
            done.append({each: rounds.run(requests if each > 1 else requests // 3, each) for each in CONNECTIONS})
        found = report.figures(done)
        found["service_rss_mb"] = round(accounts.peak_mb(service.pid))
        found["postgres_rss_mb"] = round(accounts.private_mb(server.pid))
        found["rss_mb_max"] = max(found["service_rss_mb"], found["postgres_rss_mb"])
        statements = captured(server, _DATABASE, rounds.send_one)
    found["others_cpu"] = statistics.median(each for kind in KINDS for each in found[f"{kind}_others_cpu_c16"])
    return found | _replayed(server, Replay(server, _DATABASE, statements), found["send_per_s_c16"])


def _replayed(server: PostgresServer, replay: Replay, sends_per_s: float) -> dict[str, float]:
    say.print("pgbench replays a send")
    _vacuum(server)
    found: dict[str, float] = {}
    for connections in CONNECTIONS:
        for pipelined in (False, True):
            runs = [replay.per_s(connections, _PGBENCH_SECONDS, pipelined=pipelined) for _ in range(_ROUNDS)]
            name = "pgbench_pipelined" if pipelined else "pgbench"
            found[f"{name}_per_s_c{connections}"] = round(statistics.median(runs))
    return found | {"ratio_c16": round(sends_per_s / found["pgbench_per_s_c16"], 3)}


def _vacuum(server: PostgresServer) -> None:
    url = server.url("postgres", _DATABASE).replace("+psycopg", "")
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
    found["buffers"] = {kind: [touched[FEW][kind], touched[MANY][kind]] for kind in KINDS}
    found["buffers_growth"] = round(growth(touched), 2)
    found["machine"] = report.machine()
    return 0 if report.publish(found) else 1


if __name__ == "__main__":
    sys.exit(main())
