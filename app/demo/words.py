"""Codes and times in the words of the people who read them."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from types import MappingProxyType

from app.kit.clock import parse_utc
from app.rules.working_time import LONDON
from app.standard.codes import code_lists
from app.standard.export import sections

WHY_WITHHELD: Mapping[str, str] = MappingProxyType(
    {
        "not_needed_for_this_work": "not needed for this work",
        "sealed_until_missing": "sealed until missing",
        "placement_ended": "the placement has ended",
        "not_on_this_side": "not on this side",
        "restricted": "restricted",
    }
)

FIELDS: Mapping[str, str] = MappingProxyType(
    {
        "local_id": "the council's own number",
        "nhs_number": "NHS number",
        "child_details": "what happens and why",
    }
)
"""Fields that a reader in the story is not given."""


def label(code_list: str, code: str) -> str:
    """The published label of a code."""
    return code_lists()[code_list].codes[code].label


def team(function: str) -> str:
    """A function as the name of a team."""
    return label("function", function)


def section(name: str) -> str:
    """The published title of a section."""
    return sections()[name]["title"]


def when(moment: str) -> str:
    """A time in London: the day, and the hour unless it is the end of the day."""
    local = parse_utc(moment).astimezone(LONDON)
    day = f"{local:%a} {local.day} {local:%b}"
    return f"end of {day}" if (local + timedelta(seconds=1)).date() > local.date() else f"{day}, {local:%H:%M}"


def fields(names: Iterable[str]) -> str:
    """Field names as words."""
    return ", ".join(sorted(FIELDS.get(name, name.replace("_", " ")) for name in names))


def clock_time(moment: str | None) -> str:
    """Only the hour, minute and second, in London; a dash for what has not happened."""
    return f"{parse_utc(moment).astimezone(LONDON):%H:%M:%S}" if moment else "–"


def today(now: datetime) -> str:
    """The day and the hour in London, in full."""
    local = now.astimezone(LONDON)
    return f"{local:%A} {local.day} {local:%B %Y}, {local:%H:%M}"
