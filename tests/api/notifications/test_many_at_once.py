"""A night's batch, and asking first: what a council's case system does before and instead of sending one by one."""

import hashlib
from copy import deepcopy
from typing import Any
from uuid import uuid4

import orjson
import pytest
from sqlalchemy import func, select

from app.db.base import metadata
from app.notifications.batch import send_each
from app.security import clients
from app.security.errors import ClientRevoked
from app.work.unit import Work
from tests.api.placements.stories import example
from tests.databases import Databases
from tests.world import LEEDS, Caller, World, furnished, running_world

NIGHT = example("start_emergency_minimum")
BATCH = "/v1/notifications/batch"
BAD = range(0, 500, 14)
"""Every fourteenth, and one more, of a night's 500: 37 with something wrong."""


@pytest.fixture
def leeds(world: World) -> Caller:
    return world.as_(LEEDS, "emergency_duty", name="Idris Examplar")


def fresh(**changes: Any) -> dict[str, Any]:
    copy = {**deepcopy(NIGHT), "reference": uuid4().hex, **changes}
    copy["child"] = {**copy["child"], "local_id": uuid4().hex[:12]}
    return copy


def item(notification: Any, key: str | None = None) -> dict[str, Any]:
    return {"idempotency_key": key or uuid4().hex, "notification": notification}


def night() -> list[dict[str, Any]]:
    """500 items: 463 good, and 37 wrong in nine ways."""
    items = [item(fresh()) for _ in range(500)]
    wrong = [*BAD, 1]
    for place, index in enumerate(wrong):
        items[index] = spoiled(place, items)
    assert len(wrong) == 37
    return items


def spoiled(place: int, items: list[dict[str, Any]]) -> Any:
    good = fresh()
    ways: list[Any] = [
        item({**good, "placement": {**good["placement"], "postcode": "nowhere"}}),
        item({name: value for name, value in good.items() if name != "legal"}),
        item({**good, "child": {**good["child"], "shoe_size": 4}}),
        item({**good, "kind": "update"}),
        item({**good, "reference": items[2]["notification"]["reference"]}),
        item(good, key=items[3]["idempotency_key"]),
        item("not a notification"),
        {"notification": good},
        item({"kind": "update", "placement_id": "plc_01kb0000000000000000000000", "about_me": {"likes": "Swimming."}}),
    ]
    return ways[place % len(ways)]


_NUMBERED_LATER = {"ledger_pending", "ledger_leaves", "ledger_head"}
"""Entries get their place in the tree in the background, whatever a test does meanwhile."""


def rows(world: World) -> dict[str, int]:
    tables = [each for each in metadata.sorted_tables if each.name not in _NUMBERED_LATER]
    with world.database.read() as connection:
        counts = {each.name: connection.scalar(select(func.count()).select_from(each)) for each in tables}
    return {name: int(count or 0) for name, count in counts.items()}


def test_a_night_of_500_with_37_bad_ones_lands_463_names_the_37_and_adds_nothing_the_second_time(
    databases: Databases, tmp_path_factory: pytest.TempPathFactory
) -> None:
    with running_world(furnished(databases), tmp_path_factory.mktemp("batch")) as own:
        leeds = own.as_(LEEDS, "social_care")
        batch = {"items": night()}
        bad = {*BAD, 1}

        first = leeds.post(BATCH, batch)
        assert first.status_code == 200, first.text
        told = first.json()
        assert (told["landed"], told["refused"]) == (463, 37)
        assert {each["index"] for each in told["items"] if each["problem"]} == bad
        assert [each["index"] for each in told["items"]] == list(range(500))
        pointed = [each["problem"] for each in told["items"] if each["problem"] and each["status"] == 422]
        assert all(each["code"] == "idempotency_key_reused" or each["errors"] for each in pointed)
        assert told["items"][0]["problem"]["errors"][0]["pointer"] == "/placement/postcode"

        stored = rows(own)
        assert stored["notifications"] == 463
        again = leeds.post(BATCH, batch).json()
        assert (again["landed"], again["refused"]) == (463, 37)
        assert all(each["replayed"] for each in again["items"] if each["sent"])
        assert [each["sent"] for each in again["items"]] == [each["sent"] for each in told["items"]]
        assert {**rows(own), "ledger_entries": 0} == {**stored, "ledger_entries": 0}


def test_each_item_of_a_batch_is_there_as_if_it_had_been_sent_by_itself(world: World, leeds: Caller) -> None:
    one = fresh()
    told = leeds.post(BATCH, {"items": [item(one)]}).json()["items"][0]
    assert told["status"] == 201
    view = leeds.get(f"/v1/notifications/{told['sent']['id']}").json()
    assert view["sections"]["child"]["local_id"] == one["child"]["local_id"]
    alone = leeds.post("/v1/notifications", fresh()).json()
    assert told["sent"]["outstanding"] == len(alone["outstanding"])
    assert [(each["organisation"], each["function"]) for each in told["sent"]["recipients"]] == [
        (each["organisation"], each["function"]) for each in alone["recipients"]
    ]


