"""Composition: ``create_app(settings)`` lists every router and wires everything. Nothing is wired at import."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import anyio.to_thread
from fastapi import FastAPI
from fastapi.telemetry import TelemetryConfig

from app.access.routes import router as access
from app.assessments.following import Follower
from app.assessments.routes import router as assessments
from app.audit.routes import router as audit
from app.blobs.store import Blobs
from app.casefiles.routes import router as casefiles
from app.children.routes import router as children
from app.db.engine import Database
from app.documents.receiving import Uploads
from app.documents.routes import router as documents
from app.documents.service.sweeping import EVERY_SECONDS as SWEEP_SECONDS
from app.documents.service.sweeping import sweep
from app.health import router as health
from app.keys.reloading import KeyWatch
from app.kit.clock import Clock, system_clock
from app.kit.repeating import Repeating
from app.ledger.sequencer import Sequencer
from app.letters.routes import router as letters
from app.lives.routes import router as lives
from app.notifications.routes import router as notifications
from app.organisations import postcodes
from app.organisations.directory import DirectoryCache
from app.organisations.routes import router as organisations
from app.oversight.counting import Counter
from app.oversight.routes import router as oversight
from app.passports.fhir import table as fhir
from app.passports.routes import router as passports
from app.placements.calendar import EVERY_SECONDS, Birthdays
from app.placements.routes import router as placements
from app.rules import edition
from app.security.keys import load_signing_keys
from app.security.tokens import Tokens
from app.settings import Settings
from app.transfers.calendar import end_what_has_ended
from app.transfers.routes import router as transfers
from app.typesetting.press import Press
from app.vault.keys import load_keys
from app.vault.vault import Vault
from app.web.edge import Edge, Meters
from app.web.limits import RateLimit
from app.web.logs import set_up_logs
from app.web.openapi import describe
from app.web.pages import router as pages
from app.web.paging import Cursors
from app.web.problems import handle_problems
from app.web.problems import router as problems
from app.web.yaml import to_yaml
from app.work.resources import Resources

ROUTERS = (
    access,
    organisations,
    children,
    notifications,
    letters,
    placements,
    documents,
    passports,
    transfers,
    assessments,
    lives,
    audit,
    casefiles,
    oversight,
    problems,
    pages,
    health,
)
"""The table of contents of the service."""

_UNTRACED: TelemetryConfig = {"tracing": False, "metrics": False, "logs": False, "auto_configure": False}
# The framework's spans hold the address that was asked for, and its log records what an exception says.

_DESCRIPTION = (
    "The exchange between the authority that places a child in care and everyone who must know: it sends a placement "
    "notification once; the area authority, health teams, schools and police open and acknowledge it by name; a ledger "
    "proves who received what and when. Times are UTC, dates ISO, ids opaque. Every problem is "
    "application/problem+json with a page that says what to do."
)


_TABLES = (edition.current, fhir.mapping, postcodes.shipped)
"""Read before anything is served: one that is not coherent stops the start, not the first send. The first requests
come on several threads at once, and each would read its own."""


OFTEN_ASKED = (
    "/v1/inbox",
    "/v1/notifications",
    "/v1/notifications/{notification_id}",
    "/v1/notifications/{notification_id}/acknowledgements",
    "/v1/children/{child_id}/health-passport",
)
"""What is asked far more often than the rest, and looked for first: a request tries one route after another."""


def create_app(settings: Settings, clock: Clock = system_clock) -> FastAPI:
    """Build the service from its settings. Raises KeysUnusable or KeyUnusable when a key is missing or unsafe."""
    app = _routed()
    app.router.routes.sort(key=lambda route: getattr(route, "path", "") not in OFTEN_ASKED)
    for table in _TABLES:
        table()
    keys = load_keys(settings)
    signing, previous = load_signing_keys(settings.keys_dir)
    database = Database(settings.database_url, settings.pool_size)
    meters = Meters()
    state = app.state
    state.settings = settings
    state.database = database
    state.resources = Resources(database, Vault(keys), clock)
    state.directory = DirectoryCache(database)
    state.tokens = Tokens(signing, settings.public_url, previous)
    state.birthdays = Birthdays(state.resources)
    state.assessments = Follower(state.resources, state.directory)
    state.cursors = Cursors(keys.cursor)
    state.rate_limit = RateLimit(settings.requests_per_minute)
    state.token_rate_limit = RateLimit(settings.token_requests_per_minute)
    state.meters = meters
    state.press = Press()
    state.has_demo_keys = keys.are_demo or signing.is_demo
    state.blobs = Blobs(settings)
    state.uploads = Uploads()
    state.key_watch = KeyWatch(settings.keys_dir, lambda: _take_keys(app))
    app.add_middleware(Edge, meters=meters)
    return app


def _take_keys(app: FastAPI) -> None:
    """Go on with the key files as they are now; all of them or none."""
    settings: Settings = app.state.settings
    keys, (signing, others) = load_keys(settings), load_signing_keys(settings.keys_dir)
    app.state.resources.vault.use(keys)
    app.state.tokens = Tokens(signing, settings.public_url, others)


def describe_api() -> str:
    """The contract of the API as ``openapi.yaml`` holds it. Needs neither keys nor a database."""
    return to_yaml(_routed().openapi())


def _routed() -> FastAPI:
    app = FastAPI(
        title="Placement Notify",
        version="1.0.0",
        description=_DESCRIPTION,
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
        lifespan=_lifespan,
        telemetry=_UNTRACED,
    )
    handle_problems(app)
    for router in ROUTERS:
        # Flat, and not as routers inside the router: those are gone through twice for every request.
        app.router.routes.extend(router.routes)
    describe(app)
    return app


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    settings: Settings = app.state.settings
    set_up_logs(settings.log_level)
    # One thread for each connection: more would only wait for one another (measured; see docs/decisions).
    anyio.to_thread.current_default_thread_limiter().total_tokens = settings.pool_size
    database: Database = app.state.database
    database.claim()
    clock = app.state.resources.clock
    background = (
        Sequencer(database, settings.sequencer_interval_ms / 1000),
        Repeating("keys", settings.keys_reload_seconds, app.state.key_watch.look),
        Repeating("documents", SWEEP_SECONDS, lambda: sweep(database, app.state.blobs, clock())),
        Counter(database, settings.counting_seconds),
        Repeating("calendar", EVERY_SECONDS, lambda: end_what_has_ended(database, clock)),
        Repeating("birthdays", EVERY_SECONDS, app.state.birthdays.look),
        Repeating("assessments", settings.assessments_seconds, app.state.assessments.look),
    )
    for each in background:
        each.start()
    try:
        yield
    finally:
        for each in background:
            each.stop()
        app.state.press.close()
        database.dispose()
