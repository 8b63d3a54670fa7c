"""Who sees what: every cell is decided, restrictions override, and filtering keeps nothing it should not."""

from itertools import product

import pytest

from app.rules.disclosure import ALL, Restrictions
from app.rules.edition import current
from app.rules.words import FUNCTIONS, SECTIONS, SIDES, STATES

HIDDEN_ADDRESS: Restrictions = (("confidential_address", ()),)
SEALED: Restrictions = (("identity_sealed", ()),)
PLACEMENT = {
    "type": "K2",
    "postcode": "GL1 1AA",
    "address": "1 Example Lane",
    "phone": "01632 960001",
    "home_name": "Home",
}


@pytest.mark.parametrize(("function", "side", "state"), list(product(FUNCTIONS, SIDES, STATES)))
def test_every_section_is_shared_or_withheld_with_a_reason_that_has_words(function: str, side: str, state: str) -> None:
    view = current().view(function, side, state)
    assert set(view.shared) | set(view.withheld) == set(SECTIONS)
    assert not set(view.shared) & set(view.withheld)
    assert all(view.shared.values())
    assert set(view.withheld.values()) <= set(current().disclosure.reasons)
    assert "sender" in view.shared


@pytest.mark.parametrize(("function", "state"), list(product(("social_care", "emergency_duty"), STATES)))
def test_the_side_that_sends_sees_all_of_it_always(function: str, state: str) -> None:
    view = current().view(function, "placing", state)
    assert set(view.shared) == set(SECTIONS)
    assert all(fields is ALL for fields in view.shared.values())


@pytest.mark.parametrize("function", FUNCTIONS)
def test_while_a_move_is_only_talked_about_the_host_side_learns_no_name(function: str) -> None:
    view = current().view(function, "host", "consulted")
    assert set(view.shared) <= {"sender", "child", "placement", "risks"}
    assert view.shared.get("child", frozenset()) <= {"age", "sex", "needs"}


@pytest.mark.parametrize("function", ["social_care", "emergency_duty", "children_in_care_health", "virtual_school"])
def test_whoever_is_asked_about_a_move_learns_what_the_child_needs(function: str) -> None:
    asked = {"local_id": "L1", "age": 15, "sex": "F", "needs": ["school_place"]}
    shown = current().view(function, "host", "consulted").apply("child", asked)
    assert shown == {"age": 15, "sex": "F", "needs": ["school_place"]}


@pytest.mark.parametrize(
    ("function", "section"), list(product(FUNCTIONS, ("health_now", "network", "about_me", "risks")))
)
def test_after_the_end_and_after_a_withdrawal_the_host_side_no_longer_sees_the_childs_life(
    function: str, section: str
) -> None:
    for state in ("ended", "withdrawn"):
        assert section in current().view(function, "host", state).withheld


def test_after_the_end_the_next_address_is_not_told() -> None:
    shown = (
        current()
        .view("social_care", "host", "ended")
        .apply(
            "placement",
            {"type": "K2", "ending": {"ended_on": "2026-12-01", "destination_address": "2 Example Lane"}},
        )
    )
    assert shown == {"type": "K2", "ending": {"ended_on": "2026-12-01"}}


def test_police_see_categories_and_levels_and_never_health_or_the_story() -> None:
    view = current().view("missing_persons", "host", "active")
    assert view.shared["risks"] == {"to_child", "to_others"}
    assert {"health_now", "voice", "decision", "about_me", "network", "documents"} <= set(view.withheld)
    assert {"given_names", "family_name", "date_of_birth"} <= view.shared["child"]
    assert {"address", "postcode"} <= view.shared["placement"]
    assert {"missing_agreement", "care_team"} <= set(view.shared)
    assert "why_and_where" not in view.shared["missing_agreement"]


def test_health_sees_health_and_not_everything() -> None:
    view = current().view("children_in_care_health", "host", "active")
    assert view.shared["health_now"] is ALL
    assert {"immigration", "decision", "missing_agreement"} <= set(view.withheld)


