"""A passport as a FHIR document: a Composition first, then the child, the publisher, and every part as a resource."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from hashlib import blake2b
from typing import Any

from app.standard.export import passport_sections
from app.standard.passport.document import PASSPORT_SECTIONS

from .answers import write_items
from .entries import extension, write_entry
from .lens import Resource
from .narrative import narrative
from .table import OURS, Row, mapping

Words = Mapping[str, Any]

ODS = "https://fhir.nhs.uk/Id/ods-organization-code"
SECTION = OURS + "section"
LIST_STATE = OURS + "list-state"
NOTE = OURS + "note"
"""The system of what the document says of itself. It is no part of a passport, and nothing of it is read back."""
MERGED_RECORD = OURS + "merged-record"
_GSS = OURS + "gss-code"
_AREA = re.compile(r"[EWSN]\d{8}")
_UK_CORE = "https://fhir.hl7.org.uk/StructureDefinition/UKCore-"
_EMPTY: Mapping[str, str] = {
    "nil_known": "nilknown",
    "not_known": "unavailable",
    "not_asked": "notasked",
    "declined": "unavailable",
    "withheld": "withheld",
}
"""What a list says of itself, as HL7 says why a list is empty."""


@dataclass(frozen=True, slots=True)
class Published:
    """One version of a passport as one reader may see it. ``withheld`` gives the reason for each other section.

    ``published_at`` is UTC text; ``custodian`` is the code of the organisation that keeps it, and ``controllers``
    holds the code of whoever published each section, or None where the reader may not know it. ``id`` is the record its
    words stand under: each passport of a child is a document of its own. ``merged_records`` have others, as ``beside``
    says to a person.
    """

    id: str
    version: int
    published_at: str
    custodian: str
    controllers: Mapping[str, str | None]
    sections: Mapping[str, Words]
    withheld: Mapping[str, str]
    merged_records: Sequence[str] = ()
    beside: str = ""


def write_bundle(passport: Published) -> Resource:
    """The document Bundle, R4 4.0.1. The same passport gives the same Bundle, byte for byte."""
    return _Writer(passport).bundle()


class _Writer:
    def __init__(self, passport: Published) -> None:
        self._passport = passport
        self._entries: list[Resource] = []
        self._references: dict[tuple[str, int], str] = {}
        self._version = _uuid_of_version(passport.id, passport.version)
        self._custodian = self._reference(f"organisation.{passport.custodian}")
        self._patient = self._reference("identity")

    def bundle(self) -> Resource:
        passport = self._passport
        self._patient_resource()
        for code in dict.fromkeys((passport.custodian, *filter(None, passport.controllers.values()))):
            self._add(self._reference(f"organisation.{code}"), _organisation(code))
        shown = [self._section(name) for name in PASSPORT_SECTIONS if name in passport.sections]
        kept_back = [name for name in PASSPORT_SECTIONS if name in passport.withheld]
        sections = [*self._notes(), *shown, *(_withheld(name, passport.withheld[name]) for name in kept_back)]
        first = {"fullUrl": self._reference("composition"), "resource": self._composition(sections)}
        return {
            "resourceType": "Bundle",
            "meta": {"profile": [_UK_CORE + "Bundle"]},
            "identifier": {"system": OURS + "passport-version", "value": f"{passport.id}|{passport.version}"},
            "type": "document",
            "timestamp": passport.published_at,
            "entry": [first, *self._entries],
        }

    def _composition(self, sections: list[Resource]) -> Resource:
        passport = self._passport
        kind = {"system": OURS + "document", "code": "health-passport", "display": "Health passport"}
        return {
            "resourceType": "Composition",
            "meta": {"profile": [_UK_CORE + "Composition"]},
            "identifier": {"system": OURS + "passport", "value": passport.id},
            "status": "final",
            "type": {"coding": [kind], "text": "Health passport of a child in care"},
            "subject": {"reference": self._patient},
            "date": passport.published_at,
            "author": [{"reference": self._custodian}],
            "title": "Health passport",
            "confidentiality": "R",
            "custodian": {"reference": self._custodian},
            "section": sections,
        }

    def _notes(self) -> list[Resource]:
        """First of all, that this is not the whole: a reader of this document alone would believe it is."""
        records = list(self._passport.merged_records)
        if not records:
            return []
        note = {
            "extension": [extension(MERGED_RECORD, each) for each in records],
            "title": "Second passport",
            "code": {"coding": [{"system": NOTE, "code": "second-passport"}]},
            "text": narrative({"second_passport": self._passport.beside, "record": records}),
        }
        return [note]

    def _patient_resource(self) -> None:
        """The child comes first, also where a reader may see no more than that there is one."""
        row = mapping().of_section("identity")[0]
        words = {name: told for name, told in self._words("identity").items() if name != "provenance"}
        self._add(self._patient, self._dressed(row, write_entry(row, words)))

    def _section(self, name: str) -> Resource:
        """One section of the document: its words for a person, its resources, and each of its lists within it."""
        words, rest = self._words(name), dict(self._words(name))
        rest.pop("provenance", None)
        references, lists = [], []
        for row in mapping().of_section(name):
            if row.list is None:
                references.append(self._patient if name == "identity" else self._one(row, rest))
                rest = {}
            elif row.list in rest:
                lists.append(self._list(row, rest.pop(row.list)))
        if rest:
            references.append(self._answers(name, rest))
        self._provenance(name, words, [*references, *_references(lists)])
        section: Resource = {"title": passport_sections()[name]["title"], "code": _code(name), "text": narrative(words)}
        section |= {"entry": [{"reference": each} for each in references]} if references else {}
        return section | ({"section": lists} if lists else {})

    def _words(self, name: str) -> Words:
        return self._passport.sections.get(name, {})

    def _one(self, row: Row, words: Words) -> str:
        return self._add(self._reference(row.code), self._dressed(row, write_entry(row, words)))

    def _list(self, row: Row, listed: Words) -> Resource:
        """A list of a section: its entries, or why there is none, the FHIR way and in full."""
        section: Resource = {"code": _code(row.code), "title": str(row.list).replace("_", " ").capitalize()}
        if listed.get("state") != "known":
            told = [extension(name, value) for name, value in listed.items()]
            empty = _empty(str(listed.get("state")))
            told_whole = {"extension": [{"url": LIST_STATE, "extension": told}], "text": narrative(listed)}
            return section | told_whole | {"emptyReason": empty}
        written = [write_entry(row, entry) for entry in listed.get("items", ())]
        if row.within is not None:
            written = [{**row.fixed, row.within: written}] if written else []
        references = [
            self._add(self._reference(row.code, place), self._dressed(row, resource))
            for place, resource in enumerate(written)
        ]
        if not references:
            return section | {"text": narrative("Withheld"), "emptyReason": _empty("withheld")}
        return section | {"entry": [{"reference": each} for each in references]}

    def _dressed(self, row: Row, resource: Resource) -> Resource:
        patient = {row.patient: {"reference": self._patient}} if row.patient else {}
        return {"resourceType": row.type, "meta": {"profile": [row.profile]}, **resource, **patient}

    def _answers(self, name: str, words: Words) -> str:
        resource = {
            "resourceType": "QuestionnaireResponse",
            "meta": {"profile": [_UK_CORE + "QuestionnaireResponse"]},
            "questionnaire": f"{OURS}questionnaire:{name}",
            "status": "completed",
            "subject": {"reference": self._patient},
            "authored": self._passport.published_at,
            "item": write_items(words),
        }
        return self._add(self._reference(f"{name}.answers"), resource)

    def _provenance(self, name: str, words: Words, targets: list[str]) -> None:
        """Where the section comes from. Without a person it is the publisher who says so."""
        row = mapping().of_section("provenance")[0]
        resource = self._dressed(row, write_entry(row, words.get("provenance", {})))
        resource["extension"] = [extension(SECTION, name), *resource.get("extension", ())]
        resource["target"] = [{"reference": each} for each in targets or [self._reference("composition")]]
        resource["recorded"] = self._passport.published_at
        publisher = self._passport.controllers.get(name, self._passport.custodian)
        who = {"reference": self._reference(f"organisation.{publisher}")} if publisher else {"display": "Withheld"}
        resource.setdefault("agent", [{}])[0].setdefault("who", who)
        self._add(self._reference(f"{name}.provenance"), resource)

    def _reference(self, part: str, place: int = 0) -> str:
        known = self._references.get((part, place))
        if known is None:
            known = self._references[part, place] = self._version + _uuid_of_part(part, place)
        return known

    def _add(self, reference: str, resource: Resource) -> str:
        self._entries.append({"fullUrl": reference, "resource": resource})
        return reference


def _uuid_of_version(passport_id: str, version: int) -> str:
    """What the UUIDs of all parts of one version begin with: version 8 of RFC 9562, whose bits are ours to choose."""
    text = blake2b(f"{passport_id}|{version}".encode(), digest_size=8).hexdigest()
    return f"urn:uuid:{text[:8]}-{text[8:12]}-8{text[12:15]}-a{text[13:16]}-"


@lru_cache(maxsize=4096)
def _uuid_of_part(part: str, place: int) -> str:
    """What they end with. Parts are few, and met again in every passport."""
    return blake2b(f"{part}|{place}".encode(), digest_size=6).hexdigest()


def _organisation(code: str) -> Resource:
    """A health body has an ODS code; an authority the code its area has in national statistics."""
    return {
        "resourceType": "Organization",
        "meta": {"profile": [_UK_CORE + "Organization"]},
        "identifier": [{"system": _GSS if _AREA.fullmatch(code) else ODS, "value": code}],
    }


def _references(lists: list[Resource]) -> Iterator[str]:
    return (str(entry["reference"]) for each in lists for entry in each.get("entry", ()))


def _code(part: str) -> Resource:
    return {"coding": [{"system": SECTION, "code": part}]}


def _empty(state: str) -> Resource:
    code = _EMPTY.get(state, "unavailable")
    return {"coding": [{"system": "http://terminology.hl7.org/CodeSystem/list-empty-reason", "code": code}]}


def _withheld(name: str, reason: str) -> Resource:
    return {
        "extension": [extension(OURS + "withheld", reason)],
        "title": passport_sections()[name]["title"],
        "code": _code(name),
        "text": narrative("Withheld"),
        "emptyReason": _empty("withheld"),
    }
