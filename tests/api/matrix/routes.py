"""Every guarded route, with an address and a body that would be good, so that only the caller is wrong."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
from fastapi.routing import APIRoute

from app.main import ROUTERS
from app.security.scopes import FUNCTION_SCOPES, Function, Scope
from tests.api.children.records import record
from tests.api.documents.papers import TEXT, announce, put
from tests.api.matrix.parties import Told, tell
from tests.world import LEEDS, LEEDS_HEALTH, PLAIN, SHROPSHIRE, Caller, World

PAPER = b"An invented plan."
_FILES = ("{document_id}", "/report")
_EXAMPLES = Path(__file__).parents[3] / "examples/documents"


@dataclass(frozen=True)
class Guarded:
    """One method of one route, and what its guard asks for."""

    method: str
    path: str
    scope: Scope
    by_name: bool

    def __str__(self) -> str:
        return f"{self.method} {self.path}"

    @property
    def names_an_id(self) -> bool:
        """Whether it is about one record, which belongs to some and not to others."""
        return "_id}" in self.path

    @property
    def function(self) -> Function:
        """A function that may hold its scope: the authority's own workers, where they may."""
        first = (Function.SOCIAL_CARE, *Function)
        return next(each for each in first if self.scope in FUNCTION_SCOPES[each])


def _guarded(route: Any) -> list[Guarded]:
    guards = [each.call for each in route.dependant.dependencies if hasattr(each.call, "scope")]
    return [Guarded(method, route.path, guard.scope, guard.by_name) for guard in guards for method in route.methods]


ROUTES = [
    guarded
    for router in ROUTERS
    for route in router.routes
    if isinstance(route, APIRoute)
    for guarded in _guarded(route)
]


