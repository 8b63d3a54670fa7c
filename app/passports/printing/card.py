"""The emergency card as data for one page."""

from collections.abc import Mapping
from typing import Any, Final

from app.passports.printing.passport import Around, around_the_page, section_or_why_not, who

_LEFT: Final = ("allergies", "emergency_plan", "medicines", "consent", "cpis")
_RIGHT: Final = ("disability_and_communication", "own_voice", "conditions", "mental_health", "teams")
"""What must be done and whom to ask stands left, what must be known of the child right. Who it is heads the page."""

_IDENTITY: Final = frozenset({"sex", "pronouns", "first_language", "interpreter"})


def emergency_card(head: Mapping[str, Any], sections: Mapping[str, Any], around: Around) -> dict[str, Any]:
    """The data of ``emergency_card.typ``. What is not recorded or not shown is said: a blank is no answer."""
    speaker = around.speaker
    identity = sections.get("identity", {})
    shown = around.teller.blocks("identity", {name: each for name, each in identity.items() if name in _IDENTITY})
    page = {**around_the_page(head, around, "card"), **who(head, sections, around)}
    return {
        **page,
        "facts": [*page["facts"], *([each["label"], each["text"]] for each in shown)],
        "left": [section_or_why_not(name, head, sections, around) for name in _LEFT],
        "right": [section_or_why_not(name, head, sections, around) for name in _RIGHT],
        "card_foot": speaker.say("card_foot"),
        "shortened": speaker.say("shortened"),
        "and_more": speaker.say("and_more", count="{count}"),
    }
