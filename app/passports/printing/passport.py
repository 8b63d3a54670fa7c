"""The health passport as data for its page: allergies and emergencies first, and the age of everything."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from app.kit.days import years_between
from app.kit.numbers import read_out
from app.passports.printing.telling import Teller, called, full_name
from app.passports.printing.words import Speaker

FIRST: Final = ("allergies", "emergency_plan")
"""What whoever treats the child must see before anything else."""


@dataclass(frozen=True, slots=True)
class Around:
    """What a page needs besides the passport: for whom, in which language, on what day, and what codes are called.

    ``names`` are those of practitioners who confirmed a section here; ``name_of`` is what an organisation is called.
    """

    language: str
    today: date
    reader: str
    name_of: Callable[[str], str]
    names: Mapping[str, str]

    @property
    def speaker(self) -> Speaker:
        return Speaker(self.language)

    @property
    def teller(self) -> Teller:
        return Teller(self.speaker, self.name_of)


def passport_page(head: Mapping[str, Any], sections: Mapping[str, Any], around: Around) -> dict[str, Any]:
    """The data of ``passport.typ``. ``head`` and ``sections`` are what the reader is answered as JSON too."""
    speaker = around.speaker
    ages = {each["section"]: each for each in head["sections_shared"]}
    return {
        **around_the_page(head, around, "passport"),
        **who(head, sections, around),
        "nothing_yet": speaker.say("nothing_yet") if head["version"] == 0 else "",
        "urgent": [section_or_why_not(name, head, sections, around) for name in FIRST],
        "sections": [section_of(name, sections[name], ages[name], around) for name in sections if name not in FIRST],
        "left_out": list(_left_out(head, speaker)),
        "controllers": {"title": speaker.say("controllers"), "lines": _controllers(head, sections, around)},
    }


def around_the_page(head: Mapping[str, Any], around: Around, title: str) -> dict[str, Any]:
    """What stands above and below every page."""
    speaker, day = around.speaker, around.speaker.day(around.today.isoformat())
    return {
        "title": speaker.say(title),
        "printed": speaker.say("printed", day=day, reader=around.reader, version=str(head["version"])),
        "foot": speaker.say("foot", day=day),
        "page_of": speaker.say("page_of", page="{page}", pages="{pages}"),
        "boxes_note": speaker.say("boxes_note"),
        "beside": beside(head, speaker),
    }


def beside(head: Mapping[str, Any], speaker: Speaker) -> str:
    """That the child has another passport, in words; nothing where they have one."""
    return speaker.say("beside") if head["merged_records"] else ""


def who(head: Mapping[str, Any], sections: Mapping[str, Any], around: Around) -> dict[str, Any]:
    """The child at the top of a page: name, what they like to be called, age, NHS number; withheld facts say so."""
    speaker, identity = around.speaker, sections.get("identity", {})
    name, likes = full_name(identity), called(identity)
    kept_back = head["fields_withheld"]
    facts = [
        [speaker.say("born"), _born(identity.get("date_of_birth"), around), "/identity/date_of_birth"],
        [speaker.say("nhs_number"), _number(identity.get("nhs_number")), "/identity/nhs_number"],
    ]
    return {
        "name": name or speaker.say("name_withheld" if _name_is_kept_back(head) else "name_not_recorded"),
        "called": speaker.say("called", name=likes) if likes and likes != identity.get("given_names") else "",
        "facts": [
            [label, text or speaker.say("withheld_fact")] for label, text, at in facts if text or at in kept_back
        ],
    }


def _name_is_kept_back(head: Mapping[str, Any]) -> bool:
    withheld = [each["section"] for each in head["sections_withheld"]]
    return "identity" in withheld or "/identity/given_names" in head["fields_withheld"]


def _born(born: Any, around: Around) -> str:
    if not isinstance(born, str):
        return ""
    years = years_between(date.fromisoformat(born), around.today)
    return around.speaker.say("age", day=around.speaker.day(born), years=str(years))


def _number(number: Any) -> str:
    return read_out(number) if isinstance(number, str) else ""


def section_of(name: str, held: Mapping[str, Any], age: Mapping[str, Any], around: Around) -> dict[str, Any]:
    """A section with its title, its age in words, and all it says."""
    told, due = _age(held["provenance"], age, around)
    return {
        "title": around.speaker.section(name),
        "age": told,
        "due": due,
        "blocks": around.teller.blocks(name, held),
    }


def section_or_why_not(
    name: str, head: Mapping[str, Any], sections: Mapping[str, Any], around: Around
) -> dict[str, Any]:
    """A section; where it is not there, in words why not: a blank is no answer."""
    if name in sections:
        age = next(each for each in head["sections_shared"] if each["section"] == name)
        return section_of(name, sections[name], age, around)
    speaker = around.speaker
    withheld = {each["section"]: each["reason"] for each in head["sections_withheld"]}
    why = (
        speaker.say("withheld_here", reason=speaker.reason(withheld[name]))
        if name in withheld
        else speaker.say("not_recorded_here")
    )
    blocks = [{"label": "", "text": why, "unknown": True}]
    return {"title": speaker.section(name), "age": [], "due": "", "blocks": blocks}


def _age(provenance: Mapping[str, Any], age: Mapping[str, Any], around: Around) -> tuple[list[str], str]:
    """When and by whom it was known, written down and confirmed; and when it is looked at again, apart if late."""
    speaker, day = around.speaker, around.speaker.day
    told = [speaker.say("as_of", day=day(age["as_of"])), speaker.code("passport_source", provenance["source"])]
    if "detail" in provenance:
        told.append(provenance["detail"])
    recorder = provenance.get("recorded_by")
    told.append(
        speaker.say("written_by", name=recorder["name"])
        if isinstance(recorder, Mapping) and "name" in recorder
        else speaker.say("written_by_team", team=_team(age["controller"], around))
    )
    if age["last_confirmed_on"]:
        who_confirmed = around.names.get(age["last_confirmed_by"] or "") or provenance.get("last_confirmed_by")
        on = day(age["last_confirmed_on"])
        by_name = speaker.say("confirmed_by", day=on, name=who_confirmed) if who_confirmed else None
        told.append(by_name or speaker.say("confirmed", day=on))
    due = age["review_due_on"]
    if due and not age["review_due"]:
        told.append(speaker.say("review_due", day=day(due)))
    return told, speaker.say("review_overdue", day=day(due)) if age["review_due"] else ""


def _team(code: str | None, around: Around) -> str:
    return around.name_of(code) if code else around.speaker.say("withheld_fact")


def _left_out(head: Mapping[str, Any], speaker: Speaker) -> Iterator[dict[str, Any]]:
    """What is not on the page: nothing recorded, withheld, and single facts that a restriction takes out."""
    if empty := [speaker.section(each["section"]) for each in head["sections_not_recorded"]]:
        yield {"title": speaker.say("not_recorded"), "rows": [["", ", ".join(empty)]]}
    by_reason: dict[str, list[str]] = {}
    for each in head["sections_withheld"]:
        by_reason.setdefault(each["reason"], []).append(speaker.section(each["section"]))
    if by_reason:
        rows = [[speaker.reason(reason), ", ".join(names)] for reason, names in by_reason.items()]
        yield {"title": speaker.say("withheld"), "rows": rows}
    if fields := [_field_in_words(each, speaker) for each in head["fields_withheld"]]:
        yield {"title": speaker.say("fields_withheld"), "rows": [["", "; ".join(dict.fromkeys(fields))]]}


def _field_in_words(pointer: str, speaker: Speaker) -> str:
    section, *path = [each for each in pointer.split("/")[1:] if each != "items"]
    labels = [speaker.label(section, each) for each in path]
    return ", ".join(each for each in (speaker.section(section), *labels) if each)


def _controllers(head: Mapping[str, Any], sections: Mapping[str, Any], around: Around) -> list[str]:
    """Each person who wrote a section down, with role and organisation, and who controls which sections."""
    speaker = around.speaker
    recorders = (held["provenance"].get("recorded_by") for held in sections.values())
    people = [
        ", ".join(str(each[part]) for part in ("name", "role", "organisation") if isinstance(each.get(part), str))
        for each in recorders
        if isinstance(each, Mapping)
    ]
    controlled: dict[str | None, list[str]] = {}
    for each in head["sections_shared"]:
        controlled.setdefault(each["controller"], []).append(speaker.section(each["section"]))
    told = [
        speaker.say("controls", organisation=_team(code, around), sections=", ".join(names))
        for code, names in controlled.items()
    ]
    return [*dict.fromkeys(people), *told]
