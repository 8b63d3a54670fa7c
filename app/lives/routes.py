"""The life of a child's record over HTTP: parse, name the scope, call the service, choose the status."""

from typing import Annotated, Literal

from fastapi import APIRouter, Path, Query, Request

from app.access.documents import parse
from app.access.guard import allowed
from app.children.service.listing import Listing
from app.lives import keeping_schemas, schemas
from app.lives.service import (
    answering,
    carry_forward,
    history,
    merging,
    offering,
    placements_of,
    proposing,
    transfers,
    wishes,
)
from app.security.scopes import Scope
from app.standard.lives import (
    ANSWER,
    DECISION,
    PROPOSAL,
    REVOCATION,
    TRANSFER,
    Proposal,
    ProposalDecision,
    Revocation,
    Transfer,
    TransferAnswer,
)
from app.web.answer import Answer
from app.web.body import Body
from app.web.openapi import returns, takes
from app.web.paging import DEFAULT_LIMIT, MAX_LIMIT
from app.work.once import Once, Reply, once
from app.work.unit import Work

router = APIRouter(tags=["Lives"])

Reads = Annotated[Work, allowed(Scope.CHILDREN_READ)]
ReadsPlacements = Annotated[Work, allowed(Scope.PLACEMENTS_READ)]
Sends = Annotated[Work, allowed(Scope.NOTIFICATIONS_SEND)]
SeesMerges = Annotated[Work, allowed(Scope.CHILDREN_MERGE)]
Merges = Annotated[Work, allowed(Scope.CHILDREN_MERGE, by_name=True)]
SeesTransfers = Annotated[Work, allowed(Scope.CHILDREN_TRANSFER)]
Passes = Annotated[Work, allowed(Scope.CHILDREN_TRANSFER, by_name=True)]

ChildId = Annotated[str, Path(description="The child's id in this service")]
TransferId = Annotated[str, Path(description="The id of the offer")]
Side = Annotated[Literal["from_us", "to_us"], Query(description="Offers your authority made, or was made")]
Cursor = Annotated[str | None, Query(description="next_cursor of the page before", max_length=512)]
Limit = Annotated[int, Query(ge=1, le=MAX_LIMIT)]


def _key(request: Request, work: Work, route: str, body: bytes) -> Once:
    return once(work.caller, request.headers.get("idempotency-key"), route, body)


def _answer(reply: Reply) -> Answer:
    return Answer(reply.body, reply.status, {"Idempotent-Replayed": "true"} if reply.replayed else None)


def _listing(request: Request, cursor: str | None, limit: int) -> Listing:
    return Listing(request.app.state.cursors, cursor, limit)


@router.get(
    "/v1/children/{child_id}/placements",
    responses=returns(200, schemas.ChildPlacements, "The child's placements, oldest first; no words of any"),
)
def list_placements_of_child(
    work: Reads, child_id: ChildId, request: Request, cursor: Cursor = None, limit: Limit = DEFAULT_LIMIT
) -> Answer:
    """List the placements of a child of your own authority, and whom responsibility came from or went to."""
    return Answer(work.write(placements_of.placements_of, child_id, _listing(request, cursor, limit)))


@router.get(
    "/v1/children/{child_id}/carry-forward",
    responses=returns(200, keeping_schemas.CarryForward, "The last placement, as far as it is kept", problems=(410,)),
)
def read_carry_forward(work: Sends, child_id: ChildId) -> Answer:
    """Start a new placement from what is held: words ready to be sent, each with its age. Recorded as seen."""
    return Answer(work.write(carry_forward.carry_forward, child_id))


@router.get(
    "/v1/children/{child_id}/wishes",
    responses=returns(200, keeping_schemas.Wishes, "What the child wishes, and what became of it", problems=(410,)),
)
def read_wishes(work: Reads, child_id: ChildId) -> Answer:
    """Follow the child's wishes over every placement. One that is not met stays open. Recorded."""
    return Answer(work.write(wishes.wishes, child_id))


@router.get(
    "/v1/children/{child_id}/possible-duplicates",
    responses=returns(200, schemas.PossibleDuplicates, "Records of yours it may be one with", problems=(410,)),
)
def list_possible_duplicates(work: SeesMerges, child_id: ChildId) -> Answer:
    """Look for the same child among your own records alone."""
    return Answer(work.write(merging.possible_duplicates, child_id))


@router.post(
    "/v1/children/{child_id}/proposals",
    openapi_extra=takes(Proposal),
    responses=returns(201, schemas.ProposalRecorded, "Proposed; a second person confirms it", problems=(410,)),
    status_code=201,
)
def propose_for_child(work: Merges, child_id: ChildId, request: Request, body: Body) -> Answer:
    """Propose, by name, to merge two records, to part them again, or that care did not end after all."""
    key = _key(request, work, f"propose {child_id}", body)
    return _answer(work.once(key, proposing.propose, child_id, parse(PROPOSAL, body)))


