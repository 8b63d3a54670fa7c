"""Who sees and changes a child's register, what a restriction takes away, and how the lists of a team are read."""

import tomllib
from collections.abc import Iterator
from itertools import product
from pathlib import Path
from typing import Any

import pytest

from app.rules.words import FUNCTIONS, SIDES
from app.security.scopes import FUNCTION_SCOPES, Function, Scope
from app.standard.codes import code_lists
from tests.api.assessments.register import (
    REGISTER,
    ask,
    asked,
    became,
    host_nurse,
    nurse,
    one,
    open_report,
    outcome,
    register,
    report,
    waiting,
    worker,
)
from tests.api.children.records import actions, restrict
from tests.api.passports.records import child_of_leeds, put_section, small, take_over
from tests.api.stories.lives import start
from tests.world import LEEDS, LEEDS_HEALTH, SHROPSHIRE, SHROPSHIRE_HEALTH, World

_TABLES = Path(__file__).parents[3] / "app/rules/editions/2026-11"
_READS = [each for each in FUNCTIONS if Scope.ASSESSMENTS_READ in FUNCTION_SCOPES[Function(each)]]
ORGANISATION = {"placing": LEEDS, "host": SHROPSHIRE}


def table(name: str) -> dict[str, Any]:
    return tomllib.loads((_TABLES / f"{name}.toml").read_text())


@pytest.fixture(scope="module")
def told(world: World) -> str:
    """A child of whose home every function of both sides was told, with an assessment and its report."""
    everybody = [
        {"organisation": ORGANISATION[side], "function": function, "reason": "to see what it sees"}
        for side, function in product(SIDES, _READS)
    ]
    child = str(start(worker(world), additional_recipients=everybody)["child_id"])
    take_over(world.as_(SHROPSHIRE, "children_in_care_health", "Asha Rahman"))
    made = asked(world, worker(world), child, "psychology", "treatment", note="Ask about the nights.")
    became(world, nurse(world), child, made["assessment_id"], "done", on="2026-11-24", summary="Sleeps badly.")
    assert (
        report(nurse(world), child, made["assessment_id"], b"An invented report about the nights.").status_code == 200
    )
    return child


