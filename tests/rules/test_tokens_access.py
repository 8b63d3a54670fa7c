"""Access tokens: what we issue, and what we take for ours."""

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from app.security.assertions import Grant
from app.security.errors import InvalidToken, TokenExpired
from app.security.keys import KeyUnusable, SigningKey, load_signing_keys, make_demo_key
from app.security.principal import Caller, Practitioner
from app.security.scopes import Function, Scope
from app.security.tokens import Tokens, _Remembered
from tests.rules.signing import CLIENT_ID, NOW, SECONDS, ec_key, encoded, pem, rsa_key, sign, sign_raw

ISSUER = "https://notify.example.test"
GRANT = Grant(
    client_id=CLIENT_ID,
    client_organisation="E06000001",
    organisation="E06000002",
    function=Function.EMERGENCY_DUTY,
    scopes=frozenset({Scope.INBOX_READ, Scope.NOTIFICATIONS_READ}),
    practitioner=Practitioner("Sam Rivers", "Social worker"),
    purpose="placement",
    assertion_digest="ab" * 32,
)
CALLER = Caller(
    client_id=CLIENT_ID,
    organisation="E06000002",
    client_organisation="E06000001",
    function=Function.EMERGENCY_DUTY,
    practitioner_id="prc_01jdyb3m0000000000000000aa",
    purpose="placement",
    scopes=GRANT.scopes,
    assertion_digest="ab" * 32,
)
PRACTITIONER = CALLER.practitioner_id
HEADER = {"alg": "ES256", "kid": "now", "typ": "at+jwt"}


def signing_key(name: str, kid: str) -> SigningKey:
    private = ec_key(name).private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    return SigningKey(kid, private.decode())


TOKENS = Tokens(signing_key("service", "now"), ISSUER, [signing_key("older", "before")])


def claims(**changes: Any) -> dict[str, Any]:
    good = {
        "iss": ISSUER,
        "aud": ISSUER,
        "sub": CLIENT_ID,
        "client_id": CLIENT_ID,
        "iat": SECONDS,
        "exp": SECONDS + 600,
        "jti": "ab" * 32,
        "scope": "inbox:read notifications:read",
        "organisation": "E06000002",
        "client_organisation": "E06000001",
        "function": "emergency_duty",
        "practitioner_id": PRACTITIONER,
        "purpose": "placement",
    }
    return good | changes


def forged(head: dict[str, Any] | None = None, key: str = "service", **changes: Any) -> str:
    return sign(ec_key(key), HEADER | (head or {}), claims(**changes))


def without(name: str) -> str:
    return sign(ec_key("service"), HEADER, {key: value for key, value in claims().items() if key != name})


def infinite(text: str) -> str:
    body = json.dumps(claims(exp="@")).replace('"@"', text)
    return sign_raw(ec_key("service"), json.dumps(HEADER), body)


REFUSED = {
    "nothing": "",
    "beyond ASCII": forged() + "é",
    "too long": forged(purpose="x" * 4096),
    "alg none": sign(ec_key("service"), {**HEADER, "alg": "none"}, claims()) + encoded(b"x"),
    "HS256 with our public key": sign(pem(ec_key("service")), {**HEADER, "alg": "HS256"}, claims()),
    "RS256": sign(rsa_key(), {**HEADER, "alg": "RS256"}, claims()),
    "no typ": sign(ec_key("service"), {"alg": "ES256", "kid": "now"}, claims()),
    "typ JWT, as assertions have": forged({"typ": "JWT"}),
    "typ of another of our signatures": forged({"typ": "receipt+jwt"}),
    "typ in capitals": forged({"typ": "AT+JWT"}),
    "crit": forged({"crit": ["exp"]}),
    "a key in the header": forged({"jwk": {}}, key="evil"),
    "a key address": forged({"jku": "https://evil.example.test"}),
    "no kid": sign(ec_key("service"), {"alg": "ES256", "typ": "at+jwt"}, claims()),
    "a kid of nobody": forged({"kid": "then"}),
    "a kid that is a list": forged({"kid": ["now"]}),
    "our kid, another's key": forged(key="evil"),
    "the kid of the older key, signed by the newer": forged({"kid": "before"}),
    "a P-384 key": sign(ec_key("wide", ec.SECP384R1), HEADER, claims()),
    "another issuer": forged(iss="https://other.example.test"),
    "another audience": forged(aud="https://other.example.test"),
    "an audience list": forged(aud=[ISSUER]),
    "no audience": without("aud"),
    "no exp": without("exp"),
    "no iat": without("iat"),
    "exp 1e400": infinite("1e400"),
    "exp Infinity": infinite("Infinity"),
    "exp float": forged(exp=SECONDS + 60.0),
    "exp true": forged(exp=True),
    "a life of 601 seconds": forged(exp=SECONDS + 601),
    "issued in the future": forged(iat=SECONDS + 31, exp=SECONDS + 60),
    "a scope we do not have": forged(scope="inbox:read everything:write"),
    "a function we do not have": forged(function="director"),
    "no organisation": without("organisation"),
    "an organisation that is a list": forged(organisation=["E06000002"]),
    "a practitioner that is a number": forged(practitioner_id=7),
}


