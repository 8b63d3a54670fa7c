"""Sealing what is too long to hold at once, frame by frame: the STREAM construction over AES-256-GCM.

A stream has a key of its own, derived from the key it is sealed under and from its name, so a position is used as a
nonce once and no more. The nonce of a frame says its position and whether it is the last: frames that are cut off,
added, moved or taken from another stream do not open. (Hoang, Reyhanitabar, Rogaway, Vizár 2015.)

    frame  = ciphertext of at most FRAME bytes | tag (16 bytes); every frame but the last is full
    nonce  = position (11 bytes, big-endian) | 1 for the last frame, else 0
"""

import hmac
from collections.abc import Iterable, Iterator
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from app.vault.errors import Tampered

FRAME: Final = 256 * 1024
"""Bytes of plaintext in a frame: what a process holds of a file at any time, a few times over."""

_TAG: Final = 16


class Sealing:
    """Takes plaintext in pieces of any length and gives back sealed frames as they fill."""

    def __init__(self, key: bytes, name: str) -> None:
        self._cipher, self._name = _cipher(key, name), name.encode()
        self._held = bytearray()
        self._position = 0

    def add(self, piece: bytes) -> bytes:
        """Return the frames this piece completes, if any. The last frame is never among them."""
        self._held += piece
        frames = []
        while len(self._held) > FRAME:
            frames.append(self._seal(bytes(self._held[:FRAME]), last=False))
            del self._held[:FRAME]
        return b"".join(frames)

    def end(self) -> bytes:
        """Return the last frame."""
        return self._seal(bytes(self._held), last=True)

    def _seal(self, plaintext: bytes, *, last: bool) -> bytes:
        sealed = self._cipher.encrypt(_nonce(self._position, last), plaintext, self._name)
        self._position += 1
        return sealed


def opened(key: bytes, name: str, pieces: Iterable[bytes]) -> Iterator[bytes]:
    """Yield the plaintext of each frame once it is proved. Raises Tampered at the first that is not as it was sealed.

    Whoever has taken all of it without an error has the whole: what was cut off lacks a last frame.
    """
    cipher, full = _cipher(key, name), FRAME + _TAG
    held, position = bytearray(), 0
    for piece in pieces:
        held += piece
        while len(held) > full:
            yield _open(cipher, name, bytes(held[:full]), _nonce(position, last=False))
            del held[:full]
            position += 1
    yield _open(cipher, name, bytes(held), _nonce(position, last=True))


def _cipher(key: bytes, name: str) -> AESGCM:
    return AESGCM(hmac.digest(key, b"stream\n" + name.encode(), "sha256"))


def _nonce(position: int, last: bool) -> bytes:
    return position.to_bytes(11, "big") + bytes((last,))


def _open(cipher: AESGCM, name: str, sealed: bytes, nonce: bytes) -> bytes:
    try:
        return cipher.decrypt(nonce, sealed, name.encode())
    except (InvalidTag, ValueError):
        raise Tampered("a stored file is not as it was stored") from None
