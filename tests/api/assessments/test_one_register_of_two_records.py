"""Two records turn out to be one child: what is owed of its health is one register, and parted again it is two."""

from typing import Any

import pytest

from tests.api.assessments.register import (
    HEALTH,
    ONE,
    REGISTER,
    ask,
    asked,
    became,
    catch_up,
    host_nurse,
    messages,
    nurse,
    one,
    open_report,
    register,
    report,
    waiting,
    worker,
)
from tests.api.lists import items
from tests.api.passports.records import child_of_leeds, full, path, published
from tests.api.placements.stories import entries, example
from tests.api.stories.lives import look, refused, start
from tests.api.stories.test_two_records_of_one_child import merge, unmerge
from tests.api.transfers.test_a_passport_moves import offers, took
from tests.world import LEEDS, LEEDS_HEALTH, SHROPSHIRE_HEALTH, World

_DUE = "2026-12-01"
_WE_CAN = {"what": "Glasses", "owner": "Bettina Supposed", "function": "social_care", "due_on": "2026-12-02"}

_OFFERED_AGAIN = {**example("outcome_declined"), "next_on": "2026-12-03"}
del _OFFERED_AGAIN["outcome"]


@pytest.fixture
def twice(world: World) -> tuple[str, str]:
    """The record that is kept, which lives in Shropshire, and its duplicate."""
    return str(start(worker(world), urgency="planned")["child_id"]), child_of_leeds(world)


def treatment(world: World, child_id: str, kind: str = "psychiatry", **more: Any) -> str:
    return str(asked(world, nurse(world), child_id, kind, "treatment", due_on=_DUE, **more)["assessment_id"])


def accepted(world: World, child_id: str) -> None:
    """The health team of Shropshire takes over the passport that stands under this record."""
    took(world, host_nurse(world), offers(world, child_id)[-1]["transfer_id"], "accept")


def test_either_id_shows_what_stands_under_both_and_parted_each_has_its_own(world: World, twice: Any) -> None:
    kept, duplicate = twice
    ids = {kept: treatment(world, kept, "eye"), duplicate: treatment(world, duplicate, note="Asks for evenings.")}
    assert refused(nurse(world).get(ONE.format(child_id=kept, assessment_id=ids[duplicate]))) == (404, "not_yours")
    merge(world, kept, duplicate)

    for by_id in twice:
        shown = register(world, nurse(world), by_id)
        assert [shown[kind]["record"] for kind in ("eye", "psychiatry")] == [kept, duplicate]
        opened = one(world, nurse(world), by_id, ids[duplicate])
        assert (opened["child_id"], opened["record"]) == (kept, duplicate)
        assert opened["history"][0]["words"]["note"] == "Asks for evenings."
    made = look(world, worker(world), "/v1/children/{child_id}/file", child_id=kept)
    assert made["is_whole"]
    assert {each["assessment_id"] for each in made["assessments"]["items"]} >= set(ids.values())

    unmerge(world, kept, duplicate)
    for child_id, kind in zip(twice, ("eye", "psychiatry"), strict=True):
        own = register(world, nurse(world), child_id)
        assert {each["record"] for each in own.values()} == {child_id}
        assert own[kind]["assessment_id"] == ids[child_id]
    assert refused(nurse(world).get(ONE.format(child_id=kept, assessment_id=ids[duplicate]))) == (404, "not_yours")


def test_a_page_goes_on_where_it_ended_by_either_id(world: World, twice: Any) -> None:
    kept, duplicate = twice
    wanted = {treatment(world, child_id, kind) for child_id in twice for kind in ("eye", "paediatric")}
    merge(world, kept, duplicate)

    found: list[str] = []
    cursor = ""
    for by_id in (kept, duplicate, kept, duplicate):
        page = nurse(world).get(f"/v1/children/{by_id}/assessments?limit=1{cursor}").json()
        found += [each["assessment_id"] for each in page["items"]]
        cursor = f"&cursor={page['next_cursor']}"
    assert sorted(found) == sorted(wanted)


