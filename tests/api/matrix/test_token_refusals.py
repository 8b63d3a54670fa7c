"""The token endpoint: a false assertion, or a request beyond what a client may, gets a refusal and no token."""

import json
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import uuid4

import httpx
import pytest

from app.kit.errors import REGISTRY
from app.security.scopes import Function
from tests.api.matrix.routes import outcome
from tests.api.matrix.test_refusals import refusals
from tests.rules.signing import ec_key, pem, rsa_key, sign, sign_raw
from tests.world import LEEDS, PLAIN, SHROPSHIRE, SHROPSHIRE_HEALTH, TRUST, Registered, World

TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
FORM = "application/x-www-form-urlencoded"
MISCHIEF = "Mischief"


class Signer:
    """Signs assertions of one client, right but for one thing."""

    def __init__(self, world: World, client: Registered) -> None:
        self.world = world
        self.client = client

    @property
    def claims(self) -> dict[str, Any]:
        """What a good assertion says; its jti is new each time."""
        now = int(self.world.clock().timestamp())
        who = self.client.client_id
        good = {"iss": who, "sub": who, "aud": f"{self.world.url}/oauth2/token", "iat": now, "exp": now + 120}
        return good | {"jti": uuid4().hex}

    def claiming(self, **changes: Any) -> str:
        return self.headed(claims=self.claims | changes)

    def without(self, name: str) -> str:
        return self.headed(claims={each: value for each, value in self.claims.items() if each != name})

    def headed(self, key: Any = None, claims: dict[str, Any] | None = None, **changes: Any) -> str:
        header = {"alg": "ES256", "typ": "JWT", "kid": self.client.kid} | changes
        known = {name: value for name, value in header.items() if value is not None}
        return sign(key or self.client.key, known, claims or self.claims)

    def worded(self, name: str, text: str) -> str:
        """With a claim that is no JSON Python would write."""
        body = json.dumps(self.claims | {name: "?"}).replace('"?"', text)
        return sign_raw(self.client.key, json.dumps({"alg": "ES256", "kid": self.client.kid}), body)


FALSE: dict[str, tuple[Callable[[Signer], str], str]] = {
    "garbage": (lambda _: MISCHIEF, "client_assertion"),
    "a huge one": (lambda by: by.claiming(jti="x" * 8192), "client_assertion"),
    "for another audience": (lambda by: by.claiming(aud="https://mischief.example.test"), "aud"),
    "for a list of audiences": (lambda by: by.claiming(aud=[by.claims["aud"]]), "aud"),
    "for the service and not its token endpoint": (lambda by: by.claiming(aud=by.world.url), "aud"),
    "without an audience": (lambda by: by.without("aud"), "aud"),
    "without an end": (lambda by: by.without("exp"), "exp"),
    "without a beginning": (lambda by: by.without("iat"), "iat"),
    "without a jti": (lambda by: by.without("jti"), "jti"),
    "with an essay for a jti": (lambda by: by.claiming(jti=f"{MISCHIEF} " * 20), "jti"),
    "ending at infinity": (lambda by: by.worded("exp", "1e400"), "exp"),
    "ending at Infinity": (lambda by: by.worded("exp", "Infinity"), "client_assertion"),
    "ending at a fraction": (lambda by: by.claiming(exp=by.claims["exp"] + 0.5), "exp"),
    "ending at a whole fraction": (lambda by: by.worded("exp", f"{by.claims['exp']}.0"), "exp"),
    "ending at true": (lambda by: by.claiming(exp=True), "exp"),
    "lasting an hour": (lambda by: by.claiming(exp=by.claims["iat"] + 3600), "exp"),
    "ended": (lambda by: by.claiming(iat=by.claims["iat"] - 300, exp=by.claims["iat"] - 60), "exp"),
    "of the future": (lambda by: by.claiming(iat=by.claims["iat"] + 90, exp=by.claims["iat"] + 120), "iat"),
    "not to be used before": (lambda by: by.claiming(nbf=by.claims["iat"] + 90), "nbf"),
    "by nobody registered": (lambda by: by.claiming(iss="cli_01jdyb3m0000000000000000aa"), "iss"),
    "about another client": (lambda by: by.claiming(sub=MISCHIEF), "sub"),
    "with something critical": (lambda by: by.headed(crit=["exp"]), "crit"),
    "with its own key": (lambda by: by.headed(jwk={"kty": "EC"}), "jwk"),
    "pointing at a key": (lambda by: by.headed(jku="https://mischief.example.test"), "jku"),
    "of another type": (lambda by: by.headed(typ="at+jwt"), "typ"),
    "without a kid": (lambda by: by.headed(kid=None), "kid"),
    "with an unknown kid": (lambda by: by.headed(kid=MISCHIEF), "kid"),
    "signed by another key": (lambda by: by.headed(ec_key("another")), "signature"),
    "signed by a key of another kind": (lambda by: by.headed(rsa_key(), alg="RS256"), "alg"),
    "HS256 with the public key": (lambda by: by.headed(pem(by.client.key), alg="HS256"), "alg"),
    "with the algorithm none": (lambda by: by.headed(alg="none"), "client_assertion"),
    "none, with a signature": (lambda by: f"{by.headed(alg='none')}c2ln", "alg"),
}


