"""Sent under the wrong child: taken back from everybody, sent anew for the right one; who saw it stays known."""

from tests.api.stories.telling import refused, sections, story, text
from tests.world import SHROPSHIRE, World


def test_it_is_recalled_from_all_and_the_account_of_who_saw_it_stays(world: World) -> None:
    told = story(world)
    mixed = told.send("start_wrong_child")
    council = world.as_(SHROPSHIRE, name="Bo Hughes")
    assert sections(council.get(mixed.path))["child"]["given_names"] == "Ivo"

    recalled = told.act(f"{mixed.path}/recalls", "recall_wrong_child")
    assert len(recalled["access_ended"]) == len(mixed.parties)
    assert [each["opened_by"]["name"] for each in recalled["access_ended"] if each["opened_by"]] == ["Bo Hughes"]
    assert [each["code"] for each in recalled["clocks"]] == ["breach-assessment"]
    assert refused(council.get(mixed.path)) == (403, "access_ended")

    closed = told.send("withdrawal_wrong_child", mixed.placement)
    assert closed.answer["state"] == "withdrawn" and not closed.parties
    right = told.send("start_right_child")
    assert right.child != mixed.child and right.placement != mixed.placement
    assert sections(council.get(right.path))["child"]["given_names"] == "Ira"
    assert "Ivo" not in text(council.get(right.path))

    account = told.by.get(f"/v1/children/{mixed.child}/disclosures").json()["items"]
    assert "Bo Hughes" in {each["practitioner"]["name"] for each in account if each["practitioner"]}