@router.get(
    "/v1/children/{child_id}/proposals",
    responses=returns(200, schemas.Proposals, "What was proposed, and what became of it", problems=(410,)),
)
def list_proposals(
    work: SeesMerges, child_id: ChildId, request: Request, cursor: Cursor = None, limit: Limit = DEFAULT_LIMIT
) -> Answer:
    """List what was proposed for a child, oldest first, leaving a trace."""
    return Answer(work.write(proposing.proposals, child_id, _listing(request, cursor, limit)))


@router.post(
    "/v1/children/{child_id}/proposals/{proposal_id}/decisions",
    openapi_extra=takes(ProposalDecision),
    responses=returns(201, schemas.ProposalRecorded, "Done at once if confirmed", problems=(410,)),
    status_code=201,
)
def decide_proposal(work: Merges, child_id: ChildId, proposal_id: str, request: Request, body: Body) -> Answer:
    """Confirm what a colleague proposed, by name, or reject it."""
    key = _key(request, work, f"decide {proposal_id} of {child_id}", body)
    return _answer(work.once(key, proposing.decide, child_id, proposal_id, parse(DECISION, body)))


@router.post(
    "/v1/children/{child_id}/responsibility-transfers",
    openapi_extra=takes(Transfer),
    responses=returns(201, schemas.Offered, "Offered; nothing changes until it is accepted", problems=(410,)),
    status_code=201,
)
def offer_transfer(work: Passes, child_id: ChildId, request: Request, body: Body) -> Answer:
    """Offer responsibility for a child to another authority, by name."""
    key = _key(request, work, f"transfer {child_id}", body)
    return _answer(work.once(key, offering.offer, child_id, parse(TRANSFER, body)))


@router.get(
    "/v1/responsibility-transfers",
    responses=returns(200, schemas.Transfers, "Offers made by, or to, your authority, newest first"),
)
def list_transfers(
    work: SeesTransfers, request: Request, side: Side = "to_us", cursor: Cursor = None, limit: Limit = DEFAULT_LIMIT
) -> Answer:
    """List offers of responsibility; nothing that names a child."""
    return Answer(work.read(transfers.transfers, side, _listing(request, cursor, limit)))


@router.get(
    "/v1/responsibility-transfers/{transfer_id}",
    responses=returns(200, schemas.TransferView, "The offer, and what became of it"),
)
def read_transfer(work: SeesTransfers, transfer_id: TransferId) -> Answer:
    """Read an offer: who makes it, why, from when, whom to ring. No name of a child."""
    return Answer(work.read(transfers.transfer, transfer_id))


@router.post(
    "/v1/responsibility-transfers/{transfer_id}/answers",
    openapi_extra=takes(TransferAnswer),
    responses=returns(201, schemas.TransferAnswered, "Taken over, or declined with a reason", problems=(410,)),
    status_code=201,
)
def answer_transfer(work: Passes, transfer_id: TransferId, request: Request, body: Body) -> Answer:
    """Take responsibility by name, with your own number for the child, or say why not."""
    key = _key(request, work, f"answer {transfer_id}", body)
    directory = request.app.state.directory.get()
    return _answer(work.once(key, answering.answer, directory, transfer_id, parse(ANSWER, body)))


@router.post(
    "/v1/responsibility-transfers/{transfer_id}/revocations",
    openapi_extra=takes(Revocation),
    responses=returns(201, schemas.TransferAnswered, "Taken back; it can be answered no more", problems=(410,)),
    status_code=201,
)
def revoke_transfer(work: Passes, transfer_id: TransferId, request: Request, body: Body) -> Answer:
    """Take an offer back before it is answered, by name, with a reason."""
    key = _key(request, work, f"revoke {transfer_id}", body)
    return _answer(work.once(key, answering.revoke, transfer_id, parse(REVOCATION, body)))


@router.get(
    "/v1/responsibility-transfers/{transfer_id}/history",
    responses=returns(200, schemas.History, "The placements of the time before, oldest first"),
)
def list_history(
    work: ReadsPlacements,
    transfer_id: TransferId,
    request: Request,
    cursor: Cursor = None,
    limit: Limit = DEFAULT_LIMIT,
) -> Answer:
    """List the placements a child you took over had before. No words of any."""
    return Answer(work.write(history.history, transfer_id, _listing(request, cursor, limit)))


@router.get(
    "/v1/responsibility-transfers/{transfer_id}/history/{former_placement_id}",
    responses=returns(200, schemas.FormerPlacement, "What your function reads of it", problems=(410,)),
)
def read_history(work: ReadsPlacements, transfer_id: TransferId, former_placement_id: str) -> Answer:
    """Read what was told of an earlier placement. The former authority's account names you."""
    return Answer(work.write(history.former_placement, transfer_id, former_placement_id))
