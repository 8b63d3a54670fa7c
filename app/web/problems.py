"""Problems as RFC 9457 ``application/problem+json``, and the published page of each.

An answer never repeats what was sent to us: only our own words, pointers and codes.
"""

import html
import logging
import traceback

import orjson
from fastapi import APIRouter, FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute, iter_route_contexts
from starlette.exceptions import HTTPException
from starlette.responses import HTMLResponse, Response

from app.kit.errors import REGISTRY, Failure, Fault
from app.web.errors import Broken, InvalidRequest, MethodNotAllowed, NotFound
from app.web.public import public

MAX_FAULTS = 50
_log = logging.getLogger("placement_notify.problems")
router = APIRouter(tags=["Problems"])


def problem(failure: Failure, request_id: str) -> Response:
    """Answer with a failure."""
    headers = {"Cache-Control": "no-store"}
    if failure.retry_after is not None:
        headers["Retry-After"] = str(failure.retry_after)
    if failure.status == 401:
        headers["WWW-Authenticate"] = f'Bearer error="{failure.code}"'
    return Response(orjson.dumps(shaped(failure, request_id)), failure.status, headers, "application/problem+json")


def shaped(failure: Failure, request_id: str) -> dict[str, object]:
    """The members of a problem, as RFC 9457 has them."""
    body: dict[str, object] = {
        "type": f"/problems/{failure.code}",
        "title": failure.title,
        "status": failure.status,
        "detail": failure.detail,
        "instance": f"urn:request:{request_id}",
        "code": failure.code,
        **failure.members,
    }
    if failure.faults:
        body["errors"] = [
            {"pointer": fault.pointer, "code": fault.code, "message": fault.message}
            for fault in failure.faults[:MAX_FAULTS]
        ]
    return body


def handle_problems(app: FastAPI) -> None:
    """Route every way a request can fail through ``problem``."""

    def answer(request: Request, failure: Failure) -> Response:
        if failure.status == Broken.status:
            _log.error("broken", extra={"code": failure.code})
        return problem(failure, request.state.request_id)

    @app.exception_handler(Failure)
    async def known(request: Request, error: Exception) -> Response:
        return answer(request, error if isinstance(error, Failure) else Broken())

    @app.exception_handler(RequestValidationError)
    async def malformed(request: Request, error: Exception) -> Response:
        return answer(request, InvalidRequest(faults=_parameter_faults(error)))

    @app.exception_handler(HTTPException)
    async def framework(request: Request, error: Exception) -> Response:
        if getattr(error, "status_code", 404) != 405:
            return answer(request, NotFound())
        response = answer(request, MethodNotAllowed())
        response.headers["Allow"] = ", ".join(sorted(_methods(request)))
        return response


def _methods(request: Request) -> set[str]:
    """Every method the address takes: the router itself names only those of the first route that fits."""
    routes = (context.original_route for context in iter_route_contexts(request.app.routes))
    path = request.scope["path"]
    return {
        method
        for route in routes
        if isinstance(route, APIRoute) and route.path_regex.match(path)
        for method in route.methods or ()
    }


def log_crash(error: BaseException) -> None:
    """Log where it broke, never what the exception says: its text may hold what was sent to us."""
    frames = traceback.extract_tb(error.__traceback__)
    where = [f"{frame.filename.rpartition('/app/')[2]}:{frame.lineno} {frame.name}" for frame in frames[-8:]]
    _log.error("crash", extra={"error": type(error).__name__, "where": where})


def _parameter_faults(error: Exception) -> list[Fault]:
    if not isinstance(error, RequestValidationError):
        return []
    return [
        Fault("/" + "/".join(str(part) for part in item["loc"][:2]), item["type"], "This parameter is not as expected.")
        for item in error.errors()
    ]


_PAGE = """<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>{title}</title><style>body{{font:18px/1.5 system-ui,sans-serif;max-width:42rem;margin:3rem auto;padding:0 1rem;
color:#0b0c0c}}code{{background:#f3f2f1;padding:.1em .3em}}dt{{font-weight:700;margin-top:1rem}}dd{{margin:0}}
a{{color:#1d70b8}}</style>{body}</html>"""


@router.get("/problems", response_class=HTMLResponse, dependencies=[public("the list of problems is documentation")])
async def list_problems() -> HTMLResponse:
    """Every problem the service can answer with."""
    rows = "".join(
        f'<dt><a href="/problems/{code}"><code>{code}</code></a> {kind.status}</dt><dd>{html.escape(kind.title)}</dd>'
        for code, kind in sorted(REGISTRY.items())
    )
    return HTMLResponse(_PAGE.format(title="Problems", body=f"<h1>Problems</h1><dl>{rows}</dl>"))


@router.get("/problems/{code}", response_class=HTMLResponse, dependencies=[public("documentation of a problem")])
async def read_problem(code: str) -> HTMLResponse:
    """What one problem means and what to do about it."""
    kind = REGISTRY.get(code)
    if kind is None:
        raise NotFound
    body = (
        f"<h1>{html.escape(kind.title)}</h1><dl><dt>Code</dt><dd><code>{kind.code}</code></dd>"
        f"<dt>Status</dt><dd>{kind.status}</dd><dt>What to do</dt><dd>{html.escape(kind.advice)}</dd></dl>"
        '<p><a href="/problems">All problems</a></p>'
    )
    return HTMLResponse(_PAGE.format(title=html.escape(kind.title), body=body))
