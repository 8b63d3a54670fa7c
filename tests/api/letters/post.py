"""Letters as their readers hold them: a placement with everybody to be told, and the text of a PDF."""

import io
from copy import deepcopy
from typing import Any
from uuid import uuid4

import httpx
import pypdf

from tests.api.placements.stories import example
from tests.world import LEEDS, Caller, World

Document = dict[str, Any]

PEOPLE: list[Document] = [
    {"person": "child", "state": "to_be_told"},
    {
        "person": "parent",
        "state": "told",
        "name": "Ada Inventley",
        "address": "7 Parent Terrace, Noplace",
        "postcode": "LS2 9ZZ",
        "told_at": "2026-11-22T09:00:00Z",
        "how": "phone",
    },
    {"person": "contact_person", "state": "to_be_told", "name": "Nan Inventley", "address": "9 Nan Street, Noplace"},
    {"person": "former_carer", "state": "to_be_told", "name": "The Pretend family"},
    {"person": "dentist", "state": "to_be_told", "name": "Invented Dental"},
    {"person": "reviewing_officer", "state": "to_be_told", "name": "Leopold Sample"},
    {"person": "advocate", "state": "to_be_told", "name": "Avi Madeup"},
    {"person": "guardian", "state": "to_be_told", "name": "Gwen Pretend"},
    {"person": "other", "state": "to_be_told", "name": "Coach Invented"},
]
MORE: Document = {
    "education": {
        "school": {"name": "Invented College North", "address": "1 College Way"},
        "next": {
            "move": "new_school_agreed",
            "new_school": {"name": "Invented School South", "address": "2 School Lane"},
            "starts_on": "2026-12-07",
        },
        "ehc_plan": {"state": "in_place"},
    },
}
NEW_GP = {"name": "Invented Surgery South", "address": "3 Surgery Row", "postcode": "SY4 5ZY", "phone": "01632 960109"}


def told_of(world: World, *people: Document, **changes: Any) -> tuple[Caller, Document]:
    """A start about a child nobody has told of before, with these people to be told; sent, and by whom."""
    document = deepcopy(example("start_full")) | deepcopy(MORE)
    document |= {"reference": uuid4().hex, "told": {"people": deepcopy(list(people) or PEOPLE)}}
    document["health_now"]["gp_new"] = NEW_GP
    document["child"]["local_id"] = f"L{uuid4().hex[:12]}".upper()
    del document["child"]["nhs_number"]
    for name, section in changes.items():
        document[name] = {**document.get(name, {}), **section} if isinstance(section, dict) else section
    sender = world.as_(LEEDS, name="Asha Rahman")
    answer = sender.post("/v1/notifications", document)
    assert answer.status_code == 201, answer.text
    return sender, dict(answer.json())


def letters(sender: Caller, sent: Document) -> list[Document]:
    answer = sender.get(f"/v1/notifications/{sent['id']}/letters")
    assert answer.status_code == 200, answer.text
    return list(answer.json()["items"])


def of(items: list[Document], person: str) -> Document:
    """The only entry for this person."""
    (found,) = (each for each in items if each["person"] == person)
    return found


def printed(sender: Caller, sent: Document, item: Document, **asked: Any) -> httpx.Response:
    answer = sender.get(f"/v1/notifications/{sent['id']}/letters/{item['letter_id']}", **asked)
    assert answer.status_code == 200, answer.text
    return answer


def text_of(pdf: bytes) -> str:
    """What a reader hears, in reading order, on one line."""
    return " ".join(" ".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(pdf)).pages).split())
