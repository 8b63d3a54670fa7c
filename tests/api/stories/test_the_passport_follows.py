"""Shropshire becomes responsible for a child of Leeds: the passport and the papers follow, and the nurses read them.

Each section keeps who wrote it and as of when. The former record is read as before, and nothing more is written in it.
"""

from typing import Any

import pytest
from sqlalchemy import select, update

from app.children.models import child_keys
from tests.api.documents.papers import PDF, announce, pdf, put, swept
from tests.api.passports import records
from tests.api.passports.records import confirm, nurse, path, publish, published, put_section
from tests.api.placements.stories import entries, example
from tests.api.stories.lives import act, host, look, refused, start, worker
from tests.api.stories.test_responsibility_passes_on import FORMER, offer, take
from tests.world import LEEDS, LEEDS_HEALTH, SHROPSHIRE, SHROPSHIRE_HEALTH, Caller, World

PASSPORT = records.PASSPORT
HEREFORDSHIRE_HEALTH = "QGH"


def new_nurse(world: World, **more: Any) -> Caller:
    return world.as_(SHROPSHIRE_HEALTH, "children_in_care_health", name="Nia Nurse", **more)


@pytest.fixture
def placed(world: World) -> dict[str, Any]:
    """A child of Leeds who lives in Shropshire, whose passport the Leeds nurse wrote and confirmed in part."""
    placed = start(worker(world))
    written = published(nurse(world), placed["child_id"], records.full())
    assert confirm(nurse(world), placed["child_id"], written["version"], "allergies").status_code == 201
    return placed


