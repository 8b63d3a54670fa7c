"""Playing a part: calling the service as somebody at work, checking each answer, and telling of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from typing import Any
from uuid import uuid4

import httpx

from app.client.token import TokenRefused, ask_for_token, read_client
from app.demo.cast import Part
from app.demo.documents import Night
from app.demo.stage import Stage
from app.demo.telling import Teller
from app.demo.words import team

Json = dict[str, Any]
_SHORTENED = 9


class StepFailed(Exception):
    """A step of the story did not go as it must; the text says what was expected."""


def expect(right: object, what: str) -> None:
    """Insist on what the story promises. Raises StepFailed."""
    if not right:
        raise StepFailed(f"Expected: {what}")


@dataclass(slots=True)
class Play:
    """One telling of the story, and what is known so far."""

    stage: Stage
    tell: Teller
    night: Night = field(default_factory=partial(Night.latest, datetime.now(UTC)))
    scene: str = "Before the story"
    start: Json = field(default_factory=dict)
    update: Json = field(default_factory=dict)
    _tokens: dict[Part, str] = field(default_factory=dict)
    _names: dict[str, str] = field(default_factory=dict)

    def begin(self, hour: str, heading: str) -> None:
        """Begin a scene."""
        self.scene = f"{hour}  {heading}"
        self.tell.scene(hour, heading)

    def get(self, part: Part, path: str, status: int = httpx.codes.OK) -> Json:
        """Read as somebody. Raises StepFailed for another status."""
        return self._call("GET", part, path, status)

    def post(self, part: Part, path: str, document: Mapping[str, Any], status: int = httpx.codes.CREATED) -> Json:
        """Send as somebody, with an Idempotency-Key of its own. Raises StepFailed for another status."""
        return self._call("POST", part, path, status, document)

    def name_of(self, code: str, part: Part) -> str:
        """An organisation's name in the directory, asked once."""
        if code not in self._names:
            found = self._request("GET", part, f"/v1/organisations/{code}").json()
            nhs = "NHS " if found["name"].startswith("NHS ") else ""
            self._names[code] = f"{nhs}{found['short_name']}"
        return self._names[code]

    def team_of(self, row: Mapping[str, Any], part: Part) -> str:
        """A team and its organisation, of anything that has ``function`` and ``organisation``."""
        return f"{team(row['function'])}, {self.name_of(row['organisation'], part)}"

    def _call(self, method: str, part: Part, path: str, status: int, document: Mapping[str, Any] | None = None) -> Json:
        answer = self._request(method, part, path, document)
        self.tell.call(method, _short(path), answer.status_code, part.name or "their system")
        if answer.status_code != status:
            raise StepFailed(f"Expected {status} of {method} {_short(path)}, and got {_told(answer)}")
        return dict(answer.json()) if answer.content else {}

    def _request(self, method: str, part: Part, path: str, document: Mapping[str, Any] | None = None) -> httpx.Response:
        headers = {"Authorization": f"Bearer {self._token(part)}"}
        if document is not None:
            headers["Idempotency-Key"] = uuid4().hex
        try:
            return httpx.request(method, self.stage.url + path, headers=headers, json=document, timeout=30)
        except httpx.HTTPError as error:
            raise StepFailed(f"The service did not answer {method} {_short(path)}: {type(error).__name__}.") from None

    def _token(self, part: Part) -> str:
        if part not in self._tokens:
            person = {"name": part.name, "role": part.role} if part.name else None
            client = read_client(self.stage.client_file(part.system))
            try:
                self._tokens[part] = ask_for_token(client, part.function, person, part.organisation)
            except TokenRefused as refused:
                raise StepFailed(f"No token for {part.name or part.system}: {refused}") from None
        return self._tokens[part]


def _short(path: str) -> str:
    """An address with its ids cut, to fit on a line."""
    return "/".join(f"{part[:_SHORTENED]}…" if len(part) == len("ntf_") + 26 else part for part in path.split("/"))


def _told(answer: httpx.Response) -> str:
    try:
        problem = answer.json()
    except ValueError:
        return f"{answer.status_code}."
    faults = "".join(f"\n{each['pointer']}: {each['message']}" for each in problem.get("errors", ()))
    return f"{answer.status_code}: {problem.get('detail', '')}{faults}"
