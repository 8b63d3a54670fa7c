"""A day in words, in the two languages documents are written in."""

from datetime import date
from typing import Final

LANGUAGES: Final = ("en", "cy")

_MONTHS: Final = {
    "en": tuple("January February March April May June July August September October November December".split()),  # noqa: SIM905
    "cy": tuple("Ionawr Chwefror Mawrth Ebrill Mai Mehefin Gorffennaf Awst Medi Hydref Tachwedd Rhagfyr".split()),  # noqa: SIM905
}
_SHORT: Final = {
    "en": tuple("Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()),  # noqa: SIM905
    "cy": tuple("Ion Chwef Maw Ebr Mai Meh Gorff Awst Medi Hyd Tach Rhag".split()),  # noqa: SIM905
}


def day_in_words(day: date, language: str) -> str:
    """Such as 22 November 2026, or 22 Tachwedd 2026, never broken over two lines."""
    return f"{day.day}\u00a0{_MONTHS[language][day.month - 1]}\u00a0{day.year}"


def day_in_short(day: date, language: str) -> str:
    """Such as 22 Nov 2026: the month is a word, so that no two countries read it differently."""
    return f"{day.day}\u00a0{_SHORT[language][day.month - 1]}\u00a0{day.year}"


def years_between(born: date, today: date) -> int:
    """Age in whole years."""
    return today.year - born.year - ((today.month, today.day) < (born.month, born.day))