@pytest.mark.parametrize("function", ["safeguarding_partnership", "quality_assurance"])
def test_oversight_learns_no_name(function: str) -> None:
    for side, state in product(SIDES, STATES):
        if (fields := current().view(function, side, state).shared.get("child")) and fields is not ALL:
            assert not fields & {"given_names", "family_name", "date_of_birth", "nhs_number"}


@pytest.mark.parametrize("function", [name for name in FUNCTIONS if name not in ("social_care", "reviewing_officer")])
def test_only_social_care_guardian_and_reviewing_officer_see_immigration(function: str) -> None:
    shared = "immigration" in current().view(function, "host", "active").shared
    assert shared is (function == "guardian")


@pytest.mark.parametrize("function", ["missing_persons", "virtual_school", "camhs", "school", "urgent_care"])
def test_a_confidential_address_is_taken_from_whoever_can_work_without_it(function: str) -> None:
    view = current().view(function, "host", "active", HIDDEN_ADDRESS)
    assert view.apply("placement", PLACEMENT) == {"type": "K2"} or view.apply("placement", PLACEMENT) == {}
    assert {"postcode", "address", "phone"} <= view.removed["placement"]


@pytest.mark.parametrize(
    ("side", "function"), [("placing", "social_care"), ("host", "social_care"), ("host", "provider")]
)
def test_a_confidential_address_stays_with_whoever_must_have_it(side: str, function: str) -> None:
    assert "address" in current().view(function, side, "active", HIDDEN_ADDRESS).apply("placement", PLACEMENT)


def test_a_party_may_be_spared_by_name() -> None:
    spared: Restrictions = (("confidential_address", ("host.missing_persons",)),)
    assert current().view("missing_persons", "host", "active", spared).removed == {}


def test_a_sealed_identity_leaves_no_name_and_no_family() -> None:
    view = current().view("children_in_care_health", "host", "active", SEALED)
    shown = view.apply("child", {"given_names": "Wren", "family_name": "Example", "local_id": "L1", "sex": "F"})
    assert shown == {"sex": "F"}
    assert view.withheld["network"] == "identity_sealed"


def test_a_paused_home_sees_nothing_and_the_others_go_on() -> None:
    paused: Restrictions = (("provider_access_paused", ()),)
    assert current().view("provider", "host", "active", paused).shared == {}
    assert current().view("social_care", "host", "active", paused) == current().view("social_care", "host", "active")


def test_under_a_lock_everybody_else_still_learns_whom_to_ring() -> None:
    assert set(current().view("social_care", "host", "active", (("named_practitioners_only", ()),)).shared) == {
        "sender"
    }


def test_restrictions_add_up() -> None:
    view = current().view("missing_persons", "host", "active", HIDDEN_ADDRESS + SEALED)
    assert view.apply("placement", PLACEMENT) == {"type": "K2"}
    assert view.apply("child", {"given_names": "Wren", "sex": "F"}) == {"sex": "F"}


def test_lists_are_filtered_element_by_element() -> None:
    view = current().view("children_in_care_health", "host", "active")
    people = [{"relation": "mother", "name": {"not_known": "not_asked", "detail": "x"}, "detail": "a story"}]
    assert view.apply("network", {"people": people, "reunification": "words"}) == {
        "people": [{"relation": "mother", "name": {"not_known": "not_asked", "detail": "x"}}]
    }


def test_something_simple_where_parts_were_meant_is_not_shown() -> None:
    view = current().view("children_in_care_health", "host", "active")
    assert view.apply("network", {"people": "everything in one string"}) == {}


def test_not_known_in_place_of_parts_keeps_its_reason_and_loses_its_words() -> None:
    view = current().view("quality_assurance", "host", "active")
    answer = {"not_known": "not_recorded", "detail": "words"}
    assert view.apply("education", {"next": answer}) == {"next": {"not_known": "not_recorded"}}


@pytest.mark.parametrize("word", ["nobody", ""])
def test_an_unknown_party_state_or_restriction_is_refused(word: str) -> None:
    held = current()
    for ask in (
        (word, "host", "active", ()),
        ("camhs", word, "active", ()),
        ("camhs", "host", word, ()),
        ("camhs", "host", "active", ((word, ()),)),
    ):
        with pytest.raises(KeyError):
            held.view(*ask)
