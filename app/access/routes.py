"""The token endpoint and what a client needs to find it (RFC 6749, RFC 7523, RFC 8414)."""

from typing import Any
from urllib.parse import parse_qsl

from fastapi import APIRouter, Depends, Request
from starlette.concurrency import run_in_threadpool

from app.access.issue import Issued, issue
from app.security.assertions import Requested
from app.security.errors import InvalidClient, TokenRefusal
from app.security.jwks import ALGORITHMS
from app.security.scopes import Function, Scope
from app.security.tokens import TOKEN_LIFE_SECONDS
from app.web.answer import Answer, to_json
from app.web.body import read_limited
from app.web.errors import WrongMediaType
from app.web.public import public
from app.work.unit import Work, record_refusal

router = APIRouter(tags=["Access"])
ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
_MAX_FORM_BYTES = 16 * 1024


class BadTokenRequest(TokenRefusal):
    code = "bad_token_request"
    status = 400
    title = "The token request is not complete"
    advice = "Send a form with grant_type, client_assertion_type, client_assertion and function, each once."


async def _form(request: Request) -> dict[str, str]:
    if request.headers.get("content-type", "").partition(";")[0].strip() != "application/x-www-form-urlencoded":
        raise WrongMediaType("The token request is a form: application/x-www-form-urlencoded.")
    raw = await read_limited(request, _MAX_FORM_BYTES)
    try:
        pairs = parse_qsl(raw.decode("ascii"), strict_parsing=True, max_num_fields=10, errors="strict")
    except ValueError:
        raise BadTokenRequest("The form cannot be read.") from None
    form = dict(pairs)
    if len(form) != len(pairs):
        raise BadTokenRequest("The form holds a field twice.")
    return form


_FORM_SCHEMA = {
    "requestBody": {
        "required": True,
        "content": {
            "application/x-www-form-urlencoded": {
                "schema": {
                    "type": "object",
                    "required": ["grant_type", "client_assertion_type", "client_assertion", "function"],
                    "properties": {
                        "grant_type": {"const": "client_credentials"},
                        "client_assertion_type": {"const": ASSERTION_TYPE},
                        "client_assertion": {"type": "string", "description": "A JWT signed with a registered key"},
                        "function": {"enum": [function.value for function in Function]},
                        "organisation": {"type": "string", "description": "Whom to act for, where it delegated to you"},
                        "scope": {"type": "string", "description": "Scopes with spaces between; left out: all you may"},
                    },
                }
            }
        },
    }
}


@router.post(
    "/oauth2/token",
    dependencies=[public("this is where a client proves who it is")],
    openapi_extra=_FORM_SCHEMA,
    summary="Get an access token",
)
async def get_token(request: Request, form: dict[str, str] = Depends(_form)) -> Answer:  # noqa: B008
    """Exchange a signed assertion for a ten-minute token: one organisation, one function, at most one practitioner."""
    remote = request.client.host if request.client else ""
    request.app.state.token_rate_limit.spend(remote)
    requested = _requested(form)
    return await run_in_threadpool(_issue, request, form["client_assertion"], requested)


def _requested(form: dict[str, str]) -> Requested:
    if form.get("grant_type") != "client_credentials":
        raise BadTokenRequest("grant_type must be client_credentials.")
    if form.get("client_assertion_type") != ASSERTION_TYPE:
        raise BadTokenRequest(f"client_assertion_type must be {ASSERTION_TYPE}.")
    if not form.get("client_assertion"):
        raise InvalidClient("client_assertion: must be sent.")
    if not form.get("function"):
        raise BadTokenRequest("function must name the work the token is for.")
    return Requested(form["function"], form.get("organisation"), form.get("scope"))


def _issue(request: Request, text: str, requested: Requested) -> Answer:
    state = request.app.state
    work = Work(state.resources, None, request.state.request_id)
    outcome = work.write(issue, state.tokens, state.settings.token_audience, text, requested)
    if not isinstance(outcome, Issued):
        actor = {"client": outcome.client.id, "organisation": outcome.client.organisation}
        record_refusal(state.resources, actor, outcome.failure, "/oauth2/token", {})
        raise outcome.failure
    request.state.client_id = outcome.grant.client_id
    body: dict[str, Any] = {
        "access_token": outcome.token,
        "token_type": "Bearer",
        "expires_in": TOKEN_LIFE_SECONDS,
        "scope": " ".join(sorted(outcome.grant.scopes)),
    }
    return Answer(to_json(body), headers={"Pragma": "no-cache"})


@router.get("/.well-known/jwks.json", dependencies=[public("public keys are public")])
async def read_keys(request: Request) -> Answer:
    """The public keys that access tokens are signed with."""
    return Answer(to_json(request.app.state.tokens.jwks()), headers={"Cache-Control": "public, max-age=300"})


@router.get("/.well-known/oauth-authorization-server", dependencies=[public("a client starts here")])
async def read_metadata(request: Request) -> Answer:
    """Where tokens are issued and how a client proves who it is (RFC 8414)."""
    base = request.app.state.settings.public_url
    body = {
        "issuer": base,
        "token_endpoint": f"{base}/oauth2/token",
        "jwks_uri": f"{base}/.well-known/jwks.json",
        "grant_types_supported": ["client_credentials"],
        "response_types_supported": [],
        "token_endpoint_auth_methods_supported": ["private_key_jwt"],
        "token_endpoint_auth_signing_alg_values_supported": list(ALGORITHMS),
        "scopes_supported": [scope.value for scope in Scope],
    }
    return Answer(to_json(body), headers={"Cache-Control": "public, max-age=300"})
