"""Notifications over HTTP: parse, name the scope, call the service, choose the status."""

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Request
from orjson import Fragment

from app.access.documents import parse
from app.access.guard import allowed
from app.notifications import batch, schemas
from app.notifications.batch_schemas import BatchAnswer
from app.notifications.service import acknowledging, answering, boards, opening, recalling, sending
from app.security.scopes import Scope
from app.standard.batch import Batch
from app.standard.notification import NOTIFICATION, Notification
from app.standard.requests import ACKNOWLEDGEMENT, RECALL, Acknowledgement, Recall
from app.web.answer import Answer, to_json
from app.web.body import BatchBody, Body
from app.web.openapi import returns, takes
from app.web.paging import DEFAULT_LIMIT, MAX_LIMIT
from app.web.problems import shaped
from app.work.once import Reply, once
from app.work.unit import Work

router = APIRouter(tags=["Notifications"])

InboxState = Literal["waiting", "unopened", "opened", "overdue", "acknowledged", "all"]
Cursor = Annotated[str | None, Query(description="next_cursor of the page before, as it was given", max_length=512)]
DryRun = Annotated[bool, Query(description="Only say what would follow. Needs no Idempotency-Key; stores nothing")]
Limit = Annotated[int, Query(ge=1, le=MAX_LIMIT)]


def _answer(reply: Reply) -> Answer:
    return Answer(reply.body, reply.status, {"Idempotent-Replayed": "true"} if reply.replayed else None)


@router.post(
    "/v1/notifications",
    openapi_extra=takes(Notification),
    responses=returns(200, schemas.Previewed, "A dry run: what would follow, and nothing was stored")
    | returns(201, schemas.Sent, "Recorded, and on its way to every recipient listed", problems=(404, 410)),
    status_code=201,
)
def send_notification(
    request: Request,
    work: Annotated[Work, allowed(Scope.NOTIFICATIONS_SEND)],
    body: Body,
    dry_run: DryRun = False,
) -> Answer:
    """Send a notification: little is enough at two in the morning, and what is missing is listed and dated."""
    directory = request.app.state.directory.get()
    if dry_run:
        return _answer(answering.in_words(work.read(sending.preview, directory, parse(NOTIFICATION, body))))
    key = once(work.caller, request.headers.get("idempotency-key"), "send", body)
    document = parse(NOTIFICATION, body)
    return _answer(answering.in_words(work.once(key, sending.send, directory, document)))


@router.post(
    "/v1/notifications/batch",
    openapi_extra=takes(Batch, once=False),
    responses=returns(200, BatchAnswer, "What became of each item; each was recorded by itself"),
)
def send_batch(request: Request, work: Annotated[Work, allowed(Scope.NOTIFICATIONS_SEND)], body: BatchBody) -> Answer:
    """Send up to 500 notifications, each with its own key: the same batch again adds nothing."""
    outcomes = batch.send_each(work, request.app.state.directory.get(), batch.read_batch(body))
    landed, items = 0, []
    for each in outcomes:
        landed += each.reply is not None
        # As bytes at once: 500 answers as objects would take ten times the room.
        items.append(Fragment(to_json(_outcome(each, request.state.request_id))))
    return Answer(to_json({"landed": landed, "refused": len(items) - landed, "items": items}))


def _outcome(of: batch.Outcome, request_id: str) -> dict[str, Any]:
    return {
        "index": of.index,
        "status": of.reply.status if of.reply else of.failure.status if of.failure else None,
        "replayed": of.reply is not None and of.reply.replayed,
        "sent": answering.in_brief(of.reply) if of.reply else None,
        "problem": shaped(of.failure, request_id) if of.failure else None,
    }


@router.get(
    "/v1/notifications/{notification_id}",
    responses=returns(
        200, schemas.NotificationView, "What your function may see of it", not_modified=True, problems=(410,)
    ),
)
def read_notification(
    notification_id: str, request: Request, work: Annotated[Work, allowed(Scope.NOTIFICATIONS_READ)]
) -> Answer:
    """Open it, with a practitioner, or retrieve it, without. Either is recorded before the answer leaves."""
    opened = work.write(opening.open_, notification_id, request.headers.get("if-none-match"))
    headers = {"ETag": opened.tag}
    return Answer(opened.body, headers=headers) if opened.body is not None else Answer(b"", 304, headers)


@router.head("/v1/notifications/{notification_id}", responses=returns(200, None, "It is there; nothing was opened"))
def look_at_notification(notification_id: str, work: Annotated[Work, allowed(Scope.NOTIFICATIONS_READ)]) -> Answer:
    """Learn whether it is there and unchanged. Opens nothing."""
    return Answer(b"", headers={"ETag": work.read(opening.look, notification_id).tag})


@router.post(
    "/v1/notifications/{notification_id}/acknowledgements",
    openapi_extra=takes(Acknowledgement),
    responses=returns(201, schemas.Acknowledged, "Recorded under your name; the sender is told"),
    status_code=201,
)
def acknowledge_notification(
    notification_id: str,
    request: Request,
    work: Annotated[Work, allowed(Scope.NOTIFICATIONS_ACKNOWLEDGE, by_name=True)],
    body: Body,
) -> Answer:
    """Take it on by name, ask, or decline with a reason."""
    route = f"acknowledge {notification_id}"
    key = once(work.caller, request.headers.get("idempotency-key"), route, body)
    return _answer(work.once(key, acknowledging.acknowledge, notification_id, parse(ACKNOWLEDGEMENT, body)))


@router.post(
    "/v1/notifications/{notification_id}/recalls",
    openapi_extra=takes(Recall),
    responses=returns(201, schemas.Recalled, "Access has ended; who had opened it is listed", problems=(410,)),
    status_code=201,
)
def recall_notification(
    notification_id: str,
    request: Request,
    work: Annotated[Work, allowed(Scope.NOTIFICATIONS_RECALL, by_name=True)],
    body: Body,
) -> Answer:
    """Take it back from recipients it should not have reached. The account of who saw it stays."""
    key = once(work.caller, request.headers.get("idempotency-key"), f"recall {notification_id}", body)
    return _answer(work.once(key, recalling.recall, notification_id, parse(RECALL, body)))


@router.get("/v1/inbox", responses=returns(200, schemas.Inbox, "What waits for your function, oldest first"))
def read_inbox(
    request: Request,
    work: Annotated[Work, allowed(Scope.INBOX_READ)],
    state: InboxState = "waiting",
    cursor: Cursor = None,
    limit: Limit = DEFAULT_LIMIT,
) -> Answer:
    """Ids, kinds, age bands and due times of what was sent to this function; nothing about a child."""
    return Answer(work.read(boards.inbox, request.app.state.cursors, state, boards.Page(cursor, limit)))


@router.get("/v1/sent", responses=returns(200, schemas.SentBoard, "What you sent, newest first, and how it fares"))
def read_sent(
    request: Request,
    work: Annotated[Work, allowed(Scope.SENT_READ)],
    cursor: Cursor = None,
    limit: Limit = DEFAULT_LIMIT,
) -> Answer:
    """Per recipient: sent, alerted, retrieved, opened, acknowledged, each with its time, and by whom."""
    return Answer(work.read(boards.sent, request.app.state.cursors, boards.Page(cursor, limit)))
