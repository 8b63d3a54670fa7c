"""What is so of the child's voice in one case: whom they trust, and what became of their wishes."""

from app.rules.case import Case
from app.rules.reading import elements, find, wishes_look_again_on


def nobody_trusted(case: Case) -> bool:
    answer = find(case.document, "voice.trusted_adult")
    return isinstance(answer, dict) and "not_known" in answer


def wish_unexplained(case: Case) -> bool:
    wishes = elements(case.document, "voice.wishes")
    return any(each.get("outcome") == "not_met" and not each.get("explained_on") for each in wishes)


def wish_left_open(case: Case) -> bool:
    wishes = elements(case.document, "voice.wishes")
    return any(each.get("outcome") in ("not_met", "met_in_part") and not each.get("look_again_on") for each in wishes)


def wish_to_look_at(case: Case) -> bool:
    return bool(wishes_look_again_on(case.document))


def return_considered(case: Case) -> bool:
    """Whether the child is to return to family, or that is being assessed: then somebody works for it."""
    return case.text("network.family_support.intent") in ("planned", "being_assessed")
