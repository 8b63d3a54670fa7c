"""What cannot be right in a health passport: rows of ``passport_checks.toml``, each naming one of the checks below.

A check is one small predicate over what stands at a path. It never raises for what was or was not said.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, NamedTuple

from app.rules.reading import before, to_day
from app.rules.rows import EditionError, refuse_twice, refuse_unknown
from app.rules.words import PASSPORT_SECTIONS

ERROR, WARNING = "error", "warning"


@dataclass(frozen=True, slots=True)
class Known:
    """What a passport is held against: today, and who the child is, as far as whoever writes is shown it."""

    today: date
    identity: Mapping[str, Any]

    @property
    def born_on(self) -> date | None:
        """The date of birth, exact or estimated."""
        born = self.identity.get("date_of_birth")
        return to_day(born.get("estimated") if isinstance(born, dict) else born)


class Finding(NamedTuple):
    """One thing that is not right: where, by which row, and in words. Never the value."""

    pointer: str
    code: str
    message: str


@dataclass(frozen=True, slots=True)
class CheckRow:
    """One row. ``given`` are the further members its check takes."""

    code: str
    severity: str
    check: str
    at: tuple[str, ...]
    message: str
    source: str
    given: Mapping[str, Any]


@dataclass(frozen=True, eq=False, slots=True)
class PassportChecks:
    """The rows of one edition."""

    rows: tuple[CheckRow, ...]

    def findings(self, document: Mapping[str, Any], known: Known, severity: str) -> list[Finding]:
        """Everything of this severity that is not right in a document, in the order of the table."""
        return [
            Finding(pointer, row.code, row.message)
            for row in self.rows
            if row.severity == severity
            for pointer, value in found_at(document, row.at)
            if not _CHECKS[row.check].holds(value, row.given, known)
        ]


def found_at(value: object, path: tuple[str, ...], pointer: str = "") -> Iterator[tuple[str, Any]]:
    """Everything that stands at a path, with its pointer. Lists are walked; "not known" is not what is looked for."""
    if isinstance(value, list):
        for place, each in enumerate(value):
            yield from found_at(each, path, f"{pointer}/{place}")
    elif not path:
        if not (isinstance(value, dict) and "not_known" in value):
            yield pointer, value
    elif isinstance(value, dict):
        names = value if path[0] == "*" else (path[0],)
        for name in names:
            if name in value:
                yield from found_at(value[name], path[1:], f"{pointer}/{name}")


class _Check(NamedTuple):
    """Whether something is as it should be, and the further members a row of it must have."""

    holds: Callable[[Any, Mapping[str, Any], Known], bool]
    takes: tuple[str, ...] = ()


def _within(value: Any, given: Mapping[str, Any], _: Known) -> bool:
    return not isinstance(value, (int, float)) or bool(given["least"] <= value <= given["most"])


def _needs(value: Any, given: Mapping[str, Any], _: Known) -> bool:
    return given["has"] not in value or given["needs"] in value


def _in_order(value: Any, given: Mapping[str, Any], _: Known) -> bool:
    return not before(to_day(value.get(given["later"])), to_day(value.get(given["earlier"])))


def _sdq_band(value: Any, _given: Mapping[str, Any], _: Known) -> bool:
    score, band = value.get("score"), value.get("band")
    if score is None or band is None:
        return True
    return bool(band == ("normal" if score < 14 else "borderline" if score < 17 else "cause_for_concern"))


def _same_as_record(value: Any, given: Mapping[str, Any], known: Known) -> bool:
    held = known.identity.get(given["fact"])
    return not isinstance(held, str) or not isinstance(value, str) or held == value


_CHECKS: Final[Mapping[str, _Check]] = {
    "within": _Check(_within, ("least", "most")),
    "needs": _Check(_needs, ("has", "needs")),
    "in_order": _Check(_in_order, ("earlier", "later")),
    "not_ahead": _Check(lambda value, _, known: not before(known.today, to_day(value))),
    "not_behind": _Check(lambda value, _, known: not before(to_day(value), known.today)),
    "after_birth": _Check(lambda value, _, known: not before(to_day(value), known.born_on)),
    "sdq_band": _Check(_sdq_band),
    "same_as_record": _Check(_same_as_record, ("fact",)),
}


def read_checks(raw: dict[str, Any]) -> PassportChecks:
    """Read the table. Raises EditionError at the first mistake."""
    refuse_unknown("passport_checks.toml", "table", raw, ("check",))
    rows = tuple(_read(row) for row in raw["check"])
    refuse_twice("passport_checks.toml", [row.code for row in rows])
    return PassportChecks(rows)


def _read(raw: dict[str, Any]) -> CheckRow:
    where = f"passport_checks.toml: {raw.get('code')}"
    own = ("code", "severity", "check", "at", "message", "source")
    if missing := [name for name in own if name not in raw]:
        raise EditionError(f"{where}: has no {missing[0]}")
    refuse_unknown(where, "check", [raw["check"]], _CHECKS)
    refuse_unknown(where, "severity", [raw["severity"]], (ERROR, WARNING))
    given = {name: value for name, value in raw.items() if name not in own}
    if given.keys() != set(_CHECKS[raw["check"]].takes):
        raise EditionError(f"{where}: the check {raw['check']} takes {', '.join(_CHECKS[raw['check']].takes)}")
    path = tuple(raw["at"].split("."))
    refuse_unknown(where, "section", path[:1], ("*", *PASSPORT_SECTIONS))
    return CheckRow(raw["code"], raw["severity"], raw["check"], path, raw["message"], raw["source"], given)