def ages(answer: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {each["section"]: each for each in answer["sections_shared"]}


def test_the_new_authority_and_its_nurse_read_every_word_with_its_age(world: World, placed: dict[str, Any]) -> None:
    child = placed["child_id"]
    before = look(world, nurse(world), PASSPORT, child_id=child)
    taken = take(world, offer(world, child))
    new = taken["child_id"]
    assert taken["followed"]["passport"] is True
    assert refused(new_nurse(world).get(path(child)))[0] in (403, 404)
    after = look(world, new_nurse(world), PASSPORT, child_id=new)
    assert after["sections"] == before["sections"]
    assert (after["placing_authority"], after["your_side"], after["version"]) == (SHROPSHIRE, "placing", 1)
    kept = (
        "as_of",
        "last_confirmed_on",
        "last_confirmed_by",
        "review_due_on",
        "controller",
        "written_by",
        "written_at",
    )
    was, now = ages(before), ages(after)
    assert was.keys() == now.keys()
    assert was["allergies"]["last_confirmed_by"]
    for name, age in was.items():
        assert {each: now[name][each] for each in kept} == {each: age[each] for each in kept}
    assert (now["allergies"]["controller"], now["allergies"]["written_by"]["organisation"]) == (LEEDS_HEALTH,) * 2
    carer = look(world, host(world), PASSPORT, child_id=new)
    assert "family_history" not in carer["sections"] and "allergies" in carer["sections"]
    # Neither record names the other.
    assert child not in str(after)
    assert not {child} & {id_ for entry in entries(world, new) for id_ in entry["subject"].values()}
    assert [each["action"] for each in entries(world, new, "passport.followed")] == ["passport.followed"]


def test_the_new_nurse_writes_on_and_the_former_record_stands_still(world: World, placed: dict[str, Any]) -> None:
    child = placed["child_id"]
    new = take(world, offer(world, child))["child_id"]
    stood = nurse(world).get(path(child)).json()["sections"]
    allergies = {**stood["allergies"], "provenance": {**stood["allergies"]["provenance"], "as_of": "2026-11-20"}}
    written = put_section(new_nurse(world), new, "allergies", allergies)
    assert (written.status_code, written.json()["version"]) == (200, 2)
    assert ages(new_nurse(world).get(path(new)).json())["allergies"]["controller"] == SHROPSHIRE_HEALTH
    assert nurse(world).get(path(child)).json()["sections"] == stood
    late = put_section(nurse(world), child, "allergies", allergies)
    assert refused(late) == (409, "passport_moved_on")
    assert refused(publish(nurse(world), child, {"allergies": allergies})) == (409, "passport_moved_on")
    assert refused(confirm(nurse(world), child, 1, "allergies")) == (409, "passport_moved_on")


def test_a_sensitive_part_follows_shut_and_the_decision_opens_it(world: World, placed: dict[str, Any]) -> None:
    child = placed["child_id"]
    new = take(world, offer(world, child))["child_id"]
    reads = {"purpose": "health_assessment"}
    theirs = nurse(world, **reads).get(path(child, "/sensitive")).json()
    ours = new_nurse(world, **reads).get(path(new, "/sensitive")).json()
    agreed = {each["part"] for each in records.full()["sharing"]["decisions"] if each["choice"] == "agrees"}
    assert ours["sections"].keys() <= theirs["sections"].keys()
    assert agreed & theirs["sections"].keys() <= ours["sections"].keys()


def test_the_erasure_of_the_former_words_leaves_those_that_followed(world: World, placed: dict[str, Any]) -> None:
    child = placed["child_id"]
    new = take(world, offer(world, child))["child_id"]
    keys = child_keys.c
    with world.app.state.database.write() as connection:
        writers = connection.execute(select(keys.organisation_code).where(keys.child_id == new)).scalars().all()
        assert {SHROPSHIRE, LEEDS_HEALTH} <= set(writers)
        connection.execute(update(child_keys).where(keys.child_id == child).values(wrapped=None))
    assert nurse(world).get(path(child)).json()["sections"] == {}
    assert "allergies" in new_nurse(world).get(path(new)).json()["sections"]


def test_words_that_were_erased_do_not_follow_and_are_named(world: World, placed: dict[str, Any]) -> None:
    child = placed["child_id"]
    theirs = (child_keys.c.child_id == child) & (child_keys.c.organisation_code == LEEDS_HEALTH)
    with world.app.state.database.write() as connection:
        connection.execute(update(child_keys).where(theirs).values(wrapped=None))
    taken = take(world, offer(world, child))
    assert taken["followed"]["passport"] is False
    stayed = {(each["what"], each["name"], each["reason"]) for each in taken["followed"]["stayed"]}
    assert ("passport", "allergies", "erased") in stayed
    assert not [name for _, name, _ in stayed if name in ("sexual_health", "pregnancy", "substance_use")]
    empty = look(world, new_nurse(world), PASSPORT, child_id=taken["child_id"])
    assert (empty["version"], empty["sections"]) == (0, {})


def test_a_child_without_a_passport_takes_none_along(world: World) -> None:
    taken = take(world, offer(world, start(worker(world))["child_id"]))
    assert taken["followed"] == {"passport": False, "documents": 0, "stayed": []}
    assert look(world, new_nurse(world), PASSPORT, child_id=taken["child_id"])["version"] == 0


def test_papers_follow_by_kind_and_their_bytes_stay_where_they_are(world: World) -> None:
    placed = start(worker(world))
    child, placement = placed["child_id"], placed["placement_id"]
    plan, minutes, awaited = (announce(worker(world), child, kind) for kind in ("safety_plan", "other", "care_plan"))
    for content in (pdf("first"), pdf("second")):
        assert put(worker(world), child, plan, content).status_code == 200
    assert put(worker(world), child, minutes, pdf("minutes")).status_code == 200
    lines = [{"type": kind, "document_id": each} for kind, each in (("safety_plan", plan), ("other", minutes))]
    told = {"kind": "update", "placement_id": placement, "documents": {"items": lines}}
    assert worker(world).post("/v1/notifications", told).status_code == 201

    transfer = offer(world, child)
    taken = take(world, transfer)
    new = taken["child_id"]
    assert (taken["followed"]["documents"], taken["followed"]["passport"]) == (1, False)
    stayed = {(each["name"], each["reason"]) for each in taken["followed"]["stayed"]}
    assert stayed == {("other", "by_rule"), ("care_plan", "awaited")}
    (kept,) = look(world, host(world), "/v1/children/{child_id}/documents", child_id=new)["items"]
    assert (kept["type"], kept["latest"]["version"], kept["receipts"]) == ("safety_plan", 2, [])
    assert kept["document_id"] not in (plan, minutes, awaited)
    opened = host(world).get(f"/v1/children/{new}/documents/{kept['document_id']}")
    assert (opened.status_code, opened.content) == (200, pdf("second"))
    assert host(world).get(f"/v1/children/{new}/documents/{kept['document_id']}?version=1").status_code == 404
    assert host(world).get(f"/v1/children/{new}/documents/{plan}").status_code == 404

    # The home that goes on lists them by the ids they have here; what stayed is held elsewhere.
    listed = look(world, host(world), "/v1/placements/{placement_id}/documents", placement_id=taken["placement_id"])
    assert [(each["state"], each["document_id"]) for each in listed["items"]] == [
        ("uploaded", kept["document_id"]),
        ("not_held", None),
    ]
    through = host(world).get(f"/v1/placements/{taken['placement_id']}/documents/{kept['document_id']}")
    assert through.content == pdf("second")
    former = look(world, host(world), FORMER, transfer_id=transfer, former_placement_id=placement)
    assert plan not in str(former) and former["sections"]["documents"]["items"][0]["type"] == "safety_plan"

    # A next version is the new authority's alone; the former one reads what it held.
    assert put(host(world), new, kept["document_id"], pdf("third")).status_code == 200
    assert host(world).get(f"/v1/children/{new}/documents/{kept['document_id']}").content == pdf("third")
    assert worker(world).get(f"/v1/children/{child}/documents/{plan}").content == pdf("second")
    with world.app.state.database.write() as connection:
        mine = (child_keys.c.child_id == child) & (child_keys.c.organisation_code == LEEDS)
        connection.execute(update(child_keys).where(mine).values(wrapped=None))
    swept(world)
    again = host(world).get(f"/v1/children/{new}/documents/{kept['document_id']}?version=2")
    assert (again.content, again.headers["content-type"]) == (pdf("second"), PDF)


def test_a_child_without_a_home_brings_passport_and_papers(world: World) -> None:
    child = records.child_of_leeds(world)
    published(nurse(world), child, records.small())
    document = announce(worker(world), child)
    assert put(worker(world), child, document, pdf()).status_code == 200
    taken = take(world, offer(world, child))
    assert (taken["placement_id"], taken["followed"]) == (None, {"passport": True, "documents": 1, "stayed": []})
    assert "allergies" in new_nurse(world).get(path(taken["child_id"])).json()["sections"]


def test_what_is_offered_or_declined_takes_nothing_along(world: World, placed: dict[str, Any]) -> None:
    child = placed["child_id"]
    transfer = offer(world, child)
    answered = act(
        world,
        host(world),
        "/v1/responsibility-transfers/{transfer_id}/answers",
        example("answer_declined"),
        transfer_id=transfer,
    )
    assert answered["followed"] is None
    assert put_section(
        nurse(world), child, "allergies", {**records.full()["allergies"], "note": None} and records.full()["allergies"]
    ).status_code in (200, 412)
