"""Signatures: assertions that clients sign, access tokens that we sign. The only module that touches JOSE.

python-jose makes and checks signatures here and does nothing else. It reads JSON leniently, accepts any
algorithm when none is named and lets infinity pass for a time, so a token is taken apart strictly first
(``strict.py``), the library is always given one key and one algorithm, and whatever it raises is a refusal.
"""

import hashlib
from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from threading import Lock

from jose import jwk, jws
from jose.backends.base import Key

from app.kit.canonical import canonical
from app.kit.ids import is_id
from app.security.assertions import SKEW_SECONDS, Assertion, Grant, read_claims
from app.security.clients import Client
from app.security.errors import InvalidClient, InvalidToken, TokenExpired
from app.security.jwks import ALGORITHMS, PublicKey
from app.security.keys import SigningKey, public_members
from app.security.principal import Caller
from app.security.scopes import Function, Scope
from app.security.strict import Malformed, from_base64url, parse_object

MAX_ASSERTION_CHARACTERS = 8 * 1024
MAX_TOKEN_CHARACTERS = 4 * 1024
TOKEN_LIFE_SECONDS = 600
CACHE_SIZE = 4096

_ASSERTION_TYPES = (None, "JWT", "client-authentication+jwt")
_ACCESS_TYPE = "at+jwt"
_ACCESS_ALGORITHM = "ES256"
# Headers that change what is verified, or bring the key to verify with (RFC 7515, 4.1; RFC 7516; RFC 7797).
_REFUSED_HEADERS = ("b64", "crit", "enc", "jku", "jwk", "x5c", "x5u", "zip")


@dataclass(frozen=True, slots=True)
class _Parts:
    """A compact JWS taken apart; nothing in it is believed yet."""

    header: Mapping[str, object]
    claims: Mapping[str, object]


def verify_assertion(text: str, find_client: Callable[[str], Client | None], audience: str, now: datetime) -> Assertion:
    """Verify a client assertion (RFC 7523, 3): signed by a key of the client it names, current, and for us.

    Whether its jti was used before is told by the row that is kept; whether the client still may, by ``grant``.
    Raises InvalidClient, whose detail names the claim that was wrong.
    """
    try:
        parts = _take_apart(text, MAX_ASSERTION_CHARACTERS)
    except Malformed as error:
        raise InvalidClient(f"client_assertion: {error}.") from None
    algorithm, kid = _assertion_header(parts.header)
    key = _key(_client(parts.claims, find_client), kid, algorithm)
    if not _signed_by(text, dict(key.jwk), algorithm):
        raise InvalidClient("signature: was not made over this assertion by the registered key that kid names.")
    return read_claims(parts.claims, hashlib.sha256(text.encode("ascii")).hexdigest(), audience, now)


class Tokens:
    """Issues our access tokens and verifies them (ES256, ten minutes, RFC 9068).

    ``others`` are keys not signed with but honoured, so that keys rotate without downtime: every process
    learns the new key as one of the others before any process signs with it, and honours the old one for ten
    minutes after. Verified tokens are remembered, by digest and never past their end; revocation is not
    decided here but by the client's row, on every request.
    """

    def __init__(self, current: SigningKey, issuer: str, others: Iterable[SigningKey] = ()) -> None:
        keys = (current, *others)
        self._issuer = issuer
        self._kid = current.kid
        self._signer = jwk.construct(current.pem, _ACCESS_ALGORITHM)
        self._public = {key.kid: public_members(key) for key in keys}
        self._verifiers = {
            kid: jwk.construct(dict(members), _ACCESS_ALGORITHM) for kid, members in self._public.items()
        }
        self._verified = _Remembered(CACHE_SIZE)

    def issue(self, grant: Grant, practitioner_id: str | None, now: datetime) -> str:
        """Return a signed access token for what was granted; a granted practitioner comes with their id."""
        if (grant.practitioner is None) != (practitioner_id is None):
            raise ValueError("a practitioner and their id go together")
        issued_at = int(now.timestamp())
        claims = {
            "iss": self._issuer,
            "aud": self._issuer,
            "sub": grant.client_id,
            "client_id": grant.client_id,
            "iat": issued_at,
            "exp": issued_at + TOKEN_LIFE_SECONDS,
            "jti": grant.assertion_digest,
            "scope": " ".join(sorted(grant.scopes)),
            "organisation": grant.organisation,
            "client_organisation": grant.client_organisation,
            "function": grant.function,
            "practitioner_id": practitioner_id,
            "purpose": grant.purpose,
        }
        return jws.sign(canonical(claims), self._signer, {"typ": _ACCESS_TYPE, "kid": self._kid}, _ACCESS_ALGORITHM)

    def verify(self, text: str, now: datetime) -> Caller:
        """Return who is calling. Raises InvalidToken or TokenExpired."""
        if len(text) > MAX_TOKEN_CHARACTERS or not text.isascii():
            raise InvalidToken
        digest = hashlib.sha256(text.encode("ascii")).digest()
        found = self._verified.get(digest)
        if found is None:
            found = self._verify(text, int(now.timestamp()))
            self._verified.put(digest, found)
        caller, expires_at = found
        if expires_at <= now.timestamp():
            raise TokenExpired
        return caller

    def jwks(self) -> dict[str, list[dict[str, str]]]:
        """The public keys tokens may be signed with, as a JWK set (RFC 7517)."""
        marks = {"use": "sig", "alg": _ACCESS_ALGORITHM}
        return {"keys": [{**members, "kid": kid, **marks} for kid, members in self._public.items()]}

    def _verify(self, text: str, now: int) -> tuple[Caller, int]:
        try:
            parts = _take_apart(text, MAX_TOKEN_CHARACTERS)
        except Malformed as error:
            raise InvalidToken(f"The token {error}.") from None
        verifier = self._verifier(parts.header)
        if not _signed_by(text, verifier, _ACCESS_ALGORITHM):
            raise InvalidToken("The token was not signed by this service.")
        return _caller(parts.claims), self._expiry(parts.claims, now)

    def _verifier(self, header: Mapping[str, object]) -> Key:
        if header.get("typ") != _ACCESS_TYPE or header.get("alg") != _ACCESS_ALGORITHM:
            raise InvalidToken("This is not an access token: send what the token endpoint returned, not an assertion.")
        if any(name in header for name in _REFUSED_HEADERS):
            raise InvalidToken
        kid = header.get("kid")
        if not isinstance(kid, str) or kid not in self._verifiers:
            raise InvalidToken("The token was signed with a key this service does not use. Ask for a new one.")
        return self._verifiers[kid]

    def _expiry(self, claims: Mapping[str, object], now: int) -> int:
        if claims.get("iss") != self._issuer or claims.get("aud") != self._issuer:
            raise InvalidToken("The token was issued by, or for, another service.")
        issued_at, expires_at = claims.get("iat"), claims.get("exp")
        if type(issued_at) is not int or type(expires_at) is not int:
            raise InvalidToken
        if issued_at > now + SKEW_SECONDS or not 0 < expires_at - issued_at <= TOKEN_LIFE_SECONDS:
            raise InvalidToken
        return expires_at


