"""No route is open by accident, every refusal has its page, and no request chooses its own name in the log."""

import logging
import re
from collections.abc import Iterable, Iterator
from typing import Annotated, Any

import httpx
import pytest
from fastapi import APIRouter, FastAPI
from fastapi.routing import APIRoute

from app.access.guard import allowed
from app.kit.errors import REGISTRY, Failure
from app.kit.ids import ID_PATTERN
from app.main import OFTEN_ASKED, ROUTERS
from app.security.scopes import FUNCTION_SCOPES, Scope
from app.web.public import public
from app.work.unit import Work
from tests.databases import SqliteDatabases
from tests.world import World, furnished, running_world

PUBLIC = {
    "/.well-known/jwks.json",
    "/.well-known/oauth-authorization-server",
    "/docs",
    "/docs/start.js",
    "/docs/{name}",
    "/livez",
    "/metrics",
    "/oauth2/token",
    "/openapi.json",
    "/problems",
    "/problems/{code}",
    "/readyz",
}
"""Every address that needs no token. A new one is written here only by somebody who has thought about it."""

TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    databases = SqliteDatabases(tmp_path_factory.mktemp("databases"))
    with running_world(furnished(databases), tmp_path_factory.mktemp("world")) as running:
        yield running


def every(routes: Iterable[Any]) -> Iterator[Any]:
    """Routes with those of the routers among them."""
    for route in routes:
        included = getattr(route, "original_router", None)
        yield from every(included.routes) if included else (route,)


def scopes(route: APIRoute) -> list[Scope]:
    return [each.call.scope for each in route.dependant.dependencies if hasattr(each.call, "scope")]


def reasons(route: APIRoute) -> list[str]:
    return [each.call.public_because for each in route.dependant.dependencies if hasattr(each.call, "public_because")]


def unguarded(app: FastAPI) -> list[str]:
    """Routes without exactly one guard or reason, or that are no APIRoute and so can have neither."""
    return [
        getattr(route, "path", repr(route))
        for route in every(app.routes)
        if not isinstance(route, APIRoute) or len(scopes(route)) + len(reasons(route)) != 1
    ]


def test_every_route_names_a_scope_or_says_why_it_is_public(world: World) -> None:
    assert unguarded(world.app) == []
    routes = [route for route in every(world.app.routes) if reasons(route)]
    assert {route.path for route in routes} == PUBLIC
    assert all(len(reason) > 10 for route in routes for reason in reasons(route))


def test_what_is_often_asked_is_there_and_looked_for_first(world: World) -> None:
    first = [getattr(route, "path", "") for route in world.app.routes]
    found = [path for path in first if path in OFTEN_ASKED]
    assert set(found) == set(OFTEN_ASKED)
    assert first[: len(found)] == found


def test_a_route_that_somebody_forgot_to_guard_is_found() -> None:
    router = APIRouter()

    @router.get("/forgotten")
    def forgotten() -> None: ...

    @router.get("/public", dependencies=[public("a test needs it")])
    def open_to_all() -> None: ...

    @router.get("/guarded")
    def guarded(work: Annotated[Work, allowed(Scope.INBOX_READ)]) -> None: ...

    @router.get("/both", dependencies=[public("a test needs it")])
    def both(work: Annotated[Work, allowed(Scope.INBOX_READ)]) -> None: ...

    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
    app.include_router(router)
    app.add_route("/raw", lambda _: None)
    assert unguarded(app) == ["/forgotten", "/both", "/raw"]


def test_no_public_route_is_given_a_unit_of_work() -> None:
    routes = [route for router in ROUTERS for route in every(router.routes) if reasons(route)]
    assert [route.path for route in routes if "work" in route.endpoint.__annotations__] == []


def test_what_is_done_by_name_is_what_puts_a_person_on_record() -> None:
    by_name = {
        route.path.rpartition("/")[2]
        for router in ROUTERS
        for route in every(router.routes)
        for each in route.dependant.dependencies
        if getattr(each.call, "by_name", False)
    }
    assert by_name == {
        "acknowledgements",
        "answers",
        "confirmations",
        "corrections",
        "decisions",
        "done",
        "letters",
        "lifts",
        "outcomes",
        "passport-transfers",
        "proposals",
        "recalls",
        "report",
        "responsibility-transfers",
        "restrictions",
        "revocations",
        "search",
        "sensitive",
        "steps",
        "{letter_id}",
    }


