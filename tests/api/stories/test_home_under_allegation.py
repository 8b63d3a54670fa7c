"""An allegation about the home: it sees nothing while that is looked into, the rest goes on, then it may again."""

from tests.api.stories.telling import sections, story
from tests.world import PROVIDER, SHROPSHIRE, World


def test_the_home_is_paused_the_rest_is_told_and_access_resumes(world: World) -> None:
    told = story(world)
    home = {"organisation": PROVIDER, "function": "provider", "reason": "The home."}
    sent = told.send("start_sister", additional_recipients=[home])
    carer = world.as_(PROVIDER, "provider", name="Tamsin Madeup")
    council = world.as_(SHROPSHIRE, name="Bo Hughes")
    assert sections(carer.get(sent.path))["child"]["given_names"] == "Edda"

    paused = told.act(f"/v1/children/{sent.child}/restrictions", "restriction_provider_paused")
    for path in (sent.path, f"/v1/placements/{sent.placement}"):
        shut = carer.get(path)
        assert sections(shut) == {}
        assert {"section": "child", "reason": "provider_paused"} in shut.json()["sections_withheld"]
    assert sections(council.get(sent.path))["child"]["given_names"] == "Edda"

    # What is sent meanwhile reaches everybody but the home.
    risks = told.document("start_age_disputed")["risks"]
    same = told.document("start_sister")["placement"]
    news = told.send("update_next_home_known", sent.placement, placement=same, risks=risks)
    assert (SHROPSHIRE, "social_care") in news.parties and (PROVIDER, "provider") not in news.parties

    lifts = f"/v1/children/{sent.child}/restrictions/{paused['restriction_id']}/lifts"
    told.act(lifts, "restriction_lifted")
    seen = sections(carer.get(f"/v1/placements/{sent.placement}"))
    assert seen["risks"]["to_child"]["going_missing"]["level"] == "high"
