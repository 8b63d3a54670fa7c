"""My passport in plain words: the rows of ``my_passport.toml``, and saying what stands in a passport by them."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from app.kit.days import LANGUAGES, day_in_words
from app.kit.numbers import read_out
from app.rules.rows import EditionError, refuse_unknown
from app.rules.words import PASSPORT_SECTIONS

_STATES: Final = ("nil_known", "not_known", "not_asked", "declined", "has_none")
_TABLE_KEYS: Final = ("from_age", "title", "notes", "made", "belongs", "know_title", "said", "part", "know")
_WHERE: Final = "my_passport.toml"
_DAY: Final = re.compile(r"\d{4}-\d{2}-\d{2}")
_HAS_NONE: Final = "has_none"

Words = Mapping[str, str]
"""Language to words."""


@dataclass(frozen=True, slots=True)
class Line:
    """What stands at a path, behind some words; of a list, each item as one line of these fields.

    ``words``: what the codes of a field are called; an item with a code that is not among them is left out.
    """

    at: tuple[str, ...]
    says: Words | None
    fields: tuple[str, ...]
    words: Mapping[str, Mapping[str, Words]]
    spaced: bool


@dataclass(frozen=True, slots=True)
class Part:
    """A heading, the section it draws on, and its lines."""

    heading: Words
    section: str
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Told:
    """One line as it is said: the words before it, and the facts in it."""

    says: str | None
    facts: tuple[str, ...]

    @property
    def text(self) -> str:
        """The facts one after another."""
        return one_after_another(self.facts)


def one_after_another(facts: Sequence[str]) -> str:
    """Facts as sentences; the last ends as it was written."""
    return ". ".join([*(fact.rstrip(".") for fact in facts[:-1]), *facts[-1:]])


@dataclass(frozen=True, slots=True)
class ToldPart:
    """One part as it is said, and since when it is so."""

    heading: str
    section: str
    as_of: str | None
    lines: tuple[Told, ...]


@dataclass(frozen=True, eq=False, slots=True)
class MyPassport:
    """How my passport is said in one edition, and from what age it is made."""

    from_age: int
    title: Words
    notes: Words
    made: Words
    belongs: Words
    know_title: Words
    said: Mapping[str, Words]
    parts: tuple[Part, ...]
    know: tuple[Words, ...]

    def say(self, sections: Mapping[str, Mapping[str, Any]], language: str) -> list[ToldPart]:
        """The parts there is something to say of."""
        told = []
        for part in self.parts:
            held = sections.get(part.section)
            lines = (
                () if held is None else tuple(each for line in part.lines for each in self._say(line, held, language))
            )
            if held is not None and lines:
                as_of = held.get("provenance", {}).get("as_of")
                told.append(ToldPart(part.heading[language], part.section, as_of, lines))
        return told

    def _say(self, line: Line, held: Mapping[str, Any], language: str) -> Iterator[Told]:
        found: Any = held
        for name in line.at:
            found = found.get(name) if isinstance(found, Mapping) and "not_known" not in found else found
        if isinstance(found, Mapping) and "state" in found:
            found = found["items"] if "items" in found else self.said[found["state"]][language]
        for facts in self._facts(line, found, language):
            yield Told(line.says[language] if line.says else None, facts)

    def _facts(self, line: Line, found: Any, language: str) -> Iterator[tuple[str, ...]]:
        if found is None or found == "":
            return
        if line.fields and isinstance(found, list):
            for item in found:
                if facts := self._of_item(line, item, language):
                    yield facts
            return
        yield (read_out(found) if line.spaced and isinstance(found, str) else self._text(found, language),)

    def _of_item(self, line: Line, item: Mapping[str, Any], language: str) -> tuple[str, ...]:
        facts = []
        for name in line.fields:
            value = item.get(name)
            if name in line.words:
                words = line.words[name].get(str(value))
                if words is None:
                    return ()
                facts.append(words[language])
            elif not (isinstance(value, Mapping) and value.get("not_known") == _HAS_NONE):
                facts.append(self._text(value, language))
        return tuple(filter(None, facts))

    def _text(self, value: Any, language: str) -> str:
        if isinstance(value, list):
            return ", ".join(self._text(each, language) for each in value)
        if isinstance(value, Mapping):
            if "not_known" in value:
                why = value["not_known"] if value["not_known"] == _HAS_NONE else "not_known"
                return self.said[why][language]
            return str(value.get("text") or " ".join(str(value[name]) for name in ("amount", "unit") if name in value))
        if isinstance(value, str) and _DAY.fullmatch(value):
            return day_in_words(date.fromisoformat(value), language)
        return "" if value is None else str(value)


def read_my_passport(raw: dict[str, Any]) -> MyPassport:
    """Read the table. Raises EditionError at the first mistake."""
    refuse_unknown(_WHERE, "table", raw, _TABLE_KEYS)
    if set(raw["said"]) != set(_STATES):
        raise EditionError(f"{_WHERE}: said needs words for {', '.join(_STATES)}")
    refuse_unknown(_WHERE, "section", [row["section"] for row in raw["part"]], PASSPORT_SECTIONS)
    return MyPassport(
        from_age=raw["from_age"],
        title=_words("title", raw["title"]),
        notes=_words("notes", raw["notes"]),
        made=_words("made", raw["made"]),
        belongs=_words("belongs", raw["belongs"]),
        know_title=_words("know_title", raw["know_title"]),
        said={state: _words(state, words) for state, words in raw["said"].items()},
        parts=tuple(Part(_words("part", row["heading"]), row["section"], _lines(row["lines"])) for row in raw["part"]),
        know=tuple(_words("know", row["says"]) for row in raw["know"]),
    )


def _lines(raw: list[dict[str, Any]]) -> tuple[Line, ...]:
    return tuple(map(_line, raw))


def _line(raw: Mapping[str, Any]) -> Line:
    refuse_unknown(f"{_WHERE}: line", "key", raw, ("at", "says", "fields", "words", "spaced"))
    words = {
        field: {code: _words(code, each) for code, each in codes.items()}
        for field, codes in raw.get("words", {}).items()
    }
    says = _words("says", raw["says"]) if "says" in raw else None
    return Line(tuple(raw["at"].split(".")), says, tuple(raw.get("fields", ())), words, raw.get("spaced", False))


def _words(name: str, raw: Any) -> Words:
    if not isinstance(raw, dict) or set(raw) != set(LANGUAGES) or not all(raw.values()):
        raise EditionError(f"{_WHERE}: {name}: needs words in {' and '.join(LANGUAGES)}")
    return raw
