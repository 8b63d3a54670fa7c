"""Files over HTTP: as JSON for a case system, as a PDF for a person, recorded either way."""

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any

import orjson
from fastapi import APIRouter, Path, Request
from starlette.concurrency import run_in_threadpool

from app.access.guard import allowed
from app.casefiles import schemas
from app.casefiles.printing import file_page
from app.casefiles.service.filing import file_of_child, file_of_placement
from app.security.scopes import Scope
from app.web.accept import JSON, PDF, acceptable
from app.web.answer import Answer
from app.web.openapi import returns
from app.work.unit import Work

router = APIRouter(tags=["Files"])

_FORMS = (JSON, PDF)

Reads = Annotated[Work, allowed(Scope.FILES_READ)]


@router.get(
    "/v1/placements/{placement_id}/file",
    responses=returns(200, schemas.PlacementFile, "All that stands about a placement", also_as=(PDF,), problems=(410,)),
)
async def read_placement_file(
    work: Reads, request: Request, placement_id: Annotated[str, Path(description="The placement's id")]
) -> Answer:
    """One document for the record: what was told, who had it and when, what they answered, what was due, the papers."""
    media = acceptable(request.headers.get("accept"), _FORMS)
    made = await run_in_threadpool(work.write, file_of_placement, placement_id)
    return await _answer(request, work, made, media)


@router.get(
    "/v1/children/{child_id}/file",
    responses=returns(200, schemas.ChildFile, "All that stands about a child", also_as=(PDF,), problems=(410,)),
)
async def read_child_file(
    work: Reads, request: Request, child_id: Annotated[str, Path(description="The child's id")]
) -> Answer:
    """One document for the child's record: every placement's file, corrections, restrictions, assessments, the
    passport's versions and moves, and who has seen what. For the authority that answers for the child."""
    media, state = acceptable(request.headers.get("accept"), _FORMS), request.app.state
    directory = await run_in_threadpool(state.directory.get)
    made = await run_in_threadpool(work.write, file_of_child, directory, state.cursors, child_id)
    return await _answer(request, work, made, media)


async def _answer(request: Request, work: Work, made: Mapping[str, Any], media: str) -> Answer:
    """The file in this form. It is recorded before it is set: should the press fail, the record says too much."""
    if media == JSON:
        return Answer(orjson.dumps(made), headers={"Vary": "Accept"})
    state = request.app.state
    directory = await run_in_threadpool(state.directory.get)
    data = file_page(made, directory.name_of)
    printed = await state.press.pdf(work.caller.client_id, "file", data, "en", date.fromisoformat(made["made_at"][:10]))
    headers = {
        "Vary": "Accept",
        "Content-Type": PDF,
        "Content-Language": "en",
        "Content-Disposition": 'attachment; filename="file.pdf"',
        "X-Content-Type-Options": "nosniff",
    }
    return Answer(printed, headers=headers)