class _Remembered:
    """A bounded memory of verified tokens; the least recently used is forgotten first."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._lock = Lock()
        self._items: OrderedDict[bytes, tuple[Caller, int]] = OrderedDict()

    def get(self, digest: bytes) -> tuple[Caller, int] | None:
        with self._lock:
            found = self._items.get(digest)
            if found is not None:
                self._items.move_to_end(digest)
            return found

    def put(self, digest: bytes, found: tuple[Caller, int]) -> None:
        with self._lock:
            self._items[digest] = found
            if len(self._items) > self._size:
                self._items.popitem(last=False)


def _take_apart(text: str, limit: int) -> _Parts:
    if len(text) > limit:
        raise Malformed(f"is longer than {limit} characters")
    segments = text.split(".")
    if len(segments) != 3 or not text.isascii():
        raise Malformed("is not a signed JWT: three parts of base64url with dots between")
    header, claims, signature = (from_base64url(segment) for segment in segments)
    if not signature:
        raise Malformed("is not signed")
    return _Parts(parse_object(header), parse_object(claims))


def _signed_by(text: str, key: Key | dict[str, str], algorithm: str) -> bool:
    try:
        jws.verify(text, key, algorithms=[algorithm])
    except Exception:  # noqa: BLE001 - the library raises more kinds than it documents; each of them means no
        return False
    return True


def _assertion_header(header: Mapping[str, object]) -> tuple[str, str]:
    for name in _REFUSED_HEADERS:
        if name in header:
            raise InvalidClient(f"{name}: must not stand in the header; keys are registered, and nothing is critical.")
    algorithm, kid = header.get("alg"), header.get("kid")
    if not isinstance(algorithm, str) or algorithm not in ALGORITHMS:
        raise InvalidClient(f"alg: must be one of {', '.join(ALGORITHMS)}.")
    if header.get("typ") not in _ASSERTION_TYPES:
        raise InvalidClient("typ: must be JWT or client-authentication+jwt, or absent.")
    if not isinstance(kid, str):
        raise InvalidClient("kid: must name in the header the registered key that signed.")
    return algorithm, kid


def _client(claims: Mapping[str, object], find_client: Callable[[str], Client | None]) -> Client:
    issuer = claims.get("iss")
    client = find_client(issuer) if isinstance(issuer, str) and is_id("cli", issuer) else None
    if client is None:
        raise InvalidClient("iss: must be the id of a registered client.")
    if claims.get("sub") != issuer:
        raise InvalidClient("sub: must be the client id, the same as iss.")
    return client


def _key(client: Client, kid: str, algorithm: str) -> PublicKey:
    key = client.keys.get(kid)
    if key is None:
        raise InvalidClient("kid: is not one of the keys registered for this client.")
    if not key.fits(algorithm):
        raise InvalidClient(f"alg: does not go with the registered key, which is {key.kind}.")
    return key


def _caller(claims: Mapping[str, object]) -> Caller:
    try:
        return Caller(
            client_id=_word(claims, "client_id"),
            organisation=_word(claims, "organisation"),
            client_organisation=_word(claims, "client_organisation"),
            function=Function(_word(claims, "function")),
            practitioner_id=None if claims["practitioner_id"] is None else _word(claims, "practitioner_id"),
            purpose=None if claims["purpose"] is None else _word(claims, "purpose"),
            scopes=frozenset(map(Scope, _word(claims, "scope").split())),
            assertion_digest=_word(claims, "jti"),
        )
    except (KeyError, TypeError, ValueError):
        raise InvalidToken("The token was issued by an earlier version of this service. Ask for a new one.") from None


def _word(claims: Mapping[str, object], name: str) -> str:
    value = claims[name]
    if not isinstance(value, str):
        raise TypeError(name)
    return value
