"""A young person alone whose age is not settled: protected as a child meanwhile; later found to be grown."""

import pytest

from tests.api.stories.telling import sections, story, text, waiting
from tests.world import SHROPSHIRE, SHROPSHIRE_HEALTH, WEST_MERCIA, World


def test_an_estimate_is_told_as_one_few_see_why_and_care_ends_when_it_must(world: World) -> None:
    told = story(world)
    sent = told.send("start_age_disputed")
    assert "age-in-dispute" in sent.warned
    # The police are told why they are told: somebody alone is sought by traffickers.
    assert (WEST_MERCIA, "missing_persons") in sent.parties

    officer = world.as_(WEST_MERCIA, "missing_persons", name="Officer Invented")
    nurse = world.as_(SHROPSHIRE_HEALTH, "children_in_care_health", name="Cerys Nurse")
    council = world.as_(SHROPSHIRE, name="Bo Hughes")
    assert sections(officer.get(sent.path))["child"]["date_of_birth"].keys() == {"estimated", "basis"}
    assert [each["age_band"] for each in waiting(officer, sent.id)] == ["16_to_17"]
    for caller in (officer, nurse, council):
        seen = text(caller.get(sent.path))
        assert "asylum_claim_pending" not in seen and "Eritrean" not in seen
        assert {"section": "immigration", "reason": "not_needed_for_this_work"} in caller.get(sent.path).json()[
            "sections_withheld"
        ]

    # Assessed as grown: nothing more is chased for a child, and those who were told learn of it.
    found = told.send("update_age_assessed", sent.placement)
    assert "age-in-dispute" not in found.warned and not found.clocks.keys() & {"first-visit", "voice-within-48-hours"}
    assert (SHROPSHIRE, "social_care") in found.parties
    ended = told.send("end_age_assessed", sent.placement)
    assert ended.answer["state"] == "ended"
    assert sections(council.get(ended.path))["placement"]["ending"]["care_ended_reason"] == "E15"


@pytest.mark.parametrize("state", ["challenged", "in_progress"])
def test_while_it_is_disputed_nobody_is_treated_as_grown(world: World, state: str) -> None:
    told = story(world)
    grown = told.document("update_age_assessed")["child"]
    sent = told.send("start_age_disputed", child=grown, immigration={"age_assessment": {"state": state}})
    assert {"first-visit", "voice-within-48-hours"} <= sent.clocks.keys() and "age-in-dispute" in sent.warned
