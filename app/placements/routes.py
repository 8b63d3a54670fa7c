"""Placements over HTTP: the merged state, its history, and the register of an area."""

from typing import Annotated, Literal
from urllib.parse import urlencode

import orjson
from fastapi import APIRouter, Query, Request

from app.access.documents import parse
from app.access.guard import allowed
from app.placements import review_schemas, schemas, search_schemas
from app.placements.register_sheet import register_sheet
from app.placements.service import confirming, marking, merged, readying, reviewing, searching, timeline
from app.placements.service.register import read_register
from app.security.scopes import Scope
from app.standard.requests import PLACEMENT_CONFIRMATION, PlacementConfirmation
from app.web.answer import Answer
from app.web.body import Body
from app.web.openapi import returns, takes
from app.web.paging import DEFAULT_LIMIT, MAX_LIMIT
from app.work.once import Reply, once
from app.work.unit import Work

router = APIRouter(tags=["Placements"])

Cursor = Annotated[str | None, Query(description="next_cursor of the page before, as it was given", max_length=512)]
Limit = Annotated[int, Query(ge=1, le=MAX_LIMIT)]
RegisterState = Literal["active", "ended"]

_CSV = "text/csv"


def _answer(reply: Reply) -> Answer:
    return Answer(reply.body, reply.status, {"Idempotent-Replayed": "true"} if reply.replayed else None)


@router.get(
    "/v1/placements/{placement_id}",
    responses=returns(
        200, schemas.PlacementView, "What your function may see of it", not_modified=True, problems=(410,)
    ),
)
def read_placement(
    placement_id: str, request: Request, work: Annotated[Work, allowed(Scope.PLACEMENTS_READ)]
) -> Answer:
    """All that has been told so far, with its age. Opened with a practitioner, else retrieved."""
    seen = work.write(merged.open_, placement_id, request.headers.get("if-none-match"))
    headers = {"ETag": seen.tag}
    return Answer(seen.body, headers=headers) if seen.body is not None else Answer(b"", 304, headers)


@router.head("/v1/placements/{placement_id}", responses=returns(200, None, "It is there; nothing was opened"))
def look_at_placement(placement_id: str, work: Annotated[Work, allowed(Scope.PLACEMENTS_READ)]) -> Answer:
    """Learn whether it is there and unchanged. Opens nothing."""
    return Answer(b"", headers={"ETag": work.read(merged.look, placement_id).tag})


@router.get(
    "/v1/placements/{placement_id}/timeline",
    responses=returns(200, schemas.Timeline, "What happened, oldest first, as far as you may know"),
)
def read_timeline(
    placement_id: str,
    request: Request,
    work: Annotated[Work, allowed(Scope.PLACEMENTS_READ)],
    cursor: Cursor = None,
    limit: Limit = DEFAULT_LIMIT,
) -> Answer:
    """Who was told, who saw it, who took it on, what was taken back or put right; no words of it."""
    return Answer(work.read(timeline.timeline, request.app.state.cursors, placement_id, cursor, limit))


@router.post(
    "/v1/placements/{placement_id}/confirmations",
    openapi_extra=takes(PlacementConfirmation),
    responses=returns(201, schemas.SectionsConfirmed, "Found still true; words and dates stay", problems=(404,)),
    status_code=201,
)
def confirm_sections_of_placement(
    placement_id: str,
    request: Request,
    work: Annotated[Work, allowed(Scope.NOTIFICATIONS_SEND, by_name=True)],
    body: Body,
) -> Answer:
    """Say by name that sections, as they stood in the version that was read, are still true."""
    key = once(work.caller, request.headers.get("idempotency-key"), f"confirm {placement_id}", body)
    return _answer(work.once(key, confirming.confirm, placement_id, parse(PLACEMENT_CONFIRMATION, body)))


@router.post(
    "/v1/placements/search",
    openapi_extra=takes(search_schemas.PlacementSearch, once=False),
    responses=returns(200, search_schemas.PlacementsFound, "Placements you are a party to that fit", problems=(429,)),
)
def search_placements(
    request: Request,
    work: Annotated[Work, allowed(Scope.PLACEMENTS_SEARCH, by_name=True)],
    body: Body,
    cursor: Cursor = None,
) -> Answer:
    """Look for a child among the placements you are a party to. Each search is recorded and counts for the day."""
    state, document = request.app.state, parse(search_schemas.PLACEMENT_SEARCH, body)
    return Answer(work.write(searching.search, state.directory.get(), state.cursors, document, cursor))


@router.post(
    "/v1/placements/{placement_id}/clocks/{clock}/done",
    openapi_extra=takes(schemas.ClockDone),
    responses=returns(201, schemas.ClockMarked, "Recorded under your name", problems=(404,)),
    status_code=201,
)
def mark_clock_done(
    placement_id: str,
    clock: str,
    request: Request,
    work: Annotated[Work, allowed(Scope.CLOCKS_MARK, by_name=True)],
    body: Body,
) -> Answer:
    """Say by name that a review, a visit or another duty was done; what repeats starts again."""
    key = once(work.caller, request.headers.get("idempotency-key"), f"done {placement_id} {clock}", body)
    return _answer(work.once(key, marking.mark, placement_id, clock, parse(schemas.CLOCK_DONE, body)))


@router.get(
    "/v1/placements/{placement_id}/ready-pack",
    responses=returns(200, schemas.ReadyPack, "What must reach the home before the child does", problems=(410,)),
)
def read_ready_pack(placement_id: str, work: Annotated[Work, allowed(Scope.PLACEMENTS_READ)]) -> Answer:
    """Photo, risk assessment, health plan, care plan, contacts and safety plan: there or not, and how old."""
    return Answer(orjson.dumps(work.write(readying.ready_pack, placement_id)))


@router.get(
    "/v1/placements/{placement_id}/review-pack",
    responses=returns(200, review_schemas.ReviewPack, "What happened, who had it, what they answered, who never did"),
)
def read_review_pack(placement_id: str, work: Annotated[Work, allowed(Scope.PLACEMENTS_READ)]) -> Answer:
    """All events, receipts and replies of a placement, for its review. Recorded."""
    return Answer(orjson.dumps(work.write(reviewing.review_pack, placement_id)))


@router.get(
    "/v1/register",
    responses=returns(200, schemas.Register, "Children living in your area", also_as=(_CSV,)),
)
def read_children_in_area(
    request: Request,
    work: Annotated[Work, allowed(Scope.REGISTER_READ)],
    state: RegisterState = "active",
    cursor: Cursor = None,
    limit: Limit = DEFAULT_LIMIT,
) -> Answer:
    """Children living in your area, oldest placement first. Each line leaves a record."""
    page = work.write(read_register, request.app.state.cursors, state, cursor, limit)
    if _CSV not in request.headers.get("accept", "").lower():
        return Answer(orjson.dumps({"items": page.rows, "next_cursor": page.next_cursor}))
    headers = {
        "Content-Type": f"{_CSV}; charset=utf-8",
        "Content-Disposition": 'attachment; filename="register.csv"',
    }
    if page.next_cursor:
        query = urlencode({"state": state, "limit": limit, "cursor": page.next_cursor})
        headers["Link"] = f'</v1/register?{query}>; rel="next"'
    return Answer(register_sheet(page.rows), headers=headers)
