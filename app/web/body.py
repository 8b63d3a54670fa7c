"""Reading a body that may be hostile: bounded in size, time, depth and shape before any model sees it."""

import asyncio
import json
import re
from collections.abc import AsyncIterator, Callable, Iterable
from itertools import accumulate, takewhile
from typing import Annotated, Any, NoReturn, cast

from fastapi import Depends, Request
from starlette.requests import ClientDisconnect

from app.kit.errors import Fault
from app.web.errors import InvalidBody, TooLarge, TooSlow, WrongMediaType

FHIR = "application/fhir+json"
MAX_DEPTH = 24
SECONDS = 30
_JSON = "application/json"
_FHIR_LENGTH = 8
"""How much longer FHIR may be than what it says."""
_FIELD_NAME = re.compile(r"[a-z][a-z0-9_]{0,40}")
_STEPS = {ord("["): 1, ord("{"): 1, ord("]"): -1, ord("}"): -1}
_SUSPECT = re.compile(rb"\\u(?:0000|[dD])")
"""An escape that may stand for a NUL or for half a character."""
_PIECE = 64 * 1024
_NOT_BRACKETS = bytes(set(range(256)) - _STEPS.keys())


async def read_limited(request: Request, limit: int) -> bytes:
    """The body's bytes, at most ``limit`` of them. Raises TooLarge, TooSlow, InvalidBody."""
    return b"".join([piece async for piece in stream_limited(request, limit, SECONDS)])


async def stream_limited(request: Request, limit: int, seconds: float) -> AsyncIterator[bytes]:
    """The body piece by piece, at most ``limit`` bytes within ``seconds``. Raises TooLarge, TooSlow, InvalidBody."""
    declared = request.headers.get("content-length", "0")
    if not declared.isdecimal() or int(declared) > limit:
        raise TooLarge
    size, ends, pieces = 0, asyncio.get_running_loop().time() + seconds, request.stream()
    try:
        while True:
            async with asyncio.timeout_at(ends):
                piece = await anext(pieces, None)
            if piece is None:
                return
            size += len(piece)
            if size > limit:
                raise TooLarge
            yield piece
    except TimeoutError:
        raise TooSlow from None
    except ClientDisconnect:
        raise InvalidBody("The body was cut off.") from None


async def raw_body(request: Request) -> bytes:
    """The bytes of a JSON body. Raises WrongMediaType, TooLarge, TooSlow."""
    return await _json(request, request.app.state.settings.max_body_bytes, _JSON)


async def raw_fhir(request: Request) -> bytes:
    """The bytes of a body that is JSON of ours or FHIR, which says the same at more length. Raises as ``raw_body``."""
    limit = request.app.state.settings.max_body_bytes
    return await _json(request, limit * _FHIR_LENGTH if is_fhir(request) else limit, _JSON, FHIR)


def is_fhir(request: Request) -> bool:
    """Whether the body is said to be FHIR."""
    return _media_type(request) == FHIR


async def raw_batch(request: Request) -> bytes:
    """The bytes of a JSON body that holds many documents. Raises WrongMediaType, TooLarge, TooSlow."""
    return await _json(request, request.app.state.settings.max_batch_bytes, _JSON)


async def _json(request: Request, limit: int, *media: str) -> bytes:
    if _media_type(request) not in media:
        raise WrongMediaType
    return await read_limited(request, limit)


def _media_type(request: Request) -> str:
    return request.headers.get("content-type", "").partition(";")[0].strip().lower()


Body = Annotated[bytes, Depends(raw_body)]
FhirBody = Annotated[bytes, Depends(raw_fhir)]
BatchBody = Annotated[bytes, Depends(raw_batch)]


def parse_object(body: bytes, packed: Callable[[dict[str, Any]], dict[str, Any]] | None = None) -> dict[str, Any]:
    """Parse one JSON object. Raises InvalidBody for anything a careless parser would let through.

    ``packed`` may put an object in less room as soon as it is read. It is left out where the text is to be looked
    through afterwards.
    """
    if _depth(body) > MAX_DEPTH:
        raise InvalidBody("The document is nested too deeply.")
    suspect = _SUSPECT.search(body) is not None
    pack = packed if packed and not suspect else None
    hook = (lambda pairs: pack(_no_name_twice(pairs))) if pack else _no_name_twice
    try:
        value = json.loads(body.decode("utf-8"), object_pairs_hook=hook, parse_constant=_refuse_constant)
    except InvalidBody:
        raise
    except UnicodeDecodeError:
        raise InvalidBody("The body is not UTF-8.") from None
    except json.JSONDecodeError as error:
        raise InvalidBody(f"The body is not JSON: line {error.lineno}, column {error.colno}.") from None
    except (RecursionError, ValueError):
        raise InvalidBody("The body holds a number or a nesting beyond what is sensible.") from None
    if suspect:
        _refuse_bad_text(value)
    if not isinstance(value, dict):
        raise InvalidBody("The body must be one JSON object.")
    return cast("dict[str, Any]", value)


def _depth(body: bytes) -> int:
    """How deep the brackets outside strings go, found in time that grows with the length and no faster."""
    unescaped = body.replace(b"\\\\", b"").replace(b'\\"', b"")
    deepest = depth = in_string = 0
    # A piece at a time: a long body split at its quotation marks takes five times its own room.
    for start in range(0, len(unescaped), _PIECE):
        parts = unescaped[start : start + _PIECE].split(b'"')
        brackets = b"".join(parts[in_string::2]).translate(None, _NOT_BRACKETS)
        depths = list(accumulate(map(_STEPS.__getitem__, brackets), initial=depth))
        deepest, depth = max([deepest, *depths]), depths[-1]
        in_string ^= (len(parts) - 1) & 1
    return deepest


def _no_name_twice(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    named = dict(pairs)
    if len(named) != len(pairs):
        raise InvalidBody("An object holds the same name twice.")
    return named


def _refuse_constant(_text: str) -> NoReturn:
    raise InvalidBody("NaN and Infinity are not JSON.")


def _refuse_bad_text(value: Any, *place: str | int) -> None:
    """Walk only documents that hold such an escape at all, to say where it stands."""
    if isinstance(value, str) and _is_bad(value):
        raise InvalidBody(faults=[Fault(_pointer(place), "bad_text", "This text holds a NUL or half a character.")])
    if isinstance(value, list):
        for number, item in enumerate(value):
            _refuse_bad_text(item, *place, number)
    elif isinstance(value, dict):
        for name, item in value.items():
            if _is_bad(name):
                fault = Fault(_pointer(place), "bad_text", "A name holds a NUL or half a character.")
                raise InvalidBody(faults=[fault])
            _refuse_bad_text(item, *place, name)


def _is_bad(text: str) -> bool:
    return "\x00" in text or any("\ud800" <= letter <= "\udfff" for letter in text)


def _pointer(place: Iterable[str | int]) -> str:
    """As far down as the names look like fields: one that somebody made up may itself tell of a person."""
    told = takewhile(lambda step: isinstance(step, int) or _FIELD_NAME.fullmatch(step), place)
    return "".join(f"/{step}" for step in told)