def test_what_stands_under_the_duplicate_is_done_by_the_id_that_is_kept(world: World, twice: Any) -> None:
    kept, duplicate = twice
    made = treatment(world, duplicate)
    merge(world, kept, duplicate)

    done = became(
        world, nurse(world), kept, made, "done", on="2026-11-24", summary="Sleeps badly.", recommendations=[_WE_CAN]
    )
    assert done["child_id"] == kept
    assert report(nurse(world), kept, made, b"An invented report.").status_code == 200
    assert open_report(worker(world), kept, made).content == b"An invented report."
    shown = one(world, nurse(world), duplicate, made)
    assert next(each["words"] for each in shown["history"] if each["event"] == "done")["summary"] == "Sleeps badly."
    assert [each["opened_by"]["name"] for each in shown["readers"] if each["opened_by"]] == ["Asha Rahman"]
    # What happened to it is in the account of the record it stands under; who is told knows the child as it is kept.
    assert entries(world, duplicate, "assessment.updated") and not entries(world, kept, "assessment.updated")
    assert messages(world, kept, "assessment.done") and not messages(world, duplicate, "assessment.done")

    with world.later(days=30):
        (late,) = waiting(world, nurse(world), "recommendations", kept)
        assert (late["assessment_id"], waiting(world, nurse(world), "recommendations", duplicate)) == (made, [])
        recommendation = late["recommendation_id"]
        closing = ONE.format(child_id=kept, assessment_id=made) + f"/recommendations/{recommendation}/done"
        assert worker(world).post(closing, {"outcome": "done", "note": "Fitted."}).status_code == 201
        assert waiting(world, nurse(world), "recommendations", kept) == []
    unmerge(world, kept, duplicate)
    (closed,) = one(world, nurse(world), duplicate, made)["recommendations"]
    assert (closed["what"], closed["note"]) == ("Glasses", "Fitted.")
    assert open_report(nurse(world), duplicate, made).content == b"An invented report."


def test_what_is_asked_while_they_are_merged_stands_under_the_kept_record(world: World, twice: Any) -> None:
    kept, duplicate = twice
    merge(world, kept, duplicate)
    made = asked(world, nurse(world), duplicate, "eye", "treatment")
    assert made["child_id"] == kept
    unmerge(world, kept, duplicate)
    assert register(world, nurse(world), kept)["eye"]["assessment_id"] == made["assessment_id"]
    assert "eye" not in register(world, nurse(world), duplicate)


def test_every_list_knows_the_child_by_the_kept_id_and_each_line_stands_there_once(world: World, twice: Any) -> None:
    kept, duplicate = twice
    ids = [treatment(world, child_id) for child_id in twice]
    declined = treatment(world, duplicate, "eye")
    became(world, nurse(world), duplicate, declined, "declined", **_OFFERED_AGAIN)
    assert report(nurse(world), duplicate, ids[1], b"An invented report.").status_code == 200
    merge(world, kept, duplicate)

    with world.later(days=30):
        late = [each["assessment_id"] for each in waiting(world, nurse(world), "overdue", kept)]
        assert [late.count(each) for each in (*ids, declined)] == [1, 1, 1]
        assert [e["assessment_id"] for e in waiting(world, nurse(world), "declined", kept, limit=1)] == [declined]
        assert [e["assessment_id"] for e in waiting(world, worker(world), "unread", kept)] == [ids[1]]
        others = waiting(world, nurse(world), "unread_by_others", kept)
        assert {e["assessment_id"] for e in others} == {ids[1]}
        for which in ("overdue", "declined", "unread", "unread_by_others", "no_passport"):
            assert waiting(world, worker(world), which, duplicate) == []


