"""A young person placed far from home: her assessment asked for and never sent, a team without capacity, an assessment
she declined, and a psychologist's report that lay unread for nineteen months. Each surfaces with a date and an owner.
"""

from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest

from tests.api.assessments.register import (
    HEALTH,
    ask,
    asked,
    became,
    catch_up,
    host_nurse,
    messages,
    nurse,
    one,
    open_report,
    outcome,
    register,
    report,
    waiting,
    worker,
)
from tests.api.children.records import actions
from tests.api.passports.records import take_over
from tests.api.stories.lives import end, start
from tests.databases import Databases
from tests.world import LEEDS, LEEDS_HEALTH, SHROPSHIRE_HEALTH, Caller, World, furnished, running_world

CAMHS = {"organisation": SHROPSHIRE_HEALTH, "function": "camhs", "reason": "has begun to treat her"}
OURS = {"organisation": LEEDS_HEALTH, "function": HEALTH}
THEIRS = {"organisation": SHROPSHIRE_HEALTH, "function": HEALTH}


@pytest.fixture(scope="module")
def world(databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """A world of its own: its clock goes far ahead, and the service looks round when the story says so."""
    with running_world(furnished(databases), tmp_path_factory.mktemp("unseen")) as running:
        yield running


@pytest.fixture
def child(world: World) -> str:
    """She came into care on the day she was moved out of the area, in an emergency."""
    legal = {"status": "C1", "looked_after_since": "2026-11-22"}
    moved = start(worker(world), urgency="emergency", legal=legal, additional_recipients=[CAMHS])
    assert catch_up(world) > 0
    return str(moved["child_id"])


def camhs(world: World) -> Caller:
    return world.as_(SHROPSHIRE_HEALTH, "camhs", "Tom Notional")


def reviewer(world: World) -> Caller:
    return world.as_(LEEDS, "reviewing_officer", "Ira Conceived")


def test_it_is_due_by_itself_within_20_working_days_of_care_and_never_raised_twice(world: World, child: str) -> None:
    due = register(world, nurse(world), child)
    assert due["initial_health"]["state"] == "due"
    # Twenty working days from Sunday 22 November 2026; nobody had to start a tracker.
    assert due["initial_health"]["due_at"] == "2026-12-18T23:59:59.999Z"
    assert (due["initial_health"]["owner"], due["initial_health"]["due_basis"]) == (OURS, "law")
    assert due["sdq"]["due_at"].startswith("2027-11-22")
    assert catch_up(world) == 0
    assert register(world, nurse(world), child).keys() == {"initial_health", "sdq"}
    assert messages(world, child, "assessment.raised") == [(LEEDS, "social_care"), (LEEDS_HEALTH, HEALTH)]


def test_asked_for_and_never_sent_it_stands_overdue_with_its_owner_in_everybodys_list(world: World, child: str) -> None:
    made = asked(world, host_nurse(world), child, "initial_health", asked_of=OURS, note="We have no history of her.")
    assert (made["owner"], made["due_at"]) == (OURS, "2026-12-18T23:59:59.999Z")
    again = ask(host_nurse(world), child, "initial_health")
    assert (again.status_code, again.json()["code"]) == (409, "assessment_open")
    assert again.json()["assessment_id"] == made["assessment_id"]
    for by in (nurse(world), host_nurse(world), worker(world)):
        assert waiting(world, by, "overdue", child) == []
    with world.later(days=60):
        for by in (nurse(world), host_nurse(world), worker(world), reviewer(world), camhs(world)):
            (line,) = [each for each in waiting(world, by, "overdue", child) if each["kind"] == "initial_health"]
            assert (line["owner"], line["due_at"]) == (OURS, "2026-12-18T23:59:59.999Z")
            assert line["assessment_id"] == made["assessment_id"]
        told = catch_up(world)
        assert told >= 1
        assert catch_up(world) == 0
        assert messages(world, child, "assessment.fell_due") == [(LEEDS, "social_care"), (LEEDS_HEALTH, HEALTH)]
        history = one(world, nurse(world), child, made["assessment_id"])["history"]
        assert [(each["event"], each["organisation"]) for each in history] == [
            ("raised", None),
            ("asked", SHROPSHIRE_HEALTH),
        ]
        assert history[1]["words"]["note"] == "We have no history of her."
        assert history[1]["by"]["name"] == "Nia Pretend"


def test_a_team_without_capacity_gives_it_back_and_somebody_owes_it_still(world: World, child: str) -> None:
    made = asked(world, worker(world), child, "paediatric", "treatment", asked_of=THEIRS, due_on="2026-12-20")
    assert made["owner"] == THEIRS
    refused = outcome(host_nurse(world), child, made["assessment_id"], "no_capacity")
    assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (422, "/elsewhere")
    elsewhere = {"name": "The clinic in the next town"}
    back = became(world, host_nurse(world), child, made["assessment_id"], "no_capacity", elsewhere=elsewhere)
    assert back["owner"] == {"organisation": LEEDS, "function": "social_care"}
    assert back["due_at"] == made["due_at"]
    with world.later(days=40):
        (line,) = [each for each in waiting(world, worker(world), "overdue", child) if each["kind"] == "paediatric"]
        assert (line["state"], line["owner"]["organisation"]) == ("no_capacity", LEEDS)
    shown = one(world, worker(world), child, made["assessment_id"])
    assert [each["owner"]["organisation"] for each in shown["history"]] == [SHROPSHIRE_HEALTH, LEEDS]


def test_declined_says_what_was_offered_instead_when_again_and_who_tries(world: World, child: str) -> None:
    due = register(world, nurse(world), child)["initial_health"]
    bare = outcome(nurse(world), child, due["assessment_id"], "declined", declined_by="young_person")
    assert bare.status_code == 422
    pointers = {each["pointer"] for each in bare.json()["errors"]}
    assert pointers == {"/alternative_offered", "/next_on", "/who_tries_next"}
    offered = {
        "declined_by": "young_person",
        "alternative_offered": "A talk with a nurse at the youth club",
        "who_tries_next": "The nurse she knows",
    }
    past = outcome(nurse(world), child, due["assessment_id"], "declined", **offered, next_on="2026-11-01")
    assert past.json()["errors"][0]["pointer"] == "/next_on"
    now = became(world, nurse(world), child, due["assessment_id"], "declined", **offered, next_on="2027-01-15")
    assert (now["due_at"], now["next_on"]) == (due["due_at"], "2027-01-15")
    (line,) = waiting(world, host_nurse(world), "declined", child)
    assert (line["next_on"], line["owner"]) == ("2027-01-15", OURS)
    with world.later(days=90):
        assert catch_up(world) >= 1
        shown = one(world, worker(world), child, due["assessment_id"])
        assert (shown["overdue"], shown["next_overdue"]) == (True, True)
        assert shown["history"][-1]["words"]["who_tries_next"] == "The nurse she knows"
        # A reviewing officer sees that it was declined and when it is offered again, and no words.
        plan = one(world, reviewer(world), child, due["assessment_id"])
        assert (plan["next_on"], plan["history"][-1]["words"]) == ("2027-01-15", None)
        assert plan["history"][-1]["words_withheld"] == "not_needed_for_this_work"


def test_a_report_unread_for_19_months_is_never_out_of_sight(world: World, child: str) -> None:
    commissioned = asked(
        world, worker(world), child, "psychology", "care_proceedings", commissioned_by=LEEDS, commissioner="The court"
    )
    done = {
        "on": "2026-11-25",
        "summary": "She needs a therapy that teaches her to live with strong feelings.",
        "recommendations": [
            {"what": "Arrange that therapy.", "function": "social_care", "due_on": "2027-01-31", "owner": "Her worker"}
        ],
    }
    became(world, nurse(world), child, commissioned["assessment_id"], "done", **done)
    uploaded = report(nurse(world), child, commissioned["assessment_id"], b"An invented report about strong feelings.")
    assert uploaded.status_code == 200, uploaded.text
    everybody = {
        (LEEDS, "social_care"): worker,
        (LEEDS, "reviewing_officer"): reviewer,
        (SHROPSHIRE_HEALTH, HEALTH): host_nurse,
        (SHROPSHIRE_HEALTH, "camhs"): camhs,
    }
    assert set(messages(world, child, "assessment.reported")) == everybody.keys()
    with world.later(days=578):
        shown = one(world, worker(world), child, commissioned["assessment_id"])
        assert {(each["organisation"], each["function"]) for each in shown["unread_by"]} == everybody.keys()
        for who in everybody.values():
            (line,) = waiting(world, who(world), "unread", child)
            assert line["assessment_id"] == commissioned["assessment_id"]
            assert line["read_by"] < "2026-12-05"
            assert line["owner"] == {"organisation": LEEDS, "function": "social_care"}
        (late,) = waiting(world, worker(world), "recommendations", child)
        assert (late["recommendation_due_on"], late["owner"]["function"]) == ("2027-01-31", "social_care")
        others = waiting(world, reviewer(world), "unread_by_others", child)
        assert {each["reader"]["function"] for each in others} == {"social_care", HEALTH, "camhs"}
        # Taken by a system is not read by a person.
        assert open_report(world.as_(LEEDS, "social_care"), child, commissioned["assessment_id"]).status_code == 200
        assert len(waiting(world, worker(world), "unread", child)) == 1
        assert b"strong feelings" in open_report(worker(world), child, commissioned["assessment_id"]).content
        assert waiting(world, worker(world), "unread", child) == []
        assert len(waiting(world, camhs(world), "unread", child)) == 1
        path = f"/v1/children/{child}/assessments/{commissioned['assessment_id']}/recommendations"
        path += f"/{shown['recommendations'][0]['recommendation_id']}/done"
        closed = worker(world).post(path, {"outcome": "done", "note": "It begins on Monday."})
        assert closed.status_code == 201, closed.text
        assert worker(world).post(path, {"outcome": "done"}).json()["code"] == "recommendation_closed"
        assert waiting(world, worker(world), "recommendations", child) == []
        read = one(world, reviewer(world), child, commissioned["assessment_id"])
        opened = {each["function"]: each for each in read["readers"]}["social_care"]
        assert (opened["state"], opened["opened_by"]["name"]) == ("opened", "Asha Rahman")
        # A new version is unread again.
        report(nurse(world), child, commissioned["assessment_id"], b"An invented report, put right.")
        assert len(waiting(world, worker(world), "unread", child)) == 1
    assert "document.opened" in [each["action"] for each in actions(world, child)]


def test_a_move_changes_the_owner_in_sight_of_all_and_never_the_date(world: World, child: str) -> None:
    before = register(world, nurse(world), child)["initial_health"]
    take_over(host_nurse(world))
    after = one(world, host_nurse(world), child, before["assessment_id"])
    assert (after["owner"], after["due_at"]) == (THEIRS, before["due_at"])
    events = [(each["event"], each["owner"]["organisation"]) for each in after["history"]]
    assert events == [("raised", LEEDS_HEALTH), ("handed_over", SHROPSHIRE_HEALTH)]
    assert messages(world, child, "assessment.handed_over") == [(LEEDS_HEALTH, HEALTH)]
    (entry,) = [each for each in actions(world, child) if each["action"] == "assessment.handed_over"]
    assert entry["facts"]["from_owner"] == f"{LEEDS_HEALTH}.{HEALTH}"


def test_nobody_is_chased_once_she_has_died_and_what_was_owed_stays_on_record(world: World) -> None:
    moved = start(worker(world), legal={"status": "C1", "looked_after_since": "2026-11-22"})
    child = str(moved["child_id"])
    catch_up(world)
    answer = end(worker(world), moved["placement_id"], "died")
    assert answer.status_code == 201, answer.text
    with world.later(days=60):
        catch_up(world)
        assert messages(world, child, "assessment.fell_due") == []
        assert waiting(world, worker(world), "overdue", child) == []


def test_one_that_is_done_makes_the_next_one_due(world: World, child: str) -> None:
    due: dict[str, Any] = register(world, nurse(world), child)["initial_health"]
    done = became(world, nurse(world), child, due["assessment_id"], "done", on="2026-11-25")
    assert len(done["raised"]) == 1
    following = register(world, nurse(world), child)["review_health"]
    assert (following["assessment_id"], following["due_at"][:10]) == (done["raised"][0], "2027-11-25")
    closed = outcome(nurse(world), child, due["assessment_id"], "booked", on="2026-12-20")
    assert (closed.status_code, closed.json()["code"]) == (409, "assessment_closed")


def test_nobody_waits_for_a_reader_whose_child_has_moved_on(world: World) -> None:
    legal = {"status": "C1", "looked_after_since": "2026-11-22"}
    ours = {**CAMHS, "organisation": LEEDS}
    moved = start(worker(world), legal=legal, additional_recipients=[CAMHS, ours])
    child = str(moved["child_id"])
    made = asked(world, worker(world), child, "psychology", "care_proceedings", commissioned_by=LEEDS)["assessment_id"]
    became(world, nurse(world), child, made, "done", on="2026-11-25", summary="She needs a therapy.")
    assert report(nurse(world), child, made, b"An invented report about strong feelings.").status_code == 200
    theirs = {"organisation": SHROPSHIRE_HEALTH, "function": "camhs"}

    def seen() -> tuple[bool, list[str], bool]:
        """Whether the clinic is among those who have not read it, how it stands there, whether it is chased."""
        shown = one(world, worker(world), child, made)
        states = [each["state"] for each in shown["readers"] if theirs.items() <= each.items()]
        others = waiting(world, reviewer(world), "unread_by_others", child)
        return theirs in shown["unread_by"], states, theirs in [each["reader"] for each in others]

    with world.later(days=30):
        assert seen() == (True, ["unread"], True)
        assert end(worker(world), moved["placement_id"], "next_home_unknown", ended_on="2026-12-20").status_code == 201
        assert seen() == (False, ["part_ended"], False)
        # A clinic on our own side had its part by that home too.
        assert {each["function"] for each in one(world, worker(world), child, made)["unread_by"]} == {
            "social_care",
            "reviewing_officer",
        }
        assert waiting(world, worker(world), "unread", child) != []
        back = {**moved["document"], "reference": uuid4().hex}
        answer = worker(world).post("/v1/notifications", back)
        assert answer.status_code == 201, answer.text
        assert seen() == (True, ["unread"], True)
