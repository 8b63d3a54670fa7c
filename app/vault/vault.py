"""Sealing with AES-256-GCM, blind indexes and commitments.

A child's data is sealed under a key made for that child and one controlling organisation. That key is stored
wrapped under a master key; destroying the wrapped key erases the data and the salts of its commitments.
"""

import hmac
import os
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from app.kit.canonical import canonical
from app.kit.drawing import draw
from app.vault.errors import KeysUnusable, Tampered
from app.vault.keys import KEY_BYTES, Keys

_NONCE_BYTES = 12
_WRAPPING = "wrapping"
_OWN = "own:"


class ChildKey(NamedTuple):
    """A fresh key, and what is stored of it: the key wrapped, and the id of the master key around it."""

    key: bytes
    wrapped: bytes
    master_key_id: str


class Vault:
    """Everything the service seals, opens or blinds goes through here. Safe to share between threads."""

    def __init__(self, keys: Keys) -> None:
        self._keys = keys

    def use(self, keys: Keys) -> None:
        """Go on with other keys, at once and for every thread: keys were added, or another is current."""
        self._keys = keys

    @property
    def current(self) -> str:
        """The id of the master key that things are sealed under now."""
        return self._keys.current

    @property
    def master_ids(self) -> tuple[str, ...]:
        """The ids of every master key there is here."""
        return tuple(self._keys.masters)

    def new_key(self, child_id: str, organisation_code: str) -> ChildKey:
        """Make the key of one child's data held by one controlling organisation."""
        key = os.urandom(KEY_BYTES)
        return ChildKey(key, *self._wrap(key, child_id, organisation_code))

    def unwrap(self, wrapped: bytes, master_key_id: str, child_id: str, organisation_code: str) -> bytes:
        """Return the key made for exactly this child and organisation. Raises Tampered, KeysUnusable."""
        wrapping_key = self._derived(master_key_id, _WRAPPING)
        return self.unseal(wrapping_key, _key_name(child_id, organisation_code), wrapped)

    def rewrap(self, wrapped: bytes, master_key_id: str, child_id: str, organisation_code: str) -> tuple[bytes, str]:
        """Return the same key wrapped under the current master key, and the id of that: a rotation's step."""
        key = self.unwrap(wrapped, master_key_id, child_id, organisation_code)
        return self._wrap(key, child_id, organisation_code)

    def seal(self, key: bytes, aad: str, plaintext: bytes) -> bytes:
        """Return nonce, ciphertext and tag: opened only under the same ``key`` and ``aad``."""
        return self.seal_all(key, {aad: plaintext})[0]

    def seal_all(self, key: bytes, plaintexts: Mapping[str, bytes]) -> list[bytes]:
        """Seal several plaintexts, each under its own AAD and nonce."""
        encrypt = AESGCM(key).encrypt
        return [
            (nonce := draw(_NONCE_BYTES)) + encrypt(nonce, plaintext, aad.encode())
            for aad, plaintext in plaintexts.items()
        ]

    def unseal(self, key: bytes, aad: str, sealed: bytes) -> bytes:
        """Return what was sealed. Raises Tampered."""
        return self.unseal_all(key, ((aad, sealed),))[0]

    def unseal_all(self, key: bytes, sealed: Iterable[tuple[str, bytes]]) -> list[bytes]:
        """Return what each was sealed for, given with its AAD, all under one key. Raises Tampered."""
        decrypt = AESGCM(key).decrypt
        try:
            return [decrypt(each[:_NONCE_BYTES], each[_NONCE_BYTES:], aad.encode()) for aad, each in sealed]
        except (InvalidTag, ValueError):
            raise Tampered("sealed data does not open here") from None

    def seal_own(self, purpose: str, aad: str, plaintext: bytes) -> bytes:
        """Seal what belongs to no child, under the service's own key for ``purpose``, named in the result."""
        kid = self._keys.current
        return self.mark(kid) + self.seal(self._derived(kid, _OWN + purpose), aad, plaintext)

    def mark(self, kid: str) -> bytes:
        """How everything begins that ``seal_own`` sealed under this master key."""
        return bytes((len(kid),)) + kid.encode()

    def unseal_own(self, purpose: str, aad: str, sealed: bytes) -> bytes:
        """Return what ``seal_own`` sealed, under whichever master key. Raises Tampered, KeysUnusable."""
        end = 1 + sealed[0] if sealed else 0
        if end >= len(sealed):
            raise Tampered("sealed data is cut short")
        kid = sealed[1:end].decode("ascii", errors="replace")
        return self.unseal(self._derived(kid, _OWN + purpose), aad, sealed[end:])

    def index(self, purpose: str, text: str) -> str:
        """Return a blind index in hex: equal texts meet within one purpose, and only there."""
        return _hmac(self._keys.index, purpose, text).hex()

    def salt(self, key: bytes, aad: str) -> bytes:
        """Return the 32-byte salt of a commitment. It follows from the child's key and dies with it."""
        return _hmac(key, "commitment", aad)

    def commitment(self, key: bytes, aad: str, plaintext: bytes) -> str:
        """Return HMAC-SHA-256(salt, plaintext) in hex: proof of the words, once the salt is shown."""
        return _mac(self.salt(key, aad), plaintext).hex()

    def _wrap(self, key: bytes, child_id: str, organisation_code: str) -> tuple[bytes, str]:
        kid = self._keys.current
        return self.seal(self._derived(kid, _WRAPPING), _key_name(child_id, organisation_code), key), kid

    def _derived(self, kid: str, purpose: str) -> bytes:
        """A master key never seals anything itself; each purpose has a key of its own under it."""
        master = self._keys.masters.get(kid)
        if master is None:
            raise KeysUnusable("Data is sealed under a master key that is missing. Put the old key back.")
        return _hmac(master, "master", purpose)


def _key_name(child_id: str, organisation_code: str) -> str:
    return canonical([child_id, organisation_code]).decode()


def _hmac(key: bytes, purpose: str, text: str) -> bytes:
    return _mac(key, canonical([purpose, text]))


def _mac(key: bytes, words: bytes) -> bytes:
    # Not hmac.digest, which lets go of the interpreter's lock for a few bytes: other threads take it in between.
    return hmac.new(key, words, "sha256").digest()
