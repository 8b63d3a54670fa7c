"""The service from outside: what a council's own system does to get a token and to call.

A client file is JSON beside the private key: ``url`` of the service, ``client_id``, ``kid``, and ``key``, the
name of the PEM file in the same folder.
"""

import json
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from app.security.strict import to_base64url

ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
_ASSERTION_LIFE_SECONDS = 120
_P256_BYTES = 32


class TokenRefused(Exception):
    """No token: the service said no, or there is no service. The text is a sentence for a person."""


@dataclass(frozen=True, slots=True)
class Client:
    """A registered system: where the service is, who it is there, and its P-256 key."""

    url: str
    client_id: str
    kid: str
    key: ec.EllipticCurvePrivateKey = field(repr=False)


def read_client(path: Path) -> Client:
    """Read a client file and its key. Raises TokenRefused where either is not what it should be."""
    try:
        told = json.loads(path.read_bytes())
        key = load_pem_private_key((path.parent / told["key"]).read_bytes(), password=None)
        if not isinstance(key, ec.EllipticCurvePrivateKey) or key.key_size != _P256_BYTES * 8:
            raise TypeError
        return Client(told["url"].rstrip("/"), told["client_id"], told["kid"], key)
    except (OSError, KeyError, TypeError, ValueError, AttributeError):
        raise TokenRefused(
            f"{path} must be JSON with url, client_id, kid and key: the name of a P-256 key in PEM beside it."
        ) from None


def ask_for_token(
    client: Client, function: str, person: Mapping[str, str] | None = None, organisation: str | None = None
) -> str:
    """Return an access token for one function and at most one person. Raises TokenRefused."""
    form = {
        "grant_type": "client_credentials",
        "client_assertion_type": ASSERTION_TYPE,
        "client_assertion": _assertion(client, person),
        "function": function,
        **({"organisation": organisation} if organisation else {}),
    }
    try:
        answer = httpx.post(f"{client.url}/oauth2/token", data=form, timeout=10)
    except httpx.HTTPError:
        raise TokenRefused(f"Nothing answers at {client.url}. Is the service running?") from None
    if answer.status_code != httpx.codes.OK:
        raise TokenRefused(_told(answer))
    return str(answer.json()["access_token"])


def _told(answer: httpx.Response) -> str:
    try:
        return str(answer.json()["detail"])
    except (ValueError, KeyError):
        return f"The service answered {answer.status_code}."


def _assertion(client: Client, person: Mapping[str, str] | None) -> str:
    now = int(time.time())
    claims: dict[str, Any] = {
        "iss": client.client_id,
        "sub": client.client_id,
        "aud": f"{client.url}/oauth2/token",
        "iat": now,
        "exp": now + _ASSERTION_LIFE_SECONDS,
        "jti": uuid4().hex,
    }
    if person:
        claims["practitioner"] = dict(person)
    header = {"alg": "ES256", "typ": "JWT", "kid": client.kid}
    signed = ".".join(to_base64url(json.dumps(part).encode()) for part in (header, claims))
    return f"{signed}.{to_base64url(_signature(client.key, signed.encode()))}"


def _signature(key: ec.EllipticCurvePrivateKey, text: bytes) -> bytes:
    numbers = decode_dss_signature(key.sign(text, ec.ECDSA(hashes.SHA256())))
    return b"".join(number.to_bytes(_P256_BYTES, "big") for number in numbers)
