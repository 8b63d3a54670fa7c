"""Really signed tokens, right or wrong in any way a test needs; made without the library under test."""

import hashlib
import hmac
import json
from base64 import urlsafe_b64encode
from datetime import UTC, datetime
from functools import cache
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

NOW = datetime(2026, 11, 22, 2, 10, tzinfo=UTC)
SECONDS = int(NOW.timestamp())
AUDIENCE = "https://notify.example.test/oauth2/token"
CLIENT_ID = "cli_01jdyb3m0000000000000000aa"

Key = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey
_HASHES: dict[str, type[hashes.SHA256 | hashes.SHA384 | hashes.SHA512]] = {
    "256": hashes.SHA256,
    "384": hashes.SHA384,
    "512": hashes.SHA512,
}
_DIGESTS = {"HS256": hashlib.sha256, "HS384": hashlib.sha384, "HS512": hashlib.sha512}


@cache
def ec_key(name: str = "one", curve: type[ec.EllipticCurve] = ec.SECP256R1) -> ec.EllipticCurvePrivateKey:
    """A key that is the same for the same name."""
    return ec.generate_private_key(curve())


@cache
def rsa_key(bits: int = 2048) -> rsa.RSAPrivateKey:
    """A key that is the same for the same size."""
    return rsa.generate_private_key(65537, bits)


def encoded(data: bytes) -> str:
    return urlsafe_b64encode(data).rstrip(b"=").decode()


def number(value: int, size: int = 0) -> str:
    return encoded(value.to_bytes(size or (value.bit_length() + 7) // 8, "big"))


def jwk(key: Key, kid: str, **more: Any) -> dict[str, Any]:
    """The public half as a JWK."""
    if isinstance(key, rsa.RSAPrivateKey):
        public = key.public_key().public_numbers()
        return {"kty": "RSA", "n": number(public.n), "e": number(public.e), "kid": kid, **more}
    point, size = key.public_key().public_numbers(), (key.key_size + 7) // 8
    curve = f"P-{key.key_size}"
    return {
        "kty": "EC",
        "crv": curve,
        "x": number(point.x, size),
        "y": number(point.y, size),
        "kid": kid,
        **more,
    }


def key_set(*keys: dict[str, Any]) -> str:
    return json.dumps({"keys": keys})


def pem(key: Key) -> bytes:
    return key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


def claims(**changes: Any) -> dict[str, Any]:
    """The claims of an assertion: valid by default; ``None`` leaves a claim out."""
    good = {
        "iss": CLIENT_ID,
        "sub": CLIENT_ID,
        "aud": AUDIENCE,
        "iat": SECONDS,
        "exp": SECONDS + 300,
        "jti": "8d3c7a1e",
    }
    return {name: value for name, value in (good | changes).items() if value is not None}


def sign(key: Key | bytes, header: dict[str, Any], body: dict[str, Any] | str) -> str:
    """Sign with the algorithm the header names; with none that is known, leave the signature empty."""
    text = body if isinstance(body, str) else json.dumps(body)
    signed = f"{encoded(json.dumps(header).encode())}.{encoded(text.encode())}"
    return f"{signed}.{encoded(_signature(key, str(header.get('alg')), signed.encode()))}"


def sign_raw(key: ec.EllipticCurvePrivateKey, header: str, body: str) -> str:
    """Sign exactly this text with ES256."""
    signed = f"{encoded(header.encode())}.{encoded(body.encode())}"
    return f"{signed}.{encoded(_signature(key, 'ES256', signed.encode()))}"


def _signature(key: Key | bytes, algorithm: str, data: bytes) -> bytes:
    if isinstance(key, bytes):
        return hmac.new(key, data, _DIGESTS[algorithm]).digest()
    if algorithm[2:] not in _HASHES:
        return b""
    chosen = _HASHES[algorithm[2:]]()
    if isinstance(key, rsa.RSAPrivateKey):
        if algorithm.startswith("PS"):
            return key.sign(data, padding.PSS(padding.MGF1(chosen), chosen.digest_size), chosen)
        return key.sign(data, padding.PKCS1v15(), chosen)
    r, s = decode_dss_signature(key.sign(data, ec.ECDSA(chosen)))
    size = (key.key_size + 7) // 8
    return r.to_bytes(size, "big") + s.to_bytes(size, "big")
