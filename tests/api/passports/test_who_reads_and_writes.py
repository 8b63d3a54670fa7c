"""Who reads, writes and is shown what of a passport, for every function on both sides and every state.

The tables are read here anew, so that the code that applies them is held against the file and not against itself.
"""

import json
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import httpx
import orjson
import pytest
from sqlalchemy import select

from app.ledger.models import ledger_entries
from app.outbox.models import outbox
from app.rules import words
from tests.api.children.records import restrict
from tests.api.matrix.parties import PARTIES, Told, person, tell
from tests.api.passports.records import PATHS, full, nurse, path, published, put_section, take_over
from tests.world import LEEDS, Caller, World

TABLE = tomllib.loads((Path(words.__file__).parent / "editions/2026-11/passport_disclosure.toml").read_text())
VIEWS = {row["code"]: row for row in TABLE["view"]}
ROWS = {(side, function): row for row in TABLE["party"] for function in row["functions"] for side in row["sides"]}
SECRET = {"sexual_health": "zqsexual", "pregnancy": "zqpregnant", "substance_use": "zqsubstance"}
THIRD_PARTY, HOME = "zqmothers", "zqhome"
SCOPED = ("camhs", "children_in_care_health", "emergency_duty", "provider", "reviewing_officer", "social_care")


def marked() -> dict[str, Any]:
    """A whole passport, whose sensitive parts, third parties and address are marked."""
    document = full()
    document["sexual_health"]["facts"] = SECRET["sexual_health"]
    document["pregnancy"]["detail"] = SECRET["pregnancy"]
    document["substance_use"]["entries"]["items"][0]["detail"] = SECRET["substance_use"]
    document["family_history"]["entries"]["items"][0]["detail"] = THIRD_PARTY
    document["identity"]["home_address"] = HOME
    document["teams"]["preferred_hospital"] = HOME
    document["teams"]["gp"] = {"name": HOME}
    document["appointments"]["entries"]["items"][0]["where"] = HOME
    return document


@pytest.fixture(scope="module")
def told(world: World) -> Told:
    """A child that lives in a home everybody was told of, with a whole passport that the team there took over."""
    return handed_over(world, marked())


def handed_over(world: World, document: dict[str, Any]) -> Told:
    made = tell(world, "active")
    published(nurse(world), made.child_id, document)
    take_over(person(world, "host", "children_in_care_health"))
    return made


@cache
def leaves(value: Any, place: str = "") -> frozenset[str]:
    """Dotted places of everything in a document, list items left out of them."""
    return frozenset(_leaves(json.loads(value), place))


def _leaves(value: Any, place: str) -> Iterator[str]:
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from _leaves(inner, f"{place}.{name}".strip("."))
    elif isinstance(value, list):
        for inner in value:
            yield from _leaves(inner, place)
    else:
        yield place


def allowed(view: dict[str, Any], section: str, leaf: str) -> bool:
    """Whether the file lets this view see this leaf of a section."""
    if section in view.get("all", ()) or leaf.startswith("provenance"):
        return True
    inside = leaf.replace(".items", ".items")
    fields = view.get("some", {}).get(section, ())
    of_a_list = {f"{field.partition('.items.')[0]}.{said}" for field in fields for said in SAID if ".items." in field}
    return any(inside == field or inside.startswith(f"{field}.") for field in (*fields, *of_a_list)) or (
        leaf.endswith(".not_known") and any(field.startswith(leaf.removesuffix(".not_known")) for field in fields)
    )


SAID = ("state", "according_to", "on", "by", "ask_by", "ask_again_on")


@pytest.mark.parametrize(("side", "function"), PARTIES)
def test_a_party_sees_what_the_table_gives_it_and_nothing_else(
    world: World, told: Told, side: str, function: str
) -> None:
    row, by = ROWS[side, function], person(world, side, function)
    answer = by.get(path(told.child_id))
    if row["view"] == "none":
        assert answer.status_code == 403
        assert answer.json()["code"] in ("passport_not_for_you", "insufficient_scope")
        return
    view = VIEWS[row["view"]]
    sections = answer.json()["sections"]
    assert set(sections) == set(view["all"]) | set(view.get("some", {}))
    for name, seen in sections.items():
        for leaf in leaves(json.dumps(seen)):
            assert allowed(view, name, leaf), (name, leaf)
    withheld = {each["section"]: each["reason"] for each in answer.json()["sections_withheld"]}
    wanted = {name: reason for reason, names in view.get("withheld", {}).items() for name in names}
    assert withheld == wanted
    assert set(answer.json()["sections_you_write"]) == set(row["writes"])


