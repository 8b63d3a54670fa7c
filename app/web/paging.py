"""Opaque cursors: sealed, and bound to the party and the list they were made for."""

import base64
import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from app.kit.errors import Failure

DEFAULT_LIMIT = 50
MAX_LIMIT = 200


class BadCursor(Failure):
    code = "bad_cursor"
    status = 400
    title = "The cursor does not belong to this list"
    advice = "Use next_cursor exactly as it was given, with the same filter and the same token's organisation."


class Cursors:
    """Makes and reads cursors. ``key`` is 32 bytes; a cursor made under another key, party or filter is refused."""

    def __init__(self, key: bytes) -> None:
        self._cipher = AESGCM(key)

    def seal(self, scope: str, position: str) -> str:
        """Return a cursor to ``position`` in the list that ``scope`` (party and filter) names."""
        nonce = os.urandom(12)
        sealed = self._cipher.encrypt(nonce, position.encode(), scope.encode())
        return base64.urlsafe_b64encode(nonce + sealed).rstrip(b"=").decode()

    def open(self, scope: str, cursor: str) -> str:
        """Return the position. Raises BadCursor."""
        if len(cursor) > 512 or not cursor.isascii():
            raise BadCursor
        try:
            raw = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
            return self._cipher.decrypt(raw[:12], raw[12:], scope.encode()).decode()
        except (ValueError, InvalidTag):
            raise BadCursor from None
