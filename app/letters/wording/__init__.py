"""The words of letters, in English and Welsh: tables of sentences, and a speaker of one language."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib import resources
from typing import Any, Final

from app.kit.days import day_in_words

FORMS: Final = ("paragraph", "heading", "row", "items", "words", "text")

_GAP: Final = re.compile(r"\{([a-z_]+)\}")


@dataclass(frozen=True, slots=True)
class Phrase:
    """One sentence or label, and what must be known for it to be said."""

    code: str
    form: str
    en: str
    cy: str
    fact: str = ""
    value: str = ""
    needs: tuple[str, ...] = ()
    lacking: tuple[str, ...] = ()

    @property
    def gaps(self) -> frozenset[str]:
        """Everything that must be given before this is said."""
        named = {self.fact} if self.fact else set()
        return frozenset({*_GAP.findall(self.en), *self.needs, *named})


@dataclass(frozen=True, slots=True)
class Layout:
    """A letter: the phrase that is its title, and the phrases it says, in order."""

    title: str
    says: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Speaker:
    """Says things in one language."""

    language: str

    def say(self, code: str, **values: str) -> str:
        """A phrase with its gaps filled. What is filled in is never itself searched for gaps."""
        words: str = getattr(phrases()[code], self.language)
        return _GAP.sub(lambda gap: values[gap[1]], words)

    def code(self, kind: str, code: str) -> str:
        """A code as letters say it."""
        return _codes()[kind][code][self.language]

    def day(self, day: date) -> str:
        """Such as 22 November 2026, or 22 Tachwedd 2026, never broken over two lines."""
        return day_in_words(day, self.language)


@cache
def phrases() -> Mapping[str, Phrase]:
    """Every phrase. Raises TypeError or ValueError where one lacks a language or is of no known form."""
    return {code: _phrase(code, each) for code, each in _table("phrases").items()}


@cache
def layouts() -> Mapping[str, Layout]:
    """Every letter's order of phrases. Raises KeyError where one says what no phrase says."""
    made = {name: Layout(each["title"], tuple(each["says"])) for name, each in _table("layouts").items()}
    for layout in made.values():
        for code in (layout.title, *layout.says):
            phrases()[code]
    return made


def codes() -> Mapping[str, Mapping[str, Mapping[str, str]]]:
    """List, code, language: what letters call a code."""
    return _codes()


@cache
def _codes() -> dict[str, dict[str, dict[str, str]]]:
    return _table("codes")


def _phrase(code: str, raw: dict[str, Any]) -> Phrase:
    values: dict[str, Any] = {name: tuple(each) if isinstance(each, list) else each for name, each in raw.items()}
    made = Phrase(code=code, **values)
    if made.form not in FORMS or sorted(_GAP.findall(made.en)) != sorted(_GAP.findall(made.cy)):
        raise ValueError(f"the phrase {code} is not the same in both languages")
    return made


def _table(name: str) -> dict[str, Any]:
    return tomllib.loads((resources.files(__package__) / f"{name}.toml").read_text("utf-8"))