@pytest.mark.parametrize("function", SCOPED)
@pytest.mark.parametrize("side", ["placing", "host"])
def test_a_party_writes_the_sections_the_table_gives_it_and_no_other(
    world: World, told: Told, side: str, function: str
) -> None:
    row, by = ROWS[side, function], person(world, side, function, "Kit Example")
    if row["view"] == "none" or function == "reviewing_officer":
        answer = by.put(path(told.child_id), full(), headers={"If-Match": '"x"'})
        assert answer.status_code == 403
        return
    for name, section in full().items():
        changed = {**section, "provenance": {**section["provenance"], "detail": f"Seen by {side} {function}"}}
        answer = put_section(by, told.child_id, name, changed, '"wrong"')
        # 412: may write it, were the tag right. 403: may not write it at all. They disagreed about substance use, which
        # another team wrote.
        assert answer.status_code == (412 if name in row["writes"] and name != "substance_use" else 403), name
    if row["writes"]:
        (name, *_) = [each for each in row["writes"] if each not in SECRET]
        section = full()[name] if name != "identity" else marked()[name]
        section["provenance"]["detail"] = f"Written by {side} {function}"
        assert put_section(by, told.child_id, name, section).status_code == 200


@pytest.mark.parametrize("state", ["ended", "withdrawn"])
def test_a_host_that_was_told_reads_no_passport_once_the_placement_is_over(world: World, state: str) -> None:
    over = tell(world, state)
    published(nurse(world), over.child_id, full())
    for function in SCOPED:
        by = person(world, "host", function)
        for address in PATHS:
            assert by.get(address.format(child_id=over.child_id)).status_code == 404, (function, address)
    assert nurse(world).get(path(over.child_id)).status_code == 200
    assert person(world, "placing", "social_care").get(path(over.child_id)).status_code == 200


def test_a_recall_ends_the_passport_too(world: World) -> None:
    made = handed_over(world, full())
    host = person(world, "host", "children_in_care_health")
    assert host.get(path(made.child_id)).status_code == 200
    worker = person(world, "placing", "social_care", "Sam Placer")
    recalled = worker.post(f"/v1/notifications/{made.notifications[0][0]}/recalls", {"reason": "wrong_recipient"})
    assert recalled.status_code == 201
    assert host.get(path(made.child_id)).status_code == 404
    assert nurse(world).get(path(made.child_id)).status_code == 200


def test_a_stranger_learns_nothing_whether_a_passport_is_there_or_not(world: World, told: Told) -> None:
    stranger = world.as_("E06000019", "social_care", name="Nobody Here")
    for child_id in (told.child_id, "chd_01kb0000000000000000000000", "mischief"):
        for address in PATHS:
            answer = stranger.get(address.format(child_id=child_id))
            assert (answer.status_code, answer.json()["code"]) == (404, "not_yours")


def everything_said(by: Caller, child_id: str) -> Iterator[httpx.Response]:
    """Every answer a party can get about a passport, right and wrong, with its headers."""
    for address in PATHS:
        yield by.get(address.format(child_id=child_id))
    yield by.get(f"/v1/children/{child_id}/emergency-card?reason=self_harm")
    yield by.get(path(child_id, "/sensitive"))
    yield by.put(path(child_id), {"substance_use": full()["substance_use"]}, headers={"If-Match": '"1-a-b"'})
    yield by.put(path(child_id, "/sections/pregnancy"), {}, headers={"If-Match": '"1-a-b"'})


def test_sensitive_third_party_and_sealed_words_reach_nobody_the_table_keeps_them_from(
    world: World, told: Told
) -> None:
    for side, function in PARTIES:
        by = person(world, side, function)
        for answer in everything_said(by, told.child_id):
            said = answer.text + str(answer.headers)
            assert not any(secret in said for secret in SECRET.values()), (side, function, answer.url)
            if function != "children_in_care_health":
                assert THIRD_PARTY not in said, (side, function, answer.url)
    for secret in (*SECRET.values(), THIRD_PARTY, HOME):
        assert secret not in rows_in_the_clear(world)


