"""The published contract, OpenAPI 3.1, built from the routes themselves.

A route names the models it takes and returns; what it may refuse follows from what it takes. Bodies are judged
and answers made as bytes, so the models here are documentation, and tests hold real answers against them.
"""

from collections.abc import Iterable, Iterator, Sequence
from functools import reduce
from operator import or_
from typing import Any, get_args

from fastapi import FastAPI
from fastapi.dependencies.models import Dependant
from fastapi.openapi.utils import get_openapi
from fastapi.routing import APIRoute, iter_route_contexts
from pydantic import BaseModel
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue, models_json_schema
from pydantic_core import core_schema

from app.web.answer import Answer, to_json
from app.web.deprecations import DEPRECATED
from app.web.public import public
from app.web.refusals import components, refusal, statuses

Json = dict[str, Any]
JSON = "application/json"

_REF = "#/components/schemas/"
_MODEL = "model:"
_MODELS: dict[str, type[BaseModel]] = {}

_KEY_PATTERN = r"^[\x21-\x7e]{1,200}$"
_IDEMPOTENCY_KEY: Json = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": True,
    "description": "New for each request, the same for its repeats, which get the first answer",
    "schema": {"type": "string", "pattern": _KEY_PATTERN},
}
_IF_MATCH: Json = {
    "name": "If-Match",
    "in": "header",
    "required": True,
    "description": "The ETag you last read",
    "schema": {"type": "string"},
}
_IF_NONE_MATCH: Json = {
    "name": "If-None-Match",
    "in": "header",
    "required": False,
    "description": "The ETag you hold: 304 where it still fits, and nothing is recorded as read",
    "schema": {"type": "string"},
}
_ETAG: Json = {"ETag": {"description": "Changes with what you may see of it", "schema": {"type": "string"}}}
_REPLAYED: Json = {
    "Idempotent-Replayed": {"description": "This is the first answer again", "schema": {"const": "true"}}
}


def takes(model: Any, *, once: bool = True, if_match: bool = False, also_as: Sequence[str] = ()) -> Json:
    """For ``openapi_extra``: the body is one ``model``, or one of a union of them.

    ``once``: the route asks for an Idempotency-Key. ``if_match``: it insists on the version that is changed.
    ``also_as``: other media types that say the same.
    """
    content = {JSON: {"schema": _named(model)}, **{media: {"schema": {"type": "object"}} for media in also_as}}
    headers = [_IDEMPOTENCY_KEY] * once + [_IF_MATCH] * if_match
    return {"requestBody": {"required": True, "content": content}, "parameters": headers}


def returns(
    status: int,
    model: Any,
    description: str,
    *,
    not_modified: bool = False,
    also_as: Sequence[str] = (),
    problems: Sequence[int] = (),
) -> dict[int | str, Json]:
    """For ``responses``: how the route answers when all is well.

    ``model`` None: no body. ``not_modified``: it honours If-None-Match. ``also_as``: other media types of the
    same. ``problems``: statuses of refusals that do not follow from what the route takes.
    """
    answer: Json = {"description": description}
    if model is not None:
        answer["content"] = {JSON: {"schema": _named(model)}}
        answer["content"] |= {media: {"schema": {"type": "string"}} for media in also_as}
    answers: dict[int | str, Json] = {status: answer}
    if not_modified:
        answer["headers"] = _ETAG
        answers[304] = {"description": "You have it already; nothing was recorded", "headers": _ETAG}
    return answers | {each: refusal(each) for each in problems}


def returns_file(media: str, description: str, *, problems: Sequence[int] = ()) -> dict[int | str, Json]:
    """For ``responses``: the route answers with a file of this media type."""
    content = {media: {"schema": {"type": "string", "contentMediaType": media}}}
    answers: dict[int | str, Json] = {200: {"description": description, "content": content}}
    return answers | {each: refusal(each) for each in problems}


def describe(app: FastAPI) -> None:
    """Make ``app`` publish its contract, at ``/openapi.json`` and to whoever calls ``app.openapi()``."""

    def openapi() -> Json:
        if app.openapi_schema is None:
            app.openapi_schema = build_openapi(app)
        return app.openapi_schema

    async def read_contract() -> Answer:
        return Answer(to_json(openapi()), headers={"Cache-Control": "public, max-age=300"})

    app.openapi = openapi  # type: ignore[method-assign]
    opened = public("the contract is published")
    app.add_api_route("/openapi.json", read_contract, dependencies=[opened], include_in_schema=False)


