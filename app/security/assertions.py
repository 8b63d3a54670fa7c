"""What a signed assertion must say, and what may be granted on it. Verifies no signature, reads no table."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from app.security.clients import Client
from app.security.errors import (
    ClientRevoked,
    InvalidClient,
    InvalidPurpose,
    NothingGranted,
    WrongFunction,
    WrongOrganisation,
)
from app.security.practitioner import read_practitioner
from app.security.principal import Practitioner
from app.security.purposes import Purpose
from app.security.scopes import FUNCTION_SCOPES, Function, Scope

MAX_LIFE_SECONDS = 300
SKEW_SECONDS = 30

_CLOCK = f"Your clock must be accurate to within {SKEW_SECONDS} seconds."
_JTI = re.compile(r"[!-~]{1,128}")


@dataclass(frozen=True, slots=True)
class Assertion:
    """An assertion proved to be signed by ``client_id`` and current.

    ``practitioner`` and ``purpose`` are as asserted, unread: ``grant`` reads them, so that a refusal of them
    is a refusal of a known client. ``digest`` is the SHA-256 of the signed text in hex.
    """

    client_id: str
    jti: str
    digest: str
    issued_at: datetime
    expires_at: datetime
    practitioner: object
    purpose: object


@dataclass(frozen=True, slots=True)
class Requested:
    """What the token request asks for. No organisation: the client's own. No scope: all it may hold."""

    function: str
    organisation: str | None = None
    scope: str | None = None


@dataclass(frozen=True, slots=True)
class Grant:
    """What a token may be issued for."""

    client_id: str
    client_organisation: str
    organisation: str
    function: Function
    scopes: frozenset[Scope]
    practitioner: Practitioner | None
    purpose: str | None
    assertion_digest: str


def read_claims(claims: Mapping[str, object], digest: str, audience: str, now: datetime) -> Assertion:
    """Check the claims of an assertion whose signature holds (RFC 7523, 3). Raises InvalidClient."""
    if claims.get("aud") != audience:
        raise InvalidClient(f"aud: must be the one string {audience}, not a list.")
    issued_at, expires_at = _times(claims, int(now.timestamp()))
    jti = claims.get("jti")
    if not isinstance(jti, str) or not _JTI.fullmatch(jti):
        raise InvalidClient("jti: must be 1 to 128 printable ASCII characters without spaces, never used before.")
    return Assertion(
        client_id=str(claims["iss"]),
        jti=jti,
        digest=digest,
        issued_at=datetime.fromtimestamp(issued_at, UTC),
        expires_at=datetime.fromtimestamp(expires_at, UTC),
        practitioner=claims.get("practitioner"),
        purpose=claims.get("purpose"),
    )


def grant(assertion: Assertion, client: Client, requested: Requested) -> Grant:
    """Work out what this client may have. ``client`` is as it stands now, so that revocation works at once.

    Raises ClientRevoked, WrongFunction, WrongOrganisation, NothingGranted, InvalidPractitioner or
    InvalidPurpose, each of them about an authenticated client and therefore to be recorded.
    """
    if assertion.client_id != client.id:
        raise ValueError("the assertion is another client's")
    if client.revoked:
        raise ClientRevoked
    function = _function(client, requested.function)
    claim = assertion.practitioner
    return Grant(
        client_id=client.id,
        client_organisation=client.organisation,
        organisation=_organisation(client, requested.organisation),
        function=function,
        scopes=_scopes(client, function, requested.scope),
        practitioner=None if claim is None else read_practitioner(claim),
        purpose=_purpose(assertion.purpose),
        assertion_digest=assertion.digest,
    )


def _times(claims: Mapping[str, object], now: int) -> tuple[int, int]:
    issued_at, expires_at = _seconds(claims, "iat"), _seconds(claims, "exp")
    if issued_at > now + SKEW_SECONDS:
        raise InvalidClient(f"iat: lies in the future. {_CLOCK}")
    if "nbf" in claims and _seconds(claims, "nbf") > now + SKEW_SECONDS:
        raise InvalidClient(f"nbf: lies in the future. {_CLOCK}")
    if expires_at <= now - SKEW_SECONDS:
        raise InvalidClient(f"exp: has passed. {_CLOCK}")
    if not 0 < expires_at - issued_at <= MAX_LIFE_SECONDS:
        raise InvalidClient(f"exp: must be after iat, by no more than {MAX_LIFE_SECONDS} seconds.")
    return issued_at, expires_at


def _seconds(claims: Mapping[str, object], name: str) -> int:
    value = claims.get(name)
    # A bool is an int to Python; 1e400 has become infinity by the time it is seen here.
    if type(value) is not int or not 0 < value < 2**40:
        raise InvalidClient(f"{name}: must be given, as a whole number of seconds since 1970 (UTC).")
    return value


def _function(client: Client, asked: str) -> Function:
    if asked not in client.functions:
        raise WrongFunction(f"function: must be one of {', '.join(sorted(client.functions))} for this client.")
    return Function(asked)


def _organisation(client: Client, asked: str | None) -> str:
    if asked is None or asked == client.organisation:
        return client.organisation
    if asked not in client.acts_for:
        raise WrongOrganisation("organisation: has not delegated to this client.")
    return asked


def _scopes(client: Client, function: Function, asked: str | None) -> frozenset[Scope]:
    possible = client.scopes & FUNCTION_SCOPES[function]
    granted = possible if asked is None else frozenset(filter(asked.split().__contains__, possible))
    if not granted:
        raise NothingGranted(f"scope: {function} may hold {', '.join(sorted(possible)) or 'nothing'} for this client.")
    return granted


def _purpose(claim: object) -> str | None:
    if claim is None:
        return None
    if claim not in list(Purpose):
        raise InvalidPurpose(f"purpose: must be one of {', '.join(Purpose)}.")
    return str(claim)
