"""Client assertions: what is believed, and everything that is not, each really signed."""

import json
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256

from app.security.clients import Client
from app.security.errors import InvalidClient
from app.security.jwks import read_key_set
from app.security.scopes import Function, Scope
from app.security.tokens import verify_assertion
from tests.rules.signing import (
    AUDIENCE,
    CLIENT_ID,
    NOW,
    SECONDS,
    claims,
    ec_key,
    encoded,
    jwk,
    key_set,
    pem,
    rsa_key,
    sign,
    sign_raw,
)

P256, P384, RSA = ec_key("one"), ec_key("two", ec.SECP384R1), rsa_key(2048)
KEYS = read_key_set(key_set(jwk(P256, "p256"), jwk(P384, "p384"), jwk(RSA, "rsa")))
CLIENT = Client(
    id=CLIENT_ID,
    organisation="E06000001",
    name="Case system",
    functions=frozenset({Function.SOCIAL_CARE}),
    scopes=frozenset({Scope.NOTIFICATIONS_SEND}),
    acts_for=frozenset(),
    keys={key.kid: key for key in KEYS},
)
HEADER = {"alg": "ES256", "kid": "p256", "typ": "JWT"}


def find(client_id: str) -> Client | None:
    return CLIENT if client_id == CLIENT_ID else None


def header(**changes: Any) -> dict[str, Any]:
    return {name: value for name, value in (HEADER | changes).items() if value is not None}


def signed(head: dict[str, Any] | None = None, **changes: Any) -> str:
    return sign(P256, head or HEADER, claims(**changes))


def body(**raw: str) -> str:
    """Claims as JSON text, with members written exactly as given."""
    members = [f"{json.dumps(name)}: {value}" for name, value in raw.items()]
    kept = {name: value for name, value in claims().items() if name not in raw}
    return "{" + ", ".join([json.dumps(kept)[1:-1], *members]) + "}"


def with_signature_of(first: str, second: str) -> str:
    return ".".join([*second.split(".")[:2], first.split(".")[2]])


UNSIGNED = signed().rsplit(".", 1)[0]

ACCEPTED = {
    "ES256": signed(),
    "ES384": sign(P384, header(alg="ES384", kid="p384"), claims()),
    "RS256": sign(RSA, header(alg="RS256", kid="rsa"), claims()),
    "RS384": sign(RSA, header(alg="RS384", kid="rsa"), claims()),
    "RS512": sign(RSA, header(alg="RS512", kid="rsa"), claims()),
    "no typ": signed(header(typ=None)),
    "typ client-authentication+jwt": signed(header(typ="client-authentication+jwt")),
    "a header nobody knows": signed(header(x5t="abc")),
    "issued 30 seconds ahead": signed(iat=SECONDS + 30),
    "ended 29 seconds ago": signed(iat=SECONDS - 329, exp=SECONDS - 29),
    "not before now": signed(nbf=SECONDS),
    "a claim nobody knows": signed(other=["x"]),
}

