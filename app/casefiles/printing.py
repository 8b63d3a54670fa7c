"""A file as data for its page: chapters of tables and of what was told, in the order in which things happened. Pure."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from typing import Any, Final

from app.kit.clock import parse_utc
from app.kit.days import day_in_short
from app.rules.working_time import LONDON

File = Mapping[str, Any]
NameOf = Callable[[str], str]
"""From the code of an organisation to what it is called."""

_ABOUT: Final = ("kind", "occasion", "clock", "outcome", "reason")
"""What an event is about, beside who did it: codes of the standard."""

_DAY: Final = re.compile(r"\d{4}-\d\d-\d\d")
_MOMENT: Final = re.compile(r"\d{4}-\d\d-\d\dT[\d:.]+Z")


def file_page(made: File, name_of: NameOf) -> dict[str, Any]:
    """The data of ``file.typ``, from a file as it is answered as JSON."""
    return _Printer(name_of).page(made)


def words(code: str | None) -> str:
    """A code of the standard as words."""
    return (code or "").replace("_", " ").replace("-", " ")


def when(at: str | None) -> str:
    """A moment by the clock in London, or a day."""
    if not at:
        return ""
    if _DAY.fullmatch(at):
        return day_in_short(date.fromisoformat(at), "en")
    there = parse_utc(at).astimezone(LONDON)
    return f"{day_in_short(there.date(), 'en')}, {there:%H:%M}"


class _Printer:
    """One file being written; ``name_of`` names organisations."""

    def __init__(self, name_of: NameOf) -> None:
        self._name_of = name_of

    def page(self, made: File) -> dict[str, Any]:
        placements = made.get("placements", [made])
        asker = made["made_for"]
        person = asker["practitioner"]
        by = self._team(asker["organisation"], asker["function"], person)
        return {
            "title": "File of a child" if "child" in made else "File of a placement",
            "name": _name(made, placements),
            "made": f"Made on {when(made['made_at'])} for {by}.",
            "not_whole": "" if made["is_whole"] else "This file does not hold everything: the lists have the rest.",
            "foot": f"Made on {when(made['made_at'])}. What happened later is not in it.",
            "page_of": "Page {page} of {pages}",
            "chapters": [*self._placements(placements), *self._rest(made)],
        }

    def _placements(self, placements: Iterable[File]) -> Iterator[dict[str, Any]]:
        for each in placements:
            told = each["placement"]
            sections = told["sections"].items()
            yield {
                "title": self._home(told),
                "lines": [
                    ["Placement", each["placement_id"]],
                    ["State", words(told["state"])],
                    ["Placed by", self._name_of(told["placing_authority"])],
                    ["Not shown to you", ", ".join(words(one["section"]) for one in told["sections_withheld"])],
                ],
                "tables": [
                    _table("What happened", ("When", "What", "Who"), map(self._event, each["events"])),
                    _table("Who was told", _TOLD, map(self._recipient, told["recipients"] or ())),
                    _table("What was answered", ("When", "Who", "Words"), map(self._reply, each["replies"] or ())),
                    _table("What was due", ("Due", "What", "State"), map(_clock, told["clocks"])),
                    _table("Still owed", ("Due", "What", "By whom"), map(_owed, told["outstanding"])),
                    _table("Documents", _PAPERS, map(self._paper, (each["documents"] or {"items": []})["items"])),
                ],
                "told": [{"title": words(name).capitalize(), "tree": tree(held)} for name, held in sections],
            }

    def _home(self, told: File) -> str:
        placed = told["sections"].get("placement", {})
        area, since = placed.get("host_area"), placed.get("start", {}).get("date")
        where = f"A home in {self._name_of(area)}" if isinstance(area, str) else "A home"
        return f"{where} from {when(since)}" if isinstance(since, str) else where

    def _rest(self, made: File) -> Iterator[dict[str, Any]]:
        rows: tuple[tuple[str, str, tuple[str, ...], Callable[[File], list[str]]], ...] = (
            ("corrections", "Corrections", ("When", "Facts", "Why, and by whom"), self._correction),
            ("restrictions", "Restrictions", ("Set", "Restriction", "Why, by whom, and until when"), self._restriction),
            ("documents", "Documents of the child", _PAPERS, self._paper),
            ("assessments", "Health assessments", ("Due", "Assessment", "Where it stands"), self._assessment),
            ("passport_versions", "The health passport", ("When", "Sections", "Published by"), self._version),
            ("passport_transfers", "How the health passport moved", _MOVES, self._transfer),
            ("disclosures", "Who has seen what", ("When", "What was seen"), _disclosure),
        )
        for name, title, heads, row in rows if "child" in made else ():
            if made[name] is not None:
                table = _table("", heads, map(row, made[name]["items"]))
                yield {"title": title, "lines": [], "told": [], "tables": [table]}
        kept = [[words(each["part"]).capitalize(), words(each["reason"])] for each in made["parts_withheld"]]
        if kept:
            yield {"title": "Not in this file", "lines": kept, "told": [], "tables": []}

    def _event(self, one: File) -> list[str]:
        about = [words(one["what"]).capitalize(), *(words(one[name]) for name in _ABOUT if one[name])]
        if one["names"]:
            about.append(", ".join(map(words, one["names"])))
        told = [f"to {self._team(each['organisation'], each['function'])}" for each in one["recipients"]]
        return [when(one["at"]), "\n".join(["; ".join(about), *told]), self._by(one)]

    def _recipient(self, one: File) -> list[str]:
        opened = f"{when(one['opened_at'])}, {_person(one['opened_by'])}" if one["opened_at"] else "not opened"
        answered = f"{when(one['acknowledged_at'])}, {_person(one['acknowledged_by'])}: {words(one['outcome'])}"
        late = f"not answered; due {when(one['acknowledge_by'])}"
        ended = f"\nAccess ended {when(one['access_ended_at'])}" if one["access_ended_at"] else ""
        team = self._team(one["organisation"], one["function"]) + ended
        return [team, when(one["sent_at"]), opened, answered if one["acknowledged_at"] else late]

    def _reply(self, one: File) -> list[str]:
        said = "\n".join(tree(one["said"])) if one["said"] else "Erased by whoever wrote it"
        return [when(one["at"]), self._by(one), said]

    def _paper(self, one: File) -> list[str]:
        named = f": {one['title']}" if one["title"] else ""
        latest = one["latest"]
        state = words(one.get("state")) or ("uploaded" if latest else "awaited")
        version = f", version {latest['version']}" if latest else ""
        had = (f"{self._team(each['organisation'], each['function'])}: {_had(each)}" for each in one["receipts"])
        return [words(one["type"]).capitalize() + named, state + version, "\n".join(had)]

    def _correction(self, one: File) -> list[str]:
        why = f"{words(one['reason'])}, {_person(one['corrected_by'])}"
        return [when(one["corrected_at"]), ", ".join(map(words, one["now"])), why]

    def _restriction(self, one: File) -> list[str]:
        lifted = one["lifted_at"]
        until = f"lifted {when(lifted)}, {_person(one['lifted_by'])}" if lifted else f"review {when(one['review_on'])}"
        why = f"{words(one['reason'])}, {_person(one['set_by'])}; {until}"
        return [when(one["set_at"]), words(one["restriction"]).capitalize(), why]

    def _assessment(self, one: File) -> list[str]:
        owner = one["owner"]
        stands = [words(one["state"]), self._team(owner["organisation"], owner["function"]) if owner else ""]
        stands += [f"report {words(one['report'])}"] if one["report"] != "none" else []
        for said, who in (("not read by", "unread_by"), ("never read by", "never_read_by")):
            teams = [self._team(each["organisation"], each["function"]) for each in one[who]]
            stands += [f"{said} {', '.join(teams)}"] if teams else []
        return [when(one["due_at"]), one["title"], "; ".join(each for each in stands if each)]

    def _version(self, one: File) -> list[str]:
        team = self._team(one["organisation"], one["function"], one["published_by"])
        return [when(one["published_at"]), f"{one['version']}: {', '.join(map(words, one['changed']))}", team]

    def _transfer(self, one: File) -> list[str]:
        moved = f"{self._name_of(one['from_organisation'] or '')} to {self._name_of(one['to_organisation'])}"
        return [when(one["offered_at"]), moved.removeprefix(" to "), f"{words(one['state'])}; {one['state_means']}"]

    def _by(self, one: File) -> str:
        return self._team(one["organisation"], one["function"], one["by"])

    def _team(self, organisation: str, function: str | None, person: File | None = None) -> str:
        parts = [_person(person) if person else "", words(function), self._name_of(organisation)]
        return ", ".join(part for part in parts if part)


_TOLD: Final = ("Who", "Sent", "Opened", "Answered")
_MOVES: Final = ("Offered", "From and to", "Where it stands")
_PAPERS: Final = ("Document", "State", "Who has had it")


def _table(title: str, heads: Iterable[str], rows: Iterable[list[str]]) -> dict[str, Any]:
    return {"title": title, "heads": list(heads), "rows": list(rows)}


def _name(made: File, placements: Iterable[File]) -> str:
    """What the child is called in it, as far as its reader may know."""
    records = [*([made["child"]] if "child" in made else []), *(each["placement"] for each in placements)]
    child: File = next((each["sections"]["child"] for each in records if each["sections"].get("child")), {})
    said = " ".join(each for each in (child.get("given_names"), child.get("family_name")) if isinstance(each, str))
    return said or "name not shown"


def _person(person: File | None) -> str:
    return f"{person['name']} ({person['role']})" if person else "a system"


def _had(receipt: File) -> str:
    if receipt["opened_at"]:
        return f"version {receipt['version']} opened {when(receipt['opened_at'])}, {_person(receipt['opened_by'])}"
    return f"version {receipt['version']} {receipt['state']}"


def _clock(one: File) -> list[str]:
    met = f" {when(one['met_at'])}" if one["met_at"] else ""
    return [when(one["due"]), one["title"], one["state"] + met]


def _owed(one: File) -> list[str]:
    gap = " (said not to be known)" if one["known_gap"] else ""
    return [when(one["due"]), one["title"] + gap, words(one["owner"])]


def _disclosure(one: File) -> list[str]:
    return [when(one["at"]), one["sentence"]]


def tree(held: Any, depth: int = 0) -> list[str]:
    """A part of a document as lines: each field by its name in the standard, what is inside it further in."""
    inward = "\u2003" * depth
    if isinstance(held, Mapping):
        return [line for name, value in held.items() for line in _field(words(name).capitalize(), value, depth)]
    if isinstance(held, list):
        return [line for each in held for line in _entry(each, depth)]
    return [f"{inward}{_plain(held)}"]


def _field(name: str, value: Any, depth: int) -> list[str]:
    inward = "\u2003" * depth
    if isinstance(value, Mapping | list):
        if isinstance(value, list) and not any(isinstance(each, Mapping | list) for each in value):
            return [f"{inward}{name}: {', '.join(map(_plain, value))}"]
        return [f"{inward}{name}:", *tree(value, depth + 1)]
    return [f"{inward}{name}: {_plain(value)}"]


def _entry(each: Any, depth: int) -> list[str]:
    lines = tree(each, depth)
    if not isinstance(each, Mapping) or not lines:
        return lines
    inward = "\u2003" * depth
    return [f"{inward}• {lines[0].strip()}", *(f"\u2003{line}" for line in lines[1:])]


def _plain(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    text = str(value)
    if "_" in text and text.replace("_", "").isalnum() and text.islower():
        return words(text)
    return when(text) if _MOMENT.fullmatch(text) or _DAY.fullmatch(text) else text