def parties() -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Each party that may hold the scope, with its row, found again in the table itself."""
    rows = table("assessment_disclosure")["party"]
    for side, function in product(SIDES, _READS):
        yield side, function, next(row for row in rows if function in row["functions"] and side in row["sides"])


@pytest.mark.parametrize(("side", "function", "row"), [*parties()])
def test_each_function_on_each_side_sees_what_its_row_says(
    world: World, told: str, side: str, function: str, row: dict[str, Any]
) -> None:
    by = world.as_(ORGANISATION[side], function, "Asha Rahman")
    path = REGISTER.format(child_id=told)
    if row["sees"] == "none":
        assert (by.get(path).status_code, by.get(path).json()["code"]) == (403, "register_not_for_you")
        return
    held = register(world, by, told)["psychology"]
    shown = one(world, by, told, held["assessment_id"])
    assert shown["you_see"] == row["sees"]
    words = [each["words"] for each in shown["history"] if each["event"] in ("asked", "done")]
    assert (words[0] == {"purpose": "treatment", "note": "Ask about the nights."}) == (row["sees"] == "all")
    assert ("Sleeps badly." in str(shown)) == (row["sees"] == "all")
    reads = any(
        "psychology" in each["kinds"] and f"{side}.{function}" in each["reads"]
        for each in table("assessment_readers")["reader"]
    )
    opened = open_report(by, told, held["assessment_id"])
    assert opened.status_code == (200 if reads else 403), opened.text
    assert shown["you_may_open_report"] == reads
    listed = by.get("/v1/health-lists/no_passport")
    assert listed.status_code == 200 if row["lists"] else listed.json()["code"] == "register_not_for_you"
    if Scope.ASSESSMENTS_WRITE in FUNCTION_SCOPES[Function(function)]:
        assert ask(by, told, "eye").status_code in ((201, 409) if row["asks"] else (403,))


def test_whoever_owns_or_asked_may_say_what_became_of_it_and_no_other_team(world: World, told: str) -> None:
    made = asked(world, nurse(world), told, "psychiatry", "treatment")
    path = f"{REGISTER.format(child_id=told)}/{made['assessment_id']}"
    stranger = world.as_(SHROPSHIRE, "camhs", "Tom Notional")
    refused = outcome(stranger, told, made["assessment_id"], "booked", on="2099-01-01")
    assert (refused.status_code, refused.json()["code"]) == (403, "assessment_not_yours")
    assert worker(world).get(path).json()["you_may_act"]
    assert outcome(worker(world), told, made["assessment_id"], "booked", on="2099-01-01").status_code == 201
    foreign = world.as_("E06000019", "social_care", "Asha Rahman")
    for answer in (foreign.get(path), ask(foreign, told, "eye"), foreign.get(REGISTER.format(child_id=told))):
        assert (answer.status_code, answer.json()["code"]) == (404, "not_yours")
    other = child_of_leeds(world)
    assert nurse(world).get(f"{REGISTER.format(child_id=other)}/{made['assessment_id']}").status_code == 404


def test_consent_that_is_waited_for_is_looked_at_again(world: World) -> None:
    child = child_of_leeds(world)
    made = asked(world, worker(world), child, "educational_psychology", "education", due_on="2099-01-01")
    now = became(world, worker(world), child, made["assessment_id"], "awaiting_consent", consent_asked_of="Her mother")
    assert now["next_on"] > made["receipt"]["recorded_at"][:10]
    with world.later(days=14):
        (line,) = [each for each in waiting(world, worker(world), "overdue", child) if each["state"] != "due"]
        assert (line["kind"], line["state"], line["next_on"]) == (
            "educational_psychology",
            "awaiting_consent",
            now["next_on"],
        )


def test_the_questionnaire_has_its_score_or_why_there_is_none(world: World) -> None:
    child = child_of_leeds(world, date_of_birth="2015-05-06")
    made = asked(world, worker(world), child, "sdq")
    bare = outcome(worker(world), child, made["assessment_id"], "done", on="2026-11-24")
    assert (bare.status_code, bare.json()["errors"][0]["pointer"]) == (422, "/sdq")
    sdq = {"score": 18, "band": "cause_for_concern", "completed_on": "2026-11-24", "completed_by": "carer"}
    done = became(world, worker(world), child, made["assessment_id"], "done", on="2026-11-24", sdq=sdq)
    assert len(done["raised"]) == 1
    shown = one(world, nurse(world), child, made["assessment_id"])
    assert shown["history"][-1]["words"]["sdq"] == sdq
    assert register(world, nurse(world), child)["sdq"]["due_at"][:10] == "2027-11-24"


def test_nobody_is_due_for_the_questionnaire_past_sixteen(world: World) -> None:
    child = child_of_leeds(world, date_of_birth="2010-03-04")
    made = asked(world, worker(world), child, "sdq")
    sdq = {"no_score_reason": "SDQ5"}
    done = became(world, worker(world), child, made["assessment_id"], "done", on="2026-11-24", sdq=sdq)
    # Sixteen now, seventeen when the next one would be due.
    assert done["raised"] == []


@pytest.mark.parametrize(
    ("document", "pointer"),
    [
        ({"kind": "psychology", "purpose": "other", "due_on": "2020-01-01"}, "/due_on"),
        ({"kind": "psychology", "purpose": "other", "commissioned_by": "E06999999"}, "/commissioned_by"),
        (
            {"kind": "eye", "purpose": "other", "asked_of": {"organisation": SHROPSHIRE_HEALTH, "function": "camhs"}},
            "/asked_of",
        ),
        ({"kind": "x_ray", "purpose": "other"}, "/kind"),
    ],
)
def test_what_cannot_be_is_refused_where_it_stands(world: World, document: dict[str, Any], pointer: str) -> None:
    child = child_of_leeds(world)
    answer = worker(world).post(REGISTER.format(child_id=child), document)
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, pointer)
    assert answer.json()["errors"][0]["message"].endswith(".")


def test_a_repeat_gets_the_first_answer_and_asks_once(world: World) -> None:
    child, by = child_of_leeds(world), worker(world)
    document = {"kind": "psychology", "purpose": "treatment"}
    path = REGISTER.format(child_id=child)
    first, again = (by.post(path, document, key=f"assess-{child}") for _ in range(2))
    assert first.json() == again.json()
    assert again.headers["idempotent-replayed"] == "true"
    assert len(by.get(path).json()["items"]) == 1


def test_a_lock_closes_the_register_and_every_list_to_whom_it_does_not_name(world: World) -> None:
    child = child_of_leeds(world)
    made = asked(world, nurse(world), child, "paediatric", "treatment", due_on="2026-12-24")
    with world.later(days=60):
        assert waiting(world, nurse(world), "overdue", child)
    locked = restrict(worker(world), child, restriction="named_practitioners_only", reason="worker_known_to_child")
    assert locked.status_code == 201, locked.text
    refused = nurse(world).get(REGISTER.format(child_id=child))
    assert (refused.status_code, refused.json()["code"]) == (403, "child_restricted")
    assert made["assessment_id"] not in refused.text
    with world.later(days=60):
        assert waiting(world, nurse(world), "overdue", child) == []
        assert waiting(world, worker(world), "overdue", child)


def test_a_confidential_address_is_not_told_by_the_teams_near_it(world: World) -> None:
    camhs = {"organisation": LEEDS, "function": "camhs", "reason": "treats the child"}
    child = str(start(worker(world), additional_recipients=[camhs])["child_id"])
    take_over(host_nurse(world))
    team = {"organisation": SHROPSHIRE_HEALTH, "function": "children_in_care_health"}
    made = asked(world, worker(world), child, "paediatric", "treatment", asked_of=team)
    became(
        world, host_nurse(world), child, made["assessment_id"], "booked", on="2099-01-01", where="Town Clinic Nearby"
    )
    reason = {"restriction": "confidential_address", "reason": "risk_from_others"}
    answer = restrict(worker(world), child, **reason)
    assert answer.status_code == 201, answer.text
    treats = world.as_(LEEDS, "camhs", "Tom Notional")
    shown = one(world, treats, child, made["assessment_id"])
    text = str(shown)
    assert SHROPSHIRE_HEALTH not in text
    assert "Town Clinic" not in text
    assert "Nia Pretend" not in text
    assert shown["owner"] == {"organisation": None, "function": "children_in_care_health"}
    assert "Town Clinic Nearby" in str(one(world, nurse(world), child, made["assessment_id"]))


def test_lists_show_who_has_no_passport_and_whose_went_stale_page_by_page(world: World) -> None:
    by = nurse(world)
    child = child_of_leeds(world)
    assert [each["child_id"] for each in waiting(world, by, "no_passport", child, limit=2)] == [child]
    assert waiting(world, host_nurse(world), "no_passport", child) == []
    section = small()["allergies"]
    section["provenance"]["review_due_on"] = "2027-01-10"
    assert put_section(by, child, "allergies", section).status_code == 200
    assert waiting(world, by, "no_passport", child) == []
    assert waiting(world, by, "stale", child) == []
    with world.later(days=60):
        (line,) = waiting(world, nurse(world), "stale", child, limit=1)
        assert line["sections"] == ["allergies"]
        section["provenance"]["review_due_on"] = "2028-01-10"
        assert put_section(nurse(world), child, "allergies", section).status_code == 200
        assert waiting(world, nurse(world), "stale", child) == []


def test_whoever_looked_stands_in_the_childs_account(world: World) -> None:
    child = child_of_leeds(world)
    made = asked(world, nurse(world), child, "eye", "other")
    one(world, nurse(world), child, made["assessment_id"])
    account = worker(world).get(f"/v1/children/{child}/disclosures").json()["items"]
    assert account[0]["sections"] == ["assessments"]
    assert account[0]["practitioner"]["name"] == "Bettina Supposed"
    assert [each["action"] for each in actions(world, child)][-3:-1] == ["assessment.asked", "assessment.opened"]


def test_the_codes_of_the_standard_are_those_of_the_tables() -> None:
    kinds, states = table("assessments")["kind"], table("assessments")["state"]
    assert {row["code"] for row in kinds} == set(code_lists()["assessment_kind"].codes)
    assert {row["code"]: row["title"] for row in kinds} == {
        code: entry.label for code, entry in code_lists()["assessment_kind"].codes.items()
    }
    assert {row["code"] for row in states} >= {"declined", "no_capacity", "done", "booked"}


def test_a_report_is_opened_by_its_readers_and_by_the_team_that_uploaded_it(world: World) -> None:
    camhs_of_leeds = {"organisation": LEEDS_HEALTH, "function": "camhs", "reason": "treats the child"}
    child = str(start(worker(world), additional_recipients=[camhs_of_leeds])["child_id"])
    duty = world.as_(LEEDS, "emergency_duty", "Ed Duty")
    camhs = world.as_(LEEDS_HEALTH, "camhs", "Cam Notional")

    by_the_worker = asked(world, worker(world), child, "psychology", "treatment")["assessment_id"]
    assert report(worker(world), child, by_the_worker, b"What she told.").status_code == 200
    refused = open_report(duty, child, by_the_worker)
    assert (refused.status_code, refused.json()["code"]) == (403, "report_not_for_you")
    assert not one(world, duty, child, by_the_worker)["you_may_open_report"]
    assert open_report(worker(world), child, by_the_worker).status_code == 200

    by_the_nurse = asked(world, nurse(world), child, "dental")["assessment_id"]
    assert report(nurse(world), child, by_the_nurse, b"Two fillings.").status_code == 200
    refused = open_report(camhs, child, by_the_nurse)
    assert (refused.status_code, refused.json()["code"]) == (403, "report_not_for_you")

    treats = {"organisation": LEEDS_HEALTH, "function": "camhs"}
    by_camhs = asked(world, nurse(world), child, "paediatric", "treatment", asked_of=treats)["assessment_id"]
    assert report(camhs, child, by_camhs, b"No reader, and its author.").status_code == 200
    assert one(world, camhs, child, by_camhs)["you_may_open_report"]
    assert open_report(camhs, child, by_camhs).content == b"No reader, and its author."
