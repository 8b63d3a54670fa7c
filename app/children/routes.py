"""Children over HTTP: parse, name the scope, call the service, choose the status."""

from typing import Annotated

from fastapi import APIRouter, Path, Query, Request

from app.access.documents import parse
from app.access.guard import allowed
from app.children import schemas
from app.children.service import correcting, creating, reading, restricting
from app.children.service.listing import Listing
from app.security.scopes import Scope
from app.standard.requests import (
    CHILD_RECORD,
    CORRECTION,
    RESTRICTION,
    RESTRICTION_LIFTED,
    ChildRecord,
    Correction,
    Restriction,
    RestrictionLifted,
)
from app.web.answer import Answer
from app.web.body import Body
from app.web.openapi import returns, takes
from app.web.paging import DEFAULT_LIMIT, MAX_LIMIT
from app.work.once import Once, Reply, once
from app.work.unit import Work

router = APIRouter(tags=["Children"])

Reads = Annotated[Work, allowed(Scope.CHILDREN_READ)]
Writes = Annotated[Work, allowed(Scope.CHILDREN_WRITE)]
Corrects = Annotated[Work, allowed(Scope.CHILDREN_WRITE, by_name=True)]
Restricts = Annotated[Work, allowed(Scope.CHILDREN_RESTRICT, by_name=True)]
SeesRestrictions = Annotated[Work, allowed(Scope.CHILDREN_RESTRICT)]

ChildId = Annotated[str, Path(description="The child's id in this service")]
Cursor = Annotated[str | None, Query(description="next_cursor of the page before", max_length=512)]
Limit = Annotated[int, Query(ge=1, le=MAX_LIMIT)]


def _key(request: Request, work: Work, route: str, body: bytes) -> Once:
    return once(work.caller, request.headers.get("idempotency-key"), route, body)


def _answer(reply: Reply) -> Answer:
    return Answer(reply.body, reply.status, {"Idempotent-Replayed": "true"} if reply.replayed else None)


@router.post(
    "/v1/children",
    openapi_extra=takes(ChildRecord),
    responses=returns(201, schemas.ChildCreated, "Stored; other children of yours it may be are listed"),
    status_code=201,
)
def create_child(work: Writes, request: Request, body: Body) -> Answer:
    """Store a child before any move. The same local id again is a 409 that names the child."""
    key = _key(request, work, "create child", body)
    return _answer(work.once(key, creating.create, parse(CHILD_RECORD, body)))


@router.get(
    "/v1/children/{child_id}",
    responses=returns(200, schemas.ChildView, "What your function may see of it", not_modified=True, problems=(410,)),
)
def read_child(work: Reads, child_id: ChildId, request: Request) -> Answer:
    """Read a child of your own authority, leaving a trace. Others read the child through a placement."""
    seen = work.write(reading.read, child_id, request.headers.get("if-none-match"))
    headers = {"ETag": seen.tag}
    return Answer(seen.body, headers=headers) if seen.body is not None else Answer(b"", 304, headers)


@router.post(
    "/v1/children/{child_id}/corrections",
    openapi_extra=takes(Correction, if_match=True),
    responses=returns(201, schemas.Corrected, "Put right; the old values are kept as wrong", problems=(410,)),
    status_code=201,
)
def correct_child(work: Corrects, child_id: ChildId, request: Request, body: Body) -> Answer:
    """Correct facts about who the child is, by name, with a reason."""
    key = _key(request, work, f"correct {child_id}", body)
    if_match = request.headers.get("if-match")
    return _answer(work.once(key, correcting.correct, child_id, if_match, parse(CORRECTION, body)))


@router.get(
    "/v1/children/{child_id}/corrections",
    responses=returns(200, schemas.Corrections, "What was corrected, and what stood before", problems=(410,)),
)
def list_corrections(
    work: Reads, child_id: ChildId, request: Request, cursor: Cursor = None, limit: Limit = DEFAULT_LIMIT
) -> Answer:
    """List the corrections of a child of your own authority, oldest first, leaving a trace."""
    listing = Listing(request.app.state.cursors, cursor, limit)
    return Answer(work.write(correcting.corrections, child_id, listing))


@router.post(
    "/v1/children/{child_id}/restrictions",
    openapi_extra=takes(Restriction),
    responses=returns(201, schemas.Restricted, "In force in every view from now on", problems=(410,)),
    status_code=201,
)
def restrict_child(work: Restricts, child_id: ChildId, request: Request, body: Body) -> Answer:
    """Restrict what is shown of a child, by name, with a reason and a day of review."""
    key = _key(request, work, f"restrict {child_id}", body)
    return _answer(work.once(key, restricting.restrict, child_id, parse(RESTRICTION, body)))


@router.get(
    "/v1/children/{child_id}/restrictions",
    responses=returns(200, schemas.Restrictions, "Every restriction there is or was", problems=(410,)),
)
def list_restrictions(
    work: SeesRestrictions,
    child_id: ChildId,
    request: Request,
    cursor: Cursor = None,
    limit: Limit = DEFAULT_LIMIT,
) -> Answer:
    """List restrictions with their reasons and who set them, oldest first, leaving a trace."""
    listing = Listing(request.app.state.cursors, cursor, limit)
    return Answer(work.write(restricting.restrictions, child_id, listing))


@router.post(
    "/v1/children/{child_id}/restrictions/{restriction_id}/lifts",
    openapi_extra=takes(RestrictionLifted),
    responses=returns(201, schemas.Restricted, "Lifted; what was set and why stays on record", problems=(410,)),
    status_code=201,
)
def lift_restriction(work: Restricts, child_id: ChildId, restriction_id: str, request: Request, body: Body) -> Answer:
    """Lift a restriction, by name, with a reason. A sealed identity takes a second person."""
    key = _key(request, work, f"lift {restriction_id} of {child_id}", body)
    document = parse(RESTRICTION_LIFTED, body)
    return _answer(work.once(key, restricting.lift, child_id, restriction_id, document))