@pytest.fixture(scope="module")
def http(world: World) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=world.url, timeout=30, verify=PLAIN) as client:
        yield client


@pytest.fixture
def by(world: World) -> Signer:
    return Signer(world, world.register_client(LEEDS, functions=(Function.SOCIAL_CARE,)))


def ask(http: httpx.Client, assertion: str, **form: str) -> httpx.Response:
    good = {"grant_type": "client_credentials", "client_assertion_type": TYPE, "function": "social_care"}
    return http.post("/oauth2/token", data={**good, "client_assertion": assertion, **form})


def refused(answer: httpx.Response, status: int, code: str, *sent: str) -> str:
    """The detail of a refusal that is shaped as it must be and repeats nothing of what was sent."""
    assert outcome(answer) == (status, code)
    text = answer.text + str(answer.headers)
    assert [each for each in (MISCHIEF, MISCHIEF.lower(), *sent) if each in text] == []
    return str(answer.json()["detail"])


@pytest.mark.parametrize(("make", "claim"), FALSE.values(), ids=FALSE)
def test_a_false_assertion_is_refused_with_the_name_of_what_is_wrong(
    http: httpx.Client, by: Signer, make: Callable[[Signer], str], claim: str
) -> None:
    assertion = make(by)
    detail = refused(ask(http, assertion), 401, "invalid_client", assertion)
    assert detail.startswith(f"{claim}: ")


def test_an_assertion_that_is_right_in_everything_is_answered(http: httpx.Client, by: Signer) -> None:
    for good in (by.claiming(), by.worded("exp", str(by.claims["exp"])), by.headed(typ=None)):
        answer = ask(http, good)
        assert answer.status_code == 200, answer.text
        assert "no-store" in answer.headers["cache-control"]
        assert answer.json()["expires_in"] == 600


def test_an_assertion_is_good_for_one_token(world: World, http: httpx.Client, by: Signer) -> None:
    assertion = by.claiming()
    assert ask(http, assertion).status_code == 200
    refused(ask(http, assertion), 401, "assertion_replayed", assertion)
    assert codes(world, by) == ["assertion_replayed"]


def test_a_jti_is_good_for_one_assertion(http: httpx.Client, by: Signer) -> None:
    jti = uuid4().hex
    assert ask(http, by.claiming(jti=jti)).status_code == 200
    refused(ask(http, by.claiming(jti=jti, purpose="duty")), 401, "assertion_replayed", jti)


def test_of_eight_who_use_one_assertion_at_once_exactly_one_gets_a_token(
    world: World, http: httpx.Client, by: Signer
) -> None:
    assertion = by.claiming(practitioner={"name": "Asha Rahman", "role": "practitioner"})
    with ThreadPoolExecutor(8) as threads:
        answers = list(threads.map(lambda _: outcome(ask(http, assertion)), range(8)))
    assert sorted(answers, key=str) == [(200, None), *[(401, "assertion_replayed")] * 7]
    assert codes(world, by) == ["assertion_replayed"] * 7


BEYOND = {
    "another organisation": ({"organisation": SHROPSHIRE}, 403, "wrong_organisation"),
    "no organisation at all": ({"organisation": MISCHIEF}, 403, "wrong_organisation"),
    "a function it is not registered for": ({"function": "camhs"}, 403, "wrong_function"),
    "a function that is none": ({"function": MISCHIEF}, 403, "wrong_function"),
    "a scope that is none": ({"scope": MISCHIEF}, 403, "nothing_granted"),
    "no scope at all": ({"scope": " "}, 403, "nothing_granted"),
}


