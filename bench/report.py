"""The figures of a run beside their bars: as a table for people, as JSON for whoever compares."""

import json
import os
import platform
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any, NamedTuple

from rich.console import Console
from rich.table import Table

from bench import passports
from bench.measure import KINDS, Burst

LATEST = Path(__file__).parent / "latest.json"


class Bursts(NamedTuple):
    """What one round saw at one number of connections: a burst of each kind, and transactions a second of pgbench."""

    by_kind: Mapping[str, Burst]
    rates: Mapping[str, float]


Round = Mapping[int, Bursts]
"""By number of connections."""


@dataclass(frozen=True)
class Bar:
    """What a figure must reach, and what it should."""

    figure: str
    means: str
    must: float
    aim: float
    at_least: bool = False

    def met_by(self, value: float) -> bool:
        return value >= self.must if self.at_least else value <= self.must


BARS = (
    Bar("send_cpu_ms", "Send: CPU ms", 4.0, 3.0),
    Bar("open_cpu_ms", "Open: CPU ms", 2.5, 2.0),
    Bar("ack_cpu_ms", "Acknowledge: CPU ms", 2.7, 2.2),
    Bar("inbox_cpu_ms", "Inbox page of 50: CPU ms", 2.0, 1.4),
    Bar("batch_ratio", "An item of a batch of 500, of a single send", 1.2, 1.0),
    Bar("ratio_c16", "Sends a second, of what pgbench reaches", 0.17, 0.22, at_least=True),
    Bar("rss_mb_max", "Peak memory of a process, MB", 150, 120),
    Bar("buffers_growth", "Buffers with 100,000 stored, of those with 1,000", 1.3, 1.1),
    Bar("passport_cpu_ms", "Passport of 30 KB: CPU ms", 3.5, 2.5),
    Bar("passport_same_cpu_ms", "Passport that did not change: CPU ms", 1.5, 1.0),
    Bar("passport_fhir_cpu_ms", "Passport as FHIR: CPU ms", 8.0, 6.0),
    Bar("passport_buffers_growth", "Buffers with 100,000 passports of 20 versions, of those with 1,000", 1.3, 1.1),
)
PDF_BAR = Bar("passport_pdf_cpu_ms", "Passport as PDF, apart from requests: CPU ms", 60.0, 40.0)
"""Holds only where the service makes a PDF at all."""


def figures(rounds: list[Round]) -> dict[str, Any]:
    """The median of the rounds, for each kind of request at each number of connections."""
    found: dict[str, Any] = {}
    for connections in rounds[0]:
        ending = "" if connections == 16 else f"_c{connections}"
        for kind in rounds[0][connections].by_kind:
            bursts = [each[connections].by_kind[kind] for each in rounds]
            found[f"{kind}_cpu_ms{ending}"] = round(median(burst.cpu_ms for burst in bursts), 2)
            found[f"{kind}_postgres_ms{ending}"] = round(median(burst.postgres_ms for burst in bursts), 2)
            found[f"{kind}_per_s_c{connections}"] = round(median(burst.per_s for burst in bursts))
            found[f"{kind}_p99_ms_c{connections}"] = round(median(burst.p99_ms for burst in bursts), 1)
            found[f"{kind}_others_cpu_c{connections}"] = [round(burst.others_cpu, 2) for burst in bursts]
        for name in rounds[0][connections].rates:
            found[f"{name}_per_s_c{connections}"] = round(median(each[connections].rates[name] for each in rounds))
        ratios = [each[connections].by_kind["send"].per_s / each[connections].rates["pgbench"] for each in rounds]
        found[f"ratio_c{connections}"] = round(median(ratios), 3)
    bursts = [burst for each in rounds for connections in each for burst in each[connections].by_kind.values()]
    found["reference_ms"] = round(median(burst.reference_ms for burst in bursts), 1)
    found["reference_ms_best"] = round(min(burst.reference_ms for burst in bursts), 1)
    found["others_cpu"] = median(each for kind in KINDS for each in found[f"{kind}_others_cpu_c16"])
    return found


def buffers(touched: Mapping[int, Mapping[str, float]], kinds: Iterable[str]) -> dict[str, list[float]]:
    """By kind: with the fewest stored, and with the most."""
    return {kind: [touched[stored][kind] for stored in sorted(touched)] for kind in kinds}


def machine() -> dict[str, Any]:
    """What the figures were taken on."""
    return {"cores": os.cpu_count(), "processor": platform.machine(), "python": platform.python_version()}


def publish(found: Mapping[str, Any]) -> bool:
    """Print the figures, write them down, and tell whether every bar is met."""
    LATEST.write_text(json.dumps(found, indent=2) + "\n", "utf-8")
    say = Console()
    say.print(_bars(found))
    say.print(_requests(found))
    say.print(
        f"Cores that other processes kept busy: {found['others_cpu']:.2f}. A fixed piece of work took "
        f"{found['reference_ms']} ms, at its fastest {found['reference_ms_best']}: the further apart, the less "
        f"the figures mean. Written to {LATEST.name}."
    )
    if PDF_BAR.figure not in found:
        say.print("A passport as PDF was answered with 406: this service does not make one, so it was not measured.")
    return all(bar.met_by(found[bar.figure]) for bar in _held(found))


def _held(found: Mapping[str, Any]) -> list[Bar]:
    return [bar for bar in (*BARS, PDF_BAR) if bar.figure in found]


def _bars(found: Mapping[str, Any]) -> Table:
    table = Table("", "measured", "bar", "aim", "", title="16 connections, one worker, PostgreSQL with fsync on")
    for bar in _held(found):
        value = found[bar.figure]
        table.add_row(
            bar.means, f"{value:g}", f"{bar.must:g}", f"{bar.aim:g}", "met" if bar.met_by(value) else "MISSED"
        )
    return table


def _requests(found: Mapping[str, Any]) -> Table:
    table = Table(
        "", "CPU ms", "of it PostgreSQL", "a second", "p99 ms", "CPU ms alone", "buffers", title="Each request"
    )
    for kind in (*KINDS, *passports.KINDS):
        few, many = found["buffers"][kind]
        table.add_row(
            kind,
            f"{found[f'{kind}_cpu_ms']:.2f}",
            f"{found[f'{kind}_postgres_ms']:.2f}",
            str(found[f"{kind}_per_s_c16"]),
            str(found[f"{kind}_p99_ms_c16"]),
            f"{found[f'{kind}_cpu_ms_c1']:.2f}",
            f"{few:.0f} to {many:.0f}",
        )
    return table
