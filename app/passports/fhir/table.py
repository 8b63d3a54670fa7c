"""``mapping.toml``, read once: the rows that say how each part of a passport stands in FHIR."""

import re
import tomllib
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

from .lens import Found, Path, Resource, includes, parse

OURS = "urn:placement-notify:fhir:"
"""How our own systems, extensions and questionnaires begin."""

_SECONDS = ":00"
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}(T|$)")


@dataclass(frozen=True, slots=True)
class Place:
    """One place of a field: where, in which form, and under which codes. ``writes`` is None where it is only read."""

    path: Path
    form: str
    codes: Mapping[str, str] | None
    writes: Callable[[Any], Any] | None
    lost: frozenset[str]
    """Values that share their code with another, and do not come back from it."""

    def decode(self, written: Any) -> Any:
        """What a value written here means, or None where we have no word for it."""
        if self.codes is not None:
            return next((ours for ours, theirs in self.codes.items() if theirs == written), None)
        kind, _, unit = self.form.partition(":")
        match kind:
            case "day":
                return written[:10] if _DAY.match(written) else None
            case "time":
                return [each.removesuffix(_SECONDS) for each in written if each]
            case "quantity":
                return written.get("value") if unit in (written.get("code"), written.get("unit")) else None
        return written

    def write(self, resource: Resource, value: Any) -> bool:
        """Put a value here, in the form it has here. Returns whether exactly this value can be read back."""
        written = self.writes(value) if self.writes else None
        if written is None:
            return False
        self.path.put(resource, written)
        return self.codes is None or value not in self.lost


@dataclass(frozen=True, slots=True)
class Filled:
    """What FHIR requires where the passport may know nothing: set unless something else is there; never read back."""

    path: Path
    unless: Path
    within: Path | None
    value: Any

    def fill(self, resource: Resource) -> None:
        """Set it, if nothing stands for it."""
        for node in self._nodes(resource):
            if not self.unless.take(node.value):
                self.path.put(node.value, self.value)

    def found(self, resource: Resource) -> Iterator[str]:
        """Pointers to it where it says no more than what ``fill`` sets."""
        for node in self._nodes(resource):
            for each in self.path.take(node.value):
                if each.value == self.value:
                    yield from (node.pointer + pointer for pointer in (each.pointer, *each.marks))

    def _nodes(self, resource: Resource) -> list[Found]:
        return [Found("", resource)] if self.within is None else self.within.take(resource)


@dataclass(frozen=True, slots=True)
class Row:
    """One kind of FHIR resource and what of the passport it holds."""

    section: str
    list: str | None
    type: str
    profile: str
    patient: str | None
    within: str | None
    fields: Mapping[str, tuple[Place, ...]]
    fixed: Mapping[str, Any]
    filled: tuple[Filled, ...]
    missing: Mapping[str, Any]
    theirs: Mapping[str, Any]
    borrowed: Mapping[str, tuple[str, str]]

    @property
    def code(self) -> str:
        """The name of the part it holds."""
        return self.section if self.list is None else f"{self.section}.{self.list}"

    def extension(self, field: str) -> str:
        """The address of our extension for a field that FHIR has no place for."""
        return f"{OURS}{self.section}:{field}"


@dataclass(frozen=True, slots=True)
class Table:
    """All rows, and what is never read as a fact."""

    rows: tuple[Row, ...]
    never: tuple[Mapping[str, Any], ...]

    def of_section(self, section: str) -> list[Row]:
        """The rows that hold parts of a section."""
        return _by_section().get(section, [])

    def of_theirs(self, resource: Resource) -> Row | None:
        """The row that reads a resource nobody placed in one of our sections."""
        if any(includes(resource, each) for each in self.never):
            return None
        rows = (row for row in self.rows if row.type == resource.get("resourceType") and row.section != "provenance")
        return next((row for row in rows if includes(resource, row.theirs)), None)


@cache
def mapping() -> Table:
    """The table. Raises ValueError or KeyError where a row is not coherent."""
    document = tomllib.loads((resources.files(__package__) / "mapping.toml").read_text("utf-8"))
    slices = document["slices"]
    return Table(tuple(_row(each, slices) for each in document["resource"]), tuple(document["never"]))


@cache
def _by_section() -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = {}
    for row in mapping().rows:
        found.setdefault(row.section, []).append(row)
    return found


def _row(told: Mapping[str, Any], slices: Mapping[str, Any]) -> Row:
    return Row(
        section=told["section"],
        list=told.get("list"),
        type=told["type"],
        profile=told["profile"],
        patient=told.get("patient"),
        within=told.get("within"),
        fields={name: _places(places, slices) for name, places in told["fields"].items()},
        fixed=told.get("fixed", {}),
        filled=tuple(_filled(each, slices) for each in told.get("filled", ())),
        missing=told.get("missing", {}),
        theirs=told.get("theirs", {}),
        borrowed={name: tuple(told["borrowed"][name]) for name in told.get("borrowed", ())},
    )


def _places(places: Any, slices: Mapping[str, Any]) -> tuple[Place, ...]:
    every = [places] if isinstance(places, str) else places
    dicts = [{"at": each} if isinstance(each, str) else each for each in every]
    return tuple(_place(each, slices) for each in dicts)


def _place(told: Mapping[str, Any], slices: Mapping[str, Any]) -> Place:
    codes, form = told.get("codes"), told.get("as", "")
    shared = Counter((codes or {}).values())
    return Place(
        path=parse(told["at"], slices),
        form=form,
        codes=codes,
        writes=None if told.get("only_read") else _writer(form, codes),
        lost=frozenset(ours for ours, theirs in (codes or {}).items() if shared[theirs] > 1),
    )


def _writer(form: str, codes: Mapping[str, str] | None) -> Callable[[Any], Any]:
    """What a value becomes, chosen once for each row and not for each value; None where it cannot stand there."""
    if codes is not None:
        return codes.get
    kind, _, unit = form.partition(":")
    match kind:
        case "time":
            return lambda value: [each + _SECONDS for each in value]
        case "positive":
            return lambda value: value or None
        case "quantity":
            return lambda value: {"value": value, "unit": unit, "system": "http://unitsofmeasure.org", "code": unit}
    return _as_it_is


def _as_it_is(value: Any) -> Any:
    return value


def _filled(told: Mapping[str, Any], slices: Mapping[str, Any]) -> Filled:
    within = parse(told["within"], slices) if "within" in told else None
    return Filled(parse(told["at"], slices), parse(told["unless"], slices), within, told["value"])
