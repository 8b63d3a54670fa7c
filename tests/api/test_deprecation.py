"""What is deprecated says so with every answer, and in the contract; what is not says nothing."""

from datetime import UTC, datetime, timedelta

import httpx
import pytest

from app.main import _routed
from app.web.deprecations import DEPRECATED, Deprecated
from tests.world import SHROPSHIRE, World

LEAVING = Deprecated(
    since=datetime(2027, 1, 4, tzinfo=UTC), sunset=datetime(2028, 1, 10, 9, tzinfo=UTC), page="/docs#old-way"
)


def test_a_deprecated_route_says_since_when_until_when_and_what_instead(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(DEPRECATED, ("GET", "/v1/areas/{code}/recipients"), LEAVING)
    caller = world.as_(SHROPSHIRE)
    for answer in (caller.get("/v1/areas/E06000051/recipients"), httpx.get(f"{world.url}/v1/areas/X/recipients")):
        assert answer.headers["deprecation"] == "@1799020800"
        assert answer.headers["sunset"] == "Mon, 10 Jan 2028 09:00:00 GMT"
        assert answer.headers["link"] == '</docs#old-way>; rel="deprecation"; type="text/html"'
    for other in (caller.get("/v1/inbox"), httpx.get(f"{world.url}/nowhere")):
        assert {"deprecation", "sunset", "link"}.isdisjoint(other.headers)
    paths = _routed().openapi()["paths"]
    assert paths["/v1/areas/{code}/recipients"]["get"]["deprecated"] is True
    assert "deprecated" not in paths["/v1/inbox"]["get"]


def test_what_is_listed_is_a_route_and_goes_a_year_after_it_was_deprecated() -> None:
    paths = _routed().openapi()["paths"]
    for (method, path), leaving in DEPRECATED.items():
        assert method.lower() in paths[path]
        assert leaving.sunset - leaving.since >= timedelta(days=365)


def test_nothing_goes_before_it_is_deprecated() -> None:
    with pytest.raises(ValueError, match="after"):
        Deprecated(since=LEAVING.sunset, sunset=LEAVING.since, page="/docs")
