"""Every route refuses whoever is not let in, in one voice, and records it once it knows who asks."""

import base64
import json
from collections.abc import Callable
from typing import Any

import httpx
import orjson
import pytest
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from sqlalchemy import select

from app.ledger.models import ledger_entries
from app.security import clients
from app.security.scopes import FUNCTION_SCOPES, Function, Scope
from tests.api.matrix import marked
from tests.api.matrix.routes import ROUTES, Guarded, Target, everywhere, outcome
from tests.rules.signing import ec_key, encoded, pem, sign, sign_raw
from tests.world import LEEDS, SHROPSHIRE, Registered, World

NO_PARTY = "E06000019"
_LISTS = (
    "/v1/inbox",
    "/v1/sent",
    "/v1/register",
    "/v1/placements/search",
    "/v1/oversight/unregistered",
    "/v1/oversight/out-of-area",
    "/v1/health-lists/{list}",
    "/v1/passport-transfers",
)
BY_NAME = [route for route in ROUTES if route.by_name]
ABOUT_ONE = [route for route in ROUTES if route.names_an_id]


@pytest.fixture(scope="module")
def target(world: World) -> Target:
    return Target(world)


@pytest.fixture(scope="module")
def good(world: World) -> str:
    return world.token(LEEDS, "social_care", "Asha Rahman")


class Forge:
    """Makes tokens that are nearly right, some of them with the service's own key."""

    def __init__(self, world: World, good: str) -> None:
        self.good = good
        self.header, self.claims = (_decoded(part) for part in good.split(".")[:2])
        content = (world.folder / "keys/token-signing.pem").read_bytes()
        self.key: Any = load_pem_private_key(content, None)

    def claiming(self, **changes: Any) -> str:
        """Signed by the service, with other claims."""
        return sign(self.key, self.header, self.claims | changes)

    def without(self, name: str) -> str:
        """Signed by the service, with a claim left out."""
        return sign(self.key, self.header, {each: self.claims[each] for each in self.claims if each != name})

    def headed(self, key: Any = None, **changes: Any) -> str:
        """With another header, and perhaps another key."""
        return sign(key or self.key, self.header | changes, self.claims)

    def worded(self, name: str, text: str) -> str:
        """Signed by the service, with a claim that is no JSON Python would write."""
        body = json.dumps(self.claims | {name: "?"}).replace('"?"', text)
        return sign_raw(self.key, json.dumps(self.header), body)

    def tampered(self) -> str:
        """The signature of the good token under other claims."""
        head, _, signature = self.good.split(".")
        claims = self.claims | {"organisation": SHROPSHIRE}
        return f"{head}.{encoded(json.dumps(claims).encode())}.{signature}"


@pytest.fixture(scope="module")
def forge(world: World, good: str) -> Forge:
    return Forge(world, good)


def _decoded(part: str) -> dict[str, Any]:
    return dict(json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))))


def unsigned(forge: Forge) -> str:
    return f"{forge.headed(alg='none').rpartition('.')[0]}."


FORGERIES: dict[str, tuple[Callable[[Forge], str], str]] = {
    "garbage": (lambda _: "Mischief", "invalid_token"),
    "three parts of garbage": (lambda _: "Mis.chi.ef", "invalid_token"),
    "very long": (lambda _: "x" * 5000, "invalid_token"),
    "expired": (lambda forge: forge.claiming(**_times(forge, -1200, -600)), "token_expired"),
    "of the future": (lambda forge: forge.claiming(**_times(forge, 300, 900)), "invalid_token"),
    "without an end": (lambda forge: forge.without("exp"), "invalid_token"),
    "ending at infinity": (lambda forge: forge.worded("exp", "1e400"), "invalid_token"),
    "ending at Infinity": (lambda forge: forge.worded("exp", "Infinity"), "invalid_token"),
    "ending at a fraction": (lambda forge: forge.worded("exp", f"{forge.claims['exp']}.0"), "invalid_token"),
    "lasting a year": (lambda forge: forge.claiming(exp=forge.claims["exp"] + 31_536_000), "invalid_token"),
    "for another audience": (lambda forge: forge.claiming(aud="https://elsewhere.example.test"), "invalid_token"),
    "for a list of audiences": (lambda forge: forge.claiming(aud=[forge.claims["aud"]]), "invalid_token"),
    "by another issuer": (lambda forge: forge.claiming(iss="https://elsewhere.example.test"), "invalid_token"),
    "with the algorithm none": (lambda forge: forge.headed(alg="none"), "invalid_token"),
    "without a signature": (unsigned, "invalid_token"),
    "HS256 with the public key": (lambda forge: forge.headed(pem(forge.key), alg="HS256"), "invalid_token"),
    "signed by another key": (lambda forge: forge.headed(ec_key("another")), "invalid_token"),
    "with an unknown kid": (lambda forge: forge.headed(kid="Mischief"), "invalid_token"),
    "with something critical": (lambda forge: forge.headed(crit=["exp"]), "invalid_token"),
    "with its own key": (lambda forge: forge.headed(jwk={"kty": "EC"}), "invalid_token"),
    "of another type": (lambda forge: forge.headed(typ="JWT"), "invalid_token"),
    "tampered with": (Forge.tampered, "invalid_token"),
}