@pytest.mark.parametrize(("form", "status", "code"), BEYOND.values(), ids=BEYOND)
def test_a_client_gets_no_more_than_it_may_and_its_asking_is_recorded(
    world: World, http: httpx.Client, by: Signer, form: dict[str, str], status: int, code: str
) -> None:
    refused(ask(http, by.claiming(), **form), status, code)
    assert codes(world, by) == [code]


def test_scopes_asked_for_beside_others_are_granted_and_the_others_are_not(http: httpx.Client, by: Signer) -> None:
    answer = ask(http, by.claiming(), scope=f"inbox:read {MISCHIEF} register:read")
    assert answer.json()["scope"] == "inbox:read register:read"


@pytest.mark.parametrize("delegated", [False, True])
def test_acting_for_another_takes_its_delegation_of_this_function(
    world: World, http: httpx.Client, delegated: bool
) -> None:
    functions = (Function.CHILDREN_IN_CARE_HEALTH, Function.CAMHS)
    client = world.register_client(TRUST, functions=functions, acts_for=(SHROPSHIRE_HEALTH, "QWO"))
    function = "children_in_care_health" if delegated else "camhs"
    for_icb = ask(http, Signer(world, client).claiming(), function=function, organisation=SHROPSHIRE_HEALTH)
    assert outcome(for_icb) == ((200, None) if delegated else (403, "wrong_organisation"))
    for_other = ask(http, Signer(world, client).claiming(), function=function, organisation="QWO")
    refused(for_other, 403, "wrong_organisation")


@pytest.mark.parametrize(
    ("claims", "code"),
    [
        ({"practitioner": MISCHIEF}, "invalid_practitioner"),
        ({"practitioner": {"name": f"{MISCHIEF} 7", "role": "practitioner"}}, "invalid_practitioner"),
        ({"practitioner": {"name": "Asha Rahman", "role": "practitioner", MISCHIEF: 1}}, "invalid_practitioner"),
        ({"purpose": f"{MISCHIEF}!"}, "invalid_purpose"),
        ({"purpose": ["duty"]}, "invalid_purpose"),
    ],
)
def test_a_person_or_purpose_that_is_none_is_refused_and_that_is_recorded(
    world: World, http: httpx.Client, by: Signer, claims: dict[str, Any], code: str
) -> None:
    refused(ask(http, by.claiming(**claims)), 400, code)
    assert codes(world, by) == [code]


BAD_FORMS: dict[str, tuple[dict[str, Any], int, str]] = {
    "JSON": ({"json": {"grant_type": MISCHIEF}}, 415, "wrong_media_type"),
    "no type": ({"content": b"grant_type=client_credentials"}, 415, "wrong_media_type"),
    "nothing": ({"content": b"", "headers": {"Content-Type": FORM}}, 400, "bad_token_request"),
    "a field twice": ({"data": {"function": [MISCHIEF, MISCHIEF]}}, 400, "bad_token_request"),
    "eleven fields": ({"data": {f"{MISCHIEF}{place}": "1" for place in range(11)}}, 400, "bad_token_request"),
    "another grant": ({"data": {"grant_type": MISCHIEF}}, 400, "bad_token_request"),
    "another type of assertion": (
        {"data": {"grant_type": "client_credentials", "client_assertion_type": MISCHIEF}},
        400,
        "bad_token_request",
    ),
    "no assertion": (
        {"data": {"grant_type": "client_credentials", "client_assertion_type": TYPE, "client_secret": MISCHIEF}},
        401,
        "invalid_client",
    ),
    "more than a form holds": ({"data": {"client_assertion": MISCHIEF * 4096}}, 413, "too_large"),
}


@pytest.mark.parametrize(("request_", "status", "code"), BAD_FORMS.values(), ids=BAD_FORMS)
def test_a_request_that_is_no_token_request_is_told_what_is_missing(
    http: httpx.Client, request_: dict[str, Any], status: int, code: str
) -> None:
    refused(http.post("/oauth2/token", **request_), status, code)
    assert REGISTRY[code].status == status


def codes(world: World, by: Signer) -> list[str]:
    """The refusals recorded of this client, and that each stands under its name and the endpoint's."""
    entries = refusals(world, by.client)
    assert {entry["facts"]["route"] for entry in entries} <= {"/oauth2/token"}
    assert {entry["actor"]["organisation"] for entry in entries} <= {LEEDS}
    return [entry["facts"]["code"] for entry in entries]