def test_who_took_the_child_over_by_the_duplicate_has_it_in_its_lists(world: World) -> None:
    duplicate, kept = str(start(worker(world), urgency="planned")["child_id"]), child_of_leeds(world)
    ids = [treatment(world, kept), treatment(world, duplicate, "eye")]
    published(nurse(world), duplicate, full())
    accepted(world, duplicate)
    with world.later(days=30):
        assert [e["assessment_id"] for e in waiting(world, host_nurse(world), "overdue", duplicate)] == ids[1:]
        assert waiting(world, host_nurse(world), "overdue", kept) == []
    merge(world, kept, duplicate)

    with world.later(days=30):
        assert {e["assessment_id"] for e in waiting(world, host_nurse(world), "overdue", kept)} >= set(ids)
        assert {e["your_side"] for e in waiting(world, host_nurse(world), "overdue", kept)} == {"host"}
        assert waiting(world, host_nurse(world), "overdue", duplicate) == []
    shown = register(world, host_nurse(world), kept)
    assert {"psychiatry", "eye"} <= shown.keys()
    assert kept not in [each["child_id"] for each in items(host_nurse(world), "/v1/health-lists/no_passport")]

    unmerge(world, kept, duplicate)
    with world.later(days=30):
        assert waiting(world, host_nurse(world), "overdue", kept) == []
    assert refused(host_nurse(world).get(path(kept))) == (404, "not_yours")


def test_what_either_record_owes_passes_on_with_the_passport(world: World, twice: Any) -> None:
    kept, duplicate = twice
    published(nurse(world), kept, full())
    ids = [treatment(world, child_id, "paediatric") for child_id in twice]
    assert report(nurse(world), duplicate, ids[1], b"An invented report.").status_code == 200
    merge(world, kept, duplicate)
    accepted(world, kept)

    for made in ids:
        assert one(world, nurse(world), kept, made)["owner"]["organisation"] == SHROPSHIRE_HEALTH
    assert "handed_over" in [each["event"] for each in one(world, nurse(world), kept, ids[1])["history"]]
    assert ids[1] in [each["assessment_id"] for each in waiting(world, host_nurse(world), "unread", kept)]
    # Whoever keeps the passport by one record owes what is asked by the other.
    fresh = asked(world, worker(world), duplicate, "paediatric", "treatment")
    assert fresh["owner"]["organisation"] == SHROPSHIRE_HEALTH


def test_a_team_told_of_the_home_of_one_record_should_read_the_report_under_the_other(world: World) -> None:
    told = {"organisation": LEEDS_HEALTH, "function": "camhs", "reason": "treats the child"}
    duplicate = str(start(worker(world), urgency="planned", additional_recipients=[told])["child_id"])
    kept = child_of_leeds(world)
    made = treatment(world, kept, "psychology")
    assert report(nurse(world), kept, made, b"An invented report.").status_code == 200
    therapist = world.as_(LEEDS_HEALTH, "camhs", name="Cam Therapist")
    merge(world, kept, duplicate)
    catch_up(world)

    assert [each["assessment_id"] for each in waiting(world, therapist, "unread", kept)] == [made]
    assert open_report(therapist, kept, made).content == b"An invented report."
    assert waiting(world, therapist, "unread", kept) == []


def test_the_service_raises_nothing_twice_for_records_that_are_one_child(world: World, twice: Any) -> None:
    kept, duplicate = twice
    merge(world, kept, duplicate)
    catch_up(world)
    raised = [e for e in _all(world, kept) if e["kind"] == "initial_health"]
    assert [each["record"] for each in raised] == [kept]
    asked(world, nurse(world), duplicate, "initial_health")
    again = ask(nurse(world), kept, "initial_health")
    assert (refused(again), again.json()["assessment_id"]) == ((409, "assessment_open"), raised[0]["assessment_id"])

    unmerge(world, kept, duplicate)
    catch_up(world)
    own = {child_id: register(world, nurse(world), child_id)["initial_health"]["record"] for child_id in twice}
    assert own == {kept: kept, duplicate: duplicate}


def test_of_two_that_were_raised_before_both_stand_and_one_follows(world: World, twice: Any) -> None:
    kept, duplicate = twice
    catch_up(world)
    before = {e["record"]: e["due_at"] for child_id in twice for e in _all(world, child_id) if _initial(e)}
    merge(world, kept, duplicate)
    catch_up(world)
    both = [each for each in _all(world, kept) if _initial(each)]
    assert {each["record"] for each in both} == {kept, duplicate}
    # Care began once, whichever record tells of it first.
    assert {each["due_at"] for each in both} == {min(before.values())}

    taken = asked(world, nurse(world), kept, "initial_health")["assessment_id"]
    assert taken == next(each["assessment_id"] for each in both if each["record"] == kept)
    first = became(world, nurse(world), kept, taken, "done", on="2026-11-24", summary="Well.")
    assert len(first["raised"]) == 1
    other = next(each["assessment_id"] for each in both if each["record"] == duplicate)
    second = became(world, nurse(world), kept, other, "done", on="2026-11-24", summary="Well.")
    assert second["raised"] == []
    unmerge(world, kept, duplicate)
    catch_up(world)
    assert register(world, nurse(world), kept)["review_health"]["record"] == kept
    assert [each["kind"] for each in _all(world, duplicate) if _initial(each)] == ["initial_health"]


