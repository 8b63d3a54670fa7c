"""Across the border between England and Wales, both ways: the law of whoever places, the bodies of both countries."""

from app.rules.edition import current
from tests.api.stories.telling import POWYS, sections, story
from tests.world import LEEDS_HEALTH, SHROPSHIRE, SHROPSHIRE_HEALTH, World

POWYS_HEALTH = "7A7"


def test_from_england_to_wales(world: World) -> None:
    sent = story(world).send("start_england_to_wales")
    # English law and English clocks; a Welsh council and a Welsh health board beside the English ones.
    assert {(POWYS, "social_care"), (POWYS_HEALTH, "children_in_care_health")} <= sent.parties
    assert (LEEDS_HEALTH, "children_in_care_health") in sent.parties
    assert "area-notice-planned-england" in sent.clocks and "panel-before-move" not in sent.clocks
    assert {"not-approved", "director-not-approved"} <= sent.warned and sent.answer["rules"]["held"] is True
    nurse = world.as_(POWYS_HEALTH, "children_in_care_health", name="Nyrs Ddychmygol")
    assert sections(nurse.get(sent.path))["health_now"]["gp_new"]["name"] == "Meddygfa Ddychmygol"


def test_from_wales_to_england(world: World) -> None:
    told = story(world, placing=POWYS)
    sent = told.send("start_wales_to_england")
    assert {(SHROPSHIRE, "social_care"), (SHROPSHIRE_HEALTH, "children_in_care_health")} <= sent.parties
    assert {(POWYS, "reviewing_officer"), (POWYS_HEALTH, "children_in_care_health")} <= sent.parties
    # A panel approves, not an officer; the order of preference is told to those who plan with Powys.
    assert sent.clocks["panel-before-move"]["state"] == "met"
    assert not {"not-approved", "panel-not-approved", "director-not-approved"} & sent.warned
    council = world.as_(SHROPSHIRE, name="Bo Hughes")
    assert sections(council.get(sent.path))["decision"]["welsh_panel"]["preference"] == "bordering_english"
    # Where the Welsh text was not read, the clock says so in its title, and its row says how sure it is.
    clock = sent.clocks["area-notice-planned-wales"]
    assert "check: text not read" in clock["title"]
    assert current().clock(clock["code"]).sureness == "not_confirmed"

    # Without the panel the approval is owed, and said to be.
    asked = told.send(
        "start_wales_to_england",
        reference=f"NOPANEL{told.apart}",
        decision={"welsh_panel": {"panel_on": {"not_known": "not_yet_decided"}}},
    )
    assert "panel-not-approved" in asked.warned and asked.clocks["panel-before-move"]["state"] == "overdue"
