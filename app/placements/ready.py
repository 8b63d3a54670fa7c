"""The ready pack: the papers that must reach whoever looks after the child before the child does. Pure."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any, Final

from app.placements.freshness import Fresh
from app.rules.disclosure import View

PAPERS: Final = "documents"
PEOPLE: Final = "network"

ITEMS: Final[Mapping[str, str]] = {
    "photo": PAPERS,
    "risk_assessment": PAPERS,
    "health_plan": PAPERS,
    "care_plan": PAPERS,
    "contacts": PEOPLE,
    "safety_plan": PAPERS,
}
"""What the pack holds -> the section that says so. Of a paper, its code in the list ``document_type``.

Source: Reviews of practice: photo, risk assessments, health and care plans, contacts of family and associates,
with the child to the home or the hospital
"""

Words = Mapping[str, Mapping[str, Any]]
"""Section -> what the caller is shown of it."""

Ages = Mapping[str, Fresh]
"""Section -> how fresh its words are."""


def pack(words: Words, ages: Ages, view: View, today: date) -> dict[str, Any]:
    """Each item of the pack as this party may see it, and whether it is complete.

    ``complete`` is None where an item is withheld: this party cannot know.
    """
    items = [{"item": item, **_state(item, section, words, ages, view, today)} for item, section in ITEMS.items()]
    hidden = any(each["state"] == "withheld" for each in items)
    return {"complete": None if hidden else all(each["state"] == "present" for each in items), "items": items}


def _state(item: str, section: str, words: Words, ages: Ages, view: View, today: date) -> dict[str, Any]:
    if section not in view.shared:
        return _told("withheld")
    if section not in words:
        return _told("absent")
    as_of, confirmed_on = ages[section].as_of_on, ages[section].confirmed_on
    if section == PEOPLE:
        return _told("present", as_of, confirmed_on, today) if words[section].get("people") else _told("absent")
    papers = list(_papers(words[section].get("items", ()), item))
    held = [each for each in papers if not each.get("expected_on") and not each.get("not_held")]
    if held:
        dated = max((str(each["dated_on"]) for each in held if each.get("dated_on")), default=as_of)
        return _told("present", dated, confirmed_on, today)
    expected = min((str(each["expected_on"]) for each in papers if each.get("expected_on")), default=None)
    return {**_told("expected" if expected else "absent"), "expected_on": expected}


def _papers(papers: Iterable[Mapping[str, Any]], item: str) -> Iterator[Mapping[str, Any]]:
    return (each for each in papers if each.get("type") == item)


def _told(
    state: str, dated: str | None = None, confirmed_on: str | None = None, today: date | None = None
) -> dict[str, Any]:
    # A paper dated ahead, such as a plan that begins tomorrow, is not of a negative age.
    age = max((today - date.fromisoformat(dated)).days, 0) if dated and today else None
    return {"state": state, "dated_on": dated, "age_days": age, "confirmed_on": confirmed_on, "expected_on": None}
