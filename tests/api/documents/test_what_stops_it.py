"""What ends access to a document, and what becomes of a file that is not what was stored."""

from pathlib import Path

import httpx
import pytest
from sqlalchemy import text

from tests.api.documents.papers import TEXT, announce, path, pdf, put, rows_of, uploaded
from tests.api.placements.stories import Story, entries, tell
from tests.world import LEEDS, SHROPSHIRE, SHROPSHIRE_HEALTH, World

BIG = b"An invented plan. " * 40_000
FRAME = 256 * 1024 + 16


def blob_of(world: World, document: str) -> Path:
    ((_, blob),) = rows_of(world, document)
    return world.folder / "documents" / str(blob)


def test_a_recall_ends_access_to_the_documents_at_once_and_the_receipts_stay(world: World) -> None:
    story = tell(world)
    document = uploaded(story)
    host = world.as_(SHROPSHIRE, "social_care", "Bo Hughes")
    assert host.get(path(story, document)).status_code == 200
    story.recall(SHROPSHIRE, "social_care")
    for address in (path(story, document), f"{story.path}/documents"):
        answer = host.get(address)
        assert (answer.status_code, answer.json()["code"]) == (403, "access_ended")
    (kept,) = story.sender.get(f"/v1/children/{story.child}/documents").json()["items"]
    assert [(each["organisation"], each["state"]) for each in kept["receipts"]] == [(SHROPSHIRE, "opened")]


def test_a_document_the_sender_no_longer_lists_is_not_there_any_more(world: World) -> None:
    story = tell(world)
    document = uploaded(story)
    story.update(documents={"items": [{"type": "care_plan", "expected_on": "2026-01-01"}]})
    host = world.as_(SHROPSHIRE, "social_care", "Bo Hughes")
    assert host.get(path(story, document)).json()["code"] == "not_yours"
    (line,) = host.get(f"{story.path}/documents").json()["items"]
    assert (line["state"], line["overdue"]) == ("expected", True)


def test_nobody_but_the_authority_that_keeps_the_child_announces_or_uploads(world: World) -> None:
    story = tell(world)
    document = announce(story.sender, story.child)
    host = world.as_(SHROPSHIRE, "social_care", "Bo Hughes")
    for answer in (
        put(host, story.child, document, b"a", TEXT),
        host.post(f"/v1/children/{story.child}/documents", {"type": "other"}),
        host.get(f"/v1/children/{story.child}/documents"),
        host.get(f"/v1/children/{story.child}/documents/{document}"),
    ):
        assert (answer.status_code, answer.json()["code"]) == (404, "not_yours")
    other = tell(world)
    assert put(story.sender, other.child, document, b"a", TEXT).status_code == 404


def test_a_document_called_something_milder_in_the_list_opens_to_nobody_new(world: World) -> None:
    story = tell(world)
    document = announce(story.sender, story.child, "court_order")
    put(story.sender, story.child, document, b"An invented order.", TEXT)
    story.update(documents={"items": [{"type": "safety_plan", "document_id": document}]})
    nurse = world.as_(SHROPSHIRE_HEALTH, "children_in_care_health", "Bo Hughes")
    assert nurse.get(path(story, document)).json()["code"] == "document_not_shared"
    assert world.as_(SHROPSHIRE, "social_care", "Bo Hughes").get(path(story, document)).status_code == 200


@pytest.mark.parametrize(
    "damage",
    [
        lambda whole: whole[:-1],
        lambda whole: whole[:FRAME],
        lambda whole: whole[: 2 * FRAME],
        lambda whole: whole[FRAME : 2 * FRAME] + whole[:FRAME] + whole[2 * FRAME :],
        lambda whole: whole + whole[-100:],
        lambda whole: whole[:5000] + bytes((whole[5000] ^ 1,)) + whole[5001:],
        lambda _: b"",
        None,
    ],
    ids=["a byte short", "one frame left", "the last frame gone", "frames swapped", "longer", "a bit", "empty", "gone"],
)
def test_a_file_that_was_tampered_with_is_not_given_out_at_all(world: World, damage: object) -> None:
    story = tell(world)
    document = uploaded(story)
    assert put(story.sender, story.child, document, BIG, TEXT).json()["version"] == 2
    blob = world.folder / "documents" / rows_of(world, document)[1][1]
    whole = blob.read_bytes()
    assert len(whole) > 2 * FRAME
    if callable(damage):
        blob.write_bytes(damage(whole))
    else:
        blob.unlink()
    host = world.as_(SHROPSHIRE, "social_care", "Bo Hughes")
    answer = host.get(path(story, document))
    assert (answer.status_code, answer.json()["code"]) == (500, "damaged")
    assert entries(world, document, "document.opened") == []
    assert entries(world, document, "request.refused")[-1]["facts"]["code"] == "damaged"
    blob.write_bytes(whole)
    assert host.get(path(story, document)).content == BIG


