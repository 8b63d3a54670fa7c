"""A safety plan from its announcement to the night somebody reads it, and its second edition."""

import hashlib
from uuid import uuid4

from tests.api.documents.papers import PDF, announce, path, pdf, put, uploaded
from tests.api.placements.stories import entries, follows_contract, tell
from tests.world import SHROPSHIRE, SHROPSHIRE_HEALTH, World


def test_a_safety_plan_is_announced_uploaded_listed_read_by_name_and_replaced(world: World) -> None:
    story = tell(world)
    first = pdf("First edition")
    document = announce(story.sender, story.child, title="Safety plan for Rowan", dated_on="2026-11-20")
    story.update(documents={"items": [{"type": "safety_plan", "document_id": document}]})
    host = world.as_(SHROPSHIRE, "social_care", "Bo Hughes")
    (line,) = host.get(f"{story.path}/documents").json()["items"]
    assert (line["state"], line["you_may_open"]) == ("awaited", False)
    assert host.get(path(story, document)).json()["code"] == "document_awaited"

    sent = put(story.sender, story.child, document, first)
    assert sent.status_code == 200, sent.text
    assert sent.json() | {"uploaded_at": ""} == {
        "document_id": document,
        "new_version": True,
        "version": 1,
        "media_type": PDF,
        "size": len(first),
        "sha256": hashlib.sha256(first).hexdigest(),
        "scan": "not_scanned",
        "active_content": [],
        "uploaded_at": "",
    }
    assert put(story.sender, story.child, document, first).json()["new_version"] is False

    opened = host.get(path(story, document))
    assert opened.status_code == 200, opened.text
    assert opened.content == first
    assert opened.headers["content-type"] == PDF
    assert opened.headers["cache-control"] == "private, no-store"
    assert opened.headers["x-content-type-options"] == "nosniff"
    assert opened.headers["content-security-policy"].startswith("sandbox")
    assert opened.headers["content-disposition"] == (
        "attachment; filename=\"safety-plan-1.pdf\"; filename*=UTF-8''Safety%20plan%20for%20Rowan.pdf"
    )
    assert opened.headers["document-version"] == "1"
    has = {"If-None-Match": opened.headers["etag"]}
    assert host.get(path(story, document), headers=has).status_code == 304


def test_the_sender_sees_who_has_had_which_edition_and_so_does_the_ledger(world: World) -> None:
    story = tell(world)
    first, second = pdf("First edition"), pdf("Second edition")
    document = uploaded(story, content=first, title="Safety plan for Rowan")
    host = world.as_(SHROPSHIRE, "social_care", "Bo Hughes")
    assert host.get(path(story, document)).content == first
    system = world.as_(SHROPSHIRE_HEALTH, "children_in_care_health")
    assert system.get(path(story, document)).content == first
    assert put(story.sender, story.child, document, second).json()["version"] == 2
    listed = story.sender.get(f"{story.path}/documents")
    follows_contract(world, "/v1/placements/{placement_id}/documents", listed)
    (line,) = listed.json()["items"]
    told = {
        (each["function"], each["organisation"], each["version"]): (
            each["state"],
            (each["opened_by"] or {}).get("name"),
        )
        for each in line["receipts"]
    }
    assert told["social_care", SHROPSHIRE, 1] == ("opened", "Bo Hughes")
    assert told["social_care", SHROPSHIRE, 2] == ("unread", None)
    assert told["children_in_care_health", SHROPSHIRE_HEALTH, 1] == ("retrieved", None)
    assert ("missing_persons" in {each["function"] for each in line["receipts"]}) is False

    assert host.get(path(story, document)).content == second
    assert host.get(path(story, document), params={"version": 1}).content == first
    assert host.get(path(story, document), params={"version": 3}).status_code == 404
    done = [entry["action"] for entry in entries(world, document)]
    assert done == [
        "document.announced",
        "document.uploaded",
        "document.opened",
        "document.retrieved",
        "document.uploaded",
        "document.opened",
        "document.opened",
        "request.refused",
    ]
    assert all("Rowan" not in str(entry) for entry in entries(world, document))
    account = story.sender.get(f"/v1/children/{story.child}/disclosures")
    assert "Seen: documents" in account.text

    kept = story.sender.get(f"/v1/children/{story.child}/documents")
    follows_contract(world, "/v1/children/{child_id}/documents", kept)
    (line,) = kept.json()["items"]
    assert line["title"] == "Safety plan for Rowan"
    assert {each["version"] for each in line["receipts"]} == {1, 2}
    mine = story.sender.get(f"/v1/children/{story.child}/documents/{document}")
    assert mine.content == second


def test_a_plan_goes_with_the_child_to_the_next_home_and_to_no_other_child(world: World) -> None:
    same = {"local_id": uuid4().hex[:12]}
    story = tell(world, child=same)
    document = uploaded(story, title="Safety plan")
    papers = {"items": [{"type": "safety_plan", "document_id": document}]}
    host = world.as_(SHROPSHIRE, "social_care", "Bo Hughes")
    moved = tell(world, child=same, documents=papers)
    assert moved.child == story.child
    assert host.get(path(moved, document)).status_code == 200

    other = tell(world, documents=papers)
    elsewhere = host.get(path(other, document))
    assert (elsewhere.status_code, elsewhere.json()["code"]) == (404, "not_yours")
    (line,) = host.get(f"{other.path}/documents").json()["items"]
    assert (line["state"], line["document_id"]) == ("awaited", None)
