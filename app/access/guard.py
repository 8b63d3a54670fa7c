"""The guard a route names: ``work: Annotated[Work, allowed(Scope.x)]``.

A route reaches the database only through the unit of work it is given here, so it cannot forget to say who may
call it.
"""

from typing import Any

from fastapi import Depends, Request
from starlette.concurrency import run_in_threadpool

from app.access.errors import NotYours
from app.kit.errors import Failure
from app.kit.ids import is_id
from app.security.errors import InvalidToken, PractitionerRequired
from app.security.principal import Caller
from app.security.scopes import Scope
from app.work.unit import Work

_KINDS = {
    "asm": "assessment",
    "chd": "child",
    "doc": "document",
    "ntf": "notification",
    "plc": "placement",
    "ptr": "passport_transfer",
    "trf": "transfer",
}


def allowed(scope: Scope, *, by_name: bool = False) -> Any:
    """Guard a route with a scope; ``by_name`` also asks for a practitioner. Gives the route its closed Work."""

    async def guard(request: Request) -> Work:
        state = request.app.state
        caller = _caller(request)
        request.state.client_id = caller.client_id
        state.rate_limit.spend(caller.client_id)
        work = Work(state.resources, caller, request.state.request_id, request.scope["route"].path, _subject(request))
        try:
            caller.check_scope(scope)
            _check_name(caller, by_name)
            _check_address(request)
        except Failure as refusal:
            await run_in_threadpool(work.note, refusal)
            raise
        return work

    guard.scope = scope  # type: ignore[attr-defined]
    guard.by_name = by_name  # type: ignore[attr-defined]
    return Depends(guard)


def _caller(request: Request) -> Caller:
    kind, _, token = request.headers.get("authorization", "").partition(" ")
    if kind.lower() != "bearer" or not token:
        raise InvalidToken("The request carries no bearer token.")
    state = request.app.state
    return state.tokens.verify(token, state.resources.clock())  # type: ignore[no-any-return]


def _check_name(caller: Caller, by_name: bool) -> None:
    if by_name and caller.practitioner_id is None:
        raise PractitionerRequired


def _check_address(request: Request) -> None:
    """No id of ours holds a control character, and PostgreSQL takes no text with a NUL."""
    if not all(str(each).isprintable() for each in request.path_params.values()):
        raise NotYours


def _subject(request: Request) -> dict[str, str]:
    """The ids in the address, only where they are shaped like ours: the ledger takes no client's text."""
    return {
        name: value
        for value in map(str, request.path_params.values())
        if (name := _KINDS.get(value[:3])) and is_id(value[:3], value)
    }
