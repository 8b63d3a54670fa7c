"""What oversight may be told of small numbers, and how a sample is drawn. Pure."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from app.oversight.models import COUNTS

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
    "opened": "told",
    "acknowledged": "told",
    "in_time": "acknowledged",
}
"""A count -> the count it is a part of. Who knows both knows the difference."""

TIMES: Final[Mapping[str, str]] = {
    "open_median": "opened",
    "open_p90": "opened",
    "acknowledge_median": "acknowledged",
    "acknowledge_p90": "acknowledged",
}

Counts = Mapping[str, int | None]


def told_of(lines: Sequence[Mapping[str, Any]]) -> tuple[list[dict[str, int | None]], dict[str, int | None]]:
    """The counts of each line, None where kept back, and the total of each count, None where it would give one away.

    1. A line that counts fewer than five is kept back whole.
    2. If what is kept back is one line, or fewer than ten together, the next smallest lines are kept back too.
    3. In a line that is told, a part is kept back when it, or the rest of its whole, is one to four.
    4. A total is told when nothing under it is kept back, or at least two lines that together count ten or more,
       and whose rest counts ten or more, or nothing.
    """
    whole = _kept_back(lines)
    told = [dict.fromkeys(COUNTS) if place in whole else _parts(line) for place, line in enumerate(lines)]
    return told, {name: _total(name, lines, told) for name in COUNTS}


def _kept_back(lines: Sequence[Mapping[str, Any]]) -> set[int]:
    by_size = sorted(range(len(lines)), key=lambda place: (lines[place]["told"], place))
    kept = {place for place in by_size if lines[place]["told"] < SMALL}
    for place in by_size:
        if not kept or (len(kept) > 1 and sum(lines[each]["told"] for each in kept) >= HIDDEN_TOGETHER):
            break
        kept.add(place)
    return kept


def _parts(line: Mapping[str, Any]) -> dict[str, int | None]:
    told: dict[str, int | None] = {}
    for name in COUNTS:
        whole = OF.get(name)
        hidden = whole is not None and (
            told[whole] is None or _is_small(line[name]) or _is_small(line[whole] - line[name])
        )
        told[name] = None if hidden else line[name]
    return told


def _is_small(count: int) -> bool:
    return 0 < count < SMALL


def _total(name: str, lines: Sequence[Mapping[str, Any]], told: Sequence[Counts]) -> int | None:
    hidden = [line for line, shown in zip(lines, told, strict=True) if shown[name] is None]
    count = sum(line[name] for line in hidden)
    rest = sum(line[OF[name]] - line[name] for line in hidden) if name in OF else count
    safe = not hidden or (len(hidden) > 1 and _is_much(count) and _is_much(rest))
    return sum(line[name] for line in lines) if safe else None


def _is_much(count: int) -> bool:
    return count == 0 or count >= HIDDEN_TOGETHER


def drawn(seed: str, ids: Iterable[str], size: int) -> list[str]:
    """``size`` of ``ids``, by their digest with the seed: each as likely as any other, the same draw every time."""
    return sorted(set(ids), key=lambda each: hashlib.sha256(f"{seed}|{each}".encode()).digest())[:size]


def rate(part: int | None, whole: int | None) -> float | None:
    """A share between 0 and 1, in hundredths; None where either is not told or there is nothing to share."""
    return round(part / whole, 2) if part is not None and whole else None
