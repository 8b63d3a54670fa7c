"""The register of health assessments over HTTP: parse, name the scope, call the service, choose the status."""

from typing import Annotated, Literal

from anyio.to_thread import run_sync
from fastapi import APIRouter, Path, Query, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from app.access.documents import parse
from app.access.guard import allowed
from app.assessments import schemas
from app.assessments.service import asking, becoming, reading, recommending, reporting, waiting
from app.children.service.listing import Listing
from app.documents.files import A_FILE_SENT, a_file, leaving, prove, receive
from app.security.scopes import Scope
from app.standard.assessments import (
    ASSESSMENT,
    OUTCOME,
    RECOMMENDATION_DONE,
    AssessmentOutcome,
    AssessmentRequest,
    RecommendationDone,
)
from app.web.answer import Answer, to_json
from app.web.body import Body
from app.web.etag import matches
from app.web.openapi import returns, takes
from app.web.paging import DEFAULT_LIMIT, MAX_LIMIT
from app.work.once import Once, Reply, once
from app.work.unit import Work

router = APIRouter(tags=["Assessments"])

Reads = Annotated[Work, allowed(Scope.ASSESSMENTS_READ)]
Asks = Annotated[Work, allowed(Scope.ASSESSMENTS_WRITE)]
Acts = Annotated[Work, allowed(Scope.ASSESSMENTS_WRITE, by_name=True)]

ChildId = Annotated[str, Path(description="The child's id in this service")]
AssessmentId = Annotated[str, Path(description="The assessment's id")]
Version = Annotated[int | None, Query(ge=1, le=1_000_000, description="Left out: the latest")]
Cursor = Annotated[str | None, Query(description="next_cursor of the page before", max_length=512)]
Limit = Annotated[int, Query(ge=1, le=MAX_LIMIT)]
Which = Annotated[
    Literal["no_passport", "stale", "overdue", "declined", "unread", "unread_by_others", "recommendations"],
    Path(alias="list", description="Which list"),
]

_OF_CHILD = "/v1/children/{child_id}/assessments"
_ONE = _OF_CHILD + "/{assessment_id}"


def _key(request: Request, work: Work, route: str, body: bytes) -> Once:
    return once(work.caller, request.headers.get("idempotency-key"), route, body)


def _answer(reply: Reply) -> Answer:
    return Answer(reply.body, reply.status, {"Idempotent-Replayed": "true"} if reply.replayed else None)


@router.post(
    _OF_CHILD,
    openapi_extra=takes(AssessmentRequest),
    responses=returns(201, schemas.AssessmentAsked, "It has an owner and a date from now on", problems=(410,)),
    status_code=201,
)
def ask_for_assessment(work: Asks, child_id: ChildId, request: Request, body: Body) -> Answer:
    """Ask for an assessment or commission one; what is due already is taken up with the date it has."""
    key = _key(request, work, f"assess {child_id}", body)
    directory = request.app.state.directory.get()
    return _answer(work.once(key, asking.ask, directory, child_id, parse(ASSESSMENT, body)))


@router.get(
    _OF_CHILD, responses=returns(200, schemas.AssessmentRegister, "Each with its owner and its date, oldest first")
)
def list_assessments(
    work: Reads, child_id: ChildId, request: Request, cursor: Cursor = None, limit: Limit = DEFAULT_LIMIT
) -> Answer:
    """List a child's assessments: what is owed, by whom, since when, and who has not read a report."""
    listing = Listing(request.app.state.cursors, cursor, limit)
    return Answer(work.write(reading.register, request.app.state.directory.get(), child_id, listing))


@router.get(_ONE, responses=returns(200, schemas.AssessmentView, "Its history, readers and recommendations"))
def read_assessment(work: Reads, child_id: ChildId, assessment_id: AssessmentId, request: Request) -> Answer:
    """Read one assessment, as far as your work needs it."""
    return Answer(work.write(reading.assessment, request.app.state.directory.get(), child_id, assessment_id))


