"""One child, three moves: a ward, a mental health unit, custody. At each end somebody knows where he goes next."""

from tests.api.stories.telling import HEREFORDSHIRE, sections, story
from tests.world import LEEDS, SHROPSHIRE, World


def test_nobody_loses_sight_of_him_between(world: World) -> None:
    told = story(world)
    ward = told.send("start_hospital")
    assert (SHROPSHIRE, "social_care") in ward.parties
    assert "placement.hospital.plan_owner" in ward.owed and "waiting-in-hospital" not in ward.warned

    # Fit to leave ten days ago and nowhere to go: looked at daily, raised after a week.
    waiting = told.send("update_fit_for_discharge", ward.placement)
    assert "waiting-in-hospital" in waiting.warned and "placement.hospital.plan_owner" not in waiting.owed
    assert waiting.clocks["fit-for-discharge-daily"]["state"] == "running"
    assert waiting.clocks["fit-for-discharge-a-week"]["state"] == "overdue"

    # He leaves for the unit. The ward's council learns that, and the waiting is over.
    left = told.send("end_hospital", ward.placement)
    council = world.as_(SHROPSHIRE, name="Bo Hughes")
    assert sections(council.get(left.path))["placement"]["ending"]["destination"] == "hospital"
    clocks = told.by.get(f"/v1/placements/{ward.placement}").json()["clocks"]
    assert {each["state"] for each in clocks if each["code"].startswith("fit-for")} == {"met"}

    unit = told.send("start_mental_health_unit")
    assert unit.child == ward.child and unit.placement != ward.placement
    assert (HEREFORDSHIRE, "social_care") in unit.parties
    assert {"camhs"} <= {each["function"] for each in unit.answer["suggested_recipients"]}
    told.send(
        "end_hospital",
        unit.placement,
        occasion="custody",
        reference=f"UNIT{told.apart}",
        placement={"ending": {**told.document("end_hospital")["placement"]["ending"], "destination": "custody"}},
    )

    custody = told.send("start_custody")
    assert custody.child == ward.child
    assert (LEEDS, "youth_justice") in custody.parties and custody.answer["rules"]["held"] is True
    # The reviewing officer and the team that holds his health record heard of all three.
    for party in ((LEEDS, "reviewing_officer"), ("QWO", "children_in_care_health")):
        assert all(party in each.parties for each in (ward, left, unit, custody))
