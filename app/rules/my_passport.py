"""My passport in plain words: the rows of ``my_passport.toml``, and saying what stands in a passport by them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from app.rules.rows import EditionError, refuse_unknown
from app.rules.words import PASSPORT_SECTIONS

_STATES = ("nil_known", "not_known", "not_asked", "declined")


@dataclass(frozen=True, slots=True)
class Line:
    """What stands at a path, behind some words; of a list, each item as one line of these fields."""

    at: tuple[str, ...]
    says: str | None
    fields: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """A heading, the section it draws on, and its lines."""

    heading: str
    section: str
    lines: tuple[Line, ...]


@dataclass(frozen=True, eq=False, slots=True)
class MyPassport:
    """How my passport is said in one edition, and from what age it is made."""

    from_age: int
    title: str
    belongs: str
    said: Mapping[str, str]
    parts: tuple[Part, ...]

    def say(self, sections: Mapping[str, Mapping[str, Any]]) -> list[dict[str, Any]]:
        """The parts there is something to say of: heading, since when, and lines of ``says`` and ``text``."""
        told = []
        for part in self.parts:
            held = sections.get(part.section)
            lines = [] if held is None else [each for line in part.lines for each in self._say(line, held)]
            if held is not None and lines:
                as_of = held.get("provenance", {}).get("as_of")
                told.append({"heading": part.heading, "section": part.section, "as_of": as_of, "lines": lines})
        return told

    def _say(self, line: Line, held: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
        found: Any = held
        for name in line.at:
            found = found.get(name) if isinstance(found, Mapping) and "not_known" not in found else found
        if isinstance(found, Mapping) and "state" in found:
            found = found["items"] if "items" in found else self.said[found["state"]]
        for text in self._texts(found, line.fields):
            yield {"says": line.says, "text": text}

    def _texts(self, found: Any, fields: tuple[str, ...]) -> Iterator[str]:
        if found is None or found == "":
            return
        if fields and isinstance(found, list):
            for item in found:
                if text := ". ".join(filter(None, (self._text(item.get(name)) for name in fields))):
                    yield text
            return
        yield self._text(found)

    def _text(self, value: Any) -> str:
        if isinstance(value, list):
            return ", ".join(map(self._text, value))
        if isinstance(value, Mapping):
            if "not_known" in value:
                return self.said["not_known"]
            return str(value.get("text") or " ".join(str(value[name]) for name in ("amount", "unit") if name in value))
        return "" if value is None else str(value).rstrip(".")


def read_my_passport(raw: dict[str, Any]) -> MyPassport:
    """Read the table. Raises EditionError at the first mistake."""
    where = "my_passport.toml"
    refuse_unknown(where, "table", raw, ("from_age", "title", "belongs", "said", "part"))
    if set(raw["said"]) != set(_STATES):
        raise EditionError(f"{where}: said needs words for {', '.join(_STATES)}")
    refuse_unknown(where, "section", [row["section"] for row in raw["part"]], PASSPORT_SECTIONS)
    return MyPassport(
        raw["from_age"],
        raw["title"],
        raw["belongs"],
        raw["said"],
        tuple(Part(row["heading"], row["section"], tuple(map(_line, row["lines"]))) for row in raw["part"]),
    )


def _line(raw: Mapping[str, Any]) -> Line:
    refuse_unknown("my_passport.toml: line", "key", raw, ("at", "says", "fields"))
    return Line(tuple(raw["at"].split(".")), raw.get("says"), tuple(raw.get("fields", ())))