REFUSED = {
    "nothing at all": ("", "client_assertion"),
    "words": ("not a token", "client_assertion"),
    "two parts": (signed().rsplit(".", 1)[0], "client_assertion"),
    "five parts, as encrypted tokens have": ("a.b.c.d.e", "client_assertion"),
    "an empty signature": (signed().rsplit(".", 1)[0] + ".", "client_assertion"),
    "padding": (signed() + "==", "client_assertion"),
    "a stray character in the signature": (signed()[:-3] + "!" + signed()[-3:], "client_assertion"),
    "letters beyond ASCII": (signed() + "é", "client_assertion"),
    "too long": (signed(other="x" * 8192), "client_assertion"),
    "nested beyond reading": (sign_raw(P256, json.dumps(HEADER), "[" * 4000), "client_assertion"),
    "a list as claims": (sign_raw(P256, json.dumps(HEADER), "[]"), "client_assertion"),
    "a claim twice": (
        sign_raw(P256, json.dumps(HEADER), body(iss='"x"', exp='1, "exp": 2')),
        "client_assertion",
    ),
    "a header twice": (
        sign_raw(P256, '{"alg":"ES256","kid":"p256","alg":"ES256"}', json.dumps(claims())),
        "client_assertion",
    ),
    "NaN": (sign_raw(P256, json.dumps(HEADER), body(exp="NaN")), "client_assertion"),
    "Infinity": (sign_raw(P256, json.dumps(HEADER), body(exp="Infinity")), "client_assertion"),
    "UTF-16": (
        f"{encoded(json.dumps(HEADER).encode('utf-16'))}.{signed().split('.', 1)[1]}",
        "client_assertion",
    ),
    "alg none": (sign(P256, header(alg="none"), claims()), "client_assertion"),
    "alg none with a signature": (
        with_signature_of(signed(), sign(P256, header(alg="none"), claims())),
        "alg",
    ),
    "alg None": (with_signature_of(signed(), sign(P256, header(alg="None"), claims())), "alg"),
    "no alg": (with_signature_of(signed(), sign(P256, header(alg=None), claims())), "alg"),
    "alg as a list": (with_signature_of(signed(), sign(P256, header(alg=["ES256"]), claims())), "alg"),
    "HS256 with the public key as the secret": (
        sign(pem(RSA), header(alg="HS256", kid="rsa"), claims()),
        "alg",
    ),
    "HS256 with the public point as the secret": (
        sign(jwk(P256, "p256")["x"].encode(), header(alg="HS256"), claims()),
        "alg",
    ),
    "PS256": (sign(RSA, header(alg="PS256", kid="rsa"), claims()), "alg"),
    "ES512": (with_signature_of(signed(), sign(P256, header(alg="ES512"), claims())), "alg"),
    "EdDSA": (with_signature_of(signed(), sign(P256, header(alg="EdDSA"), claims())), "alg"),
    "RS256 named, kid of a P-256 key": (sign(RSA, header(alg="RS256"), claims()), "alg"),
    "ES256 named, kid of a P-384 key": (signed(header(kid="p384")), "alg"),
    "ES384 named, signed by P-256": (sign(P256, header(alg="ES384", kid="p384"), claims()), "signature"),
    "no kid": (signed(header(kid=None)), "kid"),
    "an unknown kid": (signed(header(kid="p257")), "kid"),
    "a kid that is a path": (signed(header(kid="../../dev/null")), "kid"),
    "a kid that is a list": (signed(header(kid=["p256"])), "kid"),
    "crit": (signed(header(crit=["exp"])), "crit"),
    "crit, empty": (signed(header(crit=[])), "crit"),
    "unencoded payload": (signed(header(b64=False)), "b64"),
    "a key in the header": (sign(ec_key("evil"), header(jwk=jwk(ec_key("evil"), "p256")), claims()), "jwk"),
    "a key address in the header": (signed(header(jku="https://evil.example.test/jwks")), "jku"),
    "a certificate address in the header": (signed(header(x5u="https://evil.example.test/x")), "x5u"),
    "a certificate in the header": (signed(header(x5c=["MIIB"])), "x5c"),
    "compressed": (signed(header(zip="DEF")), "zip"),
    "typ of an access token": (signed(header(typ="at+jwt")), "typ"),
    "typ that is not text": (signed(header(typ=1)), "typ"),
    "another key under a known kid": (sign(ec_key("evil"), HEADER, claims()), "signature"),
    "the signature of another assertion": (with_signature_of(signed(), signed(jti="2")), "signature"),
    "a DER signature": (
        f"{UNSIGNED}.{encoded(P256.sign(UNSIGNED.encode(), ec.ECDSA(SHA256())))}",
        "signature",
    ),
    "a signature of zeros": (".".join([*signed().split(".")[:2], encoded(bytes(64))]), "signature"),
    "an unknown client": (
        signed(iss="cli_01jdyb3m0000000000000000zz", sub="cli_01jdyb3m0000000000000000zz"),
        "iss",
    ),
    "an issuer that is no id": (signed(iss="' OR 1=1 --\u0000"), "iss"),
    "an issuer that is half a character": (sign_raw(P256, json.dumps(HEADER), body(iss='"\\ud800"')), "iss"),
    "no issuer": (signed(iss=None), "iss"),
    "a subject that is not the issuer": (signed(sub="cli_01jdyb3m0000000000000000zz"), "sub"),
    "no subject": (signed(sub=None), "sub"),
    "another audience": (signed(aud="https://other.example.test/oauth2/token"), "aud"),
    "the issuer as audience": (signed(aud="https://notify.example.test"), "aud"),
    "a list as audience": (signed(aud=[AUDIENCE]), "aud"),
    "ours among audiences": (signed(aud=[AUDIENCE, "https://other.example.test"]), "aud"),
    "no audience": (signed(aud=None), "aud"),
    "no exp": (signed(exp=None), "exp"),
    "an infinite exp": (sign_raw(P256, json.dumps(HEADER), body(exp="1e400")), "exp"),
    "a float exp": (signed(exp=SECONDS + 60.0), "exp"),
    "exp in exponents": (sign_raw(P256, json.dumps(HEADER), body(exp="17e8")), "exp"),
    "exp as text": (signed(exp=str(SECONDS + 60)), "exp"),
    "exp true": (signed(exp=True), "exp"),
    "exp below zero": (signed(exp=-1), "exp"),
    "exp in milliseconds": (signed(exp=(SECONDS + 60) * 1000), "exp"),
    "exp of a thousand digits": (sign_raw(P256, json.dumps(HEADER), body(exp="9" * 1000)), "exp"),
    "exp of five thousand digits": (
        sign_raw(P256, json.dumps(HEADER), body(exp="9" * 5000)),
        "client_assertion",
    ),
    "expired": (signed(iat=SECONDS - 330, exp=SECONDS - 30), "exp"),
    "a life of 301 seconds": (signed(exp=SECONDS + 301), "exp"),
    "exp before iat": (signed(iat=SECONDS + 20, exp=SECONDS + 10), "exp"),
    "no iat": (signed(iat=None), "iat"),
    "a float iat": (signed(iat=SECONDS + 0.5), "iat"),
    "iat false": (signed(iat=False), "iat"),
    "iat in the future": (signed(iat=SECONDS + 31), "iat"),
    "nbf in the future": (signed(nbf=SECONDS + 31), "nbf"),
    "nbf that is no time": (signed(nbf="now"), "nbf"),
    "no jti": (signed(jti=None), "jti"),
    "an empty jti": (signed(jti=""), "jti"),
    "a long jti": (signed(jti="x" * 129), "jti"),
    "a jti with a space": (signed(jti="Ada Example"), "jti"),
    "a jti that ends its line": (signed(jti="1\n"), "jti"),
    "a jti that is a number": (signed(jti=1), "jti"),
}


