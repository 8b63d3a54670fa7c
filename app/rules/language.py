"""Words to think about: phrases that blame, belittle or disbelieve a child, and what to say instead.

Advice, never a refusal. Phrases are whole words in a table; a text is read once, word by word, so its cost grows
with its length and with nothing a sender could choose.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import product
from typing import Any, Final, NamedTuple

from app.rules.rows import EditionError, refuse_twice, refuse_unknown
from app.rules.words import SECTIONS

CATEGORIES: Final = ("victim_blaming", "minimising", "criminalising", "care_jargon", "disbelief")
MOST_ADVICE: Final = 50

_KEYS: Final = ("code", "category", "avoid", "prefer", "sections", "ages")
_NEEDED: Final = ("code", "category", "avoid", "prefer")
_PHRASE: Final = re.compile(r"[a-z'|?]+( [a-z'|?]+)*")
# A quotation holds no mark that opens one, so a text of nothing else is read once and not once for each.
_QUOTED: Final = re.compile('"[^"]*"|\u201c[^\u201c\u201d]*\u201d|\u00ab[^\u00ab\u00bb]*\u00bb')
# A hyphen counts as a space; the end of a sentence is a word of its own, so that no phrase runs across it.
_WORD: Final = re.compile(r"[^\W_]+(?:'[^\W_]+)*|[.!?;:\n]")
_APOSTROPHE: Final = str.maketrans("\u2018\u2019\u02bc", "'''")

Words = tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PhraseRow:
    """One row of the table: phrases to think about, what to say instead, and where it applies.

    ``ages`` are whole years, first and last; ``sections`` those of a notification. None: everywhere.
    """

    code: str
    category: str
    avoid: tuple[Words, ...]
    prefer: str
    sections: frozenset[str] | None
    ages: tuple[int, int] | None


class Advice(NamedTuple):
    """A phrase found: the row, the phrase as our table has it, and where. Never the sender's text."""

    pointer: str
    code: str
    phrase: str


class Piece(NamedTuple):
    """One free text of a document."""

    section: str
    pointer: str
    text: str


@dataclass(frozen=True, eq=False, slots=True)
class Language:
    """The table, ready to read texts with. ``by_first`` holds every phrase under its first word, longest first."""

    rows: Mapping[str, PhraseRow]
    reasons: Mapping[str, str]
    by_first: Mapping[str, tuple[tuple[Words, PhraseRow], ...]]

    def advise(self, pieces: Iterable[Piece], age: int | None) -> list[Advice]:
        """What to think about in these texts; each row at most once for each text, and at most 50 in all."""
        found: dict[tuple[str, str], Advice] = {}
        for piece in pieces:
            for words, row in self._phrases(piece, age):
                found.setdefault((piece.pointer, row.code), Advice(piece.pointer, row.code, " ".join(words)))
                if len(found) == MOST_ADVICE:
                    return list(found.values())
        return list(found.values())

    def _phrases(self, piece: Piece, age: int | None) -> Iterator[tuple[Words, PhraseRow]]:
        plain = _QUOTED.sub(" . ", piece.text)
        words = tuple(_WORD.findall(plain.translate(_APOSTROPHE).lower()))
        for place, word in enumerate(words):
            for phrase, row in self.by_first.get(word, ()):
                if words[place : place + len(phrase)] == phrase and _applies(row, piece.section, age):
                    yield phrase, row


def _applies(row: PhraseRow, section: str, age: int | None) -> bool:
    if row.sections is not None and section not in row.sections:
        return False
    return row.ages is None or (age is not None and row.ages[0] <= age <= row.ages[1])


def read_language(raw: Mapping[str, Any]) -> Language:
    """Read the table strictly. Raises EditionError at the first mistake."""
    refuse_unknown("language.toml", "table", raw, ("reason", "phrase"))
    reasons = raw.get("reason", {})
    refuse_unknown("language.toml", "category", reasons, CATEGORIES)
    if set(reasons) != set(CATEGORIES):
        raise EditionError("language.toml: every category needs its reason")
    rows = [_row(each) for each in raw.get("phrase", ())]
    refuse_twice("language.toml", [row.code for row in rows])
    by_first: dict[str, list[tuple[Words, PhraseRow]]] = {}
    for row in rows:
        for words in row.avoid:
            by_first.setdefault(words[0], []).append((words, row))
    longest_first = {word: tuple(sorted(each, key=lambda one: -len(one[0]))) for word, each in by_first.items()}
    return Language({row.code: row for row in rows}, reasons, longest_first)


def _row(raw: Mapping[str, Any]) -> PhraseRow:
    where = f"language.toml: {raw.get('code', 'a row without a code')}"
    refuse_unknown(where, "key", raw, _KEYS)
    if missing := [name for name in _NEEDED if not raw.get(name)]:
        raise EditionError(f"{where}: has no {missing[0]}")
    refuse_unknown(where, "category", [raw["category"]], CATEGORIES)
    refuse_unknown(where, "section", raw.get("sections", ()), SECTIONS)
    phrases = dict.fromkeys(words for each in raw["avoid"] for words in _spelt_out(where, each))
    ages = raw.get("ages")
    return PhraseRow(
        code=raw["code"],
        category=raw["category"],
        avoid=tuple(phrases),
        prefer=raw["prefer"],
        sections=frozenset(raw["sections"]) if "sections" in raw else None,
        ages=(ages[0], ages[1]) if ages else None,
    )


def _spelt_out(where: str, phrase: str) -> Iterator[Words]:
    """Every way a phrase of the table may be said: "puts|put herself|himself at? risk" says eight."""
    if not _PHRASE.fullmatch(phrase):
        raise EditionError(f"{where}: a phrase is small letters, apostrophes, |, ? and single spaces")
    slots = [(*each.removesuffix("?").split("|"), *([""] if each.endswith("?") else [])) for each in phrase.split(" ")]
    for chosen in product(*slots):
        if words := tuple(word for word in chosen if word):
            yield words
