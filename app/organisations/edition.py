"""Reading one edition of the directory from a folder of CSV files: strictly, and all before any is used.

The files are ``organisations.csv``, ``organisation_successions.csv``, ``adjacent_areas.csv`` and
``routing_periods.csv``; the last names the routing tables and the days each is in force. What is wrong is
told by file and line, not by value. ``coherence.py`` then holds the rows against each other.
"""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Literal, Self, TypeVar

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
    model_validator,
)

from app.kit.errors import Fault
from app.organisations.errors import InvalidDirectory
from app.organisations.kinds import BRITISH_TRANSPORT_POLICE, CODE_FORMS, Kind

SHIPPED = Path(__file__).parent / "data"


def _day(text: str) -> str:
    if len(text) != 10 or date.fromisoformat(text).isoformat() != text:
        raise ValueError
    return text


def _plain(text: str) -> str:
    if text != text.strip() or not text.isprintable():
        raise ValueError
    return text


Day = Annotated[str, AfterValidator(_day)]
Name = Annotated[str, Field(min_length=1, max_length=200), AfterValidator(_plain)]
AnyCode = Annotated[str, Field(pattern=r"^[A-Z0-9]{3,9}$")]
AreaCode = Annotated[str, Field(pattern=r"^(E0[689]|E10|W06)[0-9]{6}$")]
Blank = BeforeValidator(lambda text: text or None)
OptionalDay = Annotated[Day | None, Blank]


class Row(BaseModel):
    """A line of an edition. ``at`` is its place, as ``/file/line``."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    at: str


class OrganisationRow(Row):
    """Blank ``valid_from`` means not looked up; blank ``valid_to`` means in force."""

    code: AnyCode
    code_system: str
    kind: Kind
    name: Name
    short_name: Name
    valid_from: OptionalDay
    valid_to: OptionalDay
    source: str
    gss: Annotated[Annotated[str, Field(pattern=r"^[EW][0-9]{8}$")] | None, Blank]
    former_gss: str

    @property
    def country(self) -> str:
        """E or W, by the ONS code. British Transport Police have none, and are held where they are based."""
        return self.gss[0] if self.gss else "E"

    @model_validator(mode="after")
    def _code_fits_kind(self) -> Self:
        form = CODE_FORMS[self.kind]
        if self.code == BRITISH_TRANSPORT_POLICE and self.kind is Kind.POLICE_FORCE:
            return self
        if not form.in_editions or form.system != self.code_system or not form.pattern.fullmatch(self.code):
            raise ValueError
        if self.gss is None or (self.valid_from and self.valid_to and self.valid_from > self.valid_to):
            raise ValueError
        return self

    def in_force(self, first: str, last: str | None) -> bool:
        """Whether it is in force on some day of a period."""
        begun = last is None or self.valid_from is None or self.valid_from <= last
        return begun and (self.valid_to is None or self.valid_to >= first)


class PeriodRow(Row):
    """Which routing table is in force when."""

    file: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,60}\.csv$")]
    valid_from: Day
    valid_to: OptionalDay


class RoutingRow(Row):
    """One health body of an area, its share of the area, and the area's force."""

    area_code: AreaCode
    health_code: AnyCode
    health_share: Annotated[Decimal, Field(gt=0, le=1, max_digits=5, decimal_places=4)]
    default: Literal["true", "false"]
    police_code: AnyCode
    lsoas: str
    valid_from: Day
    valid_to: OptionalDay


class NeighbourRow(Row):
    """One direction of a pair of areas that meet, and how that is known."""

    area_code: AreaCode
    adjacent_code: AreaCode
    evidence: Literal["land", "river", "estuary", "corner"]
    metres: str


class SuccessionRow(Row):
    """What took over from an organisation, and since when."""

    predecessor_code: AnyCode
    successor_code: AnyCode
    effective_from: Day
    kind: Kind
    change: Literal["merger", "split", "recode"]


@dataclass(frozen=True, slots=True)
class Edition:
    """Everything an edition lists, each row well formed by itself."""

    organisations: tuple[OrganisationRow, ...]
    periods: tuple[PeriodRow, ...]
    routing: tuple[RoutingRow, ...]
    neighbours: tuple[NeighbourRow, ...]
    successions: tuple[SuccessionRow, ...]


def read_edition(folder: Path) -> Edition:
    """Read an edition and check each row by itself. Raises InvalidDirectory naming every wrong line."""
    faults: list[Fault] = []
    periods = tuple(_listed(folder / "routing_periods.csv", PeriodRow, faults))
    edition = Edition(
        organisations=tuple(_listed(folder / "organisations.csv", OrganisationRow, faults)),
        periods=periods,
        routing=tuple(row for period in periods for row in _routing(folder, period, faults)),
        neighbours=tuple(_listed(folder / "adjacent_areas.csv", NeighbourRow, faults)),
        successions=tuple(_listed(folder / "organisation_successions.csv", SuccessionRow, faults)),
    )
    refuse_if_any(faults)
    return edition


def refuse_if_any(faults: list[Fault]) -> None:
    """Raise InvalidDirectory when something is wrong."""
    if faults:
        raise InvalidDirectory(f"{len(faults)} things in the edition are wrong.", faults=faults)


R = TypeVar("R", bound=Row)


def _routing(folder: Path, period: PeriodRow, faults: list[Fault]) -> Iterator[RoutingRow]:
    days = {"valid_from": period.valid_from, "valid_to": period.valid_to or ""}
    return _listed(folder / period.file, RoutingRow, faults, days)


def _listed(path: Path, model: type[R], faults: list[Fault], given: dict[str, str] | None = None) -> Iterator[R]:
    given = given or {}
    columns = [name for name in model.model_fields if name != "at" and name not in given]
    for number, values in _lines(path, columns, faults):
        at = f"/{path.name}/{number}"
        try:
            yield model.model_validate({"at": at, **given, **dict(zip(columns, values, strict=True))})
        except ValidationError as error:
            faults.extend(_fault(at, [str(part) for part in each["loc"]]) for each in error.errors())


def _fault(at: str, place: list[str]) -> Fault:
    if not place:
        return Fault(at, "row", "The code, its system, ONS code or days do not fit the kind of organisation.")
    return Fault(f"{at}/{place[0]}", "field", "This field is not of the form expected in this column.")


def _lines(path: Path, columns: list[str], faults: list[Fault]) -> Iterator[tuple[int, list[str]]]:
    try:
        with path.open(encoding="utf-8", newline="") as file:
            reader = csv.reader(file, strict=True)
            if next(reader, []) != columns:
                faults.append(Fault(f"/{path.name}/1", "header", f"The header must be {','.join(columns)}."))
                return
            for values in reader:
                if len(values) == len(columns):
                    yield reader.line_num, values
                    continue
                at = f"/{path.name}/{reader.line_num}"
                faults.append(Fault(at, "columns", "A column is missing or too many."))
    except (OSError, UnicodeDecodeError, csv.Error):
        faults.append(Fault(f"/{path.name}", "file", "The file is missing, or is not CSV in UTF-8."))
