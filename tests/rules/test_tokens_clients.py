"""Registering clients and their keys, ending them, and using an assertion once."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, timedelta
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from sqlalchemy import Connection, create_engine, insert, select
from sqlalchemy.exc import IntegrityError

from app.db.base import metadata
from app.security import clients, models
from app.security.assertions import Assertion
from app.security.clients import Client, RegistrationRefused
from app.security.jwks import KeyRefused, read_key_set
from app.security.replay import assertion_row
from app.security.scopes import Function, Scope
from tests.rules.signing import NOW, ec_key, encoded, jwk, key_set, number, rsa_key

P256 = jwk(ec_key("one"), "a")
RSA = jwk(rsa_key(), "b")


@pytest.fixture
def connection() -> Iterator[Connection]:
    engine = create_engine("sqlite://")
    tables = [models.clients, models.client_keys, models.practitioners, models.assertions]
    with engine.begin() as opened:
        metadata.create_all(opened, tables=tables)
        yield opened
    engine.dispose()


def register(connection: Connection, keys: str = key_set(P256), **changes: Any) -> Client:
    asked: dict[str, Any] = {
        "organisation": "E06000001",
        "name": "Case system",
        "functions": [Function.SOCIAL_CARE],
        "scopes": [Scope.NOTIFICATIONS_SEND, Scope.SENT_READ],
    }
    return clients.register(connection, **(asked | changes), key_set=keys, now=NOW)


def altered(**changes: Any) -> str:
    return key_set({name: value for name, value in (P256 | changes).items() if value is not None})


REFUSED_KEYS = {
    "not JSON": "keys",
    "a list": "[]",
    "no keys": "{}",
    "an empty set": key_set(),
    "eleven keys": key_set(*(jwk(ec_key(str(n)), str(n)) for n in range(11))),
    "a member twice": '{"keys": [], "keys": []}',
    "a key that is text": '{"keys": ["a"]}',
    "a private EC key": altered(d=encoded(b"x" * 32)),
    "a private RSA key": key_set(RSA | {"p": "AQ"}),
    "a shared secret": key_set({"kty": "oct", "k": "c2VjcmV0", "kid": "a"}),
    "no kid": altered(kid=None),
    "an empty kid": altered(kid=""),
    "a kid with a space": altered(kid="Ada Example"),
    "one kid twice": key_set(P256, RSA | {"kid": "a"}),
    "one key twice": key_set(P256, P256 | {"kid": "c"}),
    "RSA of 1024 bits": key_set(jwk(rsa_key(1024), "a")),
    "RSA of 4104 bits": key_set({"kty": "RSA", "n": number((1 << 4103) + 1), "e": "AQAB", "kid": "a"}),
    "RSA with exponent 3": key_set(RSA | {"e": "Aw"}),
    "RSA with an even modulus": key_set({"kty": "RSA", "n": number(1 << 2047), "e": "AQAB", "kid": "a"}),
    "RSA without a modulus": key_set({"kty": "RSA", "e": "AQAB", "kid": "a"}),
    "P-521": key_set(jwk(ec_key("huge", ec.SECP521R1), "a")),
    "secp256k1": altered(crv="secp256k1"),
    "Ed25519": key_set({"kty": "OKP", "crv": "Ed25519", "x": P256["x"], "kid": "a"}),
    "a point off the curve": altered(y=P256["x"]),
    "a point that is padded": altered(x=P256["x"] + "="),
    "a key for encryption": altered(use="enc"),
    "a key only to sign with": altered(key_ops=["sign"]),
    "the algorithm of another kind": altered(alg="RS256"),
    "an algorithm we do not take": key_set(RSA | {"alg": "PS256"}),
}


@pytest.mark.parametrize("text", REFUSED_KEYS.values(), ids=REFUSED_KEYS.keys())
def test_a_key_set_we_could_not_trust_is_not_registered(text: str) -> None:
    with pytest.raises(KeyRefused):
        read_key_set(text)


def test_keys_of_every_accepted_kind_are_registered() -> None:
    sizes = [jwk(rsa_key(bits), str(bits), use="sig", alg="RS512") for bits in (2048, 3072)]
    wide = jwk(ec_key("wide", ec.SECP384R1), "c", key_ops=["verify"])
    assert [key.kind for key in read_key_set(key_set(P256, *sizes, wide))] == ["P-256", "RSA", "RSA", "P-384"]


def test_the_thumbprint_is_the_one_of_rfc_7638() -> None:
    modulus = (
        "0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3"
        "oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdA"
        "ZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-"
        "kEgU8awapJzKnqDKgw"
    )
    (key,) = read_key_set(json.dumps({"keys": [{"kty": "RSA", "n": modulus, "e": "AQAB", "kid": "2011-04-29"}]}))
    assert key.thumbprint == "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs"


def test_a_client_is_found_as_it_was_registered(connection: Connection) -> None:
    made = register(connection, acts_for=["E06000002", "E06000001"])
    assert clients.find(connection, made.id) == made
    assert made.acts_for == {"E06000002"}
    assert not made.revoked
    assert clients.find(connection, "cli_unknown") is None


def test_one_key_cannot_be_registered_by_two_clients(connection: Connection) -> None:
    register(connection)
    with pytest.raises(KeyRefused, match="belongs to another client"):
        register(connection, key_set(RSA, P256 | {"kid": "other"}))


def test_one_key_written_with_leading_zeros_is_still_the_same_key(connection: Connection) -> None:
    register(connection, key_set(RSA))
    numbers = rsa_key().public_key().public_numbers()
    with pytest.raises(KeyRefused, match="belongs to another client"):
        register(connection, key_set(RSA | {"n": number(numbers.n, 300)}))


def test_keys_are_replaced_with_an_overlap_and_never_pass_to_another_client(connection: Connection) -> None:
    made = register(connection)
    clients.replace_keys(connection, made.id, key_set(P256, RSA))
    clients.replace_keys(connection, made.id, key_set(RSA))
    found = clients.find(connection, made.id)
    assert found is not None
    assert found.keys.keys() == {"b"}
    with pytest.raises(KeyRefused):
        register(connection)
    with pytest.raises(RegistrationRefused):
        clients.replace_keys(connection, "cli_unknown", key_set(jwk(ec_key("new"), "a")))


def test_access_ends_once_and_the_first_time_stands(connection: Connection) -> None:
    made = register(connection)
    assert clients.revoke(connection, made.id, NOW)
    assert not clients.revoke(connection, made.id, NOW + timedelta(days=1))
    found = clients.find(connection, made.id)
    assert found is not None
    assert found.revoked_at == "2026-11-22T02:10:00.000Z"


@pytest.mark.parametrize(
    "changes",
    [
        {"functions": []},
        {"scopes": []},
        {"functions": [Function.SAFEGUARDING_PARTNERSHIP], "scopes": [Scope.NOTIFICATIONS_ACKNOWLEDGE]},
        {"functions": [Function.PROVIDER, Function.SCHOOL], "scopes": [Scope.NOTIFICATIONS_SEND]},
        {"name": " "},
        {"name": "Case\u202esystem"},
    ],
)
def test_a_client_is_never_registered_beyond_what_its_functions_may_hold(
    connection: Connection, changes: dict[str, Any]
) -> None:
    with pytest.raises(RegistrationRefused):
        register(connection, **changes)


def test_an_assertion_is_used_once_by_each_client(connection: Connection) -> None:
    first = register(connection)
    second = register(connection, key_set(RSA))
    made = NOW.astimezone(UTC)
    assertion = Assertion(first.id, "1", "aa" * 32, made, made + timedelta(minutes=5), None, None)
    connection.execute(insert(models.assertions), [assertion_row(assertion, None, b"sealed")])
    elsewhere = replace(assertion, client_id=second.id, digest="bb" * 32)
    connection.execute(insert(models.assertions), [assertion_row(elsewhere, None, b"sealed")])
    for again in (assertion, replace(assertion, digest="cc" * 32)):
        with pytest.raises(IntegrityError):
            connection.execute(insert(models.assertions), [assertion_row(again, None, b"sealed")])
    assert len(connection.execute(select(models.assertions.c.digest)).all()) == 2
