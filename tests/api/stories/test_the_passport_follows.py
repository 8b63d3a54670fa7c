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
from tests.api.stories.test_adoption import counted
from tests.api.stories.test_responsibility_passes_on import FORMER, offer, take
from tests.world import LEEDS, LEEDS_HEALTH, SHROPSHIRE, SHROPSHIRE_HEALTH, Caller, World

PASSPORT = records.PASSPORT
AS_OF_TODAY = {"provenance": {"source": "health_record", "as_of": "2026-11-25"}}


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
    allergies = {**stood["allergies"], **AS_OF_TODAY}
    written = put_section(new_nurse(world), new, "allergies", allergies)
    assert written.status_code == 200, written.text
    assert written.json()["version"] == 2
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


@pytest.fixture
def papers(world: World) -> dict[str, Any]:
    """A child of Leeds with two versions of a safety plan, another paper, and a care plan that never came."""
    placed = start(worker(world))
    child, placement = placed["child_id"], placed["placement_id"]
    plan, minutes, awaited = (announce(worker(world), child, kind) for kind in ("safety_plan", "other", "care_plan"))
    for document, content in ((plan, pdf("first")), (plan, pdf("second")), (minutes, pdf("minutes"))):
        assert put(worker(world), child, document, content).status_code == 200
    lines = [{"type": kind, "document_id": each} for kind, each in (("safety_plan", plan), ("other", minutes))]
    told = {"kind": "update", "placement_id": placement, "documents": {"items": lines}}
    assert worker(world).post("/v1/notifications", told).status_code == 201
    transfer = offer(world, child)
    return {**placed, "plan": plan, "others": (minutes, awaited), "transfer": transfer, "taken": take(world, transfer)}


def kept(world: World, child: str) -> dict[str, Any]:
    (found,) = look(world, host(world), "/v1/children/{child_id}/documents", child_id=child)["items"]
    return dict(found)


def test_papers_follow_by_kind_under_ids_of_their_own(world: World, papers: dict[str, Any]) -> None:
    taken, plan = papers["taken"], papers["plan"]
    new = taken["child_id"]
    assert (taken["followed"]["documents"], taken["followed"]["passport"]) == (1, False)
    stayed = {(each["name"], each["reason"]) for each in taken["followed"]["stayed"]}
    assert stayed == {("other", "by_rule"), ("care_plan", "awaited")}
    here = kept(world, new)
    assert (here["type"], here["latest"]["version"], here["receipts"]) == ("safety_plan", 2, [])
    assert here["record"] == new and here["document_id"] not in (plan, *papers["others"])
    path = f"/v1/children/{new}/documents/{here['document_id']}"
    opened = host(world).get(path)
    assert (opened.status_code, opened.content) == (200, pdf("second"))
    assert host(world).get(f"{path}?version=1").status_code == 404
    assert host(world).get(f"/v1/children/{new}/documents/{plan}").status_code == 404


def test_the_home_lists_papers_as_they_are_here_and_what_stayed_is_held_elsewhere(
    world: World, papers: dict[str, Any]
) -> None:
    taken, plan = papers["taken"], papers["plan"]
    here, placement = kept(world, taken["child_id"])["document_id"], taken["placement_id"]
    listed = look(world, host(world), "/v1/placements/{placement_id}/documents", placement_id=placement)
    assert [(each["state"], each["document_id"]) for each in listed["items"]] == [
        ("uploaded", here),
        ("not_held", None),
    ]
    assert host(world).get(f"/v1/placements/{placement}/documents/{here}").content == pdf("second")
    ids = {"transfer_id": papers["transfer"], "former_placement_id": papers["placement_id"]}
    former = look(world, host(world), FORMER, **ids)
    assert plan not in str(former)
    assert former["sections"]["documents"]["items"][0]["type"] == "safety_plan"


def test_a_next_version_is_ones_own_and_erasure_of_the_former_takes_nothing(
    world: World, papers: dict[str, Any]
) -> None:
    child, new, plan = papers["child_id"], papers["taken"]["child_id"], papers["plan"]
    path = f"/v1/children/{new}/documents/{kept(world, new)['document_id']}"
    assert put(host(world), new, path.rpartition("/")[2], pdf("third")).status_code == 200
    assert host(world).get(path).content == pdf("third")
    assert worker(world).get(f"/v1/children/{child}/documents/{plan}").content == pdf("second")
    with world.app.state.database.write() as connection:
        mine = (child_keys.c.child_id == child) & (child_keys.c.organisation_code == LEEDS)
        connection.execute(update(child_keys).where(mine).values(wrapped=None))
    swept(world)
    again = host(world).get(f"{path}?version=2")
    assert (again.content, again.headers["content-type"]) == (pdf("second"), PDF)


def test_a_child_without_a_home_brings_passport_and_papers(world: World) -> None:
    child = records.child_of_leeds(world)
    published(nurse(world), child, records.small())
    document = announce(worker(world), child)
    assert put(worker(world), child, document, pdf()).status_code == 200
    taken = take(world, offer(world, child))
    assert (taken["placement_id"], taken["followed"]) == (None, {"passport": True, "documents": 1, "stayed": []})
    assert "allergies" in new_nurse(world).get(path(taken["child_id"])).json()["sections"]


def test_more_to_take_along_asks_no_more_of_the_database(world: World) -> None:
    costs = []
    # The first acceptance of a world also asks what is then remembered.
    for document, papers in ((records.small(), 1), (records.small(), 1), (records.full(), 4)):
        child = records.child_of_leeds(world)
        published(nurse(world), child, document)
        for each in range(papers):
            assert put(worker(world), child, announce(worker(world), child), pdf(str(each))).status_code == 200
        transfer = offer(world, child)
        with counted() as asked:
            taken = take(world, transfer)
        assert taken["followed"] == {"passport": True, "documents": papers, "stayed": []}
        costs.append(len(asked))
    assert costs[1] == costs[2] > 0


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
    told = put_section(nurse(world), child, "allergies", {**records.full()["allergies"], **AS_OF_TODAY})
    assert told.status_code == 200, told.text
