"""The fixed words of printed passports: labels, codes and phrases, in English and Welsh."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib import resources
from typing import Any, Final

from app.kit.days import day_in_short
from app.rules.edition import current
from app.standard.codes import code_lists

_GAP: Final = re.compile(r"\{([a-z_]+)\}")
_DAY: Final = re.compile(r"\d{4}-\d{2}-\d{2}")
_ANY: Final = "any"
ERASED: Final = "erased"

Words = Mapping[str, str]
"""Language to words."""


@dataclass(frozen=True, slots=True)
class Speaker:
    """Says what a page says of itself, in one language."""

    language: str

    def say(self, phrase: str, **values: str) -> str:
        """A phrase with its gaps filled. What is filled in is never itself searched for gaps. Raises KeyError."""
        return _GAP.sub(lambda gap: values[gap[1]], table("phrases")[phrase][self.language])

    def label(self, section: str, field: str) -> str:
        """What a field is called in this section; empty where it stands alone. Raises KeyError."""
        words: Words = table("fields").get(section, {}).get(field) or table("fields")[_ANY][field]
        return words[self.language]

    def code(self, listing: str, code: str) -> str:
        """A code of the standard in words. Raises KeyError."""
        if self.language == "en":
            return code_lists()[listing].codes[code].label
        words: str = table("codes")[listing][code]
        return words

    def reason(self, code: str) -> str:
        """Why something is withheld. Raises KeyError."""
        if code == ERASED:
            return self.say(ERASED)
        if self.language == "en":
            return current().passports.reasons[code]
        words: str = table("codes")["withheld_reason"][code]
        return words

    def section(self, name: str) -> str:
        """The title of a section."""
        return self.code("passport_section", name)

    def language_name(self, tag: str) -> str:
        """A language by its tag; one that stands in no table of ours is said by the tag."""
        words: Words = table("languages").get(tag.partition("-")[0], {})
        return words.get(self.language, tag)

    def day(self, text: str) -> str:
        """A day of a document, such as 22 Nov 2026."""
        return day_in_short(date.fromisoformat(text), self.language)

    def days_in(self, text: str) -> str:
        """A text, or the day it is."""
        try:
            return self.day(text) if _DAY.fullmatch(text) else text
        except ValueError:
            return text


@cache
def table(name: str) -> dict[str, Any]:
    """One of the tables ``fields``, ``codes``, ``languages`` and ``phrases``."""
    return tomllib.loads((resources.files(__package__) / f"wording/{name}.toml").read_text("utf-8"))
