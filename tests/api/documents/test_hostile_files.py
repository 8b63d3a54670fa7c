"""Files that must not be kept, files that are kept with a warning, uploads that go wrong: nothing stays readable."""

import os
import socket
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.documents import receiving
from app.documents.inspection.verdict import ACTIVE
from tests.api.documents.hostile_files import MARK, REFUSED, TAKEN, Flagged, Refused
from tests.api.documents.papers import TEXT, announce, blobs, put, rows_of, swept
from tests.api.placements.stories import Story, tell
from tests.databases import SqliteDatabases
from tests.world import World, furnished, running_world

_UPLOAD = "/v1/children/{child_id}/documents/{document_id}"
LIMIT = 20 * 1024 * 1024


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """One of its own, on one database: what a file is has nothing to do with where its row goes."""
    databases = SqliteDatabases(tmp_path_factory.mktemp("databases"))
    with running_world(furnished(databases), tmp_path_factory.mktemp("world")) as running:
        yield running
        assert swept(running) == 0
        assert left_readable(running.folder) == []


@pytest.fixture(scope="module")
def story(world: World) -> Story:
    return tell(world)


def left_readable(folder: Path) -> list[str]:
    """Files of the installation, or of anybody's temporary folder, that hold a file's own bytes."""
    places = [*folder.rglob("*"), *Path(tempfile.gettempdir()).glob("*")]
    return [str(path) for path in places if path.is_file() and os.access(path, os.R_OK) and MARK in path.read_bytes()]


@pytest.mark.parametrize("file", REFUSED.values(), ids=REFUSED)
def test_a_file_that_is_not_what_it_should_be_is_refused_and_nothing_of_it_stays(
    world: World, story: Story, file: Refused
) -> None:
    before = blobs(world)
    document = announce(story.sender, story.child)
    answer = put(story.sender, story.child, document, file.content, file.media_type)
    assert (answer.status_code >= 400, answer.json()["code"]) == (True, file.code)
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["detail"].endswith(".") or answer.json()["detail"] == answer.json()["title"]
    assert MARK not in answer.content
    assert (blobs(world), rows_of(world, document)) == (before, [])


@pytest.mark.parametrize("file", TAKEN.values(), ids=TAKEN)
def test_what_can_act_in_a_file_is_said_and_the_file_is_kept(world: World, story: Story, file: Flagged) -> None:
    document = announce(story.sender, story.child)
    answer = put(story.sender, story.child, document, file.content, file.media_type)
    assert answer.status_code == 200, answer.text
    assert (answer.json()["media_type"], set(answer.json()["active_content"])) == (file.media_type, file.active)
    assert file.active <= set(ACTIVE)
    opened = story.sender.get(f"/v1/children/{story.child}/documents/{document}")
    assert opened.content == file.content
    assert opened.headers["content-disposition"].startswith("attachment; ")


def test_twenty_megabytes_are_taken_and_one_byte_more_is_not(world: World, story: Story) -> None:
    document, before = announce(story.sender, story.child), len(blobs(world))
    for declared in (True, False):
        content = MARK + b" " * (LIMIT + 1 - len(MARK))
        answer = put(story.sender, story.child, document, content if declared else iter([content]), TEXT)
        assert (answer.status_code, answer.json()["code"]) == (413, "document_too_large")
    assert len(blobs(world)) == before
    whole = MARK + b" " * (LIMIT - len(MARK))
    assert put(story.sender, story.child, document, whole, TEXT).json()["size"] == LIMIT
    assert story.sender.get(f"/v1/children/{story.child}/documents/{document}").content == whole


@pytest.mark.parametrize("media_type", ["", "application/msword", "text/html", "application/octet-stream", "x" * 500])
def test_a_type_that_is_not_taken_is_refused_before_a_byte_is_read(story: Story, media_type: str) -> None:
    document = announce(story.sender, story.child)
    answer = put(story.sender, story.child, document, b"a", media_type)
    assert (answer.status_code, answer.json()["code"]) == (415, "document_type_not_accepted")


@pytest.mark.parametrize("part", range(1, 10))
def test_an_upload_that_is_cut_off_leaves_nothing(world: World, story: Story, part: int) -> None:
    content = MARK * 200_000
    document, before, answered = announce(story.sender, story.child), blobs(world), uploads_ended(world)
    cut(world, story, document, content, len(content) * part // 10)
    while uploads_ended(world) == answered:
        time.sleep(0.01)
    assert (blobs(world), rows_of(world, document)) == (before, [])


def test_an_upload_that_drips_is_ended_and_leaves_nothing(
    world: World, story: Story, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(receiving, "SECONDS", 0.5)
    document, before = announce(story.sender, story.child), blobs(world)

    def dripping() -> Iterator[bytes]:
        for _ in range(100):
            yield MARK
            time.sleep(0.05)

    answer = put(story.sender, story.child, document, dripping(), TEXT)
    assert (answer.status_code, answer.json()["code"]) == (408, "too_slow")
    assert (blobs(world), rows_of(world, document)) == (before, [])
    monkeypatch.undo()
    assert put(story.sender, story.child, document, MARK, TEXT).json()["version"] == 1


def cut(world: World, story: Story, document: str, content: bytes, after: int) -> None:
    """Send part of a body whose whole length was promised, and go."""
    host, port = world.url.removeprefix("http://").split(":")
    head = (
        f"PUT /v1/children/{story.child}/documents/{document} HTTP/1.1\r\nHost: {host}\r\nContent-Type: {TEXT}\r\n"
        f"Authorization: Bearer {story.sender.token}\r\nContent-Length: {len(content)}\r\n\r\n"
    )
    with socket.create_connection((host, int(port))) as connection:
        connection.sendall(head.encode() + content[:after])


def uploads_ended(world: World) -> float:
    """How many uploads the service is done with, whether somebody was there to be answered or not."""
    measured = world.app.state.meters.requests.collect()[0].samples
    return sum(each.value for each in measured if each.name.endswith("_total") and each.labels["route"] == _UPLOAD)
