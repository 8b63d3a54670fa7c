"""Health passports over HTTP: parse, name the scope, call the service, choose the form and the status."""

from functools import partial
from typing import Annotated, Literal

from fastapi import APIRouter, Header, Path, Query, Request

from app.access.documents import parse
from app.access.guard import allowed
from app.passports import schemas
from app.passports.answering import answer
from app.passports.documents import AnySection, parse_bundle, parse_section
from app.passports.renderers import CARD, MINE, PASSPORT, to_json
from app.passports.service import confirming, emergency, history, mine, publishing, reading, receiving, sensitive
from app.security.scopes import Scope
from app.standard.passport.document import CONFIRMATION, HEALTH_PASSPORT, Confirmation, HealthPassport
from app.web.answer import Answer
from app.web.body import FHIR, Body, FhirBody, is_fhir
from app.web.language import preferred
from app.web.openapi import returns, takes
from app.web.paging import DEFAULT_LIMIT, MAX_LIMIT
from app.work.once import Reply, once
from app.work.unit import Work

router = APIRouter(tags=["Health passports"])

Reads = Annotated[Work, allowed(Scope.PASSPORTS_READ)]
ReadsSensitive = Annotated[Work, allowed(Scope.PASSPORTS_READ_SENSITIVE, by_name=True)]
Writes = Annotated[Work, allowed(Scope.PASSPORTS_WRITE)]
Confirms = Annotated[Work, allowed(Scope.PASSPORTS_WRITE, by_name=True)]

ChildId = Annotated[str, Path(description="The child's id in this service")]
Cursor = Annotated[str | None, Query(description="next_cursor of the page before", max_length=512)]
Limit = Annotated[int, Query(ge=1, le=MAX_LIMIT)]
Version = Annotated[int, Path(ge=1, le=999_999_999)]
OldVersion = Annotated[int, Query(alias="from", ge=0, le=999_999_999, description="0 is the empty passport")]
NewVersion = Annotated[int, Query(alias="to", ge=0, le=999_999_999)]
Reason = Annotated[
    Literal["life_at_risk", "treatment_now", "cannot_tell", "self_harm", "safeguarding"] | None,
    Query(description="Why urgent care breaks the glass; others have no need of it"),
]
Record = Annotated[str | None, Query(description="One of merged_records: the passport of that record", max_length=64)]
AcceptLanguage = Annotated[str, Header(description="English or Welsh, for what is printed or plain")]
_REFUSED = (406, 422)


def _answer(reply: Reply) -> Answer:
    return Answer(reply.body, reply.status, {"Idempotent-Replayed": "true"} if reply.replayed else None)


@router.get(
    "/v1/children/{child_id}/health-passport",
    responses=returns(
        200,
        schemas.PassportView,
        "As your work may see it",
        not_modified=True,
        also_as=PASSPORT.media[1:],
        problems=_REFUSED,
    ),
)
async def read_passport(
    work: Reads, child_id: ChildId, request: Request, record: Record = None, accept_language: AcceptLanguage = ""
) -> Answer:
    """Open the passport, with a practitioner, or retrieve it, without. Before anything is published it is empty."""
    act = partial(reading.open_, child_id=child_id, record=record)
    return await answer(request, work, PASSPORT, act, preferred(accept_language))


@router.head("/v1/children/{child_id}/health-passport", responses=returns(200, None, "It is there; nothing was opened"))
def look_at_passport(work: Reads, child_id: ChildId, request: Request, record: Record = None) -> Answer:
    """Learn whether it changed. Opens nothing."""
    tag = work.read(reading.look, request.app.state.directory.get(), child_id, record)
    return Answer(b"", headers={"ETag": tag})


@router.put(
    "/v1/children/{child_id}/health-passport",
    openapi_extra=takes(HealthPassport, if_match=True, also_as=(FHIR,)),
    responses=returns(200, schemas.Published, "Published; what was not sent is carried forward", problems=(410,)),
)
def publish_passport(work: Writes, child_id: ChildId, request: Request, body: FhirBody) -> Answer:
    """Publish sections; each that is sent replaces the earlier one whole, and absent ones stay with their dates.

    As FHIR, the body is a Bundle of ours or of another system: what it holds that a passport has no place for is named.
    """
    key = once(work.caller, request.headers.get("idempotency-key"), f"publish passport {child_id}", body)
    directory, if_match = request.app.state.directory.get(), request.headers.get("if-match")
    if is_fhir(request):
        work.before(key, receiving.check_sender, directory, child_id)
        return _answer(work.once(key, receiving.publish_received, directory, child_id, if_match, parse_bundle(body)))
    return _answer(work.once(key, publishing.publish, directory, child_id, if_match, parse(HEALTH_PASSPORT, body)))


