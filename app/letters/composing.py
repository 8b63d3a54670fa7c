"""From a planned letter to the plain data its template sets. Pure: the same case and day, the same letter."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from app.letters.facts import Said, Value, read_facts
from app.letters.policy import Addressee, Planned
from app.letters.wording import Phrase, Speaker, layouts, phrases
from app.rules.letters import LetterRow, Letters

_PERSONAL: Final = frozenset(
    {"parent", "contact_person", "former_carer", "reviewing_officer", "advocate", "guardian", "other"}
)
_TO_COLLEAGUES: Final = frozenset({"gp_old", "gp_new", "dentist", "school_old", "school_new"})
_VIRTUAL_SCHOOLS: Final = frozenset({"placing_virtual_school", "host_virtual_school"})
_SIZE, _CHILDS_SIZE = 11, 12.5


@dataclass(frozen=True, slots=True)
class Around:
    """What a letter needs besides the sections: who writes, whose area the home is in, the day, the language."""

    council: str
    host_authority: str | None
    today: date
    language: str


def compose(
    table: Letters, planned: Planned, row: LetterRow, sections: Mapping[str, Any], around: Around
) -> dict[str, Any]:
    """The data of one letter. Nothing of ``sections`` is read but what the letter's facts may read."""
    speaker = Speaker(around.language)
    cut = table.cut(planned.facts, sections)
    facts = read_facts(Said(cut, around.today, speaker, around.host_authority), planned.facts)
    layout = layouts()[row.wording]
    childs = planned.to.person == "child"
    return {
        "title": speaker.say(layout.title),
        "size": _CHILDS_SIZE if childs else _SIZE,
        "foot": speaker.say("foot_child" if childs else "foot"),
        "page_of": speaker.say("page_of", page="{page}", pages="{pages}"),
        "council": _council(around.council, speaker),
        "office": _office(facts, speaker),
        "to": _to(planned.to, facts, speaker),
        "date": speaker.day(around.today),
        "reference": speaker.say("reference", reference=planned.id),
        "greeting": _greeting(planned.to, facts, speaker),
        "parts": list(_parts(layout.says, planned, facts, speaker)),
        "closing": speaker.say("closing_child" if childs else "closing"),
        "signed": _signed(facts, _council(around.council, speaker), speaker),
        "boxes_note": speaker.say("boxes_note"),
    }


def _parts(
    says: Iterable[str], planned: Planned, facts: Mapping[str, Value], speaker: Speaker
) -> Iterator[dict[str, Any]]:
    """The phrases that can be said, rows next to each other in one table, no heading over nothing."""
    given = {**facts, **({"address_kept_back": "yes"} if planned.without_address else {})}
    heading: dict[str, Any] | None = None
    rows: list[list[str]] = []
    for phrase in (phrases()[code] for code in says):
        if not _is_said(phrase, given, planned.facts):
            continue
        if phrase.form != "row" and rows:
            yield {"form": "rows", "rows": rows}
            rows = []
        if phrase.form == "heading":
            heading = {"form": "heading", "text": _words(phrase, speaker, given)}
            continue
        if heading:
            yield heading
            heading = None
        if phrase.form == "row":
            rows.append([_words(phrase, speaker, given), _text(given.get(phrase.fact, phrase.value))])
        else:
            yield _part(phrase, speaker, given)
    if rows:
        yield {"form": "rows", "rows": rows}


def _is_said(phrase: Phrase, given: Mapping[str, Value], allowed: Iterable[str]) -> bool:
    known_missing = not phrase.lacking or (
        set(phrase.lacking) <= set(allowed) and not any(each in given for each in phrase.lacking)
    )
    return phrase.gaps <= given.keys() and known_missing


def _part(phrase: Phrase, speaker: Speaker, given: Mapping[str, Value]) -> dict[str, Any]:
    if phrase.form == "items":
        return {"form": "items", "items": given[phrase.fact]}
    words = given[phrase.fact] if phrase.form == "words" else _words(phrase, speaker, given)
    return {"form": phrase.form, "text": words}


def _words(phrase: Phrase, speaker: Speaker, given: Mapping[str, Value]) -> str:
    return speaker.say(phrase.code, **{name: _text(given[name]) for name in phrase.gaps if name in given})


def _text(value: Value) -> str:
    return value if isinstance(value, str) else ", ".join(value)


def _office(facts: Mapping[str, Value], speaker: Speaker) -> list[str]:
    lines = [speaker.say("office")]
    if "social_worker_phone" in facts:
        lines.append(speaker.say("telephone", phone=_text(facts["social_worker_phone"])))
    if "social_worker_email" in facts:
        lines.append(speaker.say("email", email=_text(facts["social_worker_email"])))
    return lines


def _council(name: str, speaker: Speaker) -> str:
    """The authority as people call it: the directory has "Bristol, City of"."""
    plain, _, of = name.partition(", ")
    return speaker.say("council", name=f"{of} {plain}" if of in ("City of", "County of") else name)


def _to(to: Addressee, facts: Mapping[str, Value], speaker: Speaker) -> list[str]:
    if to.person in _VIRTUAL_SCHOOLS:
        return [speaker.say("virtual_school", council=_council(to.name or "", speaker))]
    if to.person == "child":
        home = [_text(facts[each]) for each in ("child_called", "home_name", "home_address") if each in facts]
        return _lines("\n".join(home))
    return [each for each in (to.name, *_lines(to.address or ""), to.postcode) if each]


def _lines(address: str) -> list[str]:
    """An address as an envelope has it: what was written on one line with commas, line by line."""
    return [part.strip() for line in address.splitlines() for part in line.split(",") if part.strip()]


def _greeting(to: Addressee, facts: Mapping[str, Value], speaker: Speaker) -> str:
    if to.person == "child":
        called = facts.get("child_called")
        return speaker.say("dear", name=_text(called)) if called else speaker.say("dear_child")
    if to.person in _TO_COLLEAGUES | _VIRTUAL_SCHOOLS:
        return speaker.say("dear_colleague")
    if to.name and to.person in _PERSONAL:
        return speaker.say("dear", name=to.name)
    return speaker.say("dear_parent" if to.person == "parent" else "dear_reader")


def _signed(facts: Mapping[str, Value], council: str, speaker: Speaker) -> list[str]:
    if "social_worker" not in facts:
        return [speaker.say("signed_for", council=council)]
    return [_text(facts["social_worker"]), speaker.say("signed_role"), council]
