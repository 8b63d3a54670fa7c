"""A child not born yet and not named yet, told of in time; then born."""

from tests.api.stories.telling import sections, story, waiting
from tests.world import SHROPSHIRE, SHROPSHIRE_HEALTH, World


def test_the_midwife_and_the_council_know_before_the_birth_and_the_birth_completes_it(world: World) -> None:
    told = story(world)
    sent = told.send("start_unborn")
    council = world.as_(SHROPSHIRE, name="Bo Hughes")
    nurse = world.as_(SHROPSHIRE_HEALTH, "children_in_care_health", name="Cerys Nurse")

    assert [each["age_band"] for each in waiting(nurse, sent.id)] == ["under_1"]
    assert sections(council.get(sent.path))["child"]["date_of_birth"].keys() == {"due"}
    # No school is told, no registration with a school is owed.
    assert not {party for party in sent.parties if party[1] in ("virtual_school", "send")}
    assert "child.given_names" in sent.owed and "legal.status" in sent.owed

    born = told.send("update_born", sent.placement)
    assert born.child == sent.child and "child.given_names" not in born.owed and "legal.status" not in born.owed
    assert {"/child/given_names", "/child/date_of_birth"} <= set(nurse.get(born.path).json()["changes"])
    child = sections(council.get(f"/v1/placements/{sent.placement}"))["child"]
    assert child["given_names"] == "Wilf" and isinstance(child["date_of_birth"], str)
    record = sections(told.by.get(f"/v1/children/{sent.child}"))["child"]
    assert (record["given_names"], record["sex"]) == ("Wilf", "M")
