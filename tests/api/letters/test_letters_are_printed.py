"""Letters as a social worker prints them: who gets one, what it says, and what is written down about it."""

from tests.api.letters.post import letters, of, printed, text_of, told_of
from tests.world import World


def test_everybody_the_law_names_has_a_letter_and_each_says_what_that_person_may_know(world: World) -> None:
    sender, sent = told_of(world)
    items = letters(sender, sent)
    assert {each["person"] for each in items} == {
        *(
            "child",
            "parent",
            "contact_person",
            "former_carer",
            "gp_old",
            "gp_new",
            "dentist",
            "school_old",
            "school_new",
        ),
        *("reviewing_officer", "advocate", "guardian", "other", "placing_virtual_school", "host_virtual_school"),
    }
    assert all(each["letter_id"] and each["why_not"] is None for each in items)
    parents = text_of(printed(sender, sent, of(items, "parent")).content)
    assert "Rowan Inventley moved to a new home on 22 November 2026." in parents
    assert "1 Invented Elm Lane SY4 5ZZ" in parents
    assert "I want to stay" not in parents
    childs = text_of(printed(sender, sent, of(items, "child"), headers={"Accept-Language": "cy"}).content)
    assert "Symudaist ti i gartref newydd ar 22 Tachwedd 2026." in childs