def _times(forge: Forge, begins: int, ends: int) -> dict[str, int]:
    issued_at = forge.claims["iat"]
    return {"iat": issued_at + begins, "exp": issued_at + ends}


@pytest.mark.parametrize(("make", "code"), FORGERIES.values(), ids=FORGERIES)
def test_a_false_token_opens_no_route(target: Target, forge: Forge, make: Callable[[Forge], str], code: str) -> None:
    token = make(forge)
    assert target.ask_all(lambda _: f"Bearer {token}") == everywhere(401, code)
    assert token not in target.ask(ROUTES[0], f"Bearer {token}").text


@pytest.mark.parametrize("authorization", [None, "", "Bearer", "Basic bWlzOmNoaWVm"])
def test_no_route_opens_without_a_token(target: Target, authorization: str | None) -> None:
    assert target.ask_all(lambda _: authorization) == everywhere(401, "invalid_token")


def test_whoever_is_not_let_in_is_told_so_before_the_body_is_read(target: Target) -> None:
    posts = [route for route in ROUTES if route.method == "POST"]
    answers = {str(route): outcome(target._send.post(target.address(route), content=b"{")) for route in posts}
    assert answers == everywhere(401, "invalid_token", posts)


def test_an_assertion_is_no_access_token(world: World, target: Target) -> None:
    assertion = world.assertion(world.client_of(LEEDS))
    assert target.ask_all(lambda _: f"Bearer {assertion}") == everywhere(401, "invalid_token")


def test_a_good_token_opens_every_route_and_so_does_one_made_again_by_the_forge(
    target: Target, forge: Forge, good: str
) -> None:
    reads = [route for route in ROUTES if route.method in ("GET", "HEAD") and route.function is Function.SOCIAL_CARE]
    assert len(reads) > 20
    for token in (good, forge.claiming(), forge.worded("exp", str(forge.claims["exp"]))):
        assert {status for status, _ in target.ask_all(lambda _, it=token: f"Bearer {it}", reads).values()} == {200}


def test_a_token_without_the_scope_is_refused_and_that_is_recorded(world: World, target: Target) -> None:
    client = world.register_client(LEEDS)

    def other_scope(route: Guarded) -> str:
        scope = Scope.AREAS_LOOKUP if route.scope is not Scope.AREAS_LOOKUP else Scope.ORGANISATIONS_READ
        return f"Bearer {scoped(world, client, scope)}"

    assert target.ask_all(other_scope) == everywhere(403, "insufficient_scope")
    assert recorded(world, client) == [("insufficient_scope", route.path) for route in ROUTES]


def test_a_function_that_may_not_hold_the_scope_is_refused_though_it_is_a_party(world: World, target: Target) -> None:
    answers, expected = {}, {}
    for route in ROUTES:
        for function in (each for each in Function if route.scope not in FUNCTION_SCOPES[each]):
            answer = target.ask(route, f"Bearer {world.token(LEEDS, function, 'Asha Rahman')}")
            answers[f"{route} {function}"] = outcome(answer)
            expected[f"{route} {function}"] = (403, None if route.method == "HEAD" else "insufficient_scope")
    assert len(answers) > 100
    assert answers == expected


def test_what_is_done_by_name_takes_a_name(world: World, target: Target) -> None:
    client = world.register_client(LEEDS)
    answers = target.ask_all(lambda route: f"Bearer {world.token(LEEDS, route.function, None, client)}", BY_NAME)
    assert answers == everywhere(403, "practitioner_required", BY_NAME)
    assert recorded(world, client) == [("practitioner_required", route.path) for route in BY_NAME]


def test_to_an_organisation_that_is_no_party_nothing_is_there(world: World, target: Target) -> None:
    client = world.register_client(NO_PARTY)
    changes = next(route for route in ROUTES if str(route) == "POST /v1/notifications")
    routes = [*ABOUT_ONE, changes]

    def token(route: Guarded) -> str:
        return f"Bearer {world.token(NO_PARTY, route.function, 'Asha Rahman', client)}"

    assert target.ask_all(token, routes) == everywhere(404, "not_yours", routes)
    assert recorded(world, client) == [("not_yours", route.path) for route in routes]
    named = {id_ for entry in refusals(world, client) for id_ in entry["subject"].values()}
    told = target.told
    ids = {told.child_id, told.placement_id, target.former_placement_id, told.notifications[0][0]}
    assert named == {*ids, target.document_id, target.transfer_id, target.assessment_id, target.passport_transfer_id}


