"""Two children were taken for one, and care of one of them ended before anybody saw that they are two.

Parted again, the end is that child's alone: the other has its state, its home, its clocks and its offers as before.
"""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from app.outbox.models import outbox
from app.placements.calendar import Birthdays
from tests.api.passports.records import child_of_leeds, full, nurse, path, publish, published
from tests.api.placements.stories import entries, example
from tests.api.stories.lives import end, host, look, refused, start, two_people, worker
from tests.api.stories.test_responsibility_passes_on import FORMER, HISTORY, offer, take
from tests.api.stories.test_two_records_of_one_child import PLACEMENTS, merge, unmerge
from tests.api.transfers.test_a_passport_moves import host_nurse, offers, took
from tests.world import SHROPSHIRE, World


@pytest.fixture
def two(world: World) -> tuple[dict[str, Any], dict[str, Any]]:
    """Two children of Leeds, each with a home in Shropshire, who are taken for one."""
    sent = tuple(start(worker(world), urgency="emergency") for _ in range(2))
    merge(world, sent[0]["child_id"], sent[1]["child_id"])
    return sent  # type: ignore[return-value]


def state(world: World, child_id: str) -> str:
    return str(look(world, worker(world), "/v1/children/{child_id}", child_id=child_id)["state"])


def home(world: World, sent: dict[str, Any]) -> dict[str, Any]:
    return look(world, worker(world), "/v1/placements/{placement_id}", placement_id=sent["placement_id"])


def clocks(world: World, sent: dict[str, Any]) -> dict[str, Any]:
    return {each["code"]: (each["state"], each["due"]) for each in home(world, sent)["clocks"]}


def told(world: World, topic: str, placement_id: str | None = None) -> list[tuple[str, str]]:
    of_it = outbox.c.placement_id == placement_id if placement_id else outbox.c.placement_id.is_(None)
    with world.app.state.database.read() as connection:
        rows = connection.execute(select(outbox).where(of_it, outbox.c.topic == topic)).all()
    return [(row.organisation_code, row.function) for row in rows]


def test_one_died_and_the_other_goes_on_living_where_it_lived(world: World, two: Any) -> None:
    first, second = two
    before = clocks(world, second)
    assert end(worker(world), first["placement_id"], "died", care_ended_reason="E2").status_code == 201
    assert (state(world, second["child_id"]), home(world, second)["ended_why"]) == ("died", "died")

    unmerge(world, first["child_id"], second["child_id"])

    assert (state(world, first["child_id"]), state(world, second["child_id"])) == ("died", "active")
    assert (home(world, first)["state"], home(world, first)["ended_why"]) == ("ended", "died")
    lives = home(world, second)
    assert (lives["state"], lives["ended_why"]) == ("active", None)
    assert clocks(world, second) == before
    resumed = told(world, "placement.resumed", second["placement_id"])
    assert (SHROPSHIRE, "social_care") in resumed
    assert len(resumed) == len(set(resumed))
    assert told(world, "placement.resumed", first["placement_id"]) == []
    (entry,) = entries(world, second["child_id"], "child.care_resumed")
    assert entry["facts"]["was"] == "died"


def test_a_child_without_a_home_is_in_care_again(world: World) -> None:
    first, second = start(worker(world)), child_of_leeds(world)
    merge(world, first["child_id"], second)
    assert end(worker(world), first["placement_id"], "died", care_ended_reason="E2").status_code == 201
    unmerge(world, first["child_id"], second)
    assert (state(world, first["child_id"]), state(world, second)) == ("died", "active")


def test_whose_home_the_death_was_told_of_is_who_died(world: World, two: Any) -> None:
    first, second = two
    assert end(worker(world), second["placement_id"], "died", care_ended_reason="E2").status_code == 201
    unmerge(world, first["child_id"], second["child_id"])
    assert (state(world, first["child_id"]), state(world, second["child_id"])) == ("active", "died")
    assert (home(world, first)["state"], home(world, second)["state"]) == ("active", "ended")
    assert told(world, "placement.resumed", second["placement_id"]) == []
    assert (SHROPSHIRE, "social_care") in told(world, "placement.resumed", first["placement_id"])


def test_who_had_died_before_the_two_were_joined_is_dead_when_they_are_parted(world: World) -> None:
    first, second = (start(worker(world)) for _ in range(2))
    for each in (first, second):
        assert end(worker(world), each["placement_id"], "died", care_ended_reason="E2").status_code == 201
    merge(world, first["child_id"], second["child_id"])
    unmerge(world, first["child_id"], second["child_id"])
    assert (state(world, first["child_id"]), state(world, second["child_id"])) == ("died", "died")
    assert home(world, second)["ended_why"] == "died"


def test_who_was_in_care_again_before_one_died_goes_on(world: World) -> None:
    first, second = (start(worker(world)) for _ in range(2))
    for each in (first, second):
        assert end(worker(world), each["placement_id"], "died", care_ended_reason="E2").status_code == 201
    merge(world, first["child_id"], second["child_id"])
    two_people(world, first["child_id"], example("proposal_care_not_over"))
    assert end(worker(world), first["placement_id"], "died", care_ended_reason="E2").status_code == 201
    unmerge(world, first["child_id"], second["child_id"])
    assert (state(world, first["child_id"]), state(world, second["child_id"])) == ("died", "active")


