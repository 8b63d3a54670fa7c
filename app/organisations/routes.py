"""The directory over HTTP. A postcode travels in a body, never in an address."""

from typing import Annotated

from fastapi import APIRouter, Query, Request

from app.access.documents import parse
from app.access.guard import allowed
from app.organisations import schemas, service
from app.organisations.kinds import Kind
from app.security.scopes import Scope
from app.web.answer import Answer
from app.web.body import Body
from app.web.openapi import returns, takes
from app.web.paging import DEFAULT_LIMIT, MAX_LIMIT
from app.work.unit import Work

router = APIRouter(tags=["Directory"])

Words = Annotated[str, Query(description="Part of a code or a name", max_length=100)]
Cursor = Annotated[str | None, Query(description="next_cursor of the page before, as it was given", max_length=512)]
Limit = Annotated[int, Query(ge=1, le=MAX_LIMIT)]


def _answer(shown: schemas.Shown) -> Answer:
    return Answer(shown.model_dump_json().encode())


@router.get("/v1/organisations", responses=returns(200, schemas.Organisations, "A page of the directory, by code"))
def list_organisations(  # one parameter for each of the query
    request: Request,
    work: Annotated[Work, allowed(Scope.ORGANISATIONS_READ)],
    kind: Kind | None = None,
    q: Words = "",
    cursor: Cursor = None,
    limit: Limit = DEFAULT_LIMIT,
) -> Answer:
    """Look for organisations by kind, code or name."""
    state, asked = request.app.state, service.Search(kind, q, cursor, limit)
    return _answer(work.read(service.search, state.directory.get(), state.cursors, asked))


@router.get("/v1/organisations/{code}", responses=returns(200, schemas.OrganisationDetail, "The organisation"))
def read_organisation(code: str, request: Request, work: Annotated[Work, allowed(Scope.ORGANISATIONS_READ)]) -> Answer:
    """One organisation: how its teams are reached, and for which functions a system of it is connected."""
    return _answer(work.read(service.read, request.app.state.directory.get(), code))


@router.get(
    "/v1/areas/{code}/recipients",
    responses=returns(200, schemas.AreaRecipients, "Who there would be told, by function, and why"),
)
def list_area_recipients(
    code: str,
    request: Request,
    work: Annotated[Work, allowed(Scope.AREAS_LOOKUP)],
    urgency: schemas.Urgency = "planned",
) -> Answer:
    """Who would be told about a home in this area, always or only if something is so of the child."""
    return _answer(work.read(service.recipients, request.app.state.directory.get(), code, urgency))


@router.post(
    "/v1/areas/lookup",
    openapi_extra=takes(schemas.AreaLookup, once=False),
    responses=returns(200, schemas.AreaFound, "Where it lies, how sure that is, and who serves the area"),
)
def look_area_up(work: Annotated[Work, allowed(Scope.AREAS_LOOKUP)], request: Request, body: Body) -> Answer:
    """Find the authority, health bodies and police force of a postcode. Nothing of it is kept or logged."""
    postcode = parse(schemas.AREA_LOOKUP, body)["postcode"]
    return _answer(work.read(service.locate, request.app.state.directory.get(), postcode))
