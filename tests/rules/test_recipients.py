"""Who is told, and why."""

from datetime import UTC, datetime
from typing import Any

import pytest

from tests.rules.cases import HOST, PLACING, THIRD, decide, told

HOST_CARE, HOST_DUTY = "host_authority/social_care", "host_authority/emergency_duty"
HEALTH = {"placing_health/children_in_care_health", "host_health/children_in_care_health"}
OFFICER = "placing_authority/reviewing_officer"
POLICE = "host_police/missing_persons"
SCHOOLS = {"placing_authority/virtual_school", "host_authority/virtual_school"}
PRESENT = {"state": "risk_present", "level": "high"}


def test_a_planned_move_of_a_two_year_old_out_of_area_tells_exactly_these() -> None:
    assert told(decide()) == {HOST_CARE, OFFICER} | HEALTH


def test_in_an_emergency_the_emergency_duty_team_is_told_as_well() -> None:
    assert told(decide({"urgency": "emergency"})) == {HOST_CARE, HOST_DUTY, OFFICER} | HEALTH


def test_in_area_there_is_no_host_authority_and_the_rest_as_usual() -> None:
    changes = {"urgency": "emergency", "child.date_of_birth": "2012-01-01"}
    decision = decide(changes, host_area=PLACING)
    assert told(decision) == {OFFICER, "placing_authority/virtual_school"} | HEALTH


def test_welsh_authorities_tell_the_same_and_the_basis_says_what_is_not_confirmed() -> None:
    decision = decide(placing_area="W06000015", placing_country="wales")
    assert told(decision) == told(decide())
    host = next(one for one in decision.recipients if one.function == "social_care")
    assert "Wales" in host.source


@pytest.mark.parametrize(
    ("born", "in_scope"),
    [("2023-12-01", False), ("2023-11-30", True), ("2008-12-01", True), ("2008-11-30", False)],
)
def test_virtual_schools_are_told_from_the_third_to_the_eighteenth_birthday(born: str, in_scope: bool) -> None:
    assert (told(decide({"child.date_of_birth": born})) >= SCHOOLS) is in_scope


@pytest.mark.parametrize(
    "changes",
    [
        {"risks.to_child.going_missing": PRESENT},
        {"missing_agreement.earlier_episodes": 2},
        {"risks.to_child.sexual_exploitation": PRESENT},
        {"risks.to_child.criminal_exploitation": PRESENT},
        {"risks.to_others.criminal_exploitation": PRESENT},
        {"exploitation.screenings": [{"kind": "county_lines", "level": "emerging", "assessed_on": "2026-10-01"}]},
        {"exploitation.nrm": {"stage": "referred"}},
        {"immigration.unaccompanied": True},
        {"immigration.status": "trafficking_leave"},
    ],
)
def test_each_reason_brings_in_the_police_where_the_child_will_live(changes: dict[str, Any]) -> None:
    assert POLICE in told(decide(changes))


def test_police_are_told_once_with_every_reason() -> None:
    changes = {"risks.to_child.going_missing": PRESENT, "risks.to_child.sexual_exploitation": PRESENT}
    police = [one for one in decide(changes).recipients if one.party == "host_police"]
    assert [one.reasons for one in police] == [("police-missing", "police-sexual-exploitation")]
    assert police[0].why == "the child may go missing or has before; others may exploit the child sexually"


@pytest.mark.parametrize(
    ("keeper", "party"),
    [
        (PLACING, "placing_authority"),
        (HOST, "host_authority"),
        (THIRD, "maintaining_authority"),
        (None, "placing_authority"),
    ],
)
def test_the_authority_that_keeps_the_education_plan_is_told(keeper: str | None, party: str) -> None:
    plan = {"state": "in_place"} | ({"maintained_by": keeper} if keeper else {})
    assert {one for one in told(decide({"education.ehc_plan": plan})) if one.endswith("/send")} == {f"{party}/send"}


def test_mental_health_services_are_suggested_not_told() -> None:
    decision = decide({"risks.to_child.self_harm": PRESENT})
    suggested = {one.party for one in decision.recipients if one.function == "camhs"}
    assert suggested == {"placing_health", "host_health"}
    assert not any(one.endswith("/camhs") for one in told(decision))


def test_children_in_care_health_on_both_sides_and_the_reviewing_officer_cannot_be_removed() -> None:
    required = {f"{one.party}/{one.function}" for one in decide().recipients if one.standing == "required"}
    assert required == {HOST_CARE, OFFICER} | HEALTH


def test_oversight_is_told_of_an_unregistered_setting() -> None:
    changes = {"placement.registration_status": "unregistered"}
    assert "placing_authority/safeguarding_partnership" in told(decide(changes))


def test_a_consultation_asks_the_area_and_tells_no_police() -> None:
    decision = decide({"risks.to_child.going_missing": PRESENT}, kind="consultation")
    assert told(decision) == {HOST_CARE, OFFICER} | HEALTH
    assert any(one.party == "host_police" and one.standing == "suggested" for one in decision.recipients)


@pytest.mark.parametrize("kind", ["consultation", "start", "update", "end", "withdrawal"])
def test_the_reviewing_officer_is_told_of_every_event(kind: str) -> None:
    assert OFFICER in told(decide(kind=kind))


def test_with_no_home_yet_nobody_in_an_area_is_told() -> None:
    decision = decide({"occasion": "next_home_unknown"}, host_area=None, host_country=None, adjoining=None)
    assert not any(one.startswith("host_") for one in told(decision))


def test_duty_teams_answer_in_four_hours_and_others_in_a_working_day() -> None:
    friday_night = datetime(2026, 11, 20, 23, 50, tzinfo=UTC)
    decision = decide({"urgency": "emergency"}, received_at=friday_night)
    answers = {one.function: one.acknowledge_by for one in decision.recipients}
    assert answers["emergency_duty"] == datetime(2026, 11, 21, 3, 50, tzinfo=UTC)
    assert answers["social_care"] == datetime(2026, 11, 23, 23, 59, 59, 999000, tzinfo=UTC)


@pytest.mark.parametrize(
    ("school", "in_scope"), [({"name": "Example Primary"}, True), ({"not_known": "no_time"}, False)]
)
def test_where_the_age_is_not_known_a_named_school_brings_in_the_virtual_schools(
    school: dict[str, str], in_scope: bool
) -> None:
    changes = {"child.date_of_birth": {"not_known": "no_time"}, "education.school": school}
    assert (told(decide(changes)) >= SCHOOLS) is in_scope
