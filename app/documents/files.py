"""Files over HTTP, for every route that takes or gives one: received sealed, proved before they leave, watched."""

import logging
from collections.abc import Iterator
from typing import Any

from fastapi import Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import StreamingResponse

from app.documents.inspection.verdict import EXTENSIONS
from app.documents.policy import content_type, disposition
from app.documents.receiving import declared_type
from app.documents.service.keeping import Place, Taken
from app.documents.service.opening import Release
from app.documents.service.receiving import Incoming
from app.kit.errors import Failure
from app.web.answer import PRIVATE
from app.web.openapi import returns
from app.work.unit import Work

_BYTES: dict[str, Any] = {"schema": {"type": "string", "format": "binary"}}
A_FILE_SENT: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "description": "The file itself, nothing around it",
        "content": dict.fromkeys(EXTENSIONS, _BYTES),
    }
}
"""For ``openapi_extra``: the body is a file."""

_HEADERS: dict[str, Any] = {
    name: {"description": description, "schema": {"type": "string"}}
    for name, description in (
        ("Content-Disposition", "attachment, with a name for the file"),
        ("Document-Version", "Which version this is"),
    )
}
_log = logging.getLogger("placement_notify.documents")


def a_file() -> dict[int | str, dict[str, Any]]:
    """For ``responses``: the route answers with a file, whatever its type."""
    answers = returns(200, None, "The file, to be saved", not_modified=True, problems=(410,))
    answers[200]["content"] = dict.fromkeys(EXTENSIONS, _BYTES)
    answers[200]["headers"] = {**answers[200]["headers"], **_HEADERS}
    return answers


async def receive(request: Request, work: Work, place: Place) -> tuple[Taken, Incoming]:
    """Take the body in, sealed for this place. A refusal is recorded, and nothing of the file is left."""
    try:
        declared = declared_type(request)
        with request.app.state.uploads.of(work.caller.client_id):
            now = request.app.state.resources.clock()
            incoming = await run_in_threadpool(Incoming, request.app.state.blobs, place, now)
            return await request.app.state.uploads.take(request, incoming, declared), incoming
    except Failure as refusal:
        await run_in_threadpool(work.note, refusal)
        raise


def prove(work: Work, request: Request, found: Release) -> None:
    """Read a file through before anything of it, or its entry, is made. Raises Tampered."""
    try:
        found.prove(request.app.state.blobs)
    except Failure as refusal:
        work.note(refusal)
        raise


def leaving(request: Request, release: Release) -> StreamingResponse:
    """The answer that carries a file home."""
    headers = {
        "Cache-Control": PRIVATE,
        "Content-Disposition": disposition(release.file_name, release.plain_name),
        "Content-Length": str(release.size),
        "Content-Security-Policy": "sandbox; default-src 'none'",
        "Document-Version": str(release.number),
        "ETag": release.tag,
    }
    pieces = _watched(release.pieces(request.app.state.blobs))
    return StreamingResponse(pieces, headers=headers, media_type=content_type(release.media_type))


def _watched(pieces: Iterator[bytes]) -> Iterator[bytes]:
    """The length was told: what fails on the way ends the connection, and no client takes a part for the whole."""
    try:
        yield from pieces
    except Failure as failure:
        _log.error("a file was cut off while it left", extra={"error": failure.code})
        raise
