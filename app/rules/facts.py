"""What is so in one case: the small predicates the tables are written in.

A fact that was not given is simply not so. Each predicate has one meaning, and nothing legal: which law
follows from it stands in the tables, with its source.
"""

from collections.abc import Callable, Mapping
from datetime import timedelta
from functools import cached_property
from typing import Final

from app.rules.case import Case, Context
from app.rules.circumstances import address_of_a_brother_or_sister, age_in_dispute, in_hospital, waiting_in_hospital
from app.rules.reading import before, elements, is_true, number
from app.rules.voice import nobody_trusted, return_considered, wish_left_open, wish_to_look_at, wish_unexplained
from app.rules.working_time import HOLIDAYS_KNOWN_UNTIL, london_day

__all__ = ["PREDICATES", "Context", "Facts", "read_facts"]

Predicate = Callable[[Case], bool]

_ADULT: Final = 18
_LONGEST_COUNT: Final = timedelta(days=31)
"""Longer than any period of working days in the tables."""
_SOON: Final = timedelta(days=14)
_MAY_BE_LEFT_UNTOLD: Final = ("parent", "contact_person", "former_carer", "other")


class Facts(Case):
    """A case, and the names of the predicates that are so in it."""

    @cached_property
    def so(self) -> frozenset[str]:
        return frozenset(name for name, holds in PREDICATES.items() if holds(self))


def read_facts(document: Mapping[str, object], context: Context) -> Facts:
    """Read a notification's plain JSON. Nothing in it, or missing from it, raises."""
    return Facts(document, context)


def _child_is_placed(case: Case) -> bool:
    """Somebody whose age is still being settled is treated as the child they may be."""
    grown = (case.age or 0) >= _ADULT and not age_in_dispute(case)
    over = case.text("occasion") in ("turned_18", "died") or grown
    return case.context.kind in ("start", "update") and not over


def _out_of_area(case: Case) -> bool:
    return case.context.host_area is not None and case.context.host_area != case.context.placing_area


def _at_a_distance(case: Case) -> bool:
    """As stated, or as the directory says. A sender's word never lowers the level of approval."""
    stated = case.text("decision.distance") == "at_a_distance"
    return _out_of_area(case) and (stated or case.context.adjoining == "no")


def _adjacency_unsettled(case: Case) -> bool:
    asks = case.context.adjoining in ("ask", None)
    return _out_of_area(case) and asks and case.text("decision.distance") is None


def _told_twice(case: Case) -> bool:
    stated, found = case.text("placement.host_area"), case.context.postcode_area
    return bool(stated and found and stated != found)


def _panel_approved(case: Case) -> bool:
    return case.day("decision.welsh_panel.panel_on") is not None or bool(case.approvals("welsh_panel"))


def _age_is(case: Case, at_least: int, under: int) -> bool:
    return case.age is not None and at_least <= case.age < under


def _age_3_to_17(case: Case) -> bool:
    """Where the age is not known, a school that is named stands for it."""
    return _age_is(case, 3, _ADULT) or (case.age is None and case.text("education.school.name") is not None)


def _education_plan(case: Case) -> bool:
    return case.text("education.ehc_plan.state") in ("in_place", "under_review", "being_assessed")


def _plan_kept_by(case: Case) -> str | None:
    return case.text("education.ehc_plan.maintained_by")


def _deprived_of_liberty(case: Case) -> bool:
    return case.text("legal.deprivation_of_liberty.basis") is not None and not case.secure


def _order_expired(case: Case) -> bool:
    return case.order_expires_on is not None and case.order_expires_on < case.context.today


def _order_expires_soon(case: Case) -> bool:
    return before(case.context.today, case.order_expires_on) and not before(
        case.context.today + _SOON, case.order_expires_on
    )


def _regulator_not_told(case: Case) -> bool:
    return _deprived_of_liberty(case) and case.text("legal.deprivation_of_liberty.regulator_told_at") is None


def _unregistered(case: Case) -> bool:
    status = case.text("placement.registration_status")
    explained = case.says("placement.not_registered")
    makeshift = _makeshift(case) and status not in ("registered", "exempt", "application_accepted")
    return status in ("unregistered", "application_in_progress") or explained or makeshift


def _makeshift(case: Case) -> bool:
    setting = case.text("placement.setting")
    return setting in ("bespoke_crisis_arrangement", "caravan_boat_or_holiday_let", "hotel_or_hostel")


