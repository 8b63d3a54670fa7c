"""Everybody who can be told: each function on both sides, all of them recipients of the same placement."""

from dataclasses import dataclass
from functools import cache
from typing import Any

import httpx

from tests.api.matrix import marked
from tests.api.matrix.tables import FUNCTIONS, SECTIONS, SIDES, dotted, leaves, sees, why_not
from tests.world import LEEDS, SHROPSHIRE, Caller, World

Document = dict[str, Any]

ORGANISATION = {"placing": LEEDS, "host": SHROPSHIRE}
EVERYBODY = [
    {"organisation": ORGANISATION[side], "function": function, "reason": "To see what it sees."}
    for side in SIDES
    for function in FUNCTIONS
]
PARTIES = [(side, function) for side in SIDES for function in FUNCTIONS]


@dataclass(frozen=True)
class Told:
    """A placement as it was told: each notification with the sections it holds, and the sections merged."""

    placement_id: str
    child_id: str
    notifications: tuple[tuple[str, Document], ...]
    sections: Document


def person(world: World, side: str, function: str, name: str | None = "Asha Rahman") -> Caller:
    """Somebody at work on one side, in one function."""
    return _calling(world, world.token(ORGANISATION[side], function, name))


@cache
def _calling(world: World, token: str) -> Caller:
    caller = Caller(world, token)
    world.callers.append(caller)
    return caller


def tell(world: World, state: str, **placement: str) -> Told:
    """Tell everybody of a new placement, and bring it into this state; ``placement`` changes where the home is."""
    document = marked.everything()
    document["placement"] |= placement
    if state == "consulted":
        return _consulted(world, document)
    told = _sent(world, {**document, "additional_recipients": EVERYBODY}, {})
    if state == "ended":
        return _sent(world, marked.ending(), told.sections, told)
    if state == "withdrawn":
        withdrawal = {"kind": "withdrawal", "withdrawal": {"reason": "move_did_not_happen"}}
        return _sent(world, withdrawal, told.sections, told)
    return told


def _consulted(world: World, document: Document) -> Told:
    asked = marked.consultation()
    asked["child"]["local_id"] = document["child"]["local_id"]
    first = _sent(world, {**asked, "additional_recipients": EVERYBODY}, {})
    return _sent(world, {**document, "kind": "update"}, first.sections, first)


def _sent(world: World, document: Document, stood: Document, told: Told | None = None) -> Told:
    if told:
        document["placement_id"] = told.placement_id
    answer = person(world, "placing", "social_care").post("/v1/notifications", document)
    assert answer.status_code == 201, answer.text
    sent, sections = answer.json(), {name: document[name] for name in SECTIONS if name in document}
    if document["kind"] == "end":
        sections["placement"] = {**stood["placement"], **sections["placement"]}
    before = told.notifications if told else ()
    return Told(sent["placement_id"], sent["child_id"], (*before, (sent["id"], sections)), {**stood, **sections})


def holds_exactly(answer: httpx.Response, sections: Document, *party: str) -> None:
    """Hold an answer against the tables; ``party`` is function, side, state and perhaps a restriction.

    Every leaf the party may see is there as it was sent, no word of any other is anywhere in the bytes, and each
    section that is kept back is named with its reason.
    """
    assert answer.status_code == 200, answer.text
    body, every = answer.json(), dict(leaves(sections))
    seen = {pointer: value for pointer, value in every.items() if sees(dotted(pointer), *party)}
    assert dict(leaves(body["sections"])) == seen
    assert leaked(answer, sections, *party) == set()
    assert (body["child_id"] is not None) == sees("child.child_id", *party)
    withheld = {each["section"]: each["reason"] for each in body["sections_withheld"]}
    kept_back = set(sections) - {str(pointer[0]) for pointer in seen}
    assert withheld == {name: why_not(name, *party) for name in kept_back}
    named = [each if isinstance(each, str) else each["section"] for each in body["sections_shared"]]
    assert named == list(body["sections"])


def leaked(answer: httpx.Response | str, sections: Document, *party: str) -> set[str]:
    """The words in an answer, its headers too, that the party may not see. No party: all words of the document."""
    text = answer if isinstance(answer, str) else answer.text + str(answer.headers)
    every = [pointer for pointer, _ in leaves(sections)]
    seen = [pointer for pointer in every if party and sees(dotted(pointer), *party)]
    secret = marked.markers(sections, every) - marked.markers(sections, seen)
    return {word for word in secret if word in text}
