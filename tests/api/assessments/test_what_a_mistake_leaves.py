"""The register after something went wrong: a refused upload, a start about the wrong child, an address to be kept."""

from uuid import uuid4

from tests.api.assessments.register import asked, became, catch_up, host_nurse, nurse, one, register, report, worker
from tests.api.children.records import restrict
from tests.api.passports.records import full, published
from tests.api.placements.stories import example
from tests.api.stories.lives import start
from tests.api.transfers.test_a_passport_moves import offers, took
from tests.world import LEEDS_HEALTH, SHROPSHIRE_HEALTH, World

_HEALTH = "children_in_care_health"


def taken_over(world: World, **start_of: object) -> str:
    """A child of Leeds whose passport the health team of Shropshire has taken over."""
    child_id = str(start(worker(world), **start_of)["child_id"])
    published(nurse(world), child_id, full())
    took(world, host_nurse(world), offers(world, child_id)[-1]["transfer_id"], "accept")
    return child_id


def test_a_refused_upload_keeps_no_other_team_from_uploading_the_report(world: World) -> None:
    child_id = taken_over(world, urgency="planned")
    owed_by = {"organisation": SHROPSHIRE_HEALTH, "function": _HEALTH}
    made = asked(world, nurse(world), child_id, "paediatric", "treatment", asked_of=owed_by)["assessment_id"]

    refused = report(nurse(world), child_id, made, b"\x00\x01 no text at all")
    assert refused.status_code == 415
    assert report(host_nurse(world), child_id, made, b"An invented report.").status_code == 200
    late = report(nurse(world), child_id, made, b"Another invented report.")
    assert (late.status_code, late.json()["code"]) == (403, "report_not_yours")


def test_a_confidential_address_is_not_told_by_who_owes_an_assessment(world: World) -> None:
    told = {"organisation": LEEDS_HEALTH, "function": "camhs", "reason": "treats the child"}
    child_id = taken_over(world, urgency="emergency", additional_recipients=[told])
    made = asked(world, worker(world), child_id, "paediatric", "treatment")
    assert made["owner"]["organisation"] == SHROPSHIRE_HEALTH
    confidential = {"restriction": "confidential_address", "reason": "risk_from_family"}
    assert restrict(worker(world), child_id, **confidential).status_code == 201

    therapist = world.as_(LEEDS_HEALTH, "camhs", name="Cam Therapist")
    shown = (register(world, therapist, child_id)["paediatric"], one(world, therapist, child_id, made["assessment_id"]))
    assert SHROPSHIRE_HEALTH not in str(shown)


def test_what_a_withdrawn_start_said_of_another_child_counts_no_more(world: World) -> None:
    sent = start(worker(world), legal={"looked_after_since": "2020-01-05"})
    child_id = str(sent["child_id"])
    catch_up(world)
    before = register(world, nurse(world), child_id)["initial_health"]["due_at"]
    withdrawal = {**example("withdrawal"), "placement_id": sent["placement_id"], "reference": uuid4().hex[:12]}
    assert worker(world).post("/v1/notifications", withdrawal).status_code == 201
    catch_up(world)

    assert before < "2020-03" < register(world, nurse(world), child_id)["initial_health"]["due_at"]


def test_where_the_team_that_was_asked_has_no_capacity_another_is_asked_and_the_day_stays(world: World) -> None:
    child_id = taken_over(world, urgency="planned")
    first = {"organisation": SHROPSHIRE_HEALTH, "function": _HEALTH}
    made = asked(world, worker(world), child_id, "eye", "treatment", asked_of=first)
    became(world, host_nurse(world), child_id, made["assessment_id"], "no_capacity", elsewhere={"name": "Eye clinic"})

    another = {"organisation": LEEDS_HEALTH, "function": _HEALTH}
    again = asked(world, worker(world), child_id, "eye", "treatment", asked_of=another)

    assert (again["assessment_id"], again["due_at"]) == (made["assessment_id"], made["due_at"])
    assert again["owner"]["organisation"] == LEEDS_HEALTH


def test_a_later_notification_makes_nobody_wait_for_the_uploader_or_for_whom_a_restriction_keeps_out(
    world: World,
) -> None:
    told = {"organisation": LEEDS_HEALTH, "function": "camhs", "reason": "treats the child"}
    sent = start(worker(world), urgency="emergency", additional_recipients=[told])
    child_id = str(sent["child_id"])
    published(nurse(world), child_id, full())
    took(world, host_nurse(world), offers(world, child_id)[-1]["transfer_id"], "accept")
    confidential = {"restriction": "confidential_address", "reason": "risk_from_family"}
    assert restrict(worker(world), child_id, **confidential).status_code == 201
    owed_by = {"organisation": SHROPSHIRE_HEALTH, "function": _HEALTH}
    made = asked(world, worker(world), child_id, "psychology", "treatment", asked_of=owed_by)["assessment_id"]
    assert report(host_nurse(world), child_id, made, b"An invented report.").status_code == 200
    before = register(world, nurse(world), child_id)["psychology"]["unread_by"]

    about = {"placement_id": sent["placement_id"], "reference": uuid4().hex[:12]}
    news = {"kind": "update", **about, "voice": sent["document"]["voice"]}
    assert worker(world).post("/v1/notifications", news).status_code == 201
    catch_up(world)

    assert before == register(world, nurse(world), child_id)["psychology"]["unread_by"] != []


def test_a_team_that_was_told_by_mistake_owes_nothing(world: World) -> None:
    sent = start(worker(world), urgency="planned")
    child_id = str(sent["child_id"])
    published(nurse(world), child_id, full())
    took(world, host_nurse(world), offers(world, child_id)[-1]["transfer_id"], "accept")
    made = asked(world, nurse(world), child_id, "paediatric", "treatment")
    assert made["owner"]["organisation"] == SHROPSHIRE_HEALTH
    wrong = [each["id"] for each in sent["recipients"] if each["organisation"] == SHROPSHIRE_HEALTH]
    recall = {"reason": "wrong_recipient", "recipients": wrong}
    answer = worker(world).post(f"/v1/notifications/{sent['id']}/recalls", recall)
    assert answer.status_code == 201, answer.text
    catch_up(world)

    held = one(world, nurse(world), child_id, made["assessment_id"])
    assert held["owner"]["organisation"] == LEEDS_HEALTH
    assert held["history"][-1]["event"] == "handed_over"
