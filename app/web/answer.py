"""Answers: ready bytes with the headers that personal data needs."""

from collections.abc import Mapping
from typing import Any

import orjson
from starlette.responses import Response

PRIVATE = "private, no-store"


class Answer(Response):
    """A JSON answer built from ready bytes: what was committed is what is sent, with no second serialisation."""

    media_type = "application/json"

    def __init__(self, body: bytes, status: int = 200, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(body, status, {"Cache-Control": PRIVATE, **(headers or {})})


def to_json(value: Any) -> bytes:
    """Serialise an answer."""
    return orjson.dumps(value)
