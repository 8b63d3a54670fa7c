"""Writing a passport tells nobody a fact that reading it keeps from them: neither by what is refused nor by how."""

from datetime import date, timedelta
from hashlib import sha256
from typing import Any

import httpx
import pytest

from tests.api.children.records import actions, restrict
from tests.api.passports.records import confirm, full, nurse, path, published, put_section
from tests.api.stories.lives import refused, start, worker
from tests.api.transfers.test_a_passport_moves import host_nurse, moved, offers, took
from tests.world import SHROPSHIRE_HEALTH, Caller, World

UNASKED = ("pregnancy", "sexual_health", "substance_use", "sharing")
PREGNANCY = full()["pregnancy"]
SEALED = {"restriction": "identity_sealed", "reason": "placed_for_adoption"}


def test_the_date_of_birth_of_a_sealed_child_is_not_worked_out_from_refusals(world: World) -> None:
    sent = moved(world, "emergency")
    child, by = sent["child_id"], host_nurse(world)
    born = date.fromisoformat(sent["document"]["child"]["date_of_birth"])
    shown = by.get(path(child)).json()
    tag = next(each["etag"] for each in shown["sections_shared"] if each["section"] == "immunisations")
    section = shown["sections"]["immunisations"]
    dose = section["given"]["items"][0]

    def faults(day: date) -> set[tuple[str, str]]:
        # The second dose is never right, so nothing is ever stored.
        given = [{**dose, "given_on": each} for each in (day.isoformat(), "2090-01-01")]
        document: dict[str, Any] = {**section, "given": {"state": "known", "items": given}}
        answer = by.put(path(child, "/sections/immunisations"), document, headers={"If-Match": tag})
        assert answer.status_code == 422
        return {(each["code"], each["pointer"]) for each in answer.json()["errors"]}

    before, after = born - timedelta(days=1), born
    assert faults(before) != faults(after), "a slip of the pen is found where the day is known to whoever writes"
    assert restrict(worker(world), child, **SEALED).status_code == 201
    assert faults(before) == faults(after)


def nobody_asked(world: World, *, recorded: bool, accepted: bool) -> str:
    """A child who moved, whom nobody asked about sharing; their first nurse may have written of a pregnancy."""
    child: str = start(worker(world), urgency="emergency")["child_id"]
    published(nurse(world), child, {name: words for name, words in full().items() if name not in UNASKED})
    if recorded:
        published(nurse(world), child, {"pregnancy": PREGNANCY})
    if accepted:
        took(world, host_nurse(world), offers(world, child)[-1]["transfer_id"], "accept")
    return child


def guessed(child: str, version: int) -> str:
    """A tag of a section as whoever knows the ids could have made it up, were no key needed."""
    whose = f"{child}\x1f{SHROPSHIRE_HEALTH}\x1fchildren_in_care_health\x1fpregnancy\x1f{version}"
    return f'"{version}-{sha256(whose.encode()).hexdigest()[:20]}"'


def attempts(by: Caller, child: str) -> list[httpx.Response]:
    """Every way to write or confirm a part, with right and wrong tags, right and wrong words."""
    others = {**PREGNANCY, "detail": "Not so."}
    whole = by.head(path(child)).headers["etag"]
    return [
        *(put_section(by, child, "pregnancy", PREGNANCY, tag) for tag in ('"x"', guessed(child, 0), guessed(child, 2))),
        put_section(by, child, "pregnancy", others, guessed(child, 2)),
        by.put(path(child), {"pregnancy": PREGNANCY}, headers={"If-Match": whole}),
        by.put(path(child), {"pregnancy": others, "allergies": full()["allergies"]}, headers={"If-Match": '"x"'}),
        *(confirm(by, child, version, "pregnancy") for version in (1, 2, 9)),
    ]


def said(answers: list[httpx.Response]) -> list[dict[str, Any]]:
    """What was answered, but for what differs each time."""
    return [
        {name: each for name, each in one.json().items() if name not in ("instance", "request_id")} for one in answers
    ]


@pytest.mark.parametrize("accepted", [False, True])
def test_a_team_that_may_not_read_a_sensitive_part_learns_nothing_by_writing_it(world: World, accepted: bool) -> None:
    there, not_there = (nobody_asked(world, recorded=each, accepted=accepted) for each in (True, False))
    by = host_nurse(world)
    answers = attempts(by, there)
    assert {refused(each) for each in answers} == {(403, "sensitive_part_closed")}
    assert said(answers) == said(attempts(by, not_there))
    assert all("errors" not in each.json() for each in answers)
    refusals = [each for each in actions(world, there) if each["action"] == "request.refused"]
    assert {each["facts"]["code"] for each in refusals} == {"sensitive_part_closed"}
    told = nurse(world, purpose="safeguarding").get(path(there, "/sensitive")).json()
    assert told["sections"]["pregnancy"] == PREGNANCY


def test_a_team_writes_a_sensitive_part_once_the_young_person_shares_it(world: World) -> None:
    for recorded in (True, False):
        child = nobody_asked(world, recorded=recorded, accepted=True)
        by = host_nurse(world)
        assert put_section(by, child, "sharing", full()["sharing"]).status_code == 200
        reader = world.as_(SHROPSHIRE_HEALTH, "children_in_care_health", name="Imran Said", purpose="safeguarding")
        told = reader.get(path(child, "/sensitive")).json()
        tags = {each["section"]: each["etag"] for each in told["sections_shared"] + told["sections_not_recorded"]}
        assert ("pregnancy" in told["sections"]) is recorded
        changed = {**PREGNANCY, "detail": "Looked at again."}
        assert put_section(by, child, "pregnancy", changed, '"x"').status_code == 412
        assert put_section(by, child, "pregnancy", changed, tags["pregnancy"]).status_code == 200
        assert refused(put_section(by, child, "substance_use", full()["substance_use"], '"x"'))[0] == 403


def test_the_number_of_a_version_does_not_tell_that_a_sensitive_part_was_written(world: World) -> None:
    there, not_there = (nobody_asked(world, recorded=each, accepted=False) for each in (True, False))
    by = host_nurse(world)

    def told(child: str) -> list[Any]:
        read, listed = by.get(path(child)).json(), by.get(path(child, "/versions?limit=1")).json()
        again = put_section(by, child, "allergies", read["sections"]["allergies"]).json()
        card = by.get(f"/v1/children/{child}/emergency-card").json()
        copy = by.get(f"/v1/children/{child}/my-passport").json()
        numbers = [(each["version"], each["current_version"]) for each in (read, card, copy)]
        later = [refused(by.get(path(child, rest))) for rest in ("/versions/2", "/diff?from=1&to=2")]
        listing = ([each["version"] for each in listed["items"]], listed["next_cursor"])
        return [
            numbers,
            listing,
            (again["changed"], again["version"]),
            later,
            confirm(by, child, 1, "allergies").json()["version"],
        ]

    assert told(there) == told(not_there)


def test_a_page_of_versions_is_filled_with_what_its_reader_sees(world: World) -> None:
    child = nobody_asked(world, recorded=False, accepted=False)
    by = nurse(world)
    for number in range(5):
        published(by, child, {"pregnancy": {**PREGNANCY, "detail": f"Visit {number}"}})
    published(by, child, {"own_voice": {**full()["own_voice"], "what_is_hard": "Queues."}})
    pages, cursor = [], ""
    while True:
        page = host_nurse(world).get(path(child, f"/versions?limit=1{cursor}")).json()
        pages.append([each["version"] for each in page["items"]])
        if page["next_cursor"] is None:
            break
        cursor = f"&cursor={page['next_cursor']}"
    assert pages == [[7], [1]]
