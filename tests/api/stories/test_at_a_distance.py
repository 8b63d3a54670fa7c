"""An emergency move far away that nobody has approved: never stopped, said at once, approved afterwards."""

from tests.api.stories.telling import story
from tests.world import World


def test_the_directors_approval_is_owed_and_a_senders_word_does_not_lower_it(world: World) -> None:
    told = story(world)
    sent = told.send("start_at_a_distance")
    # Said to be adjoining at two in the morning; the areas are not. The higher approval is what is owed.
    assert {"distance-contradicted", "not-approved", "director-not-approved"} <= sent.warned
    assert "decision.approvals" in sent.owed
    assert sent.clocks["approval-before-move"]["state"] == "overdue"
    assert "approval-follow-through" not in sent.clocks

    # An approval by the nominated officer is not enough.
    lower = told.document("update_approved")["decision"]
    lower["approvals"] = [{**lower["approvals"][0], "approver": "nominated_officer"}]
    half = told.send("update_approved", sent.placement, decision=lower, reference=f"HALF{told.apart}")
    assert "director-not-approved" in half.warned and "not-approved" not in half.warned

    approved = told.send("update_approved", sent.placement)
    assert not {"distance-contradicted", "not-approved", "director-not-approved"} & approved.warned
    assert "decision.approvals" not in approved.owed
    # The steps left out in the night follow within five working days of the approval.
    follow = approved.clocks["approval-follow-through"]
    assert (follow["basis"], follow["owner"], follow["state"]) == ("law", "placing_manager", "running")
