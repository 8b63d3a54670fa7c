"""Leeds placed a child in Shropshire, and a parent moved there: Shropshire becomes responsible for the child.

Offered, declined with a reason, offered again, accepted; the home stays, nobody's clock starts again, and whoever
answers now reads what was told before.
"""

from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import select, update

from app.children.models import child_keys
from app.lives.models import responsibility_transfers
from tests.api.children.records import create, record, restrict
from tests.api.placements.stories import entries, example
from tests.api.stories.lives import act, end, host, look, refused, start, worker
from tests.world import LEEDS, SHROPSHIRE, World

OFFERS = "/v1/children/{child_id}/responsibility-transfers"
OFFER = "/v1/responsibility-transfers/{transfer_id}"
ANSWERS = f"{OFFER}/answers"
HISTORY = f"{OFFER}/history"
FORMER = f"{HISTORY}/{{former_placement_id}}"
GUARDIAN = {"organisation": SHROPSHIRE, "function": "guardian", "reason": "appointed by the court"}


@pytest.fixture
def placed(world: World) -> dict[str, Any]:
    """A child of Leeds in Shropshire, whose first home is history already."""
    first = start(worker(world))
    ended = end(worker(world), first["placement_id"], "new_home")
    assert ended.status_code == 201, ended.text
    local = {"local_id": first["document"]["child"]["local_id"]}
    child = {**first["document"]["child"], **local}
    second = start(worker(world), child=child, additional_recipients=[GUARDIAN])
    return {**second, "before": first["placement_id"]}


def offer(world: World, child_id: str, **changes: Any) -> str:
    made = act(world, worker(world), OFFERS, {**example("transfer"), **changes}, child_id=child_id)
    return str(made["transfer_id"])


def accepted(**changes: Any) -> dict[str, Any]:
    return {**example("answer_accepted"), "local_id": uuid4().hex[:12], **changes}


def take(world: World, transfer_id: str, **changes: Any) -> dict[str, Any]:
    return act(world, host(world), ANSWERS, accepted(**changes), transfer_id=transfer_id)


def test_a_declined_offer_comes_back_with_its_reason(world: World, placed: dict[str, Any]) -> None:
    child = placed["child_id"]
    declined = offer(world, child)
    shown = look(world, host(world), OFFER, transfer_id=declined)
    assert (shown["child_id"], shown["placement_id"], shown["age_band"]) == (None, None, "10_to_15")
    assert (shown["offer"]["contact"]["name"], shown["overdue"]) == ("Asha Rahman", False)
    assert placed["document"]["child"]["family_name"] not in str(shown)
    listed = look(world, host(world), "/v1/responsibility-transfers")
    assert declined in [each["transfer_id"] for each in listed["items"]]
    act(world, host(world), ANSWERS, example("answer_declined"), transfer_id=declined)
    back = look(world, worker(world), OFFER, transfer_id=declined)
    assert (back["state"], back["decline_reason"]) == ("declined", "not_enough_information")
    assert (back["answered_by"]["name"], back["answer"]["note"][:18]) == ("Bryn Edwards", "We need the order ")
    assert worker(world).get(f"/v1/children/{child}").json()["state"] == "active"
    take(world, offer(world, child))


def test_the_home_stays_and_everybody_there_learns_who_is_responsible(world: World, placed: dict[str, Any]) -> None:
    taken = take(world, offer(world, placed["child_id"]))
    told = {(each["organisation"], each["function"]) for each in taken["recipients"]}
    assert (SHROPSHIRE, "guardian") in told
    # Leeds is told only in what a rule still names it for: it keeps the education plan.
    assert {function for organisation, function in told if organisation == LEEDS} == {"send"}
    ours = look(world, host(world), "/v1/placements/{placement_id}", placement_id=taken["placement_id"])
    assert (ours["placing_authority"], ours["child_id"]) == (SHROPSHIRE, taken["child_id"])
    assert ours["sections"]["placement"]["address"] == placed["document"]["placement"]["address"]
    assert ours["sections"]["sender"]["name"] == "Bryn Edwards"
    guardian = host(world, "Gwen Guardian", "guardian")
    path = f"/v1/placements/{taken['placement_id']}"
    assert guardian.get(path).json()["sections"]["care_team"]["lead"]["name"] == "Bryn Edwards"
    former = look(world, guardian, "/v1/placements/{placement_id}", placement_id=placed["placement_id"])
    assert (former["state"], former["ended_why"]) == ("ended", "transferred")


def test_no_clock_starts_again_in_anybodys_favour(world: World, placed: dict[str, Any]) -> None:
    placement = placed["placement_id"]
    before = {each["code"]: each for each in worker(world).get(f"/v1/placements/{placement}").json()["clocks"]}
    taken = take(world, offer(world, placed["child_id"]))
    after = {each["code"]: each for each in host(world).get(f"/v1/placements/{taken['placement_id']}").json()["clocks"]}
    open_ = {code for code, each in before.items() if not each["met_at"]}
    assert open_
    assert open_ <= after.keys()
    assert {code: after[code]["due"] for code in open_} == {code: before[code]["due"] for code in open_}
    theirs = worker(world).get(f"/v1/placements/{placement}").json()["clocks"]
    assert {each["state"] for each in theirs} == {"stopped", "met"}


