"""The edge of the service: request id, trace, security headers, one log line and the metrics of every request.

Pure ASGI, because each BaseHTTPMiddleware costs more than the whole of this. The log line and the metrics name
the route's template, never the address that was asked for.
"""

import logging
import re
import time
from typing import Any

from prometheus_client import CollectorRegistry, Counter, Histogram
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.kit.ids import new_id
from app.web.deprecations import DEPRECATED, Header
from app.web.errors import Broken
from app.web.problems import log_crash, problem

_TRACEPARENT = re.compile(rb"00-(?!0{32})([0-9a-f]{32})-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}")
_log = logging.getLogger("placement_notify.request")
_SECURITY = [
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"x-frame-options", b"DENY"),
    (b"strict-transport-security", b"max-age=31536000"),
]


class Meters:
    """The metrics of one application: its own registry, so two applications in one process do not collide."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.requests = Counter(
            "placement_notify_requests", "Requests by route and status", ["route", "status"], registry=self.registry
        )
        self.seconds = Histogram(
            "placement_notify_request_seconds", "Time to answer by route", ["route"], registry=self.registry
        )


class Edge:
    """Wraps the whole application."""

    def __init__(self, app: ASGIApp, meters: Meters) -> None:
        self.app = app
        self.meters = meters

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        began = time.perf_counter()
        request_id = new_id("req")
        state = scope.setdefault("state", {})
        state["request_id"] = request_id
        status, started = 500, False

        async def send_with_headers(message: Message) -> None:
            nonlocal status, started
            if message["type"] == "http.response.start":
                status, started = message["status"], True
                ours = [(b"x-request-id", request_id.encode()), *_SECURITY, *_leaving(scope)]
                message["headers"] = [*message.get("headers", []), *ours]
            await send(message)

        try:
            await self.app(scope, receive, send_with_headers)
        except Exception as error:
            log_crash(error)
            if started:
                raise
            await problem(Broken(), request_id)(scope, receive, send_with_headers)
        finally:
            self._note(scope, status, time.perf_counter() - began, request_id)

    def _note(self, scope: Scope, status: int, seconds: float, request_id: str) -> None:
        route: Any = scope.get("route")
        template = getattr(route, "path", "unknown")
        self.meters.requests.labels(template, status).inc()
        self.meters.seconds.labels(template).observe(seconds)
        _log.info(
            "request",
            extra={
                "request_id": request_id,
                "trace_id": _trace_id(scope),
                "method": scope["method"] if scope["method"] in _METHODS else "OTHER",
                "route": template,
                "status": status,
                "ms": round(seconds * 1000, 1),
                "client": scope["state"].get("client_id"),
            },
        )


def _leaving(scope: Scope) -> list[Header]:
    """What is said of a route that is deprecated."""
    if not DEPRECATED:
        return []
    found = DEPRECATED.get((scope["method"], getattr(scope.get("route"), "path", "")))
    return found.headers() if found else []


_METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}


def _trace_id(scope: Scope) -> str | None:
    for name, value in scope["headers"]:
        if name == b"traceparent" and (match := _TRACEPARENT.fullmatch(value)):
            return match[1].decode()
    return None
