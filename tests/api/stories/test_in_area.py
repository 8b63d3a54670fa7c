"""A move within the authority's own area: nobody of another area is told, everybody else is."""

from tests.api.stories.telling import story
from tests.world import LEEDS, LEEDS_HEALTH, World


def test_no_area_authority_no_approval_and_the_rest_as_always(world: World) -> None:
    sent = story(world).send("start_in_area")
    assert {organisation for organisation, _ in sent.parties} == {LEEDS, LEEDS_HEALTH}
    assert {(LEEDS, "reviewing_officer"), (LEEDS, "virtual_school")} <= sent.parties
    assert "notice-planned-england" in sent.clocks
    assert not {code for code in sent.clocks if code.startswith(("area-", "approval", "out-of-area"))}
    assert not {"not-approved", "adjacency-unsettled"} & sent.warned
    # Why this home is still worth saying: by practice, owed to no area authority.
    rules = {each["rule"] for each in sent.answer["outstanding"]}
    assert "needs-in-area" in rules and not [rule for rule in rules if rule.startswith("area-")]
