"""A girl of thirteen in a caravan with an order about her liberty: never refused, never quiet."""

from tests.api.stories.telling import sections, story
from tests.world import LEEDS, SHROPSHIRE, World


def test_it_is_taken_raised_and_watched_until_it_is_put_right(world: World) -> None:
    told = story(world)
    sent = told.send("start_crisis")
    assert {
        "under-16-unregistered",
        "unregistered-setting",
        "unsuitable-for-now",
        "liberty-order-expires-soon",
        "regulator-not-told",
    } <= sent.warned
    # The safeguarding partnership is told at once: a setting and its duties, no name.
    assert (LEEDS, "safeguarding_partnership") in sent.parties
    partner = world.as_(LEEDS, "safeguarding_partnership", name="Sam Scrutiny")
    seen = partner.get(sent.path)
    assert "Marnie" not in seen.text and sections(seen)["placement"]["registration_status"] == "unregistered"
    assert {"placement.not_registered.applied_on", "placement.not_registered.court_aware"} <= sent.owed
    assert "placement.interim.supports" in sent.owed
    assert sent.clocks["unregistered-review"]["owner"] == "placing_director"
    assert sent.clocks["liberty-order-expires"]["state"] in ("running", "overdue")

    council = world.as_(SHROPSHIRE, "emergency_duty", name="Night Worker")
    assert sections(council.get(sent.path))["legal"]["deprivation_of_liberty"]["staffing_ratio"] == "2:1"

    morning = told.send("update_crisis", sent.placement)
    assert not {item for item in morning.owed if item.startswith(("placement.not_registered", "placement.interim"))}
    assert "regulator-not-told" not in morning.warned and "under-16-unregistered" in morning.warned

    # The order runs out before anybody went back to court.
    order = {**told.document("update_crisis")["legal"]["deprivation_of_liberty"]}
    order["expires_on"] = told.document("update_crisis")["placement"]["start"]["date"]
    late = told.send(
        "update_crisis", sent.placement, reference=f"LATE{told.apart}", legal={"deprivation_of_liberty": order}
    )
    assert "liberty-order-expired" in late.warned

    # A registered home at last: the fortnightly look ends by itself.
    home = told.send("update_next_home_known", sent.placement)
    assert not {"under-16-unregistered", "unregistered-setting", "unsuitable-for-now"} & home.warned
    clocks = told.by.get(f"/v1/placements/{sent.placement}").json()["clocks"]
    assert [each["state"] for each in clocks if each["code"] == "unregistered-review"] == ["met"]

    # She has to go back there: the look begins again.
    back = told.send("update_crisis", sent.placement, reference=f"BACK{told.apart}")
    assert back.clocks["unregistered-review"]["state"] == "running"
    clocks = told.by.get(f"/v1/placements/{sent.placement}").json()["clocks"]
    assert sorted(each["state"] for each in clocks if each["code"] == "unregistered-review") == ["met", "running"]
