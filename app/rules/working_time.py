"""How time is counted: held in UTC, counted in Europe/London.

* Hours are clock hours. They run through nights, weekends and both clock changes.
* Working days are Monday to Friday less the bank holidays of England and Wales. Day 1 is the first working
  day *after* the day that starts the clock (the usual reading; the regulations do not define it), and a
  period of days ends with the London day: 23:59:59.999.
* Bank holidays are announced a few years ahead. Past the last year known, Monday to Friday are counted and
  ``holidays_known`` says that the answer may be a day early.
"""

import json
import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from importlib import resources
from typing import Final
from zoneinfo import ZoneInfo

LONDON: Final = ZoneInfo("Europe/London")
_LAST_MOMENT: Final = time(23, 59, 59, 999_000)
_SATURDAY: Final = 5


def _bank_holidays() -> frozenset[date]:
    # The package's own reader brings an HTTP client into every process; the days it ships are all that is wanted.
    shipped = json.loads((resources.files("govuk_bank_holidays") / "bank-holidays.json").read_bytes())
    return frozenset(date.fromisoformat(day["date"]) for day in shipped["england-and-wales"]["events"])


BANK_HOLIDAYS: Final = _bank_holidays()
HOLIDAYS_KNOWN_UNTIL: Final = date(max(BANK_HOLIDAYS).year, 12, 31)


def london_day(moment: datetime) -> date:
    """The day it is in London at ``moment`` (aware)."""
    return moment.astimezone(LONDON).date()


def london_day_of(stored: str) -> str:
    """The day it was in London at a stored moment, both as ISO text: late on a UTC day in summer it is the next."""
    return london_day(datetime.fromisoformat(stored)).isoformat()


@lru_cache(maxsize=1024)
def day_starts(day: date) -> datetime:
    """Midnight at the start of a London day, in UTC."""
    return datetime.combine(day, time(), LONDON).astimezone(UTC)


@lru_cache(maxsize=1024)
def day_ends(day: date) -> datetime:
    """The last millisecond of a London day, in UTC."""
    return datetime.combine(day, _LAST_MOMENT, LONDON).astimezone(UTC)


def london_moment(day: date, at: time) -> datetime:
    """A London wall-clock time, in UTC.

    In the hour that happens twice in October the earlier one is meant, so that nobody gains an hour.
    """
    return datetime.combine(day, at.replace(tzinfo=None), LONDON).astimezone(UTC)


def is_working_day(day: date) -> bool:
    return day.weekday() < _SATURDAY and day not in BANK_HOLIDAYS


@lru_cache(maxsize=4096)
def add_working_days(day: date, count: int) -> date:
    """The ``count``-th working day after ``day``; ``day`` itself never counts."""
    while count > 0:
        day += timedelta(days=1)
        count -= is_working_day(day)
    return day


def holidays_known(due: datetime) -> bool:
    """Whether every bank holiday up to ``due`` had been announced when this was released."""
    return london_day(due) <= HOLIDAYS_KNOWN_UNTIL


def add_months(day: date, count: int) -> date:
    """The same day some months on; the last of the month where that is shorter."""
    years, month = divmod(day.month - 1 + count, 12)
    year = day.year + years
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


_LENGTH: Final = re.compile(r"(\d{1,3}) (working day|hour|day|week|month)s?( before)?")


@dataclass(frozen=True, slots=True)
class Length:
    """A period as a rule words it: ``5 working days``, ``24 hours``, ``3 months``, ``14 days before``.

    ``at once`` is due when it starts: what the law wants done before a move is due at the start of the move.
    """

    amount: int
    unit: str
    before: bool = False

    @classmethod
    def parse(cls, text: str) -> "Length":
        """Read the words of a rule. Raises ValueError for any other wording."""
        if text == "at once":
            return cls(0, "moment")
        if not (match := _LENGTH.fullmatch(text)):
            raise ValueError(f"not a length of time: {text!r}")
        before = bool(match[3])
        if before and match[2] != "day":
            raise ValueError(f"only days are counted backwards: {text!r}")
        return cls(int(match[1]), match[2].replace(" ", "_"), before)

    def after(self, start: datetime) -> datetime:
        """When a period of this length that starts at ``start`` (aware) is over, in UTC."""
        if self.unit == "moment":
            return start
        if self.unit == "hour":
            return start + timedelta(hours=self.amount)
        return day_ends(self._last_day(london_day(start)))

    def _last_day(self, day: date) -> date:
        match self.unit:
            case "working_day":
                return add_working_days(day, self.amount)
            case "month":
                return add_months(day, self.amount)
            case unit:
                days = self.amount * (7 if unit == "week" else 1)
                return day + timedelta(days=-days if self.before else days)