def rows_in_the_clear(world: World) -> str:
    with world.app.state.database.read() as connection:
        bodies = connection.execute(select(ledger_entries.c.body)).scalars().all()
        left = connection.execute(select(outbox)).all()
    return b"".join(bodies).decode() + repr(left)


def test_a_sensitive_part_is_read_only_by_whom_the_young_person_named(world: World, told: Told) -> None:
    for side, function in PARTIES:
        by = world.as_(
            LEEDS if side == "placing" else "E06000051", function, name="Asha Rahman", purpose="safeguarding"
        )
        answer = by.get(path(told.child_id, "/sensitive"))
        if ROWS[side, function]["sensitive"] == []:
            assert answer.status_code == 403, (side, function)
            continue
        seen = set(answer.json()["sections"])
        named = {"sexual_health", "pregnancy"} if function == "children_in_care_health" else set()
        assert seen == named, (side, function)


def test_a_confidential_address_is_in_no_view_but_of_those_who_must_know_it(world: World) -> None:
    made = tell(world, "active")
    published(nurse(world), made.child_id, marked())
    worker = person(world, "placing", "social_care", "Sam Placer")
    assert restrict(worker, made.child_id, restriction="confidential_address", reason="risk_from_family").is_success
    must_know = {
        ("placing", "social_care"),
        ("placing", "emergency_duty"),
        ("placing", "reviewing_officer"),
        ("placing", "children_in_care_health"),
        ("host", "children_in_care_health"),
        ("host", "provider"),
    }
    for side, function in PARTIES:
        if (side, function) not in must_know:
            by = person(world, side, function)
            assert all(HOME not in answer.text for answer in everything_said(by, made.child_id)), (side, function)
    camhs = person(world, "host", "camhs")
    assert "/teams/gp" in camhs.get(path(made.child_id)).json()["fields_withheld"]
    # What was never shown whole is not replaced whole.
    refused = put_section(camhs, made.child_id, "appointments", full()["appointments"])
    assert (refused.status_code, refused.json()["code"]) == (403, "child_restricted")


def test_a_lock_keeps_the_passport_from_everybody_it_does_not_name_but_not_from_saving_a_life(world: World) -> None:
    made = tell(world, "active")
    by = nurse(world)
    published(by, made.child_id, full())
    worker = person(world, "placing", "social_care", "Sam Placer")
    locked = restrict(worker, made.child_id, restriction="named_practitioners_only", reason="worker_known_to_child")
    assert locked.is_success
    assert by.get(path(made.child_id)).json()["sections"] == {}
    assert by.get(path(made.child_id, "/diff?from=0&to=1")).json()["code"] == "no_such_version"
    assert worker.get(path(made.child_id)).json()["sections"]["identity"]["given_names"] == "Rowan"
    doctor = world.as_("RXT01", "urgent_care", name="Ann Example")
    card = doctor.get(f"/v1/children/{made.child_id}/emergency-card?reason=life_at_risk").json()
    assert card["sections"]["allergies"]["entries"]["items"]


def test_a_sealed_identity_leaves_the_allergies_and_takes_the_name(world: World) -> None:
    made = handed_over(world, full())
    worker = person(world, "placing", "social_care", "Sam Placer")
    assert restrict(worker, made.child_id, restriction="identity_sealed", reason="placed_for_adoption").is_success
    host = person(world, "host", "children_in_care_health").get(path(made.child_id))
    assert "Inventley" not in json.dumps(host.json()["sections"]["identity"])
    assert "9990000018" not in host.text
    assert host.json()["sections"]["allergies"]["entries"]["items"]
    assert "family_history" not in host.json()["sections"]


def test_every_reading_stands_in_the_ledger_before_the_answer_leaves(world: World, told: Told) -> None:
    by = person(world, "host", "provider", "Lee Carer")
    seen = by.get(path(told.child_id)).json()
    with world.app.state.database.read() as connection:
        bodies = connection.execute(select(ledger_entries.c.body).order_by(ledger_entries.c.id.desc()).limit(20))
        entries = [orjson.loads(body) for body in bodies.scalars()]
    (entry,) = [
        each
        for each in entries
        if each["action"] == "passport.opened"
        and each["subject"]["child"] == told.child_id
        and each["actor"]["function"] == "provider"
        and each["facts"]["sections"] == list(seen["sections"])
    ][:1]
    assert entry["facts"]["version"] == seen["version"]