def _initial(line: dict[str, Any]) -> bool:
    return line["kind"] == "initial_health"


def _all(world: World, child_id: str) -> list[dict[str, Any]]:
    return items(nurse(world), f"/v1/children/{child_id}/assessments")


def test_what_is_told_of_the_home_of_the_duplicate_counts_for_the_child(world: World) -> None:
    kept = child_of_leeds(world)
    duplicate = str(start(worker(world), legal={"looked_after_since": "2026-11-02"})["child_id"])
    catch_up(world)
    alone = register(world, nurse(world), kept)["initial_health"]["due_at"]
    merge(world, kept, duplicate)
    catch_up(world)
    together = {each["due_at"] for each in _all(world, kept) if _initial(each)}
    assert len(together) == 1 and together.pop() < alone
    unmerge(world, kept, duplicate)
    catch_up(world)
    assert register(world, nurse(world), kept)["initial_health"]["due_at"] == alone


def test_a_first_contact_is_told_once_whichever_record_is_looked_at(world: World) -> None:
    duplicate, kept = str(start(worker(world), urgency="planned")["child_id"]), child_of_leeds(world)
    made = treatment(world, duplicate)
    published(nurse(world), kept, full())
    published(nurse(world), duplicate, full())
    accepted(world, duplicate)
    merge(world, kept, duplicate)
    for _ in range(2):
        one(world, host_nurse(world), kept, made)
    assert messages(world, kept, "passport.first_contact") == [(LEEDS, "social_care"), (LEEDS_HEALTH, HEALTH)]


def test_parted_again_a_team_of_the_other_child_owes_nothing_of_this_one(world: World) -> None:
    duplicate, kept = str(start(worker(world), urgency="planned")["child_id"]), child_of_leeds(world)
    published(nurse(world), duplicate, full())
    owed, theirs = treatment(world, kept, "paediatric"), treatment(world, duplicate, "paediatric")
    merge(world, kept, duplicate)
    accepted(world, duplicate)
    catch_up(world)
    host = {"organisation": SHROPSHIRE_HEALTH, "function": HEALTH}
    assert one(world, nurse(world), kept, owed)["owner"] == host
    doing = {**_WE_CAN, "organisation": SHROPSHIRE_HEALTH, "function": HEALTH}
    advised = treatment(world, kept, "dental")
    became(world, nurse(world), kept, advised, "done", on="2026-11-24", summary="Well.", recommendations=[doing])

    before = messages(world, kept, "assessment.fell_due").count((SHROPSHIRE_HEALTH, HEALTH))
    unmerge(world, kept, duplicate)
    catch_up(world)

    ours = {"organisation": LEEDS_HEALTH, "function": HEALTH}
    held = one(world, nurse(world), kept, owed)
    assert held["owner"] == ours
    assert [each["event"] for each in held["history"]][-2:] == ["handed_over", "handed_over"]
    assert one(world, nurse(world), duplicate, theirs)["owner"] == host
    (to_do,) = one(world, nurse(world), kept, advised)["recommendations"]
    assert to_do["function"] == "social_care" and SHROPSHIRE_HEALTH not in str(to_do)
    assert refused(host_nurse(world).get(REGISTER.format(child_id=kept))) == (404, "not_yours")
    with world.later(days=30):
        catch_up(world)
        told = messages(world, kept, "assessment.fell_due")
        assert (LEEDS_HEALTH, HEALTH) in told and told.count((SHROPSHIRE_HEALTH, HEALTH)) == before
        assert (SHROPSHIRE_HEALTH, HEALTH) in messages(world, duplicate, "assessment.fell_due")
