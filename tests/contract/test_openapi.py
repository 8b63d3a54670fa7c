"""The published contract: whole, valid, and true to the routes it is built from."""

import re
from collections.abc import Iterator
from typing import Any

import orjson
import pytest
from fastapi import FastAPI
from fastapi.routing import APIRoute, iter_route_contexts
from jsonschema import Draft202012Validator

from app.kit.errors import REGISTRY
from app.main import ROUTERS
from app.security.scopes import Scope
from app.web.openapi import build_openapi

Operation = tuple[str, str, dict[str, Any]]


@pytest.fixture(scope="module")
def app() -> FastAPI:
    app = FastAPI(title="Placement Notify", version="1.0.0", openapi_url=None)
    for router in ROUTERS:
        app.include_router(router)
    return app


@pytest.fixture(scope="module")
def contract(app: FastAPI) -> dict[str, Any]:
    return build_openapi(app)


@pytest.fixture(scope="module")
def operations(contract: dict[str, Any]) -> list[Operation]:
    return [(path, method, each) for path, item in contract["paths"].items() for method, each in item.items()]


def guards(route: APIRoute) -> Iterator[Any]:
    yield from (each.call for each in route.dependant.dependencies)


def headers(operation: dict[str, Any]) -> set[str]:
    return {each["name"] for each in operation.get("parameters", ()) if each["in"] == "header"}


def test_every_pointer_in_it_leads_somewhere(contract: dict[str, Any]) -> None:
    text = orjson.dumps(contract).decode()
    pointers = set(re.findall(r'"\$ref":"([^"]+)"', text))
    assert pointers
    for pointer in pointers:
        home, kind, name = pointer.removeprefix("#/").split("/")
        assert name in contract[home][kind], pointer


def test_every_schema_in_it_is_a_schema(contract: dict[str, Any]) -> None:
    for schema in contract["components"]["schemas"].values():
        Draft202012Validator.check_schema(schema)


def test_every_operation_has_a_name_of_its_own(operations: list[Operation]) -> None:
    names = [each["operationId"] for _, _, each in operations]
    assert len(names) == len(set(names))


def test_no_two_documents_share_a_name(contract: dict[str, Any]) -> None:
    assert [name for name in contract["components"]["schemas"] if "__" in name] == []


def test_every_route_asks_for_a_scope_or_says_why_it_is_open(app: FastAPI) -> None:
    routes = [context.original_route for context in iter_route_contexts(app.routes)]
    for route in routes:
        assert isinstance(route, APIRoute)
        assert any(hasattr(each, "scope") or hasattr(each, "public_because") for each in guards(route)), route.path


def test_the_scopes_asked_for_are_scopes_there_are(operations: list[Operation]) -> None:
    asked = {scope for _, _, each in operations for use in each.get("security", ()) for scope in use["oauth2"]}
    assert asked <= {scope.value for scope in Scope}


def test_every_body_of_a_guarded_route_is_a_published_document(operations: list[Operation]) -> None:
    for path, method, each in operations:
        if method == "post" and "security" in each:
            assert "application/json" in each["requestBody"]["content"], path


def test_whatever_creates_something_may_be_repeated(operations: list[Operation]) -> None:
    for path, _, each in operations:
        if "201" in each["responses"]:
            assert "Idempotency-Key" in headers(each), path


def test_whatever_insists_on_a_version_says_how_it_refuses(operations: list[Operation]) -> None:
    for _, _, each in operations:
        assert ("If-Match" in headers(each)) == ("428" in each["responses"]) == ("412" in each["responses"])
        assert ("If-None-Match" in headers(each)) == ("304" in each["responses"])


def test_every_failure_has_a_status_the_contract_can_name(contract: dict[str, Any]) -> None:
    named = {int(name.removeprefix("refused_")) for name in contract["components"]["responses"]}
    assert {kind.status for kind in REGISTRY.values()} - named == {405, 500}