def build_openapi(app: FastAPI) -> Json:
    """Return the contract of every route of ``app`` that is in the schema, as plain JSON."""
    contract = get_openapi(title=app.title, version=app.version, description=app.description, routes=app.routes)
    scopes: set[str] = set()
    for route in _routes(app):
        for method in route.methods or ():
            operation = contract["paths"][route.path_format][method.lower()]
            _complete(operation, route)
            if (method, route.path_format) in DEPRECATED:
                operation["deprecated"] = True
        scopes |= {guard.scope for guard in _guards(route.dependant)}
    definitions, refs = _definitions()
    refused = components()
    contract["components"] = {
        "schemas": dict(sorted((definitions | refused["schemas"]).items())),
        "responses": refused["responses"],
        "securitySchemes": {"oauth2": _oauth2(sorted(scopes))},
    }
    _point(contract["paths"], refs)
    return contract


def _routes(app: FastAPI) -> Iterator[APIRoute]:
    for context in iter_route_contexts(app.routes):
        if isinstance(context.original_route, APIRoute) and context.original_route.include_in_schema:
            yield context.original_route


def _guards(dependant: Dependant) -> Iterator[Any]:
    for each in dependant.dependencies:
        if hasattr(each.call, "scope"):
            yield each.call
        yield from _guards(each)


def _complete(operation: Json, route: APIRoute) -> None:
    guard = next(_guards(route.dependant), None)
    operation["operationId"] = route.name
    operation["summary"] = (route.summary or operation.get("description", route.name)).partition(". ")[0].rstrip(".")
    declared = {str(status): answer for status, answer in route.responses.items()}
    if not declared:
        made = operation["responses"]
        declared = {status: answer for status, answer in made.items() if status.startswith("2")}
    if "304" in declared:
        operation.setdefault("parameters", []).append(_IF_NONE_MATCH)
    if guard is not None:
        operation["security"] = [{"oauth2": [str(guard.scope)]}]
        operation["x-by-name"] = guard.by_name
    refused = {str(each): refusal(each) for each in statuses(operation, guarded=guard is not None)}
    if _IDEMPOTENCY_KEY in operation.get("parameters", ()):
        declared = {status: _repeatable(status, answer) for status, answer in declared.items()}
    operation["responses"] = dict(sorted((refused | declared).items()))


def _repeatable(status: str, answer: Json) -> Json:
    if not status.startswith("2"):
        return answer
    return {**answer, "headers": {**answer.get("headers", {}), **_REPLAYED}}


def _oauth2(scopes: Iterable[str]) -> Json:
    words = {scope: " ".join(reversed(scope.split(":"))).capitalize() for scope in map(str, scopes)}
    return {
        "type": "oauth2",
        "description": "Client credentials with a signed assertion (RFC 7523), for one function at a time",
        "flows": {"clientCredentials": {"tokenUrl": "/oauth2/token", "scopes": words}},
    }


class _Published(GenerateJsonSchema):
    """Absent is not a value: a field that may be left out has no default."""

    def default_schema(self, schema: core_schema.WithDefaultSchema) -> JsonSchemaValue:
        return self.generate_inner(schema["schema"])


def _named(model: Any) -> Json:
    """A pointer to a model whose published name is settled when all are known."""
    refs = []
    for each in get_args(model) or (model,):
        name = f"{each.__module__}.{each.__qualname__}"
        _MODELS[name] = each
        refs.append({"$ref": _MODEL + name})
    return refs[0] if len(refs) == 1 else {"oneOf": refs}


def _definitions() -> tuple[Json, dict[str, str]]:
    """Every named model as a schema, and where each stands."""
    named = [(model, "validation") for model in _MODELS.values()]
    stands, held = models_json_schema(
        named,  # type: ignore[arg-type]
        ref_template=_REF + "{model}",
        schema_generator=_Published,
    )
    definitions: Json = held["$defs"]
    lists: Json = reduce(or_, (_tidy(part) for part in list(_objects(definitions))), {})
    refs = {_MODEL + name: stands[model, "validation"]["$ref"] for name, model in _MODELS.items()}
    return definitions | lists, refs


def _objects(value: Any) -> Iterator[Json]:
    if isinstance(value, dict):
        yield value
    for each in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from _objects(each)


def _tidy(part: Json) -> Json:
    """Make a description one line, its source apart; return what it shares with others."""
    if isinstance(described := part.get("description"), str):
        text, _, source = described.partition("Source: ")
        part["description"] = " ".join(text.split())
        part |= {"x-source": " ".join(source.split())} if source else {}
    if "x-code-list" in part:
        return _shared(part, f"code_{part.pop('x-code-list')}", "title", "type", "oneOf", "x-source")
    if "x-type" in part:
        return _shared(part, part.pop("x-type"), "type", "format", "pattern", "maxLength", "examples")
    return {}


def _shared(part: Json, name: str, *keys: str) -> Json:
    part["$ref"] = _REF + name
    return {name: {key: part.pop(key) for key in keys if key in part}}


def _point(value: Any, refs: dict[str, str]) -> None:
    for part in _objects(value):
        if part.get("$ref") in refs:
            part["$ref"] = refs[part["$ref"]]