class Target:
    """Something real to ask for: a placement that was told, a restriction, a passport and a letter about its child."""

    def __init__(self, world: World) -> None:
        self.told: Told = tell(world, "active")
        worker = world.as_(LEEDS, "social_care", "Bo Hughes")
        path = f"/v1/children/{self.told.child_id}/restrictions"
        self.document_id = self._uploaded(worker)
        self.restriction_id = worker.post(path, _example("restriction")).json()["restriction_id"]
        letters = worker.get(f"/v1/notifications/{self.told.notifications[0][0]}/letters").json()["items"]
        self.letter_id = next(each["letter_id"] for each in letters if each["letter_id"])
        self._in_life(world, worker)
        self._publish(world)
        self._assess(world, worker)
        moving = worker.get(f"/v1/children/{self.told.child_id}/passport-transfers").json()["items"]
        self.passport_transfer_id = moving[0]["transfer_id"]
        self._send = httpx.Client(base_url=world.url, timeout=30, verify=PLAIN)
        world.callers.append(self)  # type: ignore[arg-type]

    def _in_life(self, world: World, worker: Caller) -> None:
        """A proposal about the child, and another child taken over from Shropshire."""
        other = worker.post("/v1/children", record()).json()["child_id"]
        proposal = {**_example("proposal_merge"), "duplicate": other}
        path = f"/v1/children/{self.told.child_id}/proposals"
        self.proposal_id = worker.post(path, proposal).json()["proposal_id"]
        elsewhere = world.as_(SHROPSHIRE, "social_care", "Bryn Edwards")
        document = _example("start_emergency_minimum")
        del document["reference"]
        document["child"] |= {"local_id": uuid4().hex[:12]}
        moved = elsewhere.post("/v1/notifications", document).json()
        path = f"/v1/children/{moved['child_id']}/responsibility-transfers"
        offered = elsewhere.post(path, {**_example("transfer"), "organisation": LEEDS}).json()
        self.transfer_id, self.former_placement_id = offered["transfer_id"], moved["placement_id"]
        answer = {**_example("answer_accepted"), "local_id": uuid4().hex[:12]}
        taken = worker.post(f"/v1/responsibility-transfers/{self.transfer_id}/answers", answer)
        assert taken.status_code == 201, taken.text

    def _uploaded(self, worker: Caller) -> str:
        """A document of the child, in the placement's list."""
        document_id = announce(worker, self.told.child_id)
        assert put(worker, self.told.child_id, document_id, PAPER, TEXT).status_code == 200
        listed = {"items": [{"type": "safety_plan", "document_id": document_id}]}
        update = {"kind": "update", "placement_id": self.told.placement_id, "documents": listed}
        assert worker.post("/v1/notifications", update).status_code == 201
        return document_id

    def _publish(self, world: World) -> None:
        """A passport whose young person agreed that everybody may see their own copy of it."""
        nurse = world.as_(LEEDS_HEALTH, "children_in_care_health", "Bettina Supposed")
        path = f"/v1/children/{self.told.child_id}/health-passport"
        decisions = [{"part": "my_passport", "choice": "agrees"}]
        sharing = {"provenance": {"source": "child", "as_of": "2026-11-22"}, "decisions": decisions}
        tag = nurse.head(path).headers["etag"]
        assert nurse.put(path, {"sharing": sharing}, headers={"If-Match": tag}).status_code == 200

    def _assess(self, world: World, worker: Caller) -> None:
        """An assessment that was done: its report is uploaded, and something was recommended."""
        path = f"/v1/children/{self.told.child_id}/assessments"
        self.assessment_id = worker.post(path, _example("assessment")).json()["assessment_id"]
        nurse = world.as_(LEEDS_HEALTH, "children_in_care_health", "Bettina Supposed")
        one = f"{path}/{self.assessment_id}"
        assert nurse.post(f"{one}/outcomes", _example("outcome_done")).status_code == 201
        sent = nurse._http.put(f"{one}/report", content=PAPER, headers={"Content-Type": TEXT})
        assert sent.status_code == 200, sent.text
        (recommended,) = nurse.get(one).json()["recommendations"]
        self.recommendation_id = recommended["recommendation_id"]

    def close(self) -> None:
        self._send.close()

    def ask(self, route: Guarded, authorization: str | None, **headers: str) -> httpx.Response:
        """One request, good in all but perhaps its caller."""
        if authorization is not None:
            headers["Authorization"] = authorization
        if route.method in ("POST", "PUT"):
            headers |= {"Content-Type": "application/json", "Idempotency-Key": uuid4().hex}
        if route.path.endswith(_FILES):
            headers |= {"Content-Type": TEXT}
        return self._send.request(route.method, self.address(route), content=self.body(route), headers=headers)

    def ask_all(
        self, authorization: Callable[[Guarded], str | None], routes: list[Guarded] = ROUTES
    ) -> dict[str, tuple[int, str | None]]:
        """Status and code of the answer of each route."""
        return {str(route): outcome(self.ask(route, authorization(route))) for route in routes}

    def address(self, route: Guarded) -> str:
        asked = "?from=0&to=1" if route.path.endswith("/diff") else ""
        address = route.path.format(
            code=SHROPSHIRE,
            child_id=self.told.child_id,
            placement_id=self.told.placement_id,
            notification_id=self.told.notifications[0][0],
            restriction_id=self.restriction_id,
            letter_id=self.letter_id,
            proposal_id=self.proposal_id,
            transfer_id=self.transfer_id,
            passport_transfer_id=self.passport_transfer_id,
            former_placement_id=self.former_placement_id,
            document_id=self.document_id,
            assessment_id=self.assessment_id,
            recommendation_id=self.recommendation_id,
            list="overdue",
            section="allergies",
            version="1",
            clock="first-visit",
        )
        return address + asked

    def body(self, route: Guarded) -> bytes | None:
        if route.path.endswith(_FILES):
            return PAPER if route.method == "PUT" else None
        if route.method not in ("POST", "PUT"):
            return None
        bodies = {
            "/v1/areas/lookup": {"postcode": "SY4 5ZZ"},
            "/v1/placements/{placement_id}/confirmations": {"version": 9, "sections": ["about_me"]},
            "/v1/placements/search": {"host_area": SHROPSHIRE},
            "/v1/children": _example("child"),
            "/v1/notifications": {
                "kind": "update",
                "placement_id": self.told.placement_id,
                "about_me": {"likes": "Swimming."},
            },
            "/v1/notifications/batch": {
                "items": [
                    {
                        "idempotency_key": uuid4().hex,
                        "notification": {
                            "kind": "update",
                            "placement_id": self.told.placement_id,
                            "about_me": {"likes": "Swimming."},
                        },
                    }
                ]
            },
            "{section}": _example("health-passport_small")["allergies"],
            "health-passport": _example("health-passport_small"),
            "confirmations": _example("confirmation"),
            "acknowledgements": _example("acknowledgement_accepted"),
            "answers": _example("answer_declined"),
            "assessments": _example("assessment"),
            "documents": _example("document"),
            "done": {},
            "corrections": _example("correction"),
            "decisions": _example("decision_rejected"),
            "outcomes": _example("outcome_declined"),
            "lifts": _example("restriction_lifted"),
            "proposals": _example("proposal_care_not_over"),
            "passport-transfers": _example("passport-transfer"),
            "steps": _example("passport-step_withdraw"),
            "recalls": {"reason": "wrong_recipient"},
            "responsibility-transfers": _example("transfer"),
            "restrictions": _example("restriction"),
            "revocations": _example("revocation"),
        }
        if "{recommendation_id}" in route.path:
            return json.dumps(_example("recommendation_done")).encode()
        return json.dumps(bodies.get(route.path) or bodies[route.path.rpartition("/")[2]]).encode()


def outcome(answer: httpx.Response) -> tuple[int, str | None]:
    """Status and problem code, once the answer is shaped as a refusal must be. A HEAD has no code to read."""
    assert answer.status_code < 500, answer.text
    if answer.status_code < 400 or answer.request.method == "HEAD":
        return answer.status_code, None
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["cache-control"] == "no-store"
    problem = answer.json()
    assert problem["status"] == answer.status_code
    assert problem["type"] == f"/problems/{problem['code']}"
    assert problem["instance"] == f"urn:request:{answer.headers['x-request-id']}"
    assert {"title", "detail"} <= problem.keys()
    assert answer.status_code != 401 or answer.headers["www-authenticate"].startswith("Bearer")
    return answer.status_code, problem["code"]


def everywhere(status: int, code: str, routes: list[Guarded] = ROUTES) -> dict[str, tuple[int, str | None]]:
    """What each route answers when all refuse alike."""
    return {str(route): (status, None if route.method == "HEAD" else code) for route in routes}


def _example(name: str) -> Any:
    return json.loads((_EXAMPLES / f"{name}.json").read_text())
