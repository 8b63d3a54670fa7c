"""One section of the published passport, as a document of its own."""

from functools import reduce
from operator import or_
from typing import Any, get_args

from app.access.documents import judge
from app.kit.errors import Fault
from app.passports.errors import NoSuchSection
from app.passports.fhir.judging import judge_bundle
from app.passports.fhir.reading import Received, read_bundle
from app.standard.passport.document import HEALTH_PASSPORT, PASSPORT_SECTIONS, HealthPassport
from app.web.body import parse_object
from app.web.errors import InvalidDocument

AnySection: Any = reduce(or_, (get_args(HealthPassport.model_fields[name].annotation)[0] for name in PASSPORT_SECTIONS))
"""Whichever section the address names."""


def parse_section(name: str, body: bytes) -> dict[str, Any]:
    """Return one section as plain JSON once the standard accepts it.

    Raises NoSuchSection, InvalidBody, InvalidDocument; pointers start at the section itself.
    """
    if name not in PASSPORT_SECTIONS:
        raise NoSuchSection
    section = parse_object(body)
    try:
        judge(HEALTH_PASSPORT, b'{"' + name.encode() + b'":' + body + b"}")
    except InvalidDocument as refusal:
        inside = [Fault(each.pointer.removeprefix(f"/{name}"), each.code, each.message) for each in refusal.faults]
        raise InvalidDocument(faults=inside) from None
    return section


def parse_bundle(body: bytes) -> Received:
    """Return what a FHIR Bundle says, in the words of a passport, and what was left out.

    Raises InvalidBody, InvalidDocument. The sections are held against the standard once it is known whose they are.
    """
    bundle = parse_object(body)
    judge_bundle(bundle)
    return read_bundle(bundle)
