"""Transfers of a passport over HTTP: parse, name the scope, call the service, choose the status."""

from typing import Annotated, Literal

from fastapi import APIRouter, Path, Query, Request

from app.access.documents import parse
from app.access.guard import allowed
from app.children.service.listing import Listing
from app.security.scopes import Scope
from app.standard.transfers import PASSPORT_STEP, PASSPORT_TRANSFER, PassportStep, PassportTransfer
from app.transfers import schemas
from app.transfers.service import offering, reading, stepping
from app.web.answer import Answer
from app.web.body import Body
from app.web.openapi import returns, takes
from app.web.paging import DEFAULT_LIMIT, MAX_LIMIT
from app.work.once import Reply, once
from app.work.unit import Work

router = APIRouter(tags=["Health passports"])

Reads = Annotated[Work, allowed(Scope.PASSPORTS_TRANSFER)]
Acts = Annotated[Work, allowed(Scope.PASSPORTS_TRANSFER, by_name=True)]

ChildId = Annotated[str, Path(description="The child's id in this service")]
TransferId = Annotated[str, Path(description="The id of the transfer")]
Side = Annotated[
    Literal["to_us", "from_us", "placed_by_us"],
    Query(description="Offered to your health team, kept by it until now, or of children your authority looks after"),
]
Cursor = Annotated[str | None, Query(description="next_cursor of the page before", max_length=512)]
Limit = Annotated[int, Query(ge=1, le=MAX_LIMIT)]


def _answer(reply: Reply) -> Answer:
    return Answer(reply.body, reply.status, {"Idempotent-Replayed": "true"} if reply.replayed else None)


@router.post(
    "/v1/children/{child_id}/passport-transfers",
    openapi_extra=takes(PassportTransfer),
    responses=returns(201, schemas.Moved, "Offered; the new team answers by due_at", problems=(410,)),
    status_code=201,
)
def offer_passport(work: Acts, child_id: ChildId, request: Request, body: Body) -> Answer:
    """Offer a passport to another health team, by name. A move out of the area offers it by itself."""
    key = once(work.caller, request.headers.get("idempotency-key"), f"offer passport {child_id}", body)
    document = parse(PASSPORT_TRANSFER, body)
    return _answer(work.once(key, offering.offer, request.app.state.directory.get(), child_id, document))


@router.get(
    "/v1/children/{child_id}/passport-transfers",
    responses=returns(200, schemas.PassportTransfers, "How the passport moved, oldest first"),
)
def list_transfers_of_passport(
    work: Reads, child_id: ChildId, request: Request, cursor: Cursor = None, limit: Limit = DEFAULT_LIMIT
) -> Answer:
    """List how a child's passport moved from team to team."""
    listing = Listing(request.app.state.cursors, cursor, limit)
    return Answer(work.read(reading.of_child, request.app.state.directory.get(), child_id, listing))


@router.get(
    "/v1/passport-transfers",
    responses=returns(200, schemas.PassportTransfers, "What somebody still has to act on, oldest first"),
)
def list_passport_transfers(
    work: Reads, request: Request, side: Side = "to_us", cursor: Cursor = None, limit: Limit = DEFAULT_LIMIT
) -> Answer:
    """List the transfers that are not settled: offered to your team, leaving it, or of your authority's children."""
    return Answer(work.read(reading.unsettled, side, Listing(request.app.state.cursors, cursor, limit)))


@router.get(
    "/v1/passport-transfers/{passport_transfer_id}",
    responses=returns(200, schemas.PassportTransferView, "Where it stands, and what everybody did about it"),
)
def read_passport_transfer(work: Reads, passport_transfer_id: TransferId) -> Answer:
    """Read a transfer: the bodies, the clocks, whose turn it is, and the words of each step. No name of a child."""
    return Answer(work.read(reading.transfer, passport_transfer_id))


@router.post(
    "/v1/passport-transfers/{passport_transfer_id}/steps",
    openapi_extra=takes(PassportStep),
    responses=returns(201, schemas.Moved, "Done; whose turn it is now", problems=(410,)),
    status_code=201,
)
def step_passport_transfer(work: Acts, passport_transfer_id: TransferId, request: Request, body: Body) -> Answer:
    """Accept, ask, answer, decline, offer to another team, take back, or confirm what the passport holds; by name."""
    key = once(work.caller, request.headers.get("idempotency-key"), f"step {passport_transfer_id}", body)
    document = parse(PASSPORT_STEP, body)
    return _answer(work.once(key, stepping.step, request.app.state.directory.get(), passport_transfer_id, document))