def _other_arrangement(case: Case) -> bool:
    setting = case.text("placement.setting")
    independent = setting in ("supported_accommodation", "supported_living", "own_tenancy")
    return independent or case.text("placement.type") in ("K3", "P2", "H5")


def _in_youth_justice(case: Case) -> bool:
    status = case.text("legal.status") in ("J1", "J2", "J3")
    ordered = any(each.get("order") == "youth_justice" for each in elements(case.document, "legal.other_orders"))
    return status or ordered or case.text("placement.setting") == "custody" or case.text("occasion") == "custody"


def _may_go_missing(case: Case) -> bool:
    known_before = number(case.document, "missing_agreement.earlier_episodes") or 0
    return (
        case.risk("to_child.going_missing") or known_before > 0 or bool(case.day("missing_agreement.last_episode_on"))
    )


def _sexually_exploited(case: Case) -> bool:
    return case.risk("to_child.sexual_exploitation") or case.screened("sexual", "online")


def _criminally_exploited(case: Case) -> bool:
    marked = case.risk("to_child.criminal_exploitation") or case.risk("to_others.criminal_exploitation")
    return marked or case.screened("criminal", "county_lines")


def _may_be_trafficked(case: Case) -> bool:
    stage = case.text("exploitation.nrm.stage")
    referred = stage in ("referred", "reasonable_grounds", "conclusive_grounds", "reconsideration")
    leave = case.text("immigration.status") == "trafficking_leave"
    return referred or leave or case.screened("trafficking", "labour")


def _mental_health_need(case: Case) -> bool:
    written = case.text("health_now.mental_health") is not None
    inpatient = case.text("placement.setting") == "mental_health_inpatient"
    return written or inpatient or case.risk("to_child.self_harm") or case.risk("to_child.eating_disorder")


def _starts_with_care_later(case: Case) -> bool:
    return before(case.start_day, case.day("legal.looked_after_since"))


def _ends_before_start(case: Case) -> bool:
    ends = [case.ended_on, case.day("placement.expected_stay.until")]
    return any(before(end, case.start_day) for end in ends)


def _approved_after_start(case: Case) -> bool:
    return any(before(case.start_day, approved) for approved in case.approvals("nominated_officer", "director"))


def _start_moved_later(case: Case) -> bool:
    return case.stated_start is not None and case.starts_at < case.stated_start


def _past_known_holidays(case: Case) -> bool:
    return london_day(case.starts_at) > HOLIDAYS_KNOWN_UNTIL - _LONGEST_COUNT


def _withheld(case: Case) -> list[Mapping[str, object]]:
    return [each for each in elements(case.document, "told.people") if each.get("state") == "withheld"]


def _withheld_without_reason(case: Case) -> bool:
    return any(not each.get("harm_reason") or not each.get("approved_by") for each in _withheld(case))


def _withheld_from_who_must_know(case: Case) -> bool:
    return any(each.get("person") not in _MAY_BE_LEFT_UNTOLD for each in _withheld(case))


def _other_children_at_risk(case: Case) -> bool:
    """A risk to children is known, or the match is not safe, and no match is said to be safe."""
    at_risk = case.risk("to_others.children_in_the_home") or case.risk("to_others.sexual")
    outcome = case.text("placement.match.outcome")
    return outcome == "not_safe" or (at_risk and outcome in (None, "not_assessed"))


