"""What is still owed, by whom, until when; what a person should look at; and which cases are not held."""

from datetime import UTC, datetime
from typing import Any

import pytest

from app.rules.edition import current
from app.rules.facts import PREDICATES, Context, read_facts
from tests.rules.cases import MONDAY_NOON, PLACING, decide, document, facts, owed, told, warned

LAW = ("decision.needs_assessment", "decision.why_most_suitable", "documents.items.care_plan")
PRESENT = {"state": "risk_present", "level": "medium"}
UNKNOWN = {"not_known": "no_time"}


@pytest.mark.parametrize("leaf", LAW)
def test_what_the_law_gives_the_area_authority_is_owed_by_the_start(leaf: str) -> None:
    item = next(item for item in decide().outstanding if item.item == leaf)
    assert (item.row.basis, item.row.owner, item.due_at) == (
        "law", "placing_social_worker", datetime(2026, 11, 30, 10, tzinfo=UTC)
    )  # fmt: skip


def test_in_area_the_same_leaves_are_owed_under_another_rule() -> None:
    rules = {item.item: item.rule for item in decide(host_area=PLACING).outstanding}
    assert rules["decision.needs_assessment"] == "needs-in-area"


def test_a_leaf_that_is_given_is_not_owed() -> None:
    assert not owed(decide({"decision.needs_assessment": "Needs a calm home."})) & {"decision.needs_assessment"}


def test_not_known_with_a_reason_is_still_owed_and_said_to_be_a_known_gap() -> None:
    decision = decide({"urgency": "emergency", "child.date_of_birth": UNKNOWN, "health_now.allergies": UNKNOWN})
    gaps = {item.item for item in decision.outstanding if item.known_gap}
    assert gaps >= {"child.date_of_birth", "health_now.allergies"}


def test_there_is_none_is_an_answer() -> None:
    given = {"education.ehc_plan": {"not_known": "has_none"}, "child.date_of_birth": "2012-01-01"}
    assert "education.ehc_plan" not in owed(decide(given))


def test_what_lies_inside_something_owed_is_not_owed_apart() -> None:
    assert {"care_team.lead"} == {leaf for leaf in owed(decide()) if leaf.startswith("care_team.lead")}


@pytest.mark.parametrize(
    ("paper", "still_owed"),
    [
        ({"document_id": "doc_1"}, False),
        ({"given_otherwise_on": "2026-11-01"}, False),
        ({"not_held": {"not_known": "has_none"}}, False),
        ({"expected_on": "2026-12-01"}, True),
        ({"not_held": {"not_known": "not_yet_issued"}}, True),
    ],
)
def test_a_paper_is_owed_until_it_is_here(paper: dict[str, Any], still_owed: bool) -> None:
    decision = decide({"documents.items": [{"type": "care_plan"} | paper]})
    assert ("documents.items.care_plan" in owed(decision)) is still_owed


@pytest.mark.parametrize(
    ("state", "still_owed"), [("told", False), ("told_without_address", False), ("to_be_told", True)]
)
def test_a_parent_is_owed_the_news_until_told(state: str, still_owed: bool) -> None:
    assert ("told.people.parent" in owed(decide({"told.people": [{"person": "parent", "state": state}]}))) is still_owed


@pytest.mark.parametrize(
    ("changes", "leaf"),
    [
        ({"risks.to_child.self_harm": PRESENT}, "risks.child_details.self_harm"),
        ({"risks.to_child.going_missing": PRESENT}, "missing_agreement.prevention"),
        ({"risks.to_child.sexual_exploitation": PRESENT}, "exploitation.screenings"),
        ({"immigration.unaccompanied": True}, "immigration.status"),
        ({"placement.registration_status": "unregistered"}, "placement.not_registered.why"),
        ({"placement.registration_status": "unregistered"}, "placement.not_registered.court_aware"),
        ({"placement.setting": "hospital"}, "placement.hospital.plan_owner"),
        ({"child.date_of_birth": "2012-01-01"}, "education.next"),
        ({"voice": {"trusted_adult": {"not_known": "has_none"}}}, "voice.advocate"),
        (
            {"legal.deprivation_of_liberty": {"basis": "inherent_jurisdiction"}},
            "legal.deprivation_of_liberty.review_on",
        ),
    ],
)
def test_each_circumstance_asks_for_its_own(changes: dict[str, Any], leaf: str) -> None:
    assert leaf in owed(decide(changes)) - owed(decide())


