"""The public keys a client may register: RSA of 2048 to 4096 bits, P-256 and P-384.

Keys are decoded to numbers and encoded again, so that one key has one thumbprint however it was sent.
"""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass

from cryptography.hazmat.primitives.asymmetric import ec, rsa

from app.kit.canonical import canonical
from app.security.strict import Malformed, from_base64url, parse_object, to_base64url

ALGORITHMS: Mapping[str, str] = {
    "RS256": "RSA",
    "RS384": "RSA",
    "RS512": "RSA",
    "ES256": "P-256",
    "ES384": "P-384",
}
"""Signature algorithms accepted in an assertion, and the only kind of key each may be used with."""

MAX_KEYS = 10
_CURVES: Mapping[str, type[ec.EllipticCurve]] = {"P-256": ec.SECP256R1, "P-384": ec.SECP384R1}
_PRIVATE = frozenset({"d", "dp", "dq", "k", "oth", "p", "q", "qi"})
_KEY_ID = re.compile(r"[!-~]{1,128}")


class KeyRefused(ValueError):
    """A key set cannot be registered; the message says why, in a sentence for an administrator."""


@dataclass(frozen=True, slots=True)
class PublicKey:
    """One registered key. ``jwk`` holds only the members RFC 7638 names; ``kind`` is RSA, P-256 or P-384."""

    kid: str
    kind: str
    jwk: Mapping[str, str]
    thumbprint: str

    def fits(self, algorithm: str) -> bool:
        """Whether a signature by ``algorithm`` could have been made with this kind of key."""
        return ALGORITHMS.get(algorithm) == self.kind


def read_key_set(text: str) -> tuple[PublicKey, ...]:
    """Read a JWK set as an administrator hands it in. Raises KeyRefused."""
    try:
        keys = parse_object(text.encode("utf-8")).get("keys")
    except Malformed as error:
        raise KeyRefused(f"The key set {error}.") from error
    if not isinstance(keys, list) or not 1 <= len(keys) <= MAX_KEYS:
        raise KeyRefused(f'The key set needs "keys": a list of 1 to {MAX_KEYS} public keys.')
    found = tuple(_read_key(key) for key in keys)
    if len({key.kid for key in found}) != len(found) or len({key.thumbprint for key in found}) != len(found):
        raise KeyRefused("Each key in the set needs a kid of its own, and may stand in the set once.")
    return found


def public_key(kid: str, jwk: Mapping[str, str]) -> PublicKey:
    """Build a key from members already in their one form, as ``read_key_set`` and the database hold them."""
    thumbprint = to_base64url(hashlib.sha256(canonical(dict(jwk))).digest())
    return PublicKey(kid, jwk.get("crv", "RSA"), jwk, thumbprint)


def _read_key(key: object) -> PublicKey:
    if not isinstance(key, dict):
        raise KeyRefused("Each key must be a JSON object (RFC 7517).")
    if _PRIVATE & key.keys():
        raise KeyRefused(
            "The set holds a private or shared key. Treat it as exposed; send the public half of a new one."
        )
    kid = key.get("kid")
    if not isinstance(kid, str) or not _KEY_ID.fullmatch(kid):
        raise KeyRefused("Each key needs a kid of 1 to 128 printable ASCII characters, without spaces.")
    try:
        found = public_key(kid, _members(key))
    except KeyRefused:
        raise
    except ValueError as error:
        raise KeyRefused("A key's numbers are not a valid key of its kind.") from error
    _check_use(key, found)
    return found


def _check_use(key: Mapping[str, object], found: PublicKey) -> None:
    operations = key.get("key_ops", ["verify"])
    if key.get("use", "sig") != "sig" or not isinstance(operations, list) or "verify" not in operations:
        raise KeyRefused("A key is marked for something other than signatures.")
    algorithm = key.get("alg")
    if algorithm is not None and not (isinstance(algorithm, str) and found.fits(algorithm)):
        raise KeyRefused("A key's alg is not one this service accepts for that kind of key.")


def _members(key: Mapping[str, object]) -> dict[str, str]:
    if key.get("kty") == "RSA":
        return _rsa_members(key)
    if key.get("kty") == "EC" and key.get("crv") in _CURVES:
        return _ec_members(key)
    raise KeyRefused("Keys must be RSA, or EC on P-256 or P-384.")


def _rsa_members(key: Mapping[str, object]) -> dict[str, str]:
    modulus, exponent = _number(key, "n"), _number(key, "e")
    if not 2048 <= modulus.bit_length() <= 4096:
        raise KeyRefused("RSA keys must have 2048 to 4096 bits.")
    if not 65537 <= exponent < 2**32:
        raise KeyRefused("RSA keys must have the exponent 65537 or a little above.")
    if modulus % 2 == 0 or exponent % 2 == 0:
        raise KeyRefused("An RSA key's numbers are both odd; this is not a key.")
    rsa.RSAPublicNumbers(exponent, modulus).public_key()
    return {"e": _text(exponent), "kty": "RSA", "n": _text(modulus)}


def _ec_members(key: Mapping[str, object]) -> dict[str, str]:
    name = str(key["crv"])
    curve = _CURVES[name]()
    x, y = _number(key, "x"), _number(key, "y")
    ec.EllipticCurvePublicNumbers(x, y, curve).public_key()
    size = curve.key_size // 8
    return {"crv": name, "kty": "EC", "x": _text(x, size), "y": _text(y, size)}


def _number(key: Mapping[str, object], member: str) -> int:
    value = key.get(member)
    if not isinstance(value, str) or len(value) > 1024:
        raise KeyRefused(f"A key needs the member {member}, as base64url.")
    try:
        return int.from_bytes(from_base64url(value), "big")
    except Malformed as error:
        raise KeyRefused(f"A key's member {member} {error}.") from error


def _text(number: int, size: int = 0) -> str:
    return to_base64url(number.to_bytes(size or (number.bit_length() + 7) // 8, "big"))
