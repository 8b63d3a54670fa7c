"""Letters over HTTP: the list of a notification's letters, and each of them as a PDF."""

from typing import Annotated, Literal

from fastapi import APIRouter, Header, Query, Request
from starlette.concurrency import run_in_threadpool

from app.access.guard import allowed
from app.letters import schemas, service
from app.security.scopes import Scope
from app.web.answer import Answer
from app.web.language import preferred
from app.web.openapi import returns, returns_file
from app.work.unit import Work

router = APIRouter(tags=["Letters"])

_PDF = "application/pdf"
Language = Annotated[
    Literal["en", "cy"] | None, Query(description="English or Welsh; left out: as Accept-Language asks, else English")
]


@router.get(
    "/v1/notifications/{notification_id}/letters",
    responses=returns(200, schemas.LettersOf, "Everybody to be told by letter, the child first", problems=(410,)),
)
def list_letters(
    notification_id: str, request: Request, work: Annotated[Work, allowed(Scope.LETTERS_READ, by_name=True)]
) -> Answer:
    """Whom to tell by letter after this notification, with which letter, and who gets none and why."""
    return Answer(work.write(service.listed, request.app.state.directory.get(), notification_id))


@router.get(
    "/v1/notifications/{notification_id}/letters/{letter_id}",
    responses=returns_file(_PDF, "The letter, tagged (PDF/UA-1), in English or Welsh", problems=(409, 410, 422)),
)
async def print_letter(
    notification_id: str,
    letter_id: str,
    request: Request,
    work: Annotated[Work, allowed(Scope.LETTERS_READ, by_name=True)],
    language: Language = None,
    accept_language: Annotated[str, Header()] = "",
) -> Answer:
    """Print one letter. That it was printed, by whom and for whom (a code) is recorded before it leaves."""
    state, asked = request.app.state, language or preferred(accept_language)
    directory = await run_in_threadpool(state.directory.get)
    letter = await run_in_threadpool(work.read, service.composed, directory, notification_id, letter_id, asked)
    # Set first and recorded after: an entry never says that something was printed which was not.
    made = await state.press.pdf(work.caller.client_id, "letter", letter.data, letter.language, letter.on)
    await run_in_threadpool(work.write, service.printed, directory, notification_id, letter)
    headers = {
        "Content-Type": _PDF,
        "Content-Language": letter.language,
        "Content-Disposition": f'attachment; filename="{letter.planned.id}.pdf"',
        "X-Content-Type-Options": "nosniff",
    }
    return Answer(made, headers=headers)
