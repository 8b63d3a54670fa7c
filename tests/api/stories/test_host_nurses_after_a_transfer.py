"""A child of Leeds lives in Shropshire when Herefordshire becomes responsible: what that means for Shropshire's nurses.

Who had taken the passport over reads on and is not asked twice; who had not takes it over first, as in any move.
"""

from typing import Any
from uuid import uuid4

import pytest

from tests.api.lists import items
from tests.api.passports import records
from tests.api.passports.records import nurse, path, published, put_section, take_over
from tests.api.placements.stories import example
from tests.api.stories.lives import act, refused, start, worker
from tests.api.stories.telling import HEREFORDSHIRE
from tests.api.stories.test_responsibility_passes_on import ANSWERS, offer
from tests.world import SHROPSHIRE_HEALTH, Caller, World

HEREFORDSHIRE_HEALTH = "QGH"


def host_nurse(world: World) -> Caller:
    return world.as_(SHROPSHIRE_HEALTH, "children_in_care_health", name="Nia Nurse")


def passes_on(world: World, child: str) -> dict[str, Any]:
    """Herefordshire becomes responsible; the home in Shropshire stays."""
    answer = {**example("answer_accepted"), "local_id": uuid4().hex[:12]}
    by = world.as_(HEREFORDSHIRE, name="Hari Heref")
    return act(world, by, ANSWERS, answer, transfer_id=offer(world, child, organisation=HEREFORDSHIRE))


def offered(world: World, placement: str) -> list[dict[str, Any]]:
    found = items(host_nurse(world), "/v1/passport-transfers?side=to_us")
    return [each for each in found if each["placement_id"] == placement]


def placed(world: World, **changes: Any) -> str:
    child = str(start(worker(world), **changes)["child_id"])
    published(nurse(world), child, records.full())
    return child


def test_who_took_the_passport_over_reads_and_writes_on(world: World) -> None:
    child = placed(world)
    take_over(host_nurse(world))
    assert host_nurse(world).get(path(child)).status_code == 200
    taken = passes_on(world, child)
    new = taken["child_id"]
    read = host_nurse(world).get(path(new))
    assert read.status_code == 200, read.text
    assert (read.json()["your_side"], read.json()["placing_authority"]) == ("host", HEREFORDSHIRE)
    assert offered(world, taken["placement_id"]) == []
    section = {**read.json()["sections"]["allergies"], "provenance": {"source": "examination", "as_of": "2026-11-24"}}
    assert put_section(host_nurse(world), new, "allergies", section).status_code == 200
    theirs = world.as_(HEREFORDSHIRE_HEALTH, "children_in_care_health", name="Hana Health").get(path(new))
    assert theirs.json()["sections"]["allergies"]["provenance"]["as_of"] == "2026-11-24"
    assert refused(nurse(world).get(path(new))) == (404, "not_yours")


@pytest.mark.parametrize("urgency", ["planned", "emergency"])
def test_who_had_not_takes_it_over_first_or_reads_at_once_in_an_emergency(world: World, urgency: str) -> None:
    child = placed(world, urgency=urgency)
    taken = passes_on(world, child)
    new = taken["child_id"]
    (waiting,) = offered(world, taken["placement_id"])
    assert (waiting["from_organisation"], waiting["placing_authority"]) == (HEREFORDSHIRE_HEALTH, HEREFORDSHIRE)
    answer = host_nurse(world).get(path(new))
    if urgency == "planned":
        assert refused(answer) == (403, "passport_not_handed_over")
    else:
        assert "allergies" in answer.json()["sections"]
    # The former record is offered to nobody any more.
    assert host_nurse(world).get(path(child)).status_code in (403, 404)
    take_over(host_nurse(world))
    assert "allergies" in host_nurse(world).get(path(new)).json()["sections"]


def test_a_host_team_that_becomes_the_authoritys_own_keeps_the_passport(world: World) -> None:
    child = placed(world)
    take_over(host_nurse(world))
    answer = {**example("answer_accepted"), "local_id": uuid4().hex[:12]}
    by = world.as_("E06000051", name="Bryn Edwards")
    new = act(world, by, ANSWERS, answer, transfer_id=offer(world, child))["child_id"]
    read = host_nurse(world).get(path(new)).json()
    assert (read["your_side"], read["sections"].keys() >= {"allergies"}) == ("placing", True)
    # It keeps the passport already, so that an offer goes out from it.
    sent = by.post(f"/v1/children/{new}/passport-transfers", {**example("passport-transfer"), "organisation": "QGH"})
    assert sent.status_code == 201, sent.text
    (waiting,) = items(by, f"/v1/children/{new}/passport-transfers")
    assert waiting["from_organisation"] == SHROPSHIRE_HEALTH
