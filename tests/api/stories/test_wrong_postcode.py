"""One letter of a postcode wrong at two in the morning: the wrong council had opened it before anybody noticed."""

from datetime import timedelta

from app.kit.clock import parse_utc
from tests.api.stories.telling import HEREFORDSHIRE, refused, sections, story
from tests.world import LEEDS, SHROPSHIRE, WEST_MERCIA, World


def test_the_wrong_area_loses_it_at_once_and_the_right_one_starts_from_its_own_receipt(world: World) -> None:
    told = story(world)
    slip = told.send("start_wrong_postcode")
    wrong = world.as_(SHROPSHIRE, "emergency_duty", name="Bo Hughes")
    assert sections(wrong.get(slip.path))["child"]["given_names"] == "Tess"

    right = told.send("update_right_postcode", slip.placement)
    for path in (slip.path, f"/v1/placements/{slip.placement}"):
        assert refused(wrong.get(path)) == (403, "access_ended")
    assert "area_changed" in right.warned
    # It is weighed as a breach, by the 72 hours the law gives, counted from when it was noticed here.
    breach, sent_at = right.clocks["breach-assessment"], parse_utc(right.answer["sent_at"])
    assert (breach["basis"], breach["state"]) == ("law", "running")
    assert parse_utc(breach["due"]) - sent_at == timedelta(hours=72)

    # Who had opened it stands on the board and on the account, by name.
    board = told.by.get("/v1/sent?limit=200").json()["items"]
    first = next(each for each in board if each["notification_id"] == slip.id)
    seen = [each for each in first["recipients"] if each["organisation"] == SHROPSHIRE and each["opened_by"]]
    assert [(each["function"], each["opened_by"]["name"]) for each in seen] == [("emergency_duty", "Bo Hughes")]
    account = told.by.get(f"/v1/children/{slip.child}/disclosures").json()["items"]
    assert "Bo Hughes" in {each["practitioner"]["name"] for each in account if each["practitioner"]}

    # The right area is told in full and answers within four hours of its own receipt, not of the first one.
    mine = [each for each in right.answer["recipients"] if each["organisation"] == HEREFORDSHIRE]
    duty = next(each for each in mine if each["function"] == "emergency_duty")
    assert parse_utc(duty["acknowledge_by"]) - sent_at == timedelta(hours=4)
    hereford = world.as_(HEREFORDSHIRE, "emergency_duty", name="Night Worker")
    assert sections(hereford.get(f"/v1/placements/{slip.placement}"))["child"]["given_names"] == "Tess"
    # One force polices both areas, and the child's own side is the same: they lose nothing.
    assert (LEEDS, "reviewing_officer") in slip.parties and (WEST_MERCIA, "missing_persons") not in slip.parties