def test_the_same_child_twice_in_a_batch_is_one_child_with_two_placements(leeds: Caller) -> None:
    first, second = fresh(), fresh()
    second["child"]["local_id"] = first["child"]["local_id"]
    told = leeds.post(BATCH, {"items": [item(first), item(second)]}).json()["items"]
    assert [each["status"] for each in told] == [201, 201]
    assert told[0]["sent"]["child_id"] == told[1]["sent"]["child_id"]
    assert told[0]["sent"]["placement_id"] != told[1]["sent"]["placement_id"]


@pytest.mark.parametrize(
    "document",
    [{}, {"items": []}, {"items": {}}, {"items": [1] * 501}, {"items": [item({})], "more": 1}, {"items": None}],
    ids=["nothing", "no items", "not a list", "501", "something else", "null"],
)
def test_what_is_no_batch_is_refused_whole(leeds: Caller, document: Any) -> None:
    answer = leeds.post(BATCH, document)
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "/items")


@pytest.mark.parametrize(
    "bad",
    [None, 7, [], "x", {}, {"idempotency_key": 7, "notification": {}}, {"idempotency_key": "a b", "notification": {}}],
)
def test_an_item_that_is_none_stops_no_other(leeds: Caller, bad: Any) -> None:
    told = leeds.post(BATCH, {"items": [bad, item(fresh())]}).json()
    assert [each["status"] for each in told["items"]][1] == 201
    assert told["items"][0]["problem"]["code"] in {"invalid_document", "idempotency_key_required"}


@pytest.mark.parametrize("number", ["1" + "0" * 30, "1e999", "-1" + "0" * 400], ids=["long", "endless", "longer"])
def test_a_number_beyond_what_is_sensible_is_the_senders_mistake_and_not_ours(leeds: Caller, number: str) -> None:
    bad = orjson.dumps(item({**fresh(), "version": "?"})).replace(b'"?"', number.encode())
    body = b'{"items": [' + bad + b"," + orjson.dumps(item(fresh())) + b"]}"
    answer = leeds.post(BATCH, body)
    assert answer.status_code in {200, 400}, answer.text
    if answer.status_code == 200:
        assert [each["status"] for each in answer.json()["items"]] == [422, 201]


def test_a_client_revoked_before_anything_was_sent_is_refused_whole(world: World) -> None:
    system = world.register_client(LEEDS)
    caller = world.as_(LEEDS, "social_care", client=system)
    with world.database.write() as connection:
        clients.revoke(connection, system.client_id, world.clock())
    answer = caller.post(BATCH, {"items": ["no item", item(fresh())]})
    assert (answer.status_code, answer.json()["code"]) == (403, "client_revoked")


def test_a_client_revoked_in_the_middle_is_told_so_for_all_that_is_left(world: World) -> None:
    system = world.register_client(LEEDS)
    state = world.app.state
    caller = state.tokens.verify(world.token(LEEDS, "social_care", None, system), world.clock())
    items = [item(fresh()) for _ in range(3)]
    outcomes = send_each(Work(state.resources, caller, "req", "/v1/notifications/batch"), state.directory.get(), items)
    first = next(outcomes)
    assert first.reply and first.reply.status == 201
    with world.database.write() as connection:
        clients.revoke(connection, system.client_id, world.clock())
    assert [type(each.failure) for each in outcomes] == [ClientRevoked, ClientRevoked]


def test_a_dry_run_says_what_would_follow_and_leaves_nothing(
    databases: Databases, tmp_path_factory: pytest.TempPathFactory
) -> None:
    with running_world(furnished(databases), tmp_path_factory.mktemp("dry")) as own:
        leeds = own.as_(LEEDS, "social_care", name="Bo Hughes")
        document = fresh()
        before, content = rows(own), digest(own)
        asked = leeds.post("/v1/notifications?dry_run=true", document)
        assert asked.status_code == 200, asked.text
        assert (rows(own), digest(own)) == (before, content)
        told = asked.json()
        assert told["dry_run"] is True
        assert not {"id", "placement_id", "child_id", "receipt"} & told.keys()

        sent = leeds.post("/v1/notifications", document).json()
        same = ("rules", "suggested_recipients", "warnings", "state", "version")
        assert {name: told[name] for name in same} == {name: sent[name] for name in same}
        assert [each["item"] for each in told["outstanding"]] == [each["item"] for each in sent["outstanding"]]
        assert [each["code"] for each in told["clocks"]] == [each["code"] for each in sent["clocks"]]
        assert [(each["organisation"], each["why"]) for each in told["recipients"]] == [
            (each["organisation"], each["why"]) for each in sent["recipients"]
        ]

        before, content = rows(own), digest(own)
        update = {"kind": "update", "placement_id": sent["placement_id"], "about_me": {"likes": "Swimming."}}
        changed = leeds.post("/v1/notifications?dry_run=true", update)
        assert (changed.status_code, changed.json()["version"]) == (200, 2)
        twice = leeds.post("/v1/notifications?dry_run=true", document)
        assert (twice.status_code, twice.json()["code"]) == (409, "duplicate_reference")
        assert (rows(own), digest(own)) == (before, content)


def digest(world: World) -> str:
    """Every row of every table, but those that are numbered later."""
    found = hashlib.sha256()
    with world.database.read() as connection:
        for table in metadata.sorted_tables:
            if table.name not in _NUMBERED_LATER:
                for row in connection.execute(select(table).order_by(*table.primary_key.columns)):
                    found.update(repr(tuple(row)).encode())
    return found.hexdigest()
