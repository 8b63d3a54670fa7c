"""A young mother in care and her baby in care: two children, two records, one home."""

from tests.api.stories.telling import refused, sections, story, text
from tests.world import SHROPSHIRE, SHROPSHIRE_HEALTH, World


def test_each_is_told_of_apart_and_neither_record_tells_of_the_other(world: World) -> None:
    told = story(world)
    ward = {"organisation": SHROPSHIRE_HEALTH, "function": "urgent_care", "reason": "Weighed there each week."}
    mother = told.send("start_mother")
    baby = told.send("start_baby", additional_recipients=[ward])
    assert mother.child != baby.child and mother.placement != baby.placement

    # The mother is at school, the baby is not.
    assert (SHROPSHIRE, "virtual_school") in mother.parties - baby.parties

    # The nurse is a party to both. The link says who belongs together, nothing more.
    nurse = world.as_(SHROPSHIRE_HEALTH, "children_in_care_health", name="Cerys Nurse")
    seen = sections(nurse.get(baby.path))
    ids = told.document("start_mother")["child"]["local_id"]
    assert seen["child"]["linked_children"] == [{"local_id": ids, "relation": "mother", "placed_together": True}]
    assert "Ismay" not in text(nurse.get(baby.path)) and "Otto" not in text(nurse.get(mother.path))

    # The ward is a party to the baby alone: nothing of his mother, and no way from one to the other.
    doctor = world.as_(SHROPSHIRE_HEALTH, "urgent_care", name="Dr Invented")
    assert sections(doctor.get(baby.path))["health_now"]["conditions"][0]["name"] == "Born at 34 weeks"
    assert "Ismay" not in text(doctor.get(baby.path)) and ids not in text(doctor.get(baby.path))
    for path in (mother.path, f"/v1/placements/{mother.placement}"):
        assert refused(doctor.get(path)) == (404, "not_yours")

    # An address kept for the mother alone would be read beside her baby: that is said, until both are protected.
    told.act(f"/v1/children/{mother.child}/restrictions", "restriction")
    again = told.document("start_baby")
    warned = told.send("update_born", baby.placement, child=again["child"], legal=again["legal"]).warned
    assert "address-kept-for-another" in warned and "address-kept-for-another" not in baby.warned
    told.act(f"/v1/children/{baby.child}/restrictions", "restriction")
    after = told.send("update_approved", baby.placement)
    assert "address-kept-for-another" not in after.warned
    assert "Invented Willow Road" not in text(doctor.get(baby.path))

    # The mother's account of who has seen her knows nothing of those who saw the baby.
    account = text(told.by.get(f"/v1/children/{mother.child}/disclosures"))
    assert "Dr Invented" not in account and "Cerys Nurse" in account