def test_an_organisation_that_is_no_party_finds_nothing_in_its_lists(world: World, target: Target) -> None:
    token = world.token(NO_PARTY, "social_care", "Asha Rahman")
    for route in ROUTES:
        if route.path in _LISTS:
            assert target.told.placement_id not in target.ask(route, f"Bearer {token}").text


def test_a_function_that_was_not_told_is_no_party_though_its_organisation_is(world: World) -> None:
    sent = world.as_(LEEDS, "social_care", "Asha Rahman").post("/v1/notifications", minimum()).json()
    for organisation in (LEEDS, SHROPSHIRE):
        caller = world.as_(organisation, "guardian", "Asha Rahman")
        for path in (f"/v1/notifications/{sent['id']}", f"/v1/placements/{sent['placement_id']}"):
            assert outcome(caller.get(path)) == (404, "not_yours")
            assert caller.head(path).status_code == 404
        assert outcome(caller.get(f"/v1/children/{sent['child_id']}/disclosures")) == (404, "not_yours")


def test_a_revoked_client_is_refused_at_once_by_every_route(world: World, target: Target) -> None:
    client = world.register_client(LEEDS)
    tokens = {each: world.token(LEEDS, each, "Asha Rahman", client) for each in {route.function for route in ROUTES}}
    assert outcome(target.ask(ROUTES[0], f"Bearer {tokens[ROUTES[0].function]}")) == (200, None)
    with world.database.write() as connection:
        assert clients.revoke(connection, client.client_id, world.clock())
    assert target.ask_all(lambda route: f"Bearer {tokens[route.function]}") == everywhere(403, "client_revoked")
    assert recorded(world, client) == [("client_revoked", route.path) for route in ROUTES]


@pytest.mark.parametrize(
    "path",
    ["/v1/children/chd_00000000000000000000000000", "/v1/children/nobody", "/v1/inbox?cursor=made_up", "/v1/inbox"],
)
def test_a_revoked_client_learns_no_more_where_nothing_is_found_or_asked(world: World, path: str) -> None:
    client = world.register_client(LEEDS)
    token = {"Authorization": f"Bearer {world.token(LEEDS, 'social_care', 'Asha Rahman', client)}"}
    with httpx.Client(base_url=world.url, headers=token) as http:
        before = outcome(http.get(path))
        with world.database.write() as connection:
            assert clients.revoke(connection, client.client_id, world.clock())
        assert before != (403, "client_revoked")
        assert outcome(http.get(path)) == (403, "client_revoked")
    assert [code for code, _ in recorded(world, client)][-1] == "client_revoked"


def test_a_token_ends_after_ten_minutes_though_it_was_used_before(world: World, target: Target) -> None:
    client = world.register_client(LEEDS)
    token = world.token(LEEDS, "social_care", "Cai Jones", client)
    assert outcome(target.ask(ROUTES[0], f"Bearer {token}")) == (200, None)
    with world.later(minutes=10):
        assert target.ask_all(lambda _: f"Bearer {token}") == everywhere(401, "token_expired")


def test_a_refusal_holds_nothing_of_what_was_sent(world: World, target: Target, good: str) -> None:
    for path in ("/v1/notifications/Mischief", "/v1/placements/Mischief", "/v1/children/Mischief", "/v1/Mischief"):
        answer = target._send.get(path, headers={"Authorization": f"Bearer {good}"})
        assert outcome(answer)[0] == 404
        assert "Mischief" not in answer.text + str(answer.headers)


def scoped(world: World, client: Registered, scope: Scope) -> str:
    answer = world.ask_for_token(world.assertion(client), "social_care", scope=scope)
    assert answer.json()["scope"] == scope
    return str(answer.json()["access_token"])


def minimum() -> dict[str, Any]:
    return {name: words for name, words in marked.everything().items() if name != "additional_recipients"}


def refusals(world: World, client: Registered) -> list[dict[str, Any]]:
    """The ledger's entries of refusals of one client, oldest first."""
    with world.database.read() as connection:
        bodies = connection.scalars(select(ledger_entries.c.body).order_by(ledger_entries.c.at, ledger_entries.c.id))
        entries = [orjson.loads(body) for body in bodies if client.client_id.encode() in body]
    return [entry for entry in entries if entry["action"] == "request.refused"]


def recorded(world: World, client: Registered) -> list[tuple[str, str]]:
    return [(entry["facts"]["code"], entry["facts"]["route"]) for entry in refusals(world, client)]
