"""A child whose address must not travel: told with it, told without it, not told at all."""

from tests.api.lists import pages
from tests.api.stories.telling import HEREFORDSHIRE, Telling, refused, sections, story, text, waiting
from tests.world import SHROPSHIRE, SHROPSHIRE_HEALTH, WEST_MERCIA, World


def hidden(told: Telling) -> list[str]:
    home = told.document("start_confidential_address")["placement"]
    return [home[name] for name in ("postcode", "address", "phone", "home_name")] + ["Tobias Notreal"]


def test_who_must_reach_the_home_has_the_address_and_everybody_else_the_rest(world: World) -> None:
    told = story(world)
    record = told.by.post("/v1/children", told.document("start_confidential_address")["child"])
    told.act(f"/v1/children/{record.json()['child_id']}/restrictions", "restriction")
    sent = told.send("start_confidential_address")
    places = hidden(told)

    # The council and the nurse go there; they are given the address.
    council = world.as_(SHROPSHIRE, name="Bo Hughes")
    nurse = world.as_(SHROPSHIRE_HEALTH, "children_in_care_health", name="Cerys Nurse")
    for caller in (council, nurse):
        assert all(each in text(caller.get(sent.path)) for each in places[:3])

    # The virtual school and the police know the child and whom to ring. No format gives them the place.
    school = world.as_(SHROPSHIRE, "virtual_school", name="Vi School")
    officer = world.as_(WEST_MERCIA, "missing_persons", name="Officer Invented")
    for caller in (school, officer):
        for path in (sent.path, f"/v1/placements/{sent.placement}", f"/v1/placements/{sent.placement}/timeline"):
            seen = text(caller.get(path))
            assert not [each for each in places if each in seen], path
        assert sections(caller.get(sent.path))["child"]["given_names"] == "Neva"
    for accept in ("application/json", "text/csv"):
        listed = "".join(page.text for page in pages(school, "/v1/register", accept=accept))
        assert "Storyfield" in listed and places[1] not in listed and places[3] not in listed
    assert not [each for each in places if each in str(waiting(officer, sent.id))]

    # Mother is told without the address, one person is not told: the council learns that, not whom he might harm.
    people = sections(council.get(sent.path))["told"]["people"]
    assert [each["state"] for each in people] == ["told", "told_without_address", "withheld"]
    assert "Bram" not in str(people) and "Bram" in text(told.by.get(sent.path))

    # To anybody else there is no such child.
    stranger = world.as_(HEREFORDSHIRE, name="Nosy Reader")
    unknown = f"/v1/notifications/{sent.id[:-4]}0000"
    assert refused(stranger.get(sent.path)) == refused(stranger.get(unknown)) == (404, "not_yours")
