"""What oversight may be told of small numbers, and how a sample is drawn. Pure."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final, NamedTuple

from app.oversight.models import COUNTS
from app.security.scopes import Function

SMALL: Final = 5
"""A count below this, other than none, might point to one child."""

HIDDEN_TOGETHER: Final = 10
"""What is kept back must count at least this together, in at least two lines, before a total is told beside it."""

OF: Final[Mapping[str, str]] = {
    "starts": "told",
    "within_24_hours": "starts",
    "emergencies": "starts",
    "within_5_working_days": "emergencies",
    "retrieved": "told",
    "opened": "retrieved",
    "acknowledged": "told",
    "in_time": "acknowledged",
}
"""A count -> the least count it is a part of. Who knows both knows the difference."""


class Time(NamedTuple):
    """How long something took: of which count, and of how many at least, or it is the time of one person."""

    of: str
    enough: int


TIMES: Final[Mapping[str, Time]] = {
    "open_median": Time("opened", 10),
    "open_p90": Time("opened", 20),
    "acknowledge_median": Time("acknowledged", 10),
    "acknowledge_p90": Time("acknowledged", 20),
}

LIVE: Final[Mapping[str, frozenset[Function]]] = {
    "placing": frozenset({Function.SOCIAL_CARE, Function.REVIEWING_OFFICER, Function.QUALITY_ASSURANCE}),
    "host": frozenset(),
}
"""Side -> who is told of a month that still runs: those who see their own authority's placements one by one.

To everybody else two days of such a month would tell of single moves.
"""

Counts = Mapping[str, int | None]


class Report(NamedTuple):
    """What the lines of a report count: every count, which is part of which, and which one sizes a line."""

    counts: Sequence[str]
    of: Mapping[str, str]
    size: str


TIMELINESS: Final = Report(COUNTS, OF, "told")
_BEGUN: Final = ("emergencies", "out_of_area", "at_a_distance", "of_concern", "deprived_of_liberty", "matching_told")
_WITHIN: Final = dict.fromkeys(_BEGUN, "placements") | {"at_a_distance": "out_of_area"}
ETHNICITY: Final = Report(("placements", *_BEGUN), _WITHIN, "placements")

ETHNIC_GROUPS: Final[Mapping[str, tuple[str, ...]]] = {
    "white": ("WBRI", "WIRI", "WOTH"),
    "traveller_gypsy_or_roma": ("WIRT", "WROM"),
    "mixed": ("MWBC", "MWBA", "MWAS", "MOTH"),
    "asian": ("AIND", "APKN", "ABAN", "CHNE", "AOTH"),
    "black": ("BCRB", "BAFR", "BOTH"),
    "other": ("OOTH",),
    "chose_not_to_say": ("REFU",),
}
"""Group of a report -> the codes of the list ``ethnicity``. Single codes are too few in one authority and a quarter.

Source: DfE, SSDA903, ETHNIC, grouped as its statistics are; Traveller, Gypsy and Roma children apart
"""

NOT_TOLD: Final = "not_told"
"""The group of everybody whose ethnicity was not told, or is not known yet."""

GROUP_OF: Final[Mapping[str, str]] = {code: group for group, codes in ETHNIC_GROUPS.items() for code in codes}


def told_of(
    lines: Sequence[Mapping[str, Any]], report: Report = TIMELINESS
) -> tuple[list[dict[str, int | None]], dict[str, int | None]]:
    """The counts of each line, None where kept back, and the total of each count, None where it would give one away.

    1. A line that counts fewer than five is kept back whole.
    2. If what is kept back is one line, or fewer than ten together, the next smallest lines are kept back too.
    3. In a line that is told, a part is kept back when it, or the rest of its whole, is one to four.
    4. A total is told when nothing under it is kept back, or at least two lines that together count ten or more,
       and whose rest counts ten or more, or nothing.
    """
    whole = _kept_back([line[report.size] for line in lines])
    told = [
        dict.fromkeys(report.counts) if place in whole else _parts(line, report) for place, line in enumerate(lines)
    ]
    return told, {name: _total(name, lines, told, report) for name in report.counts}


def told_of_needs(counts: Mapping[str, int], among: int) -> dict[str, int | None]:
    """Each count of something several of which may be so of one child, None where it or the rest is one to four."""
    return {name: None if _is_small(count) or _is_small(among - count) else count for name, count in counts.items()}


def total_of_needs(count: int, among: int, counts: Mapping[str, int]) -> int | None:
    """How many of ``among`` have any of them; None where it would give a small count away."""
    told = told_of_needs(counts, among)
    hidden = [counts[name] for name, shown in told.items() if shown is None]
    safe = not hidden or (len(hidden) > 1 and sum(hidden) >= HIDDEN_TOGETHER)
    return count if safe and not _is_small(count) and not _is_small(among - count) else None


def _kept_back(sizes: Sequence[int]) -> set[int]:
    by_size = sorted(range(len(sizes)), key=lambda place: (sizes[place], place))
    kept = {place for place in by_size if sizes[place] < SMALL}
    for place in by_size:
        if not kept or (len(kept) > 1 and sum(sizes[each] for each in kept) >= HIDDEN_TOGETHER):
            break
        kept.add(place)
    return kept


def _parts(line: Mapping[str, Any], report: Report) -> dict[str, int | None]:
    told: dict[str, int | None] = {}
    for name in report.counts:
        whole = report.of.get(name)
        hidden = whole is not None and (
            told[whole] is None or _is_small(line[name]) or _is_small(line[whole] - line[name])
        )
        told[name] = None if hidden else line[name]
    return told


def _is_small(count: int) -> bool:
    return 0 < count < SMALL


def _total(name: str, lines: Sequence[Mapping[str, Any]], told: Sequence[Counts], report: Report) -> int | None:
    hidden = [line for line, shown in zip(lines, told, strict=True) if shown[name] is None]
    count = sum(line[name] for line in hidden)
    rest = sum(line[report.of[name]] - line[name] for line in hidden) if name in report.of else count
    safe = not hidden or (len(hidden) > 1 and _is_much(count) and _is_much(rest))
    return sum(line[name] for line in lines) if safe else None


def _is_much(count: int) -> bool:
    return count == 0 or count >= HIDDEN_TOGETHER


def drawn(seed: str, ids: Iterable[str], size: int) -> list[str]:
    """``size`` of ``ids``, by their digest with the seed: each as likely as any other, the same draw every time."""
    return sorted(set(ids), key=lambda each: hashlib.sha256(f"{seed}|{each}".encode()).digest())[:size]


def told_time(name: str, minutes: int | None, counts: Counts) -> int | None:
    """A time, where what it is of is told and counts enough."""
    counted = counts[TIMES[name].of]
    return minutes if counted is not None and counted >= TIMES[name].enough else None


def rate(part: int | None, whole: int | None) -> float | None:
    """A share between 0 and 1, in hundredths; None where either is not told or there is nothing to share."""
    return round(part / whole, 2) if part is not None and whole else None
