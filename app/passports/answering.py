"""Answering with a record in the form its reader asks for: recorded first, and a PDF set before it is recorded."""

from typing import Any

from fastapi import Request
from starlette.concurrency import run_in_threadpool

from app.passports.renderers import Forms
from app.passports.service import copying
from app.passports.service.copying import Act
from app.passports.service.reading import Opened
from app.web.accept import JSON, PDF, acceptable
from app.web.answer import Answer
from app.work.unit import Work

_VARY = "Accept, Accept-Language"


async def answer(request: Request, work: Work, forms: Forms, act: Act, language: str) -> Answer:
    """The record ``act`` releases, as Accept asks. Raises NotAcceptable, PressBusy, PressFailed, TooLongToPrint."""
    media = acceptable(request.headers.get("accept"), forms.media)
    if media == PDF:
        return await _printed(request, work, forms, act, language)
    return await run_in_threadpool(_rendered, request, work, forms, act, media)


def _rendered(request: Request, work: Work, forms: Forms, act: Act, media: str) -> Answer:
    directory, has = request.app.state.directory.get(), request.headers.get("if-none-match")
    kind = "" if media == JSON else media
    opened: Opened[Any] = work.write(act, directory, has=has, kind=kind)
    if opened.released is None:
        return Answer(b"", 304, _headers(opened.tag))
    return Answer(forms.renderers[media](opened.released), headers={**_headers(opened.tag), "Content-Type": media})


async def _printed(request: Request, work: Work, forms: Forms, act: Act, language: str) -> Answer:
    state, has = request.app.state, request.headers.get("if-none-match")
    directory = await run_in_threadpool(state.directory.get)
    copy = await run_in_threadpool(work.read, copying.compose, directory, act, forms.page, language, has)
    if copy.data is None:
        return Answer(b"", 304, _headers(copy.tag))
    # Set first and recorded after: no entry says that something was opened which never left.
    made = await state.press.pdf(work.caller.client_id, forms.template, copy.data, language, copy.on)
    await run_in_threadpool(work.write, copying.release, directory, act, forms.page, copy)
    name = forms.template.replace("_", "-")
    headers = {
        **_headers(copy.tag),
        "Content-Type": PDF,
        "Content-Language": language,
        "Content-Disposition": f'attachment; filename="{name}.pdf"',
        "X-Content-Type-Options": "nosniff",
    }
    return Answer(made, headers=headers)


def _headers(tag: str | None) -> dict[str, str]:
    return {"Vary": _VARY, **({"ETag": tag} if tag else {})}
