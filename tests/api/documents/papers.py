"""Documents to test with: a child's papers, announced, uploaded and listed in the placement, over HTTP."""

from datetime import timedelta
from io import BytesIO
from typing import Any

import httpx
import pikepdf

from app.documents.service.sweeping import sweep
from tests import evidence
from tests.api.placements.stories import Story
from tests.world import Caller, World

PDF = "application/pdf"
TEXT = "text/plain"


def pdf(words: str = "An invented plan", pages: int = 1) -> bytes:
    """A small PDF; the words make it differ from others."""
    made = pikepdf.new()
    for _ in range(pages):
        made.add_blank_page()
    made.docinfo["/Title"] = words
    out = BytesIO()
    made.save(out, static_id=True)
    return out.getvalue()


def announce(by: Caller, child: str, kind: str = "safety_plan", **about: Any) -> str:
    """Make room for a document; its id."""
    answer = by.post(f"/v1/children/{child}/documents", {"type": kind, **about})
    assert answer.status_code == 201, answer.text
    return str(answer.json()["document_id"])


def put(by: Caller, child: str, document: str, content: Any, media: str = PDF) -> httpx.Response:
    """Upload bytes, or an iterator of them."""
    path = f"/v1/children/{child}/documents/{document}"
    return by._http.put(path, content=content, headers={"Content-Type": media})


def uploaded(story: Story, kind: str = "safety_plan", content: bytes | None = None, **about: Any) -> str:
    """A document announced, uploaded and listed in the placement; its id."""
    document = announce(story.sender, story.child, kind, **about)
    answer = put(story.sender, story.child, document, content or pdf())
    assert answer.status_code == 200, answer.text
    story.update(documents={"items": [{"type": kind, "document_id": document, **_titled(about)}]})
    return document


def _titled(about: dict[str, Any]) -> dict[str, Any]:
    evidence.sent(about)
    return {"title": about["title"]} if "title" in about else {}


def path(story: Story, document: str) -> str:
    return f"{story.path}/documents/{document}"


def blobs(world: World) -> set[str]:
    """Every file in the store, whole or begun."""
    folder = world.folder / "documents"
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


def rows_of(world: World, document: str) -> list[Any]:
    """The versions of a document, as their rows: number and blob."""
    query = f"SELECT number, blob FROM document_versions WHERE document_id = '{document}' ORDER BY number"
    with world.database.read() as connection:
        return [tuple(row) for row in connection.exec_driver_sql(query).all()]


def swept(world: World) -> int:
    """How many blobs that no row names are found, whatever their age."""
    return sweep(world.database, world.app.state.blobs, world.clock(), grace=timedelta(0), every_day=True)