def test_a_file_of_another_version_or_document_does_not_open_in_its_place(world: World) -> None:
    story = tell(world)
    one, other = uploaded(story, content=pdf("One")), uploaded(story, content=pdf("Other"))
    blob_of(world, other).write_bytes(blob_of(world, one).read_bytes())
    assert story.sender.get(path(story, other)).json()["code"] == "damaged"


def test_a_file_changed_while_it_leaves_ends_the_connection(world: World, caplog: pytest.LogCaptureFixture) -> None:
    story = tell(world)
    document = announce(story.sender, story.child)
    content = b"An invented plan. " * 1_100_000
    assert put(story.sender, story.child, document, content, TEXT).status_code == 200
    blob = blob_of(world, document)
    address = f"/v1/children/{story.child}/documents/{document}"
    got = bytearray()
    with story.sender._http.stream("GET", address) as answer:
        assert answer.status_code == 200
        pieces = answer.iter_raw(1024)
        got += next(pieces)
        with blob.open("r+b") as file:
            file.seek(-10, 2)
            file.write(b"0123456789")
        with pytest.raises(httpx.RemoteProtocolError):
            got.extend(b"".join(pieces))
    assert len(got) < len(content)
    assert content.startswith(bytes(got))
    assert any(getattr(each, "error", "") == "damaged" for each in caplog.records)


def test_what_lies_in_the_store_and_in_the_rows_is_sealed_and_its_owners_alone(world: World) -> None:
    story: Story = tell(world)
    document = announce(story.sender, story.child, title="A title nobody reads", file_name="nobody-reads.txt")
    put(story.sender, story.child, document, BIG, TEXT)
    blob = blob_of(world, document)
    assert b"invented plan" not in blob.read_bytes()
    assert oct(blob.stat().st_mode)[-3:] == "600"
    assert oct((world.folder / "documents").stat().st_mode)[-3:] == "700"
    with world.database.read() as connection:
        row = connection.execute(text("SELECT sealed, wrapped FROM documents WHERE id = :id"), {"id": document}).one()
    assert b"nobody" not in bytes(row.sealed) + bytes(row.wrapped)


@pytest.mark.parametrize(
    ("sent", "saved"),
    [
        ("../../etc/passwd", "passwd.txt"),
        ("C:\\Users\\me\\plan.exe", "plan.exe.txt"),
        ("plan.pdf", "plan.txt"),
        ('a"; filename="b.exe', "a; filename=b.exe.txt"),
        ("Plan für Zoë.txt", "Plan%20f%C3%BCr%20Zo%C3%AB.txt"),
        ("CON.txt", "safety-plan.txt"),
        ("...", "safety-plan.txt"),
    ],
)
def test_a_name_for_the_file_leads_nowhere_and_breaks_no_header(world: World, sent: str, saved: str) -> None:
    story = tell(world)
    document = announce(story.sender, story.child, file_name=sent)
    put(story.sender, story.child, document, b"An invented plan.", TEXT)
    answer = story.sender.get(f"/v1/children/{story.child}/documents/{document}")
    told = answer.headers["content-disposition"]
    assert told.startswith("attachment; filename=\"safety-plan-1.txt\"; filename*=UTF-8''")
    expected = saved if "%" in saved else saved.replace(" ", "%20").replace(";", "%3B").replace("=", "%3D")
    assert told.rpartition("''")[2] == expected


def test_uploads_of_one_client_beyond_a_few_at_once_wait(world: World) -> None:
    story = tell(world)
    document = announce(story.sender, story.child)
    client = world.client_of(LEEDS).client_id
    uploads = world.app.state.uploads
    with uploads.of(client), uploads.of(client), uploads.of(client), uploads.of(client):
        answer = put(story.sender, story.child, document, b"An invented plan.", TEXT)
        assert (answer.status_code, answer.json()["code"]) == (503, "uploads_busy")
        assert answer.headers["retry-after"] == "5"
    assert put(story.sender, story.child, document, b"An invented plan.", TEXT).status_code == 200