def test_each_side_knows_its_own_record_and_that_responsibility_passed_on(world: World, placed: dict[str, Any]) -> None:
    child = placed["child_id"]
    taken = take(world, offer(world, child))
    new = taken["child_id"]
    here = look(world, host(world), "/v1/children/{child_id}/placements", child_id=new)
    there = look(world, worker(world), "/v1/children/{child_id}/placements", child_id=child)
    assert [(each["organisation"], each["on"]) for each in here["transferred_from"]] == [(LEEDS, "2026-11-25")]
    assert [(each["organisation"], each["on"]) for each in there["transferred_to"]] == [(SHROPSHIRE, "2026-11-25")]
    for caller, own, other, placement in (
        (host(world), here, child, taken["placement_id"]),
        (worker(world), there, new, placed["placement_id"]),
    ):
        assert refused(caller.get(f"/v1/children/{other}")) == (404, "not_yours")
        assert other not in str(own) + caller.get(f"/v1/placements/{placement}").text
    again = example("start_emergency_minimum")
    again["child"] |= {"local_id": placed["document"]["child"]["local_id"]}
    del again["reference"]
    assert refused(worker(world).post("/v1/notifications", again)) == (409, "care_is_over")
    # No entry of the ledger joins the two.
    assert not {child, new} & {id_ for entry in entries(world, new) for id_ in entry["subject"].values()} - {new}


def test_whoever_answers_now_reads_what_was_told_before_and_leaves_a_trace(
    world: World, placed: dict[str, Any]
) -> None:
    transfer = offer(world, placed["child_id"])
    assert refused(host(world).get(f"/v1/responsibility-transfers/{transfer}/history")) == (404, "not_yours")
    take(world, transfer)
    listed = look(world, host(world), HISTORY, transfer_id=transfer)
    assert [each["placement_id"] for each in listed["items"]] == [placed["before"], placed["placement_id"]]
    ids = {"transfer_id": transfer, "former_placement_id": placed["before"]}
    read = look(world, host(world), FORMER, **ids)
    assert read["sections"]["immigration"]["status"]
    assert read["sections"]["placement"]["ending"]["what_worked"]
    assert placed["child_id"] not in str(read)
    nurse = look(world, host(world, "Nia Nurse", "children_in_care_health"), FORMER, **ids)
    assert {"health_now", "child"} <= nurse["sections"].keys()
    assert {"section": "immigration", "reason": "not_needed_for_this_work"} in nurse["sections_withheld"]
    assert not {"immigration", "legal", "placement"} & nurse["sections"].keys()
    police = host(world, "Pia Constable", "missing_persons")
    assert refused(police.get(FORMER.format(**ids))) == (403, "only_some_teams_list")
    assert refused(worker(world).get(FORMER.format(**ids))) == (404, "not_yours")
    strange = FORMER.format(transfer_id=transfer, former_placement_id=start(worker(world))["placement_id"])
    assert refused(host(world).get(strange)) == (404, "not_yours")

    account = worker(world).get(f"/v1/children/{placed['child_id']}/disclosures").json()["items"]
    seen = [each for each in account if each["why"] == "responsibility_transfer"]
    assert [each["practitioner"]["name"] for each in seen] == ["Nia Nurse", "Bryn Edwards"]
    assert "because it took over responsibility for the child" in seen[0]["sentence"]


def test_restrictions_go_along_and_a_lock_lets_in_who_took_over(world: World, placed: dict[str, Any]) -> None:
    child = placed["child_id"]
    restrict(worker(world), child, restriction="confidential_address", reason="risk_from_family", detail="An uncle.")
    restrict(worker(world), child, restriction="named_practitioners_only", reason="worker_known_to_child")
    transfer = offer(world, child)
    taken = take(world, transfer)
    new = taken["child_id"]
    held = look(world, host(world), "/v1/children/{child_id}/restrictions", child_id=new)["items"]
    assert sorted((each["restriction"], each["detail"]) for each in held) == [
        ("confidential_address", "An uncle."),
        ("named_practitioners_only", None),
    ]
    assert "child" in host(world).get(f"/v1/placements/{taken['placement_id']}").json()["sections"]
    colleague = host(world, "Kim Curious")
    shut = colleague.get(f"/v1/placements/{taken['placement_id']}").json()
    assert "child" not in shut["sections"]
    ids = {"transfer_id": transfer, "former_placement_id": placed["before"]}
    assert look(world, colleague, FORMER, **ids)["sections"].keys() <= {"sender"}