def test_scopes_are_resource_and_action_and_each_is_used_and_held() -> None:
    actions = "read|read-sensitive|lookup|search|sample|mark|write|send|acknowledge|recall|restrict|merge|transfer"
    assert all(re.fullmatch(rf"[a-z]+:({actions})", scope) for scope in Scope)
    routes = [route for router in ROUTERS for route in every(router.routes)]
    assert {scope for route in routes for scope in scopes(route)} == set(Scope)
    assert frozenset().union(*FUNCTION_SCOPES.values()) == set(Scope)


@pytest.mark.parametrize("failure", REGISTRY.values(), ids=REGISTRY)
def test_every_problem_is_explained_on_its_page(world: World, failure: type[Failure]) -> None:
    assert re.fullmatch(r"[a-z]+(_[a-z]+)*", failure.code)
    assert 400 <= failure.status < 600
    assert failure.title
    assert not failure.title.endswith(".")
    assert failure.advice.endswith(".")
    page = httpx.get(f"{world.url}/problems/{failure.code}")
    assert page.status_code == 200
    assert f"<code>{failure.code}</code>" in page.text
    assert f"/problems/{failure.code}" in httpx.get(f"{world.url}/problems").text


def test_every_kind_of_failure_is_registered() -> None:
    def kinds(kind: type[Failure]) -> Iterator[type[Failure]]:
        for each in kind.__subclasses__():
            yield each
            yield from kinds(each)

    ours = {kind for kind in kinds(Failure) if kind.__module__.startswith("app.")}
    # Those that others are derived from have no code and are never raised.
    assert {kind for kind in ours if kind.code} == {k for k in REGISTRY.values() if k.__module__.startswith("app.")}
    assert {kind.__name__ for kind in ours if not kind.code} == {"TokenRefusal"}


def test_a_problem_that_is_none_has_no_page(world: World) -> None:
    answer = httpx.get(f"{world.url}/problems/Mischief")
    assert answer.json()["code"] == "not_found"
    assert "Mischief" not in answer.text


def test_a_request_is_named_by_us_whatever_the_client_calls_it(world: World) -> None:
    answers = [httpx.get(f"{world.url}/livez", headers={"X-Request-Id": "Mischief"}) for _ in range(2)]
    names = {answer.headers["x-request-id"] for answer in answers}
    assert len(names) == 2
    assert all(re.fullmatch(ID_PATTERN, name) and name.startswith("req_") for name in names)


@pytest.mark.parametrize(
    ("traceparent", "trace"),
    [
        (f"00-{TRACE}-00f067aa0ba902b7-01", TRACE),
        (f"00-{TRACE.upper()}-00f067aa0ba902b7-01", None),
        (f"ff-{TRACE}-00f067aa0ba902b7-01", None),
        (f"00-{TRACE}-00f067aa0ba902b7-01-Mischief", None),
        (f"00-{TRACE}-00f067aa0ba902b7", None),
        (f"00-{'0' * 32}-00f067aa0ba902b7-01", None),
        ("Mischief", None),
        ("", None),
    ],
)
def test_a_trace_is_followed_only_where_it_is_well_formed(
    world: World, caplog: pytest.LogCaptureFixture, traceparent: str, trace: str | None
) -> None:
    answer, line = logged(world, caplog, "GET", "/livez?name=Mischief", traceparent)
    assert line["trace_id"] == trace
    assert "Mischief" not in f"{line} {answer.headers}"


def test_an_address_that_is_none_is_named_nowhere(world: World, caplog: pytest.LogCaptureFixture) -> None:
    _, line = logged(world, caplog, "PROPFIND", "/v1/children/Mischief")
    assert line["method"] == "OTHER"
    assert "Mischief" not in str(line)
    assert "Mischief" not in httpx.get(f"{world.url}/metrics").text


def logged(
    world: World, caplog: pytest.LogCaptureFixture, method: str, path: str, traceparent: str = ""
) -> tuple[httpx.Response, dict[str, Any]]:
    """An answer and its line in the log."""
    with caplog.at_level(logging.INFO, "placement_notify.request"):
        answer = httpx.request(method, world.url + path, headers={"traceparent": traceparent})
        # The line is written once the answer has left; by the next answer it is there.
        httpx.get(f"{world.url}/livez")
    lines = [each.__dict__ for each in caplog.records]
    (line,) = (each for each in lines if each.get("request_id") == answer.headers["x-request-id"])
    return answer, line
