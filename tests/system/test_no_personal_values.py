"""Nothing personal stays behind: the search made after the whole suite (``tests/conftest.py``) finds what it should."""

import json
import logging
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import httpx
import pytest
from opentelemetry import trace

from app.web.logs import JsonLines
from tests import evidence
from tests.databases import Databases
from tests.world import LEEDS, SHROPSHIRE, furnished, running_world

_EXAMPLES = sorted(Path("examples/documents").glob("*.json"))
_PLANTED = {
    "child": {"family_name": "Inventley", "date_of_birth": "2011-03-04"},
    "address": 'A "quoted" Close\nNoplace',
}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of evidence of this test's own."""
    monkeypatch.setenv(evidence.FOLDER, str(tmp_path))
    monkeypatch.setattr(evidence, "_seen", set())
    return tmp_path


@pytest.mark.parametrize(
    "left_behind",
    [
        '{"message": "no such child: Inventley"}',
        "rows: born 2011-03-04",
        r'{"detail": "A \"quoted\" Close\nNoplace"}',
        "INVENTLEY",
        "/v1/children?name=inventley&limit=1",
    ],
)
def test_a_value_left_behind_is_found(folder: Path, left_behind: str) -> None:
    evidence.sent(_PLANTED)
    evidence.keep("logs", left_behind.encode())
    (found,) = evidence.findings(folder)
    assert found.startswith("logs-")


def test_codes_ids_and_parts_of_other_words_are_not_found(folder: Path) -> None:
    evidence.sent({"nationality": "British"})
    evidence.keep("problems", b"status: must be one of british_or_irish, none_yet.")
    evidence.sent({"name": "Ash", "kind": "start", "status": "C2", "host_area": SHROPSHIRE, "time": "02:10"})
    evidence.keep("logs", f"start C2 02:10 {SHROPSHIRE} Ashley Hash".encode())
    assert evidence.findings(folder) == []


@pytest.mark.parametrize("path", _EXAMPLES, ids=lambda path: path.stem)
def test_names_identifiers_homes_and_words_of_the_examples_count_as_personal(path: Path) -> None:
    document = json.loads(path.read_text())
    found = set(evidence.personal_values(document))
    for field in ("given_names", "family_name", "local_id", "date_of_birth", "postcode", "phone", "detail"):
        held = document.get("child", document).get(field)
        assert not isinstance(held, str) or held in found


def test_a_worlds_logs_metrics_problems_and_rows_are_kept(databases: Databases, folder: Path, tmp_path: Path) -> None:
    with running_world(furnished(databases), tmp_path / "world") as world:
        assert world.as_(LEEDS, name="Asha Rahman").get("/v1/notifications/ntf_1").status_code == 404
        logging.getLogger("placement_notify.test").error("kept")
    kept = {path.name.partition("-")[0] for path in folder.iterdir()}
    assert {"values", "metrics", "problems", "rows", "sealed"} <= kept
    assert any(isinstance(each.formatter, JsonLines) for each in logging.getLogger().handlers)


class _Provider(trace.TracerProvider):
    """Takes note of every span that is begun; the rest of it does nothing."""

    def __init__(self) -> None:
        self.begun: list[Any] = []

    def get_tracer(self, *_names: Any, **_more: Any) -> trace.Tracer:
        provider = self

        class Tracer(trace.NoOpTracer):
            def start_span(self, *about: Any, **more: Any) -> trace.Span:
                provider.begun.append((about, more))
                return super().start_span(*about, **more)

        return Tracer()


@pytest.fixture
def spans(monkeypatch: pytest.MonkeyPatch) -> Iterator[Sequence[Any]]:
    """The spans begun in this process while the test runs, as if an operator had set up tracing."""
    provider = _Provider()
    monkeypatch.setattr(trace, "get_tracer_provider", lambda: provider)
    monkeypatch.setattr(trace, "_TRACER_PROVIDER", provider)
    return provider.begun


def test_no_trace_holds_an_address_that_somebody_put_a_name_into(
    databases: Databases, tmp_path: Path, spans: Sequence[Any]
) -> None:
    with running_world(furnished(databases), tmp_path) as world:
        httpx.get(f"{world.url}/v1/children/Rowan-Inventley", params={"q": "Rowan Inventley"})
    assert "Inventley" not in repr(spans)
