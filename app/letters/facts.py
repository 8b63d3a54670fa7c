"""The named facts of letters, read from sections that hold nothing else. Pure.

A fact that is absent, or explicitly not known, is not said. Each value is text, or a list of texts.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from app.kit.numbers import read_out
from app.letters.wording import Speaker
from app.rules import reading
from app.rules.reading import elements, find, is_true, text

Value = str | list[str]


@dataclass(frozen=True, slots=True)
class Said:
    """What facts are read from: the cut sections, the day, the language, and the name of the host authority."""

    sections: Mapping[str, Any]
    today: date
    speaker: Speaker
    host_authority: str | None = None

    def text(self, path: str) -> str | None:
        return text(self.sections, path)

    def day(self, path: str) -> date | None:
        return reading.day(self.sections, path)


def read_facts(said: Said, allowed: Iterable[str]) -> dict[str, Value]:
    """Those of the allowed facts that are given. Raises KeyError for one nobody reads."""
    found = {code: _FACTS[code](said) for code in allowed}
    return {code: value for code, value in found.items() if value}


def _name(said: Said) -> str | None:
    return _joined(" ", said.text("child.given_names"), said.text("child.family_name"))


def _called(said: Said) -> str | None:
    liked = find(said.sections, "child.known_as")
    return liked[0] if isinstance(liked, list) and liked else said.text("child.given_names")


def _born(said: Said) -> str | None:
    day = said.day("child.date_of_birth")
    return said.speaker.day(day) if day else None


def _on(path: str, *, ahead: bool | None = None) -> Callable[[Said], str | None]:
    """A day in words; ``ahead``: only one that is still to come, or only one that is not."""

    def read(said: Said) -> str | None:
        day = said.day(path)
        if day is None or (ahead is not None and (day > said.today) is not ahead):
            return None
        return said.speaker.day(day)

    return read


def _at(path: str) -> Callable[[Said], str | None]:
    return lambda said: said.text(path)


def _spaced(said: Said) -> str | None:
    number = said.text("child.nhs_number")
    return read_out(number) if number else None


def _address(said: Said) -> str | None:
    return _joined("\n", said.text("placement.address"), said.text("placement.postcode"))


def _practice(path: str) -> Callable[[Said], str | None]:
    return lambda said: _joined(", ", said.text(f"{path}.name"), said.text(f"{path}.phone"))


def _member(role: str) -> Callable[[Said], str | None]:
    def read(said: Said) -> str | None:
        here = f"care_team.members.{role}"
        return _joined(", ", said.text(f"{here}.name"), said.text(f"{here}.phone"))

    return read


def _decides(said: Said) -> list[str]:
    speaker = said.speaker
    return [
        speaker.say(
            "decides_line",
            topic=speaker.code("decision_topic", str(each["topic"])),
            who=_joined(", ", _word(each.get("name")), speaker.code("care_role", str(each["role"]))) or "",
        )
        for each in elements(said.sections, "care_team.decides")
    ]


def _wishes(said: Said) -> list[str]:
    return [
        said.speaker.say(
            "wish_line", wish=str(each["wish"]), outcome=said.speaker.code("wish_outcome", str(each["outcome"]))
        )
        for each in elements(said.sections, "voice.wishes")
    ]


def _family(said: Said) -> list[str]:
    return [
        said.speaker.say("family_line", name=name, arrangement=said.speaker.code("family_time", arrangement))
        for each in elements(said.sections, "network.people")
        if (name := text(each, "name")) and (arrangement := text(each, "family_time.arrangement"))
    ]


def _substances(said: Said) -> str | None:
    if is_true(said.sections, "health_now.allergies.none_known"):
        return said.speaker.say("none_known")
    each = elements(said.sections, "health_now.allergies")
    return "\n".join(_joined(": ", text(one, "substance"), text(one, "reaction")) or "" for one in each) or None


def _medicines(said: Said) -> str | None:
    if is_true(said.sections, "health_now.medicines.none_known"):
        return said.speaker.say("none_known")
    each = elements(said.sections, "health_now.medicines")
    return (
        "\n".join(_joined(", ", *(text(one, part) for part in ("name", "dose", "times"))) or "" for one in each) or None
    )


def _coded(kind: str, path: str) -> Callable[[Said], str | None]:
    def read(said: Said) -> str | None:
        code = said.text(path)
        return said.speaker.code(kind, code) if code else None

    return read


def _word(value: object) -> str | None:
    return value if isinstance(value, str) else None


def _joined(between: str, *parts: str | None) -> str | None:
    return between.join(part for part in parts if part) or None


_FACTS: Final[Mapping[str, Callable[[Said], Value | None]]] = {
    "child_name": _name,
    "child_called": _called,
    "date_of_birth": _born,
    "nhs_number": _spaced,
    "upn": _at("child.upn"),
    "moved_on": _on("placement.start.date", ahead=False),
    "moves_on": _on("placement.start.date", ahead=True),
    "ended_on": _on("placement.ending.ended_on", ahead=False),
    "ends_on": _on("placement.ending.ended_on", ahead=True),
    "home_name": _at("placement.home_name"),
    "home_address": _address,
    "home_phone": _at("placement.phone"),
    "host_authority": lambda said: said.host_authority,
    "visits": _at("placement.visits"),
    "next_decision_on": _on("placement.expected_stay.next_decision_on", ahead=True),
    "social_worker": _at("care_team.lead.name"),
    "social_worker_phone": _at("care_team.lead.phone"),
    "social_worker_email": _at("care_team.lead.email"),
    "out_of_hours_phone": _at("sender.out_of_hours.phone"),
    "reviewing_officer": _member("reviewing_officer"),
    "advocate": _practice("voice.advocate"),
    "who_decides": _decides,
    "said": _at("voice.said"),
    "wishes": _wishes,
    "family_time": _family,
    "school_now": _at("education.school.name"),
    "school_next": _at("education.next.new_school.name"),
    "school_starts_on": _on("education.next.starts_on"),
    "education_plan": _coded("plan_state", "education.ehc_plan.state"),
    "gp_old": _practice("health_now.gp_old"),
    "gp_new": _practice("health_now.gp_new"),
    "allergies": _substances,
    "medicines": _medicines,
    "consent": _coded("consent_giver", "legal.consent_to_treatment.given_by"),
}

NAMES: Final = frozenset(_FACTS)
"""Every fact this code can read; the table names the same ones."""
