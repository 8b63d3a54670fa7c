"""A report waits for whoever has a part today, whatever gives it to them, and for nobody whose part is over."""

from typing import Any

from tests.api.assessments.register import asked, nurse, one, report, waiting, worker
from tests.api.assessments.test_what_a_mistake_leaves import taken_over
from tests.api.stories.lives import end, look, start
from tests.api.stories.test_two_records_of_one_child import merge
from tests.world import LEEDS, SHROPSHIRE_HEALTH, World

_HEALTH = "children_in_care_health"
_CLINIC = {"organisation": SHROPSHIRE_HEALTH, "function": "camhs", "reason": "has begun to treat her"}


def reported(world: World, child_id: str, under: str | None = None) -> str:
    made = under or str(asked(world, worker(world), child_id, "psychology", "treatment")["assessment_id"])
    assert report(nurse(world), child_id, made, b"An invented report.").status_code == 200
    return made


def states(world: World, child_id: str, made: str, function: str) -> list[str]:
    readers = one(world, worker(world), child_id, made)["readers"]
    team = (SHROPSHIRE_HEALTH, function)
    return [each["state"] for each in readers if (each["organisation"], each["function"]) == team]


def test_the_team_that_keeps_the_passport_is_waited_for_after_the_home_has_ended(world: World) -> None:
    child_id = taken_over(world, urgency="planned", additional_recipients=[_CLINIC])
    made = reported(world, child_id)
    (home,) = look(world, worker(world), "/v1/children/{child_id}/placements", child_id=child_id)["items"]
    assert end(worker(world), home["placement_id"], "next_home_unknown").status_code == 201
    assert states(world, child_id, made, _HEALTH) == ["unread"]
    assert states(world, child_id, made, "camhs") == ["part_ended"]


def test_whoever_was_told_by_mistake_is_waited_for_no_more_and_what_it_left_unread_stays_told(world: World) -> None:
    sent = start(worker(world), additional_recipients=[_CLINIC])
    child_id = str(sent["child_id"])
    made = reported(world, child_id)
    wrong = [each["id"] for each in sent["recipients"] if each["function"] == "camhs"]
    recall = {"reason": "wrong_recipient", "recipients": wrong}
    assert worker(world).post(f"/v1/notifications/{sent['id']}/recalls", recall).status_code == 201
    assert states(world, child_id, made, "camhs") == ["part_ended"]
    shown: dict[str, Any] = one(world, worker(world), child_id, made)
    assert shown["never_read_by"] == [{"organisation": SHROPSHIRE_HEALTH, "function": "camhs"}]
    with world.later(days=30):
        others = waiting(world, worker(world), "unread_by_others", child_id)
        assert {each["reader"]["organisation"] for each in others} == {LEEDS}


def test_a_part_in_one_of_two_merged_records_is_a_part_in_the_child(world: World) -> None:
    kept, duplicate = start(worker(world), additional_recipients=[_CLINIC]), start(worker(world))
    made = asked(world, worker(world), duplicate["child_id"], "psychology", "treatment")["assessment_id"]
    merge(world, kept["child_id"], duplicate["child_id"])
    reported(world, kept["child_id"], made)
    assert states(world, kept["child_id"], made, "camhs") == ["unread"]
