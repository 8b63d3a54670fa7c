"""Our own key for signing access tokens: one P-256 key in a file, and those before and after it."""

import hashlib
import os
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

from app.kit.canonical import canonical
from app.security.strict import to_base64url

CURRENT = "token-signing.pem"
OTHERS = "token-signing-*.pem"
_DEMO = "demo-"
_DEMO_LINE = b"Made for a demonstration: not for real data.\n"


class KeyUnusable(Exception):
    """A signing key is missing or not a P-256 private key. The message names the file, never its content."""


@dataclass(frozen=True, slots=True)
class SigningKey:
    """A private key in PEM. ``kid`` is the RFC 7638 thumbprint of its public half, marked if for a demo."""

    kid: str
    pem: str

    def __repr__(self) -> str:
        return f"SigningKey({self.kid})"

    @property
    def is_demo(self) -> bool:
        """Whether it was made by ``make_demo_key``; such a key must never serve real data."""
        return self.kid.startswith(_DEMO)


def load_signing_keys(directory: Path) -> tuple[SigningKey, tuple[SigningKey, ...]]:
    """Return the key to sign with and the others to honour (``token-signing-*.pem``). Raises KeyUnusable."""
    current = _load(directory / CURRENT)
    return current, tuple(_load(path) for path in sorted(directory.glob(OTHERS)))


def make_demo_key(directory: Path) -> SigningKey:
    """Write a new signing key, readable by its owner only. Never overwrites: raises FileExistsError."""
    path = directory / CURRENT
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(_DEMO_LINE + fresh_pem())
    return _load(path)


def fresh_pem() -> bytes:
    """A new private key as its file holds it."""
    return ec.generate_private_key(ec.SECP256R1()).private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def public_members(key: SigningKey) -> dict[str, str]:
    """The public half as the members of a JWK that RFC 7638 names."""
    return _public(_private(key.pem.encode("ascii")))


def _load(path: Path) -> SigningKey:
    try:
        content = path.read_bytes()
        private = _private(content)
    except OSError as error:
        raise KeyUnusable(f"{path.name} cannot be read: {error.strerror}.") from error
    except (TypeError, ValueError):
        raise KeyUnusable(f"{path.name} must hold an unencrypted P-256 private key in PEM.") from None
    thumbprint = to_base64url(hashlib.sha256(canonical(_public(private))).digest())
    pem = private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode("ascii")
    return SigningKey((_DEMO if content.startswith(_DEMO_LINE) else "") + thumbprint, pem)


def _private(content: bytes) -> ec.EllipticCurvePrivateKey:
    private = load_pem_private_key(content, password=None)
    if not isinstance(private, ec.EllipticCurvePrivateKey) or not isinstance(private.curve, ec.SECP256R1):
        raise TypeError("not a P-256 key")
    return private


def _public(private: ec.EllipticCurvePrivateKey) -> dict[str, str]:
    numbers = private.public_key().public_numbers()
    x, y = (to_base64url(number.to_bytes(32, "big")) for number in (numbers.x, numbers.y))
    return {"crv": "P-256", "kty": "EC", "x": x, "y": y}
