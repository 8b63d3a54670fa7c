"""Circumstances of a child that take more than one fact to read. Nothing legal follows from them here."""

from collections.abc import Mapping

from app.rules.case import Case
from app.rules.reading import elements


def age_in_dispute(case: Case) -> bool:
    """Whether the age is still being settled, whatever the estimate says meanwhile."""
    return case.text("immigration.age_assessment.state") in ("requested", "in_progress", "challenged")


def in_hospital(case: Case) -> bool:
    """By the occasion, or by the kind of home it is."""
    setting = case.text("placement.setting") in ("hospital", "mental_health_inpatient")
    return setting or case.text("occasion") == "hospital_stay"


def waiting_in_hospital(case: Case) -> bool:
    """Fit to leave, and still there."""
    fit_on = case.day("placement.hospital.fit_for_discharge_on")
    return in_hospital(case) and fit_on is not None and fit_on <= case.context.today


def address_of_a_brother_or_sister(case: Case) -> bool:
    """Whether an address stands beside a brother or sister while one of them lives in another home."""
    linked, people = elements(case.document, "child.linked_children"), elements(case.document, "network.people")
    apart = any(_is_sibling(each) and not each.get("placed_together") for each in linked)
    return apart and any(_is_sibling(each) and (each.get("address") or each.get("postcode")) for each in people)


def _is_sibling(person: Mapping[str, object]) -> bool:
    return person.get("relation") == "brother_or_sister"
