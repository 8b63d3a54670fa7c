"""The home gives 48 hours' notice: everyone told hears it at once, by the hour, while the child still lives there."""

from tests.api.stories.telling import sections, story, waiting
from tests.world import LEEDS, SHROPSHIRE, SHROPSHIRE_HEALTH, World


def test_an_end_told_beforehand_is_urgent_for_all_and_ends_nothing_yet(world: World) -> None:
    told = story(world)
    lived = told.send("start_at_a_distance", urgency="planned")
    notice = told.send("end_notice_to_leave", lived.placement)
    # The child lives there until the hour comes, and everybody who was told hears of it.
    assert notice.answer["state"] == "active" and lived.parties <= notice.parties
    assert {(LEEDS, "reviewing_officer"), (SHROPSHIRE_HEALTH, "children_in_care_health")} <= notice.parties
    assert notice.clocks["notice-of-ending-ahead"]["state"] == "met"

    council = world.as_(SHROPSHIRE, name="Bo Hughes")
    assert [each["urgency"] for each in waiting(council, notice.id)] == ["emergency"]
    ending = sections(council.get(notice.path))["placement"]["ending"]
    assert (ending["ended_at"], ending["notice_given"]["hours"], ending["notice_given"]["given_by"]) == (
        "10:00",
        48,
        "The home",
    )
    assert ending["handover"].startswith("Clothes in his own suitcase")

    # Where next is not known: that is a record of its own, with somebody who owns it.
    child = told.document("start_at_a_distance")["child"]
    next_home = told.send("start_next_home_unknown", child=child)
    assert next_home.child == lived.child and next_home.clocks["next-home-daily"]["state"] == "running"
