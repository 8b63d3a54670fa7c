"""The account over HTTP."""

from typing import Annotated

from fastapi import APIRouter, Query, Request

from app.access.guard import allowed
from app.audit import schemas
from app.audit.service import disclosures, disclosures_of_placement
from app.security.scopes import Scope
from app.web.answer import Answer
from app.web.openapi import returns
from app.web.paging import DEFAULT_LIMIT, MAX_LIMIT
from app.work.unit import Work

router = APIRouter(tags=["Audit"])

Cursor = Annotated[str | None, Query(description="next_cursor of the page before, as it was given", max_length=512)]
Limit = Annotated[int, Query(ge=1, le=MAX_LIMIT)]


@router.get(
    "/v1/children/{child_id}/disclosures",
    responses=returns(200, schemas.Disclosures, "Who has seen what of this child, newest first"),
)
def read_disclosures(
    child_id: str,
    request: Request,
    work: Annotated[Work, allowed(Scope.DISCLOSURES_READ)],
    cursor: Cursor = None,
    limit: Limit = DEFAULT_LIMIT,
) -> Answer:
    """Who has seen what, in plain words, for the authority that answers for the record and a guardian."""
    state = request.app.state
    return Answer(work.write(disclosures, state.directory.get(), state.cursors, child_id, cursor, limit))


@router.get(
    "/v1/placements/{placement_id}/disclosures",
    responses=returns(200, schemas.Disclosures, "Who has seen what of this placement, newest first"),
)
def read_placement_disclosures(
    placement_id: str,
    request: Request,
    work: Annotated[Work, allowed(Scope.DISCLOSURES_READ)],
    cursor: Cursor = None,
    limit: Limit = DEFAULT_LIMIT,
) -> Answer:
    """The same of one placement, for a guardian or reviewer who may not know the child by its id."""
    directory, cursors = request.app.state.directory.get(), request.app.state.cursors
    return Answer(work.write(disclosures_of_placement, directory, cursors, placement_id, cursor, limit))
