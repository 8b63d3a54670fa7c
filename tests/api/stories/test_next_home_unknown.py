"""A child with no next home: somebody owns that, it is looked at every day, and then there is a home."""

from tests.api.stories.telling import Telling, sections, story
from tests.world import LEEDS, SHROPSHIRE, World


def daily(told: Telling, placement: str) -> list[str]:
    clocks = told.by.get(f"/v1/placements/{placement}").json()["clocks"]
    return [each["state"] for each in clocks if each["code"] == "next-home-daily"]


def test_where_tonight_who_is_looking_and_then_a_home(world: World) -> None:
    told = story(world)
    sent = told.send("start_next_home_unknown")
    assert not [party for party in sent.parties if party[0] == SHROPSHIRE]
    assert {(LEEDS, "reviewing_officer"), ("QWO", "children_in_care_health")} <= sent.parties
    assert "next-home-unknown" in sent.warned
    assert sent.clocks["next-home-daily"]["state"] == "running"
    # Nobody is asked for the address of a home that is not there.
    assert not {"placement.address", "placement.accountable_manager"} & sent.owed

    officer = world.as_(LEEDS, "reviewing_officer", name="Leopold Sample")
    home = sections(officer.get(sent.path))["placement"]["next_home_unknown"]
    assert home["owner"] == "Perpetua Notional" and home["staying"].startswith("The office")

    # Looked at, and nothing found yet: today's look is done, tomorrow's is due.
    told.send("update_next_home_still_unknown", sent.placement)
    assert daily(told, sent.placement) == ["met", "running"]
    # A look that changes nothing is said to be done by name; it is the running clock that is marked, not the last one.
    marked = told.by.post(f"/v1/placements/{sent.placement}/clocks/next-home-daily/done", {})
    assert (marked.status_code, marked.json()["met_at"]) == (201, None), marked.text
    assert marked.json()["marked_at"] is not None
    assert daily(told, sent.placement) == ["met", "running"]

    known = told.send("update_next_home_known", sent.placement)
    assert (SHROPSHIRE, "social_care") in known.parties and "next-home-unknown" not in known.warned
    council = world.as_(SHROPSHIRE, name="Bo Hughes")
    assert sections(council.get(known.path))["placement"]["home_name"] == "The invented Adeyemis"
    assert sections(council.get(f"/v1/placements/{sent.placement}"))["child"]["given_names"] == "Juno"
    assert daily(told, sent.placement) == ["met", "met"]
