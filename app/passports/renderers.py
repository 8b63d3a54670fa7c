"""The forms a record is answered in, by media type. A new form is one more row here.

A renderer is given the record as its reader may see it: it can show no more than that.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from operator import itemgetter
from types import MappingProxyType
from typing import Any, Final

import orjson

from app.passports.fhir.writing import Published, write_bundle
from app.passports.printing.card import emergency_card
from app.passports.printing.mine import my_passport_page
from app.passports.printing.passport import Around, beside, passport_page
from app.passports.printing.words import Speaker
from app.passports.service.copying import Page
from app.passports.service.mine import Mine
from app.passports.service.reading import Passport
from app.web.accept import JSON, PDF
from app.web.body import FHIR

Renderer = Callable[[Any], bytes]

_ENGLISH: Final = Speaker("en")
"""A FHIR document is read by systems; its narrative is English."""


@dataclass(frozen=True, slots=True)
class Forms:
    """How one record is answered: renderers by media type, the one for ``*/*`` first, and the template of its PDF."""

    renderers: Mapping[str, Renderer]
    template: str
    page: Page

    @property
    def media(self) -> tuple[str, ...]:
        """Every media type of it, JSON first."""
        return (*self.renderers, PDF)


def to_json(passport: Passport) -> bytes:
    """The passport as it is published: what was sealed whole is passed on without being parsed."""
    return orjson.dumps(passport.head)[:-1] + b',"sections":' + passport.revealed.to_json() + b"}"


def to_fhir(passport: Passport) -> bytes:
    """The passport as a FHIR document: R4, UK Core where it has a profile."""
    head = passport.head
    controllers = {each["section"]: each["controller"] for each in head["sections_shared"]}
    named = [each for each in head["sections_shared"] if each["controller"]]
    latest = max(named, key=itemgetter("written_at"), default=None)
    published = Published(
        id=head["record"],
        version=head["version"],
        published_at=head["changed_at"] or passport.at,
        custodian=latest["controller"] if latest else head["placing_authority"],
        controllers=controllers,
        sections=passport.sections,
        withheld={each["section"]: each["reason"] for each in head["sections_withheld"]},
        merged_records=head["merged_records"],
        beside=beside(head, _ENGLISH),
    )
    return orjson.dumps(write_bundle(published))


def mine_to_json(mine: Mine) -> bytes:
    """The young person's own copy, its lines as text."""
    words, language = mine.words, mine.language
    parts = [
        {
            "heading": part.heading,
            "section": part.section,
            "as_of": part.as_of,
            "lines": [{"says": line.says, "text": line.text} for line in part.lines],
        }
        for part in mine.parts
    ]
    told = {
        "language": language,
        "title": words.title[language],
        "belongs": words.belongs[language],
        "parts": parts,
        "good_to_know": [each[language] for each in words.know],
    }
    return orjson.dumps({**mine.head, **told})


def _passport_page(passport: Passport, around: Around) -> dict[str, Any]:
    return passport_page(passport.head, passport.sections, around)


def _card_page(passport: Passport, around: Around) -> dict[str, Any]:
    return emergency_card(passport.head, passport.sections, around)


def _mine_page(mine: Mine, around: Around) -> dict[str, Any]:
    return my_passport_page(mine.words, mine.parts, mine.identity, mine.language, around.today)


PASSPORT: Final = Forms(MappingProxyType({JSON: to_json, FHIR: to_fhir}), "passport", _passport_page)
CARD: Final = Forms(MappingProxyType({JSON: to_json}), "emergency_card", _card_page)
MINE: Final = Forms(MappingProxyType({JSON: mine_to_json}), "my_passport", _mine_page)
