"""A story told with the published examples: they are sent as they stand, so what people copy is what is tested."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

from app.rules.working_time import london_day
from tests.api.lists import items
from tests.world import LEEDS, Caller, World

HEREFORDSHIRE = "E06000019"
POWYS = "W06000023"

_EXAMPLES = Path(__file__).parents[3] / "examples" / "documents"
_MOVED_ON = date(2026, 11, 22)
"""The day on which the children of the examples move; a story moves it to yesterday, and every date with it."""
_DATE = re.compile(r"\b(?:19|20)\d\d-\d\d-\d\d\b")


@dataclass(frozen=True)
class Sent:
    """The sender's answer to one notification."""

    answer: Mapping[str, Any]

    @property
    def id(self) -> str:
        return str(self.answer["id"])

    @property
    def path(self) -> str:
        return f"/v1/notifications/{self.id}"

    @property
    def placement(self) -> str:
        return str(self.answer["placement_id"])

    @property
    def child(self) -> str:
        return str(self.answer["child_id"])

    @property
    def parties(self) -> set[tuple[str, str]]:
        return {(each["organisation"], each["function"]) for each in self.answer["recipients"]}

    @property
    def clocks(self) -> dict[str, dict[str, Any]]:
        return {each["code"]: each for each in self.answer["clocks"]}

    @property
    def owed(self) -> set[str]:
        return {each["item"] for each in self.answer["outstanding"]}

    @property
    def warned(self) -> set[str]:
        return {each["code"] for each in self.answer["warnings"]}


@dataclass(frozen=True)
class Telling:
    """One story: its children are nobody else's, and its documents are of today."""

    world: World
    by: Caller
    apart: str = field(default_factory=lambda: uuid4().hex[:8])

    def document(self, name: str, **changes: Any) -> dict[str, Any]:
        """An example, its dates moved; ``changes`` replace sections or, where they are objects, fields of them."""
        moved = london_day(self.world.clock()) - timedelta(days=1) - _MOVED_ON
        text = _DATE.sub(
            lambda day: (date.fromisoformat(day[0]) + moved).isoformat(),
            (_EXAMPLES / f"{name}.json").read_text("utf-8"),
        )
        text = re.sub(r'("(?:local_id|reference)": "[^"]+)"', rf'\g<1>{self.apart}"', text)
        found: dict[str, Any] = json.loads(text)
        for key, value in changes.items():
            found[key] = {**found.get(key, {}), **value} if isinstance(value, dict) else value
        return found

    def send(self, name: str, placement_id: str | None = None, **changes: Any) -> Sent:
        """Send an example, to the placement it belongs to; no word of it may draw advice."""
        document = self.document(name, **changes)
        if placement_id:
            document["placement_id"] = placement_id
        answer = self.by.post("/v1/notifications", document)
        assert answer.status_code == 201, answer.text
        assert answer.json()["advice"] == []
        return Sent(answer.json())

    def act(self, path: str, name: str) -> dict[str, Any]:
        """Post an example that is no notification: a restriction, a recall."""
        answer = self.by.post(path, self.document(name))
        assert answer.status_code == 201, answer.text
        return dict(answer.json())


def story(world: World, placing: str = LEEDS) -> Telling:
    """A new story, told by a social worker of the placing authority."""
    return Telling(world, world.as_(placing, name="Marian Fictura"))


def waiting(caller: Caller, notification: str) -> list[dict[str, Any]]:
    """What stands in an inbox about one notification."""
    return [each for each in items(caller, "/v1/inbox") if each["notification_id"] == notification]


def text(answer: Any) -> str:
    """The body of an answer that must be given."""
    assert answer.status_code == 200, answer.text
    return str(answer.text)


def sections(answer: Any) -> dict[str, Any]:
    """The sections of an answer that must be given."""
    assert answer.status_code == 200, answer.text
    return dict(answer.json()["sections"])


def refused(answer: Any) -> tuple[int, str]:
    """How a request was refused."""
    return answer.status_code, answer.json()["code"]
