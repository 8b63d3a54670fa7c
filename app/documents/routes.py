"""Documents over HTTP: an authority announces and uploads, the parties of a placement list and open."""

from typing import Annotated, Any

import orjson
from anyio.to_thread import run_sync
from fastapi import APIRouter, Path, Query, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from app.access.documents import parse
from app.access.guard import allowed
from app.children.service.listing import Listing
from app.documents import schemas
from app.documents.files import A_FILE_SENT, a_file, leaving, prove, receive
from app.documents.service import keeping, listing, opening
from app.security.scopes import Scope
from app.standard.requests import DOCUMENT_RECORD, DocumentRecord
from app.web.answer import Answer, to_json
from app.web.body import Body
from app.web.etag import matches
from app.web.openapi import returns, takes
from app.web.paging import DEFAULT_LIMIT, MAX_LIMIT
from app.work.once import Reply, once
from app.work.tx import Tx
from app.work.unit import Work

router = APIRouter(tags=["Documents"])

Keeps = Annotated[Work, allowed(Scope.DOCUMENTS_WRITE)]
Opens = Annotated[Work, allowed(Scope.DOCUMENTS_READ)]
ChildId = Annotated[str, Path(description="The child's id in this service")]
DocumentId = Annotated[str, Path(description="The document's id, as it was announced")]
Version = Annotated[int | None, Query(ge=1, le=1_000_000, description="Left out: the latest")]
Cursor = Annotated[str | None, Query(description="next_cursor of the page before", max_length=512)]
Limit = Annotated[int, Query(ge=1, le=MAX_LIMIT)]

_OF_CHILD = "/v1/children/{child_id}/documents"
_OF_PLACEMENT = "/v1/placements/{placement_id}/documents"


@router.post(
    _OF_CHILD,
    openapi_extra=takes(DocumentRecord),
    responses=returns(201, schemas.DocumentAnnounced, "There is room for it; now PUT its bytes", problems=(410,)),
    status_code=201,
)
def announce_document(work: Keeps, child_id: ChildId, request: Request, body: Body) -> Answer:
    """Announce a document about a child of your own: what it is. Who may open it follows from that."""

    def act(tx: Tx, about: dict[str, Any]) -> Reply:
        document_id, entry_id = keeping.announce(tx, opening.holder_of(tx, child_id), about)
        told = {
            "document_id": document_id,
            "child_id": child_id,
            "type": about["type"],
            "upload": f"/v1/children/{child_id}/documents/{document_id}",
            "receipt": {"entry_id": entry_id, "recorded_at": tx.at},
        }
        return Reply(201, orjson.dumps(told))

    key = once(work.caller, request.headers.get("idempotency-key"), f"announce {child_id}", body)
    reply = work.once(key, act, parse(DOCUMENT_RECORD, body))
    return Answer(reply.body, reply.status, {"Idempotent-Replayed": "true"} if reply.replayed else None)


@router.put(
    _OF_CHILD + "/{document_id}",
    openapi_extra=A_FILE_SENT,
    responses=returns(
        200,
        schemas.DocumentUploaded,
        "Kept: as a new version, or as the latest, where that is the same",
        problems=(410,),
    ),
)
async def upload_document(work: Keeps, child_id: ChildId, document_id: DocumentId, request: Request) -> Answer:
    """Upload a document. The same bytes again are the same version; other bytes are the next."""
    place = await run_in_threadpool(work.read, _place, child_id, document_id)
    taken, incoming = await receive(request, work, place)
    # From here on a failure may hide a commit that was made, so what was stored stays until it is swept.
    kept = await run_in_threadpool(work.write, _keep, child_id, place, taken)
    if not kept.is_new:
        await run_sync(incoming.abandon)
    return Answer(to_json({"document_id": document_id, "new_version": kept.is_new, **kept.facts}))


def _place(tx: Tx, child_id: str, document_id: str) -> keeping.Place:
    return keeping.place_for(tx, opening.holder_of(tx, child_id, document_id), document_id)


def _keep(tx: Tx, child_id: str, place: keeping.Place, taken: keeping.Taken) -> keeping.Kept:
    return keeping.keep(tx, opening.holder_of(tx, child_id, place.document_id), place, taken)


@router.get(
    _OF_CHILD,
    responses=returns(200, schemas.KeptDocuments, "What you keep of this child, oldest first", problems=(410,)),
)
def list_documents(
    work: Opens, child_id: ChildId, request: Request, cursor: Cursor = None, limit: Limit = DEFAULT_LIMIT
) -> Answer:
    """List the documents you keep of a child of your own, and which party has had which version."""
    return Answer(work.write(listing.of_child, child_id, Listing(request.app.state.cursors, cursor, limit)))


@router.get(_OF_CHILD + "/{document_id}", response_model=None, responses=a_file())
def open_document(
    work: Opens, child_id: ChildId, document_id: DocumentId, request: Request, version: Version = None
) -> Response:
    """Open a document you keep, with a practitioner, or retrieve it, without."""
    found = work.read(opening.of_child, child_id, document_id, version)
    if matches(request.headers.get("if-none-match"), found.tag):
        return Answer(b"", 304, {"ETag": found.tag})
    prove(work, request, found)
    return leaving(request, work.write(opening.release_of_child, child_id, document_id, found.number))


@router.get(
    _OF_PLACEMENT,
    responses=returns(200, schemas.PlacementDocuments, "Each document and how it stands", problems=(410,)),
)
def list_placement_documents(placement_id: str, work: Opens) -> Answer:
    """List the documents of a placement: expected, uploaded, who has read which version."""
    return Answer(work.write(listing.of_placement, placement_id))


@router.get(_OF_PLACEMENT + "/{document_id}", response_model=None, responses=a_file())
def open_placement_document(
    placement_id: str, document_id: DocumentId, request: Request, work: Opens, version: Version = None
) -> Response:
    """Open a document of a placement, with a practitioner, or retrieve it, without. Recorded before it leaves."""
    found = work.read(opening.through_placement, placement_id, document_id, version)
    if matches(request.headers.get("if-none-match"), found.tag):
        return Answer(b"", 304, {"ETag": found.tag})
    prove(work, request, found)
    return leaving(request, work.write(opening.release_through_placement, placement_id, document_id, found.number))
