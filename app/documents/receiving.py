"""From an HTTP body to a file that is sealed, stored and looked into. The event loop holds one piece at a time."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial

import anyio
from anyio import CapacityLimiter
from anyio.to_thread import run_sync
from fastapi import Request

from app.documents.errors import DocumentTooLarge, DocumentTypeNotAccepted, UploadsBusy
from app.documents.inspection.verdict import EXTENSIONS
from app.documents.service.keeping import Taken
from app.documents.service.receiving import Incoming
from app.settings import Settings
from app.web.body import stream_limited
from app.web.errors import TooLarge

SECONDS = 120
"""What 20 MB take over two megabits a second, and some more."""

_AT_ONCE = 16
_OF_ONE_CLIENT = 4
_LOOKED_INTO_AT_ONCE = 2


class Uploads:
    """How many uploads one process takes at once, of all and of one client: no slow sender keeps the others out."""

    def __init__(self) -> None:
        self._under_way: list[str] = []
        self._writing = CapacityLimiter(4)
        self._looking = CapacityLimiter(_LOOKED_INTO_AT_ONCE)

    @contextmanager
    def of(self, client_id: str) -> Iterator[None]:
        """Hold a place for an upload. Raises UploadsBusy."""
        if len(self._under_way) >= _AT_ONCE or self._under_way.count(client_id) >= _OF_ONE_CLIENT:
            raise UploadsBusy(retry_after=5)
        self._under_way.append(client_id)
        try:
            yield
        finally:
            self._under_way.remove(client_id)

    async def take(self, request: Request, incoming: Incoming, declared: str) -> Taken:
        """Receive the body. Raises what the body or the file deserves; then nothing of it is left."""
        settings: Settings = request.app.state.settings
        try:
            try:
                async for piece in stream_limited(request, settings.max_document_bytes, SECONDS):
                    await run_sync(incoming.add, piece, limiter=self._writing)
            except TooLarge:
                raise DocumentTooLarge from None
            ending = partial(incoming.end, declared, settings.virus_scanner)
            return await run_sync(ending, limiter=self._looking)
        except BaseException:
            with anyio.CancelScope(shield=True):
                await run_sync(incoming.abandon, limiter=self._writing)
            raise


def declared_type(request: Request) -> str:
    """The media type the sender names. Raises DocumentTypeNotAccepted before a byte is read."""
    named = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if named not in EXTENSIONS:
        raise DocumentTypeNotAccepted
    return named