@pytest.mark.parametrize("text", ACCEPTED.values(), ids=ACCEPTED.keys())
def test_an_assertion_in_order_is_accepted(text: str) -> None:
    assertion = verify_assertion(text, find, AUDIENCE, NOW)
    assert (assertion.client_id, assertion.jti, len(assertion.digest)) == (CLIENT_ID, "8d3c7a1e", 64)


@pytest.mark.parametrize(("text", "claim"), REFUSED.values(), ids=REFUSED.keys())
def test_any_other_is_refused_with_the_claim_that_was_wrong(text: str, claim: str) -> None:
    with pytest.raises(InvalidClient) as refusal:
        verify_assertion(text, find, AUDIENCE, NOW)
    assert refusal.value.detail.split(":")[0] == claim


def test_a_refusal_repeats_nothing_that_was_sent() -> None:
    for text, _ in REFUSED.values():
        with pytest.raises(InvalidClient) as refusal:
            verify_assertion(text, find, AUDIENCE, NOW)
        assert "evil" not in refusal.value.detail
        assert "Ada" not in refusal.value.detail


def test_a_refusal_about_time_tells_how_accurate_a_clock_must_be() -> None:
    with pytest.raises(InvalidClient, match="invalid_client") as refusal:
        verify_assertion(signed(iat=SECONDS + 31), find, AUDIENCE, NOW)
    assert "accurate to within 30 seconds" in refusal.value.detail


def test_every_single_character_of_an_assertion_counts() -> None:
    text = signed()
    for place in range(len(text)):
        changed = text[:place] + ("A" if text[place] != "A" else "B") + text[place + 1 :]
        with pytest.raises(InvalidClient):
            verify_assertion(changed, find, AUDIENCE, NOW)