def test_an_offer_is_answered_once_by_whom_it_was_made_to(world: World, placed: dict[str, Any]) -> None:
    child = placed["child_id"]
    transfer = offer(world, child)
    assert refused(worker(world).post(OFFERS.format(child_id=child), example("transfer"))) == (409, "transfer_open")
    path = f"/v1/responsibility-transfers/{transfer}"
    assert refused(worker(world).post(f"{path}/answers", accepted())) == (404, "not_yours")
    assert refused(host(world).post(f"{path}/revocations", example("revocation"))) == (404, "not_yours")
    third = world.as_("E06000019", name="Uma Noparty")
    for answer in (third.get(path), third.post(f"{path}/answers", accepted())):
        assert refused(answer) == (404, "not_yours")
    document, callers = accepted(), [host(world), host(world, "Cai Jones")]
    with ThreadPoolExecutor(2) as people:
        answers = list(people.map(lambda each: each.post(f"{path}/answers", document), callers))
    assert sorted(each.status_code for each in answers) == [201, 409]
    key = uuid4().hex
    other = start(worker(world))
    second = offer(world, other["child_id"])
    path, document = f"/v1/responsibility-transfers/{second}/answers", accepted()
    taken = [host(world).post(path, document, key) for _ in range(2)]
    assert [each.status_code for each in taken] == [201, 201]
    assert taken[0].json() == taken[1].json()


def test_an_offer_may_be_taken_back_and_waits_with_a_clock(world: World, placed: dict[str, Any]) -> None:
    child = placed["child_id"]
    # What Shropshire said as the host is under a key of its own already, and stays apart.
    path = f"/v1/notifications/{placed['id']}/acknowledgements"
    assert host(world).post(path, {"outcome": "accepted"}).status_code == 201
    transfer = offer(world, child)
    revoked = act(world, worker(world), f"{OFFER}/revocations", example("revocation"), transfer_id=transfer)
    assert revoked["state"] == "revoked"
    for caller in (worker(world), host(world)):
        shown = look(world, caller, OFFER, transfer_id=transfer)
        assert shown["answer"] == example("revocation")
    answer = host(world).post(f"/v1/responsibility-transfers/{transfer}/answers", accepted())
    assert refused(answer) == (409, "transfer_decided")
    waiting = offer(world, child)
    long_ago = update(responsibility_transfers).where(responsibility_transfers.c.id == waiting)
    with world.app.state.database.write() as connection:
        connection.execute(long_ago.values(answer_by="2026-11-01T00:00:00.000Z"))
    assert look(world, worker(world), OFFER, transfer_id=waiting)["overdue"] is True
    listed = look(world, host(world), "/v1/responsibility-transfers")["items"]
    assert [each["overdue"] for each in listed if each["transfer_id"] == waiting] == [True]


def test_what_cannot_pass_on_is_refused(world: World, placed: dict[str, Any]) -> None:
    path = OFFERS.format(child_id=placed["child_id"])
    for organisation in (LEEDS, "QOC", "ZZZ99"):
        document = {**example("transfer"), "organisation": organisation}
        assert refused(worker(world).post(path, document)) == (422, "not_an_authority")
    start(worker(world), child={"local_id": placed["document"]["child"]["local_id"]})
    assert refused(worker(world).post(path, example("transfer"))) == (409, "cannot_transfer")
    other = create(worker(world))["child_id"]
    transfer = offer(world, other, transfer_on="2199-01-01")
    answers = f"/v1/responsibility-transfers/{transfer}/answers"
    assert refused(host(world).post(answers, accepted())) == (409, "transfer_not_due")
    held = record()
    create(host(world), **held)
    known = {**accepted(), "local_id": held["local_id"]}
    answers = f"/v1/responsibility-transfers/{offer(world, create(worker(world))['child_id'])}/answers"
    assert refused(host(world).post(answers, known)) == (409, "child_known")


def test_a_child_without_a_placement_passes_on_too(world: World) -> None:
    child = create(worker(world))["child_id"]
    taken = take(world, offer(world, child))
    assert (taken["placement_id"], taken["recipients"]) == (None, [])
    assert host(world).get(f"/v1/children/{taken['child_id']}").json()["sections"]["child"]["given_names"]


def test_the_erasure_of_one_leaves_the_other(world: World, placed: dict[str, Any]) -> None:
    transfer = offer(world, placed["child_id"])
    taken = take(world, transfer)
    keys = child_keys.c
    with world.app.state.database.write() as connection:
        theirs = connection.execute(select(child_keys.c.organisation_code).where(keys.child_id == placed["child_id"]))
        assert LEEDS in theirs.scalars().all()
        mine = (keys.child_id == placed["child_id"]) & (keys.organisation_code == LEEDS)
        connection.execute(update(child_keys).where(mine).values(wrapped=None))
    ids = {"transfer_id": transfer, "former_placement_id": placed["before"]}
    assert refused(host(world).get(FORMER.format(**ids))) == (410, "erased")
    ours = look(world, host(world), "/v1/placements/{placement_id}", placement_id=taken["placement_id"])
    assert ours["sections"]["child"]["family_name"] == placed["document"]["child"]["family_name"]
    shown = look(world, host(world), OFFER, transfer_id=transfer)
    assert (shown["offer"], shown["answer"]["note"][:5]) == (None, "Visit")