@router.post(
    _ONE + "/outcomes",
    openapi_extra=takes(AssessmentOutcome),
    responses=returns(201, schemas.AssessmentUpdated, "Recorded; its due date stays the child's", problems=(410,)),
    status_code=201,
)
def record_outcome(work: Acts, child_id: ChildId, assessment_id: AssessmentId, request: Request, body: Body) -> Answer:
    """Say by name what became of it: booked, waiting for consent, done, declined, no capacity, not needed."""
    key = _key(request, work, f"outcome of {assessment_id} of {child_id}", body)
    directory = request.app.state.directory.get()
    return _answer(work.once(key, becoming.become, directory, child_id, assessment_id, parse(OUTCOME, body)))


@router.post(
    _ONE + "/recommendations/{recommendation_id}/done",
    openapi_extra=takes(RecommendationDone),
    responses=returns(201, schemas.RecommendationClosed, "Recorded", problems=(410,)),
    status_code=201,
)
def close_recommendation(
    work: Acts, child_id: ChildId, assessment_id: AssessmentId, recommendation_id: str, request: Request, body: Body
) -> Answer:
    """Say by name what became of a recommendation."""
    ids = (child_id, assessment_id, recommendation_id)
    key = _key(request, work, f"close {' of '.join(reversed(ids))}", body)
    directory = request.app.state.directory.get()
    return _answer(work.once(key, recommending.close, directory, ids, parse(RECOMMENDATION_DONE, body)))


@router.put(
    _ONE + "/report",
    openapi_extra=A_FILE_SENT,
    responses=returns(200, schemas.ReportUploaded, "Kept; whoever should read it is told", problems=(410,)),
)
async def upload_report(work: Acts, child_id: ChildId, assessment_id: AssessmentId, request: Request) -> Answer:
    """Upload the report, by name. The same bytes again are the same version; other bytes are the next, unread again."""
    directory = await run_in_threadpool(request.app.state.directory.get)
    await run_in_threadpool(work.write, reporting.announce, directory, child_id, assessment_id)
    place = await run_in_threadpool(work.read, reporting.place_for, directory, child_id, assessment_id)
    taken, incoming = await receive(request, work, place)
    ids = (child_id, assessment_id)
    # From here on a failure may hide a commit that was made, so what was stored stays until it is swept.
    kept = await run_in_threadpool(work.write, reporting.keep, directory, ids, place, taken)
    if not kept.is_new:
        await run_sync(incoming.abandon)
    told = {"assessment_id": assessment_id, "document_id": place.document_id, "new_version": kept.is_new}
    return Answer(to_json({**told, **kept.facts}))


@router.get(_ONE + "/report", response_model=None, responses=a_file())
def open_report(
    work: Reads, child_id: ChildId, assessment_id: AssessmentId, request: Request, version: Version = None
) -> Response:
    """Open the report, with a practitioner, or retrieve it, without: only opened by name is it read."""
    directory = request.app.state.directory.get()
    found = work.read(reporting.look, directory, child_id, assessment_id, version)
    if matches(request.headers.get("if-none-match"), found.tag):
        return Answer(b"", 304, {"ETag": found.tag})
    prove(work, request, found)
    return leaving(request, work.write(reporting.release, directory, child_id, assessment_id, found.number))


@router.get("/v1/health-lists/{list}", responses=returns(200, schemas.Waiting, "Oldest first; ids, codes and days"))
def read_health_list(
    work: Reads, which: Which, request: Request, cursor: Cursor = None, limit: Limit = DEFAULT_LIMIT
) -> Answer:
    """List what waits for your team, over all children in whose health care it has a part today."""
    state = request.app.state
    listing = Listing(state.cursors, cursor, limit)
    return Answer(work.read(waiting.waiting, state.directory.get(), which, listing))
