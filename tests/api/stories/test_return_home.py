"""Home to her mother at five hours' notice: also a move, also told; the health picture goes back with her."""

from tests.api.stories.telling import sections, story
from tests.world import LEEDS, LEEDS_HEALTH, SHROPSHIRE, SHROPSHIRE_HEALTH, World


def test_the_teams_she_leaves_are_told_and_the_team_she_comes_back_to_knows_her_medicines(world: World) -> None:
    told = story(world)
    away = told.send(
        "start_at_a_distance", child=told.document("start_return_home")["child"], reference=f"AWAY{told.apart}"
    )
    left = told.send("end_return_home", away.placement)
    assert {(SHROPSHIRE, "social_care"), (SHROPSHIRE_HEALTH, "children_in_care_health")} <= left.parties
    assert "notice-of-ending-after" in left.clocks
    council = world.as_(SHROPSHIRE, name="Bo Hughes")
    ending = sections(council.get(left.path))["placement"]["ending"]
    assert (ending["destination"], ending["notice_given"]["hours"]) == ("family", 5)

    home = told.send("start_return_home")
    assert home.child == away.child
    assert not [party for party in home.parties if party[0] in (SHROPSHIRE, SHROPSHIRE_HEALTH)]
    assert {(LEEDS, "reviewing_officer"), (LEEDS_HEALTH, "children_in_care_health")} <= home.parties
    nurse = world.as_(LEEDS_HEALTH, "children_in_care_health", name="Una Nurse")
    for each in (left, home):
        assert sections(nurse.get(each.path))["health_now"]["medicines"][0]["name"] == "Salbutamol inhaler"
