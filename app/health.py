"""Alive, ready, and the numbers behind it."""

from fastapi import APIRouter, Request
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from sqlalchemy import text
from starlette.responses import PlainTextResponse, Response

from app.db.errors import Busy
from app.ledger.guards import missing_guards
from app.web.answer import Answer, to_json
from app.web.public import public

router = APIRouter(tags=["Health"])


@router.get("/livez", dependencies=[public("a load balancer has no token")])
async def live() -> Answer:
    """The process answers."""
    return Answer(to_json({"status": "alive"}))


@router.get("/readyz", dependencies=[public("a load balancer has no token")])
def ready(request: Request) -> Answer:
    """The database answers, is migrated, and its guards against rewriting the ledger stand. 503 otherwise."""
    with request.app.state.database.read() as connection:
        connection.execute(text("SELECT 1"))
        missing = missing_guards(connection)
    if missing:
        raise Busy("The guards of the ledger are not installed. Run: placement-notify migrate")
    return Answer(to_json({"status": "ready"}))


@router.get(
    "/metrics",
    response_class=PlainTextResponse,
    dependencies=[public("numbers by route, no personal data; keep it inside your network")],
)
async def metrics(request: Request) -> Response:
    """Requests and times by route, for Prometheus."""
    return Response(generate_latest(request.app.state.meters.registry), media_type=CONTENT_TYPE_LATEST)
