"""The pages about the API, for people: they need no network beyond this service and run no script but its own."""

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from types import MappingProxyType

from fastapi import APIRouter
from starlette.responses import Response

from app.web.errors import NotFound
from app.web.public import public

router = APIRouter(tags=["Pages"])

_TYPES: Mapping[str, str] = MappingProxyType(
    {
        "swagger-ui.css": "text/css",
        "swagger-ui-bundle.js": "text/javascript",
        "favicon.png": "image/png",
    }
)
"""What is served of fastapi-offline, which packs Swagger UI; nothing else of that package is used."""

_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
    "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)

_PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Placement Notify: the API</title>
<link rel="icon" href="/docs/favicon.png">
<link rel="stylesheet" href="/docs/swagger-ui.css">
</head>
<body>
<div id="api"></div>
<noscript>This page needs JavaScript. The same is at <a href="/openapi.json">/openapi.json</a>.</noscript>
<script src="/docs/swagger-ui-bundle.js"></script>
<script src="/docs/start.js"></script>
</body>
</html>
"""

# The viewer cannot sign an assertion, so it takes a token that was obtained elsewhere, and names the scope in words.
_START = """fetch("/openapi.json").then((answer) => answer.json()).then((spec) => {
  spec.components.securitySchemes = {
    token: { type: "http", scheme: "bearer", description: "An access token: what placement-notify token prints." },
  };
  for (const operation of Object.values(spec.paths).flatMap((path) => Object.values(path))) {
    const scopes = (operation.security || []).flatMap((each) => Object.values(each).flat());
    if (!scopes.length) continue;
    operation.security = [{ token: [] }];
    operation.description = `${operation.description || ""}\\n\\nScope: \\`${scopes.join(" ")}\\``;
  }
  SwaggerUIBundle({ spec, dom_id: "#api", deepLinking: true, defaultModelsExpandDepth: 0, validatorUrl: null });
});
"""


@router.get("/docs", include_in_schema=False, dependencies=[public("the API pages are documentation")])
async def read_pages() -> Response:
    """Every route with its documents and refusals, to read and to try."""
    return Response(_PAGE, headers={"Content-Security-Policy": _POLICY}, media_type="text/html")


@router.get("/docs/start.js", include_in_schema=False, dependencies=[public("part of the API pages")])
async def read_start() -> Response:
    """What puts the contract on the page."""
    return Response(_START, media_type="text/javascript")


@router.get("/docs/{name}", include_in_schema=False, dependencies=[public("part of the API pages")])
async def read_part(name: str) -> Response:
    """A style sheet, script or picture of the pages. Raises NotFound for anything else."""
    if name not in _TYPES:
        raise NotFound
    return Response(_part(name), headers={"Cache-Control": "public, max-age=3600"}, media_type=_TYPES[name])


@cache
def _part(name: str) -> bytes:
    return (files("fastapi_offline") / "static" / name).read_bytes()