PREDICATES: Final[Mapping[str, Predicate]] = {
    # What happens
    "consultation": lambda case: case.context.kind == "consultation",
    "placed": _child_is_placed,
    "ending": lambda case: case.context.kind == "end",
    "end_is_ahead": lambda case: before(case.context.today, case.ended_on),
    "planned": lambda case: case.text("urgency") != "emergency",
    "emergency": lambda case: case.text("urgency") == "emergency",
    "next_home_unknown": lambda case: (
        case.text("occasion") == "next_home_unknown" or case.says("placement.next_home_unknown")
    ),
    "hospital_stay": in_hospital,
    "waiting_in_hospital": waiting_in_hospital,
    # Where from and where to
    "placed_from_england": lambda case: case.context.placing_country == "england",
    "placed_from_wales": lambda case: case.context.placing_country == "wales",
    "home_area_known": lambda case: (
        case.context.host_area is not None and case.context.host_country in ("england", "wales")
    ),
    "home_in_scotland": lambda case: case.context.host_country == "scotland",
    "home_in_northern_ireland": lambda case: case.context.host_country == "northern_ireland",
    "home_elsewhere": lambda case: case.context.host_country == "elsewhere",
    "out_of_area": _out_of_area,
    "at_a_distance": _at_a_distance,
    "adjacency_unsettled": _adjacency_unsettled,
    "distance_contradicted": lambda case: (
        case.text("decision.distance") == "adjoining" and case.context.adjoining == "no"
    ),
    "area_and_postcode_disagree": _told_twice,
    # Under what law
    "placed_for_adoption": lambda case: case.text("placement.type") in ("A3", "A4", "A5", "A6"),
    "fostering_for_adoption": lambda case: case.text("placement.type") in ("U2", "U5"),
    "short_breaks": lambda case: case.text("legal.status") in ("V3", "V4"),
    "remanded": lambda case: case.text("legal.status") == "J1",
    "in_youth_justice": _in_youth_justice,
    "deprivation_of_liberty": _deprived_of_liberty,
    "secure_order": lambda case: case.secure,
    "liberty_order_expired": lambda case: _order_expired(case) and _child_is_placed(case),
    "liberty_order_expires_soon": _order_expires_soon,
    "regulator_not_told": _regulator_not_told,
    # Who decided
    "approval_not_needed": lambda case: case.text("decision.exemption") in ("connected_person", "own_foster_carer"),
    "approved": lambda case: bool(case.approvals("nominated_officer", "director")),
    "approved_by_director": lambda case: bool(case.approvals("director")),
    "approved_by_panel": _panel_approved,
    # What home
    "unregistered_setting": _unregistered,
    "setting_of_concern": lambda case: _unregistered(case) or _makeshift(case) or case.says("placement.interim"),
    "unsuitable_for_now": lambda case: case.says("placement.interim"),
    "other_arrangement": _other_arrangement,
    # The child
    "age_in_dispute": age_in_dispute,
    "birth_was_expected": lambda case: before(case.day("child.date_of_birth.due"), case.context.today),
    "address_kept_for_another": lambda case: case.context.kept_beside,
    "address_of_a_brother_or_sister": address_of_a_brother_or_sister,
    "under_16": lambda case: _age_is(case, -1, 16),
    "age_3_to_17": _age_3_to_17,
    "education_plan": _education_plan,
    "plan_kept_by_host": lambda case: (
        case.context.host_area is not None and _plan_kept_by(case) == case.context.host_area
    ),
    "plan_kept_by_another": lambda case: (
        _plan_kept_by(case) not in (None, case.context.placing_area, case.context.host_area)
    ),
    "unaccompanied_asylum_seeking": lambda case: is_true(case.document, "immigration.unaccompanied"),
    "mental_health_need": _mental_health_need,
    "risk_of_self_harm": lambda case: case.risk("to_child.self_harm"),
    "risk_of_going_missing": _may_go_missing,
    "risk_of_sexual_exploitation": _sexually_exploited,
    "risk_of_criminal_exploitation": _criminally_exploited,
    "may_be_exploited": lambda case: _sexually_exploited(case) or _criminally_exploited(case),
    "may_be_trafficked": _may_be_trafficked,
    "nobody_trusted": nobody_trusted,
    "wish_unexplained": wish_unexplained,
    "wish_left_open": wish_left_open,
    "wish_to_look_at": wish_to_look_at,
    "return_considered": return_considered,
    "family_review_dated": lambda case: case.day("network.family_support.next_review_on") is not None,
    "other_children_at_risk": _other_children_at_risk,
    # Who is told
    "withheld_without_reason": _withheld_without_reason,
    "withheld_from_who_must_know": _withheld_from_who_must_know,
    # Dates that cannot be right, or that cost somebody time
    "start_not_known": lambda case: case.start_day is None,
    "ends_before_start": _ends_before_start,
    "born_after_start": lambda case: before(case.start_day, case.born_on),
    "approved_after_start": _approved_after_start,
    "care_began_after_start": _starts_with_care_later,
    "started_before_received": lambda case: (
        case.stated_start is not None and case.stated_start < case.context.received_at
    ),
    "start_moved_later": _start_moved_later,
    "past_known_holidays": _past_known_holidays,
}
"""Name in the tables to what it reads. The names are the vocabulary of ``applies`` and ``unless``."""
