"""The forms a passport is answered in, by media type. A new form is one more row here.

A renderer takes the passport as its reader may see it: it can show no more than that.
"""

from collections.abc import Callable, Mapping
from operator import itemgetter
from types import MappingProxyType

import orjson

from app.passports.errors import NotAcceptable
from app.passports.fhir.writing import Published, write_bundle
from app.passports.service.reading import Passport
from app.web.body import FHIR

JSON = "application/json"

Renderer = Callable[[Passport], bytes]


def to_json(passport: Passport) -> bytes:
    """The passport as it is published: what was sealed whole is passed on without being parsed."""
    return orjson.dumps(passport.head)[:-1] + b',"sections":' + passport.revealed.to_json() + b"}"


def to_fhir(passport: Passport) -> bytes:
    """The passport as a FHIR document: R4, UK Core where it has a profile."""
    head = passport.head
    controllers = {each["section"]: each["controller"] for each in head["sections_shared"]}
    latest = max(head["sections_shared"], key=itemgetter("written_at"), default=None)
    published = Published(
        id=head["child_id"],
        version=head["version"],
        published_at=head["changed_at"] or passport.at,
        custodian=latest["controller"] if latest else head["placing_authority"],
        controllers=controllers,
        sections=passport.sections,
        withheld={each["section"]: each["reason"] for each in head["sections_withheld"]},
    )
    return orjson.dumps(write_bundle(published))


RENDERERS: Mapping[str, Renderer] = MappingProxyType({JSON: to_json, FHIR: to_fhir})
"""Media type to renderer, the one for ``*/*`` first."""


def acceptable(accept: str | None) -> str:
    """The media type to answer in. Raises NotAcceptable.

    Of several that are accepted alike, the first in our own order: a browser's ``*/*`` gets JSON.
    """
    wanted = _wanted(accept or "*/*")
    chosen = max(RENDERERS, key=lambda media: (_weight(media, wanted), -list(RENDERERS).index(media)))
    if _weight(chosen, wanted) <= 0:
        raise NotAcceptable
    return chosen


def _wanted(accept: str) -> dict[str, float]:
    """Each range of an Accept header with its weight (RFC 9110, 12.5.1); what is not well formed weighs nothing."""
    wanted = {}
    for each in accept.lower().split(",")[:20]:
        media, *parameters = (part.strip() for part in each.split(";"))
        quality = next((part[2:] for part in parameters if part.startswith("q=")), "1")
        wanted[media] = float(quality) if quality.replace(".", "", 1).isdecimal() and quality.isascii() else 0.0
    return wanted


def _weight(media: str, wanted: Mapping[str, float]) -> float:
    ranges = (media, f"{media.partition('/')[0]}/*", "*/*")
    return next((wanted[each] for each in ranges if each in wanted), 0.0)