@router.put(
    "/v1/children/{child_id}/health-passport/sections/{section}",
    openapi_extra=takes(AnySection, if_match=True),
    responses=returns(200, schemas.Published, "Published, whatever else changed meanwhile", problems=(410,)),
)
def publish_section(work: Writes, child_id: ChildId, section: str, request: Request, body: Body) -> Answer:
    """Publish one section. If-Match is the tag of that section, from sections_shared or sections_not_recorded."""
    key = once(work.caller, request.headers.get("idempotency-key"), f"publish {section} of {child_id}", body)
    directory, if_match = request.app.state.directory.get(), request.headers.get("if-match")
    document = parse_section(section, body)
    return _answer(work.once(key, publishing.write_section, directory, child_id, if_match, section, document))


@router.post(
    "/v1/children/{child_id}/health-passport/confirmations",
    openapi_extra=takes(Confirmation),
    responses=returns(201, schemas.Confirmed, "Found still true; words and dates stay"),
    status_code=201,
)
def confirm_sections(work: Confirms, child_id: ChildId, request: Request, body: Body, record: Record = None) -> Answer:
    """Confirm by name that sections, as they stood in the version that was read, are still true."""
    act = f"confirm passport {child_id}" + (f" of {record}" if record else "")
    key = once(work.caller, request.headers.get("idempotency-key"), act, body)
    directory = request.app.state.directory.get()
    return _answer(work.once(key, confirming.confirm, directory, child_id, parse(CONFIRMATION, body), record))


@router.get(
    "/v1/children/{child_id}/health-passport/versions",
    responses=returns(200, schemas.PassportVersions, "What each version brought and who published it, newest first"),
)
def list_versions(
    work: Reads,
    child_id: ChildId,
    request: Request,
    cursor: Cursor = None,
    limit: Limit = DEFAULT_LIMIT,
    record: Record = None,
) -> Answer:
    """List the versions, without their words."""
    state, of = request.app.state, history.Wanted(child_id, record)
    return Answer(work.read(history.versions, state.directory.get(), state.cursors, of, cursor, limit))


@router.get(
    "/v1/children/{child_id}/health-passport/versions/{version}",
    responses=returns(
        200, schemas.PassportView, "As it stood then; current_version tells of a newer one", problems=(400,)
    ),
)
def read_version(work: Reads, child_id: ChildId, version: Version, request: Request, record: Record = None) -> Answer:
    """Open an earlier version, as your work may see it today."""
    passport = work.write(reading.open_version, request.app.state.directory.get(), child_id, version, record)
    return Answer(to_json(passport))


@router.get(
    "/v1/children/{child_id}/health-passport/diff",
    responses=returns(200, schemas.PassportDiff, "Every field that differs, of what you may see"),
)
def compare_versions(
    work: Reads, child_id: ChildId, request: Request, old: OldVersion, new: NewVersion, record: Record = None
) -> Answer:
    """Compare two versions field by field."""
    return Answer(work.write(history.diff, request.app.state.directory.get(), child_id, old, new, record))


@router.get(
    "/v1/children/{child_id}/health-passport/sensitive",
    responses=returns(200, schemas.PassportView, "The sensitive parts that the young person's decision leaves open"),
)
def read_sensitive_parts(work: ReadsSensitive, child_id: ChildId, request: Request, record: Record = None) -> Answer:
    """Open sexual health, pregnancy and substance use: by name, for a purpose, and as was decided."""
    passport = work.write(sensitive.open_sensitive, request.app.state.directory.get(), child_id, record)
    return Answer(to_json(passport))


@router.get(
    "/v1/children/{child_id}/emergency-card",
    responses=returns(
        200,
        schemas.PassportView,
        "One screen, or one page, for whoever treats the child now",
        not_modified=True,
        also_as=CARD.media[1:],
        problems=_REFUSED,
    ),
)
async def read_emergency_card(
    work: Reads,
    child_id: ChildId,
    request: Request,
    reason: Reason = None,
    record: Record = None,
    accept_language: AcceptLanguage = "",
) -> Answer:
    """Open the emergency card. Urgent care breaks the glass, by name and with a reason, and the team is told."""
    act = partial(emergency.card, child_id=child_id, reason=reason, record=record)
    return await answer(request, work, CARD, act, preferred(accept_language))


@router.get(
    "/v1/children/{child_id}/my-passport",
    responses=returns(
        200,
        schemas.MyPassport,
        "The young person's own copy, in plain words",
        not_modified=True,
        also_as=MINE.media[1:],
        problems=(409, *_REFUSED),
    ),
)
async def read_my_passport(
    work: Reads, child_id: ChildId, request: Request, record: Record = None, accept_language: AcceptLanguage = ""
) -> Answer:
    """Make the young person's copy to give to them, or see it where they agreed."""
    language = preferred(accept_language)
    act = partial(mine.open_mine, child_id=child_id, language=language, record=record)
    return await answer(request, work, MINE, act, language)
