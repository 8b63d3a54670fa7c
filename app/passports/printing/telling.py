"""From a section as JSON to the blocks a page shows, by the shape of the standard: no field can be forgotten.

A block is plain JSON for the template: ``label``, and either ``text`` or ``items``; ``unknown`` where it says that
something is not known. An item is a ``title`` and ``parts``, each a label and a text.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from app.kit.numbers import read_out
from app.passports.printing.shape import Field, Shape, shape_of
from app.passports.printing.words import Speaker

Block = dict[str, Any]

_NUMBERS: Final = frozenset({"nhs_number"})
_ORGANISATIONS: Final = frozenset(
    {
        "organisation",
        "acts_for",
        "originating_icb",
        "outgoing_icb",
        "host_icb",
        "responsible_commissioner",
        "without_prejudice_provider",
    }
)
"""Fields that hold the code of an organisation, in sections of the passport."""

_LANGUAGES: Final = frozenset({"first_language"})

FOR_MACHINES: Final = frozenset({"snomed", "dmd"})
"""Codes that always stand beside words: a reader without the terminology has the words."""

_SAYS_IT_ALL: Final = frozenset({"has_none"})
"""Reasons after which nobody would say that it is not known."""


@dataclass(frozen=True, slots=True)
class Teller:
    """Tells sections in one language; ``name_of`` is what an organisation is called."""

    speaker: Speaker
    name_of: Callable[[str], str]

    def blocks(self, section: str, held: Mapping[str, Any]) -> list[Block]:
        """Everything a section says, in the order of the standard."""
        return [self._block(section, field, held[name]) for name, field in shape_of(section).items() if name in held]

    def text(self, section: str, field: Field, value: Any) -> str:
        """One fact in words."""
        if isinstance(value, bool):
            return self.speaker.say("yes" if value else "no")
        if isinstance(value, int | float):
            return f"{value:g}"
        if isinstance(value, list):
            return ", ".join(self.text(section, field, each) for each in value)
        if isinstance(value, Mapping):
            return self._of_object(section, field, value)
        return self._word(field, str(value))

    def _block(self, section: str, field: Field, value: Any) -> Block:
        label = self.speaker.label(section, field.name)
        if isinstance(value, Mapping):
            if "not_known" in value:
                return {"label": label, "text": self._not_known(value), "unknown": True}
            if field.listed:
                return self._listed(section, field, label, value)
            if field.inside and not {"estimated", "due"} & value.keys():
                return {"label": label, "items": [self._item(section, field.inside, value, "name" in value)]}
        if isinstance(value, list) and field.inside:
            return {"label": label, "items": [self._item(section, field.inside, each) for each in value]}
        return {"label": label, "text": self.text(section, field, value)}

    def _listed(self, section: str, field: Field, label: str, value: Mapping[str, Any]) -> Block:
        if value["state"] == "known" and "items" in value:
            return {"label": label, "items": [self._item(section, field.inside, each) for each in value["items"]]}
        return {"label": label, "text": self.said_of(value), "unknown": value["state"] != "nil_known"}

    def said_of(self, value: Mapping[str, Any]) -> str:
        """What a list says of itself where it has no entries: never a blank. A view may hold less than was said."""
        say, day, state = self.speaker.say, self.speaker.day, value["state"]
        if state == "nil_known" and {"according_to", "on"} <= value.keys():
            return say("nil_known", who=value["according_to"], day=day(value["on"]))
        if state == "not_asked" and "ask_by" in value:
            return _joined(say("not_asked_by", day=day(value["ask_by"])), value.get("detail"))
        if state == "not_asked":
            return _joined(say("not_asked"), value.get("detail"))
        if state == "not_known":
            return self._not_known({"not_known": value.get("reason"), **value})
        if state == "declined":
            return self._declined(value)
        return say("nil_known_plain")

    def _declined(self, value: Mapping[str, Any]) -> str:
        say, day = self.speaker.say, self.speaker.day
        told = say("declined_plain")
        if {"on", "by"} <= value.keys():
            told = say("declined", day=day(value["on"]), who=self.speaker.code("declined_by", value["by"]))
        instead = value.get("alternative_offered")
        return _joined(
            told,
            value.get("reason"),
            say("offered_instead", what=instead) if instead else None,
            say("asked_again", day=day(value["ask_again_on"])) if "ask_again_on" in value else None,
            say("asked_next_by", who=value["asked_next_by"]) if "asked_next_by" in value else None,
        )

    def _not_known(self, value: Mapping[str, Any]) -> str:
        why = value["not_known"]
        reason = self.speaker.code("not_known_reason", why) if why else None
        if reason and why in _SAYS_IT_ALL:
            return _joined(reason, value.get("detail"))
        told = self.speaker.say("not_known", reason=_lowered(reason)) if reason else self.speaker.say("not_known_plain")
        return _joined(told, value.get("detail"))

    def _item(self, section: str, shape: Shape, held: Mapping[str, Any], titled: bool = True) -> Block:
        """What is said of one thing; ``titled``: its first field is what it is called."""
        told = [
            [self.speaker.label(section, name), self.text(section, field, held[name])]
            for name, field in shape.items()
            if name in held and name not in FOR_MACHINES
        ]
        told = [each for each in told if each[1]]
        if titled and told and next(iter(shape)) in held:
            return {"title": told[0][1], "parts": told[1:]}
        return {"title": "", "parts": told}

    def _of_object(self, section: str, field: Field, held: Mapping[str, Any]) -> str:
        if "not_known" in held:
            return self._not_known(held)
        if field.listed:
            each = held.get("items", ())
            return "; ".join(self._run_on(section, field.inside, one) for one in each) or self.said_of(held)
        return self._run_on(section, field.inside, held)

    def _run_on(self, section: str, shape: Shape, held: Mapping[str, Any]) -> str:
        """A thing inside a thing, on one line: an amount and its unit together."""
        if {"amount", "unit"} <= held.keys():
            return _joined(f"{held['amount']:g} {held['unit']}", held.get("text"))
        parts = self._item(section, shape, held, titled=False)["parts"]
        return "; ".join(f"{label} {text}" if label else text for label, text in parts)

    def _word(self, field: Field, value: str) -> str:
        if field.codes:
            return self.speaker.code(field.codes, value)
        if field.name in _NUMBERS:
            return read_out(value)
        if field.name in _ORGANISATIONS:
            return self.name_of(value)
        if field.name in _LANGUAGES:
            return self.speaker.language_name(value)
        return self.speaker.days_in(value)


def called(identity: Mapping[str, Any]) -> str:
    """What the child likes to be called: the first name they are known by, else the given name, else nothing."""
    known_as, given = identity.get("known_as"), identity.get("given_names")
    if isinstance(known_as, list):
        return str(known_as[0])
    return given if isinstance(given, str) else ""


def full_name(identity: Mapping[str, Any]) -> str:
    """Given and family name, as far as they are known and shown."""
    names = (identity.get(each) for each in ("given_names", "family_name"))
    return " ".join(each for each in names if isinstance(each, str))


def _joined(*parts: str | None) -> str:
    """Sentences one after another, each with its full stop."""
    told = [part.rstrip(" .") for part in parts if part]
    return ". ".join(told)


def _lowered(text: str) -> str:
    return text[:1].lower() + text[1:]
