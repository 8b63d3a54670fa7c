"""What a route may refuse, in the published contract: it follows from what the route takes."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from app.kit.errors import REGISTRY

Json = dict[str, Any]

_ANY_CLIENT = {401, 403, 429, 503}
_ANY_BODY = {400, 408, 413, 415, 422}
_TOKEN_REQUEST = {400, 401, 403, 408, 413, 415, 429, 503}

_FAULT: Json = {
    "type": "object",
    "required": ["pointer", "code", "message"],
    "properties": {
        "pointer": {"type": "string", "description": "Where, as a JSON pointer (RFC 6901)"},
        "code": {"type": "string", "description": "Which rule"},
        "message": {"type": "string", "description": "What is expected; never what was sent"},
    },
}
_PROBLEM: Json = {
    "type": "object",
    "description": "A refusal (RFC 9457). Its type is a page that says what to do.",
    "required": ["type", "title", "status", "detail", "instance", "code"],
    "properties": {
        "type": {"type": "string", "format": "uri-reference"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "instance": {"type": "string", "format": "uri"},
        "code": {"type": "string"},
        "child_id": {"type": "string", "description": "Of child_known: the child you have"},
        "errors": {"type": "array", "maxItems": 50, "items": {"$ref": "#/components/schemas/ProblemFault"}},
    },
}
_RETRY_AFTER: Json = {"Retry-After": {"description": "Seconds to wait", "schema": {"type": "string"}}}
_AUTHENTICATE: Json = {"WWW-Authenticate": {"description": "RFC 6750", "schema": {"type": "string"}}}
_HEADERS = {401: _AUTHENTICATE, 429: _RETRY_AFTER, 503: _RETRY_AFTER}
_STATUSES = (400, 401, 403, 404, 406, 408, 409, 410, 412, 413, 415, 422, 428, 429, 503)


def refusal(status: int) -> Json:
    """A pointer to the refusals of one status."""
    return {"$ref": f"#/components/responses/refused_{status}"}


def statuses(operation: Mapping[str, Any], *, guarded: bool) -> set[int]:
    """The statuses an operation may refuse with, told by its parameters, its body and its guard."""
    parameters = {(each["in"], each["name"]) for each in operation.get("parameters", ())}
    places = {place for place, _ in parameters}
    has_body = "requestBody" in operation
    if not guarded:
        return ({404} if "path" in places else set()) | (_TOKEN_REQUEST if has_body else set())
    found = set(_ANY_CLIENT)
    found |= _ANY_BODY if has_body else set()
    found |= {400} if "query" in places else set()
    found |= {404} if "path" in places else set()
    found |= {409} if ("header", "Idempotency-Key") in parameters else set()
    return found | ({412, 428} if ("header", "If-Match") in parameters else set())


def _response(status: int) -> Json:
    codes = sorted(code for code, kind in REGISTRY.items() if kind.status == status)
    content = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
    response: Json = {
        "description": f"{HTTPStatus(status).phrase}. code is one of: {', '.join(codes)}",
        "content": content,
    }
    return response | ({"headers": _HEADERS[status]} if status in _HEADERS else {})


def components() -> Json:
    """What ``refusal`` points at. The codes are those of every failure known by now."""
    return {
        "schemas": {"Problem": _PROBLEM, "ProblemFault": _FAULT},
        "responses": {f"refused_{status}": _response(status) for status in _STATUSES},
    }