@pytest.mark.parametrize(
    ("code", "changes", "context"),
    [
        ("under-16-unregistered", {"placement.registration_status": "unregistered"}, {}),
        ("under-16-unregistered", {"placement.setting": "caravan_boat_or_holiday_let"}, {}),
        ("under-16-other-arrangement", {"placement.type": "K3"}, {}),
        (
            "unregistered-setting",
            {"placement.registration_status": "unregistered", "child.date_of_birth": "2010-01-01"},
            {},
        ),
        ("unsuitable-for-now", {"placement.interim": {"why_unsuitable": "too far"}}, {}),
        ("next-home-unknown", {"placement.next_home_unknown": {"owner": "A Manager"}}, {}),
        ("area-and-postcode-disagree", {"placement.host_area": "E10000013"}, {"postcode_area": "E06000027"}),
        ("not-approved", {}, {}),
        ("director-not-approved", {}, {}),
        ("director-not-approved", {"decision.distance": "adjoining"}, {}),
        ("panel-not-approved", {}, {"placing_country": "wales"}),
        ("adjacency-unsettled", {}, {"adjoining": "ask"}),
        ("distance-contradicted", {"decision.distance": "adjoining"}, {}),
        (
            "liberty-order-expired",
            {"legal.deprivation_of_liberty": {"basis": "section_25", "expires_on": "2026-11-22"}},
            {},
        ),
        (
            "liberty-order-expires-soon",
            {"legal.deprivation_of_liberty": {"basis": "section_25", "expires_on": "2026-12-01"}},
            {},
        ),
        ("regulator-not-told", {"legal.deprivation_of_liberty": {"basis": "inherent_jurisdiction"}}, {}),
        ("withheld-without-reason", {"told.people": [{"person": "parent", "state": "withheld"}]}, {}),
        ("withheld-from-who-must-know", {"told.people": [{"person": "child", "state": "withheld"}]}, {}),
        ("fostering-for-adoption", {"placement.type": "U5"}, {}),
        (
            "nobody-trusted",
            {"voice": {"said": "Nobody listens.", "trusted_adult": {"not_known": "has_none"}}},
            {},
        ),
        ("wish-unexplained", {"voice.wishes": [{"wish": "See mum", "outcome": "not_met"}]}, {}),
        ("start-not-known", {"placement.start": UNKNOWN}, {}),
        ("notice-after-start", {"placement.start": {"date": "2026-11-20", "time": "10:00"}}, {}),
        ("ends-before-start", {"placement.expected_stay": {"until": "2026-11-29"}}, {}),
        ("born-after-start", {"child.date_of_birth": "2026-12-24"}, {}),
        (
            "approved-after-start",
            {"decision.approvals": [{"approver": "director", "approved_on": "2026-12-01"}]},
            {},
        ),
        ("care-began-after-start", {"legal.looked_after_since": "2026-12-24"}, {}),
        ("bank-holidays-not-known", {"placement.start": {"date": "2029-01-02", "time": "10:00"}}, {}),
    ],
)
def test_what_a_person_should_look_at_is_said(code: str, changes: dict[str, Any], context: dict[str, Any]) -> None:
    assert code in warned(decide(changes, **context))


def test_a_director_may_approve_and_then_nothing_is_said() -> None:
    approval = {"approver": "director", "name": "A Director", "approved_on": "2026-11-20"}
    assert not {code for code in warned(decide({"decision.approvals": [approval]})) if "approved" in code}


@pytest.mark.parametrize(
    ("code", "changes", "context"),
    [
        *[("placed-for-adoption", {"placement.type": kind}, {}) for kind in ("A3", "A4", "A5", "A6")],
        ("short-breaks", {"legal.status": "V3"}, {}),
        ("short-breaks", {"legal.status": "V4"}, {}),
        ("remand", {"legal.status": "J1"}, {}),
        ("home-in-scotland", {}, {"host_country": "scotland", "host_area": "S12000036"}),
        ("home-in-northern-ireland", {}, {"host_country": "northern_ireland", "host_area": "N09000003"}),
        ("home-elsewhere", {}, {"host_country": "elsewhere", "host_area": None}),
        ("placed-from-elsewhere", {}, {"placing_country": "elsewhere"}),
    ],
)
def test_where_the_law_is_not_held_it_says_so_and_tells_nobody_but_the_childs_own(
    code: str, changes: dict[str, Any], context: dict[str, Any]
) -> None:
    decision = decide(changes, **context)
    assert not decision.held
    assert decision.not_held is not None
    assert (decision.not_held.code, bool(decision.not_held.todo)) == (code, True)
    assert told(decision) <= {"placing_authority/reviewing_officer", "placing_authority/youth_justice"}
    assert not [clock for clock in decision.clocks if clock.basis == "law"]


def test_a_case_that_is_held_says_so() -> None:
    assert (decide().held, decide().not_held) == (True, None)


@pytest.mark.parametrize("kind", ["consultation", "start", "update", "end", "withdrawal"])
@pytest.mark.parametrize("found", [{}, {"placement": None, "child": 7, "risks": [], "told": {"people": [None, 3]}}])
def test_nothing_missing_or_odd_ever_raises(kind: str, found: dict[str, Any]) -> None:
    context = Context(placing_area=PLACING, placing_country="england", received_at=MONDAY_NOON, kind=kind)
    current().decide(read_facts(found, context))


def test_every_predicate_is_used_by_some_row() -> None:
    held = current()
    tables = (held.recipients, held.clocks, held.items, held.warnings, held.coverage)
    used = {name for table in tables for row in table for name in row.applies | row.unless}
    assert set(PREDICATES) == used


def test_deciding_reads_the_document_and_leaves_it_as_it_was() -> None:
    before = facts()
    current().decide(before)
    assert before.document == document()
