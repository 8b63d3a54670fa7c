"""A brother and a sister in two homes: each home knows there is one, when they meet, and not where."""

from tests.api.stories.telling import HEREFORDSHIRE, Telling, refused, sections, story, text
from tests.world import PROVIDER, SHROPSHIRE, Caller, World

HOMES = {"start_sister": "12 Invented Mill Street", "start_brother": "30 Invented Bridge Road"}


def carer(told: Telling, name: str) -> Caller:
    return told.world.as_(PROVIDER, "provider", name=name)


def test_linked_with_their_family_time_and_without_each_others_address(world: World) -> None:
    told = story(world)
    home = {"organisation": PROVIDER, "function": "provider", "reason": "The home."}
    sister = told.send("start_sister", additional_recipients=[home])
    brother = told.send("start_brother")

    seen = carer(told, "Ms Marlow").get(sister.path)
    assert sections(seen)["network"]["people"][0]["family_time"]["detail"].startswith("Every Sunday")
    [link] = sections(seen)["child"]["linked_children"]
    assert (link["relation"], link["placed_together"]) == ("brother_or_sister", False)

    # Neither council, nor the home, finds the other child by it.
    shropshire = world.as_(SHROPSHIRE, name="Bo Hughes")
    hereford = world.as_(HEREFORDSHIRE, name="Day Worker")
    for caller, own, other in (
        (shropshire, sister, brother),
        (carer(told, "Ms Marlow"), sister, brother),
        (hereford, brother, sister),
    ):
        whole = text(caller.get(own.path)) + text(caller.get(f"/v1/placements/{own.placement}"))
        theirs = HOMES["start_brother" if own is sister else "start_sister"]
        assert theirs not in whole and other.placement not in whole
        assert refused(caller.get(other.path)) == (404, "not_yours")
        assert refused(caller.get(f"/v1/placements/{other.placement}")) == (404, "not_yours")


def test_an_address_written_beside_a_brother_is_pointed_at(world: World) -> None:
    told = story(world)
    people = told.document("start_sister")["network"]["people"]
    people[0]["address"] = HOMES["start_brother"]
    sent = told.send("start_sister", network={"people": people})
    assert "address-of-brother-or-sister" in sent.warned