def test_what_was_granted_comes_back_from_the_token() -> None:
    assert TOKENS.verify(TOKENS.issue(GRANT, PRACTITIONER, NOW), NOW) == CALLER


def test_a_token_without_a_practitioner_names_none() -> None:
    plain = replace(GRANT, practitioner=None, purpose=None)
    assert TOKENS.verify(TOKENS.issue(plain, None, NOW), NOW) == replace(CALLER, practitioner_id=None, purpose=None)


def test_a_practitioner_never_goes_without_their_id_nor_the_id_without_them() -> None:
    with pytest.raises(ValueError, match="go together"):
        TOKENS.issue(GRANT, None, NOW)
    with pytest.raises(ValueError, match="go together"):
        TOKENS.issue(replace(GRANT, practitioner=None), PRACTITIONER, NOW)


@pytest.mark.parametrize("text", REFUSED.values(), ids=REFUSED.keys())
def test_a_token_that_is_not_ours_to_the_letter_is_refused(text: str) -> None:
    with pytest.raises(InvalidToken):
        TOKENS.verify(text, NOW)


def test_a_token_signed_by_the_key_before_is_still_honoured() -> None:
    before = Tokens(signing_key("older", "before"), ISSUER)
    assert TOKENS.verify(before.issue(GRANT, PRACTITIONER, NOW), NOW) == CALLER


def test_a_remembered_token_expires_like_any_other() -> None:
    token = TOKENS.issue(GRANT, PRACTITIONER, NOW)
    assert TOKENS.verify(token, NOW + timedelta(seconds=599)) == CALLER
    for _ in range(2):
        with pytest.raises(TokenExpired):
            TOKENS.verify(token, NOW + timedelta(seconds=600))


def test_the_memory_is_bounded_and_forgets_what_was_used_longest_ago() -> None:
    memory = _Remembered(2)
    memory.put(b"1", (CALLER, 1))
    memory.put(b"2", (CALLER, 2))
    memory.get(b"1")
    memory.put(b"3", (CALLER, 3))
    assert [memory.get(digest) is not None for digest in (b"1", b"2", b"3")] == [True, False, True]


def test_the_published_keys_are_public_and_hold_every_key_that_is_honoured() -> None:
    keys = TOKENS.jwks()["keys"]
    assert [key["kid"] for key in keys] == ["now", "before"]
    assert all(key.keys() == {"kty", "crv", "x", "y", "kid", "use", "alg"} for key in keys)


def test_a_demo_key_says_so_in_its_kid_and_is_readable_by_its_owner_only(tmp_path: Any) -> None:
    made = make_demo_key(tmp_path)
    assert made.is_demo
    assert (tmp_path / "token-signing.pem").stat().st_mode & 0o777 == 0o600
    assert load_signing_keys(tmp_path) == (made, ())
    assert "PRIVATE" not in repr(made)
    with pytest.raises(FileExistsError):
        make_demo_key(tmp_path)


def test_an_operators_key_has_its_thumbprint_for_a_kid_and_others_are_found_beside_it(tmp_path: Any) -> None:
    (tmp_path / "token-signing.pem").write_text(signing_key("service", "").pem)
    (tmp_path / "token-signing-2026-11.pem").write_text(signing_key("older", "").pem)
    current, (other,) = load_signing_keys(tmp_path)
    assert not current.is_demo
    assert len({current.kid, other.kid}) == 2
    assert Tokens(current, ISSUER, [other]).jwks()["keys"][1]["kid"] == other.kid


@pytest.mark.parametrize("content", [None, "", "not a key", pem(ec_key("service")).decode()])
def test_a_key_that_is_missing_or_no_private_key_stops_the_service(tmp_path: Any, content: str | None) -> None:
    if content is not None:
        (tmp_path / "token-signing.pem").write_text(content)
    with pytest.raises(KeyUnusable, match=r"token-signing\.pem"):
        load_signing_keys(tmp_path)