def test_a_team_that_took_both_over_has_its_part_in_each(world: World) -> None:
    first, second = (start(worker(world)) for _ in range(2))
    for each in (first, second):
        published(nurse(world), each["child_id"], full())
    took(world, host_nurse(world), offers(world, second["child_id"])[-1]["transfer_id"], "accept")
    merge(world, first["child_id"], second["child_id"])
    of_first = next(each for each in offers(world, first["child_id"]) if each["state"] == "offered")
    took(world, host_nurse(world), of_first["transfer_id"], "accept")
    unmerge(world, first["child_id"], second["child_id"])
    for each in (first, second):
        assert host_nurse(world).get(path(each["child_id"])).status_code == 200


def test_a_team_that_said_no_is_not_asked_again_and_reads_nothing(world: World, two: Any) -> None:
    first, second = two
    child = second["child_id"]
    published(nurse(world), child, full())
    took(world, host_nurse(world), offers(world, child)[-1]["transfer_id"], "decline")
    assert end(worker(world), first["placement_id"], "died", care_ended_reason="E2").status_code == 201
    unmerge(world, first["child_id"], child)
    assert [each["state"] for each in offers(world, child)] == ["declined"]
    assert refused(host_nurse(world).get(path(child))) == (403, "passport_not_handed_over")


@pytest.mark.parametrize("days", [1, 400], ids=["both_of_age", "one_of_age"])
def test_a_birthday_ends_the_care_of_whoever_is_18(world: World, days: int) -> None:
    def born(ahead: int) -> str:
        return (world.clock().date() + timedelta(days=ahead)).replace(year=world.clock().year - 18).isoformat()

    first, second = (start(worker(world), child={"date_of_birth": born(1)}) for _ in range(2))
    younger = start(worker(world), child={"date_of_birth": "2015-03-02"})
    other = second if days == 1 else younger
    merge(world, first["child_id"], other["child_id"])
    with world.later(days=1):
        Birthdays(world.app.state.resources).look()
        assert state(world, other["child_id"]) == "turned_18"
        unmerge(world, first["child_id"], other["child_id"])
        assert state(world, first["child_id"]) == "turned_18"
        # Who is of age by their own date of birth is not said to be in care again, to be 18 the day after.
        expected = ("turned_18", "ended") if days == 1 else ("active", "active")
        assert (state(world, other["child_id"]), home(world, other)["state"]) == expected


def test_the_team_that_was_asked_to_take_the_passport_over_is_asked_again(world: World, two: Any) -> None:
    first, second = two
    child = second["child_id"]
    assert end(worker(world), first["placement_id"], "died", care_ended_reason="E2").status_code == 201
    unmerge(world, first["child_id"], child)
    published(nurse(world), child, full())
    last = offers(world, child)[-1]
    assert (last["state"], last["placement_id"], last["overdue"]) == ("offered", second["placement_id"], False)
    assert [each["state"] for each in offers(world, child)][:-1] == ["lapsed"]
    assert host_nurse(world).get(path(child)).status_code == 200
    assert [each["state"] for each in offers(world, first["child_id"])] == ["lapsed"]


def test_one_passed_to_another_authority_and_the_other_stays(world: World) -> None:
    first, second = (start(worker(world)) for _ in range(2))
    kept, other = first["child_id"], second["child_id"]
    published(nurse(world), other, {"allergies": full()["allergies"]})
    merge(world, kept, other)
    assert end(worker(world), first["placement_id"], "new_home").status_code == 201
    transfer = offer(world, kept)
    take(world, transfer)
    former = {"transfer_id": transfer, "former_placement_id": second["placement_id"]}
    assert len(look(world, host(world), HISTORY, transfer_id=transfer)["items"]) == 2
    look(world, host(world), FORMER, **former)

    unmerge(world, kept, other)

    assert (state(world, kept), state(world, other)) == ("transferred", "active")
    assert home(world, second)["state"] == "active"
    # Shropshire reads of the time before what is the child's it took over, and is told to look through its copies.
    listed = look(world, host(world), HISTORY, transfer_id=transfer)["items"]
    assert [each["placement_id"] for each in listed] == [first["placement_id"]]
    assert refused(host(world).get(FORMER.format(**former))) == (404, "not_yours")
    assert (SHROPSHIRE, "social_care") in told(world, "transfer.record_parted")
    ours = look(world, worker(world), PLACEMENTS, child_id=other)
    assert (ours["transferred_to"], len(ours["items"])) == ([], 1)
    # The passport of who stayed is written in again.
    changed = {"allergies": full()["allergies"]}
    changed["allergies"]["provenance"]["review_due_on"] = "2027-11-20"
    assert publish(nurse(world), other, changed).status_code == 200
    assert [each["state"] for each in offers(world, other)] == ["lapsed", "offered"]


def test_an_offer_of_responsibility_names_the_child_it_was_made_of(world: World) -> None:
    first, second = start(worker(world)), child_of_leeds(world)
    transfer = offer(world, second)
    merge(world, first["child_id"], second)
    take(world, transfer)
    unmerge(world, first["child_id"], second)
    assert (state(world, first["child_id"]), state(world, second)) == ("active", "transferred")
    assert home(world, first)["state"] == "active"
    assert look(world, host(world), HISTORY, transfer_id=transfer)["items"] == []
