"""A file on its way in: sealed as it comes, stored under a name that says nothing, then looked into.

What a crash leaves behind is a blob that no row names, in a store where nobody can read it; ``sweeping`` removes it.
"""

import hashlib
import secrets
from collections.abc import Iterator
from datetime import datetime

from app.blobs.store import Blobs
from app.documents.errors import DocumentInfected, DocumentTypeDisagrees
from app.documents.inspecting import inspected
from app.documents.scanning import INFECTED, scan
from app.documents.service.keeping import Place, Taken
from app.vault.stream import Sealing, opened


class Incoming:
    """One upload. Give it every piece, then ``end``; or ``abandon`` it. Not for two threads at a time."""

    def __init__(self, blobs: Blobs, place: Place, now: datetime) -> None:
        self.blob = f"{now:%Y-%m-%d}/{secrets.token_hex(16)}"
        self.size = 0
        self._blobs, self._place = blobs, place
        self._digest = hashlib.sha256()
        self._sealing = Sealing(place.key, place.stream)
        self._writing = blobs.begin(self.blob)

    def add(self, piece: bytes) -> None:
        """Seal a piece and send it to the store."""
        self.size += len(piece)
        self._digest.update(piece)
        if sealed := self._sealing.add(piece):
            self._writing.write(sealed)

    def end(self, declared: str, scanner: str | None) -> Taken:
        """Store the rest, then read it all back, frame by proved frame, and look into it.

        ``declared`` is the type the sender named. Raises a refusal of documents, or Tampered where the store gave
        back something else.
        """
        self._writing.write(self._sealing.end())
        self._writing.close()
        found = inspected(self._plain())
        if found.media_type != declared:
            raise DocumentTypeDisagrees
        verdict = scan(scanner, self._plain())
        if verdict == INFECTED:
            raise DocumentInfected
        return Taken(self.blob, self.size, self._digest.hexdigest(), found.media_type, found.active, verdict)

    def abandon(self) -> None:
        """Leave nothing of it."""
        self._writing.abandon()

    def _plain(self) -> Iterator[bytes]:
        return opened(self._place.key, self._place.stream, self._blobs.read(self.blob))
