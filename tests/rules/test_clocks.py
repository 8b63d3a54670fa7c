"""Every clock, when it applies, from when and until when."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.rules.edition import current
from tests.rules.cases import MONDAY_NOON, decide, due, facts

EMERGENCY = {"urgency": "emergency", "placement.start": {"date": "2026-11-23", "time": "09:30"}}
START = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)


def end_of(day: int, month: int = 11, year: int = 2026) -> datetime:
    return datetime(year, month, day, 23, 59, 59, 999000, tzinfo=UTC)


MOMENTS = st.integers(0, 20 * 365 * 24 * 60).map(lambda minutes: MONDAY_NOON + timedelta(minutes=minutes))


@pytest.mark.parametrize(
    ("code", "moment"),
    [
        ("notice-emergency-england", end_of(30)),
        ("area-notice-emergency-england", end_of(30)),
        ("area-told-within-24-hours", datetime(2026, 11, 24, 9, 30, tzinfo=UTC)),
        ("safety-facts-within-24-hours", datetime(2026, 11, 24, 9, 30, tzinfo=UTC)),
        ("voice-within-48-hours", datetime(2026, 11, 25, 9, 30, tzinfo=UTC)),
        ("approval-before-move", START),
        ("placement-plan-emergency-england", end_of(30)),
        ("pack-after-emergency", end_of(25)),
        ("gp-registration", end_of(7, 12)),
        ("first-visit", end_of(30)),
        ("out-of-area-review", end_of(7, 12)),
    ],
)
def test_an_emergency_out_of_area_starts_these_clocks(code: str, moment: datetime) -> None:
    assert due(decide(EMERGENCY))[code] == moment


def test_a_planned_move_asks_for_notice_before_the_start() -> None:
    clocks = due(decide())
    start = datetime(2026, 11, 30, 10, tzinfo=UTC)
    for code in (
        "notice-planned-england",
        "area-notice-planned-england",
        "placement-plan-planned",
        "pack-by-the-move",
    ):
        assert clocks[code] == start
    assert not any("emergency" in code for code in clocks)


@pytest.mark.parametrize(
    ("code", "changes", "context"),
    [
        ("notice-planned-wales", {}, {"placing_country": "wales"}),
        ("area-notice-planned-wales", {}, {"placing_country": "wales"}),
        ("panel-before-move", {}, {"placing_country": "wales"}),
        ("notice-emergency-wales", EMERGENCY, {"placing_country": "wales"}),
        ("area-notice-emergency-wales", EMERGENCY, {"placing_country": "wales"}),
        ("placement-plan-emergency-wales", EMERGENCY, {"placing_country": "wales"}),
        (
            "notice-of-ending-wales",
            {"placement.ending.ended_on": "2026-11-20"},
            {"placing_country": "wales", "kind": "end"},
        ),
        ("notice-of-ending-ahead", {"placement.ending.ended_on": "2026-11-27"}, {"kind": "end"}),
        ("consultation-answered", {}, {"kind": "consultation"}),
        ("unregistered-review", {"placement.registration_status": "unregistered"}, {}),
        ("unregistered-review", {"placement.interim": {"why_unsuitable": "too far"}}, {}),
        ("next-home-daily", {"occasion": "next_home_unknown"}, {}),
    ],
)
def test_each_circumstance_starts_its_own_clock(code: str, changes: dict[str, Any], context: dict[str, Any]) -> None:
    assert code in due(decide(changes, **context))


def test_everyone_not_told_before_the_end_is_told_within_ten_working_days() -> None:
    decision = decide(
        {"placement.ending.ended_on": "2026-12-18"},
        kind="end",
        received_at=datetime(2026, 12, 21, tzinfo=UTC),
    )
    assert due(decision) == {"notice-of-ending-after": end_of(6, 1, 2027)}


def test_what_was_left_out_before_an_emergency_approval_follows_in_five_working_days() -> None:
    approval = {"approver": "nominated_officer", "name": "A Officer", "approved_on": "2026-11-23"}
    clocks = due(decide(EMERGENCY | {"decision.approvals": [approval]}))
    assert clocks["approval-follow-through"] == end_of(30)


@pytest.mark.parametrize("exemption", ["connected_person", "own_foster_carer"])
def test_where_approval_is_not_needed_its_clocks_do_not_run_and_notice_still_does(exemption: str) -> None:
    clocks = due(decide(EMERGENCY | {"decision.exemption": exemption}))
    assert "approval-before-move" not in clocks
    assert "area-notice-emergency-england" in clocks


def test_in_area_nothing_is_owed_to_an_area_authority() -> None:
    clocks = due(decide(EMERGENCY, host_area="E09000008"))
    assert "notice-emergency-england" in clocks
    assert not any(code.startswith(("area-", "approval", "out-of-area", "gp-")) for code in clocks)


@pytest.mark.parametrize(
    ("basis", "code", "expires", "due_at"),
    [
        ("inherent_jurisdiction", "liberty-order-expires", "2027-01-31", end_of(17, 1, 2027)),
        ("section_25", "secure-order-expires", "2027-01-31", end_of(17, 1, 2027)),
        ("inherent_jurisdiction", "liberty-order-expires", "2026-11-25", MONDAY_NOON),
    ],
)
def test_an_order_is_looked_at_a_fortnight_before_it_expires_or_now(
    basis: str, code: str, expires: str, due_at: datetime
) -> None:
    order = {"basis": basis, "expires_on": expires}
    assert due(decide({"legal.deprivation_of_liberty": order}))[code] == due_at


def test_the_exploitation_tool_is_reviewed_three_months_after_its_last_use() -> None:
    used = [
        {"kind": "sexual", "level": "emerging", "assessed_on": "2026-06-01"},
        {"kind": "sexual", "level": "emerging", "assessed_on": "2026-10-31"},
    ]
    assert due(decide({"exploitation.screenings": used}))["exploitation-review"] == end_of(31, 1, 2027)


def test_a_start_without_a_time_counts_from_the_start_of_that_london_day() -> None:
    changes = {"urgency": "emergency", "placement.start": {"date": "2026-07-06", "time_unknown": True}}
    decision = decide(changes)
    assert due(decision)["area-told-within-24-hours"] == datetime(2026, 7, 6, 23, tzinfo=UTC)


def test_a_start_not_known_counts_from_our_receipt() -> None:
    decision = decide({"urgency": "emergency", "placement.start": {"not_known": "records_closed"}})
    assert due(decision)["area-told-within-24-hours"] == datetime(2026, 11, 24, 12, tzinfo=UTC)


def test_a_start_that_has_passed_cannot_be_moved_later() -> None:
    before = facts(EMERGENCY)
    later = EMERGENCY | {"placement.start": {"date": "2026-11-25", "time": "09:30"}}
    tuesday = datetime(2026, 11, 24, 12, tzinfo=UTC)
    decision = decide(later, kind="update", previous=before, received_at=tuesday)
    assert due(decision)["voice-within-48-hours"] == datetime(2026, 11, 25, 9, 30, tzinfo=UTC)
    assert "start-moved-later" in {warning.code for warning in decision.warnings}


def test_a_start_still_ahead_may_be_moved_later() -> None:
    later = {"placement.start": {"date": "2026-12-07", "time": "10:00"}}
    decision = decide(later, kind="update", previous=facts())
    assert due(decision)["notice-planned-england"] == datetime(2026, 12, 7, 10, tzinfo=UTC)


@pytest.mark.parametrize("occasion", ["turned_18", "died"])
def test_no_clock_runs_for_a_child_who_turned_18_or_died(occasion: str) -> None:
    assert due(decide({"occasion": occasion}, kind="update")) == {}


def test_a_withdrawal_starts_no_clock() -> None:
    assert due(decide(kind="withdrawal")) == {}


def test_a_recall_opens_a_breach_assessment_of_72_clock_hours() -> None:
    (clock,) = current().event_clocks("recall", MONDAY_NOON)
    assert (clock.code, clock.due_at) == ("breach-assessment", datetime(2026, 11, 26, 12, tzinfo=UTC))


@given(
    st.dates().map(str) | st.text(max_size=12),
    st.sampled_from(["planned", "emergency"]),
    st.sampled_from(["start", "update", "end"]),
    MOMENTS,
)
def test_no_clock_is_ever_due_before_it_starts(day: str, urgency: str, kind: str, received_at: datetime) -> None:
    changes = {
        "urgency": urgency,
        "placement.start": {"date": day, "time": "25:99"},
        "placement.ending": {"ended_on": day},
    }
    order = {"basis": "court_of_protection", "expires_on": day}
    decision = decide(changes | {"legal.deprivation_of_liberty": order}, kind=kind, received_at=received_at)
    assert all(clock.due_at >= clock.starts_at for clock in decision.clocks)
