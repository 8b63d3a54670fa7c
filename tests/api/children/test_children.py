"""A child's record: who may create and read it, and what that leaves behind."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import uuid4

import pytest

from tests.api.children.records import actions, create, follows_contract, nhs_number, record
from tests.world import LEEDS, SHROPSHIRE, TRUST, Caller, World


def test_a_child_is_created_before_any_move(world: World, worker: Caller) -> None:
    answer = worker.post("/v1/children", record())
    follows_contract(world, "/v1/children", "post", answer)
    child = answer.json()
    assert child["version"] == 1
    assert child["possible_duplicates"] == []
    (entry,) = actions(world, child["child_id"])
    assert entry["action"] == "child.created"
    assert entry["id"] == child["receipt"]["entry_id"]


def test_the_same_local_id_again_names_the_child_there_is(world: World, worker: Caller) -> None:
    child = create(worker, local_id="LCS00412")
    answer = worker.post("/v1/children", record(local_id="LCS00412"))
    assert answer.status_code == 409
    assert answer.json()["code"] == "child_known"
    assert answer.json()["child_id"] == child["child_id"]
    follows_contract(world, "/v1/children", "post", answer)


def test_another_authority_may_use_the_same_local_id(world: World) -> None:
    local_id = uuid4().hex[:12]
    leeds = create(world.as_(LEEDS), local_id=local_id)
    shropshire = create(world.as_(SHROPSHIRE), local_id=local_id)
    assert leeds["child_id"] != shropshire["child_id"]


NHS_NUMBER = nhs_number()


def test_a_repeat_gets_the_first_answer(worker: Caller) -> None:
    document, key = record(), uuid4().hex
    first, again = (worker.post("/v1/children", document, key=key) for _ in range(2))
    assert again.json() == first.json()
    assert again.headers["idempotent-replayed"] == "true"


@pytest.mark.parametrize(
    ("facts", "alike"),
    [
        ({"nhs_number": NHS_NUMBER}, {"nhs_number": NHS_NUMBER}),
        (
            {"given_names": "Zoë-Ann", "family_name": "O'Sample", "date_of_birth": "2013-05-06"},
            {"given_names": "Osample", "family_name": "zoe ann", "date_of_birth": {"estimated": "2013-05-06"}},
        ),
    ],
    ids=["the same NHS number", "the same names, written otherwise, and date of birth"],
)
def test_possible_duplicates_are_the_authoritys_own(
    world: World, worker: Caller, facts: dict[str, Any], alike: dict[str, Any]
) -> None:
    first = create(worker, **facts)
    elsewhere = create(world.as_(SHROPSHIRE), **facts)
    second = create(worker, **alike)
    assert second["possible_duplicates"] == [first["child_id"]]
    assert elsewhere["possible_duplicates"] == []


def test_facts_that_are_not_known_are_like_nothing(worker: Caller) -> None:
    unknown = {"not_known": "no_time"}
    for _ in range(2):
        made = create(worker, given_names=unknown, family_name=unknown, nhs_number={"not_known": "being_found_out"})
        assert made["possible_duplicates"] == []


def test_a_body_that_looks_after_no_child_creates_none(world: World) -> None:
    answer = world.as_(TRUST, "social_care").post("/v1/children", record())
    assert answer.status_code == 403
    assert answer.json()["code"] == "not_a_placing_authority"


def test_a_bad_record_is_refused_by_pointer_and_never_echoed(worker: Caller) -> None:
    answer = worker.post("/v1/children", record(nhs_number="9990000019", sex=None))
    assert answer.status_code == 422
    assert {each["pointer"] for each in answer.json()["errors"]} == {"/nhs_number", "/sex"}
    assert "9990000019" not in answer.text


def test_the_controlling_authority_reads_the_record_and_that_is_recorded(
    world: World, worker: Caller, child: dict[str, Any]
) -> None:
    answer = worker.get(f"/v1/children/{child['child_id']}")
    follows_contract(world, "/v1/children/{child_id}", "get", answer)
    assert answer.json()["sections"]["child"]["given_names"] == "Rowan"
    world.as_(LEEDS).get(f"/v1/children/{child['child_id']}")
    how = [entry["facts"]["how"] for entry in actions(world, child["child_id"]) if entry["action"] == "child.read"]
    assert how == ["opened", "retrieved"]


def test_each_function_sees_what_its_work_needs(world: World, child: dict[str, Any]) -> None:
    school = world.as_(LEEDS, "virtual_school").get(f"/v1/children/{child['child_id']}").json()
    assert "given_names" in school["sections"]["child"]
    assert "local_id" not in school["sections"]["child"]


def test_what_the_caller_has_already_is_not_released_again(world: World, worker: Caller, child: dict[str, Any]) -> None:
    path = f"/v1/children/{child['child_id']}"
    tag = worker.get(path).headers["etag"]
    before = len(actions(world, child["child_id"]))
    answer = worker.get(path, headers={"If-None-Match": tag})
    assert (answer.status_code, answer.content) == (304, b"")
    assert len(actions(world, child["child_id"])) == before


@pytest.mark.parametrize("part", ["", "/corrections", "/restrictions"])
def test_a_child_of_another_authority_is_not_there_and_the_attempt_is_recorded(
    world: World, child: dict[str, Any], part: str
) -> None:
    answer = world.as_(SHROPSHIRE).get(f"/v1/children/{child['child_id']}{part}")
    assert answer.status_code == 404
    last = actions(world, child["child_id"])[-1]
    assert (last["action"], last["facts"]["code"]) == ("request.refused", "not_yours")
    assert last["actor"]["organisation"] == SHROPSHIRE


@pytest.mark.parametrize("child_id", ["chd_01kb0000000000000000000000", "nothing", "%00", "chd_01kb"])
def test_an_id_that_names_nothing_gets_the_same_answer(worker: Caller, child_id: str) -> None:
    assert worker.get(f"/v1/children/{child_id}").json()["code"] == "not_yours"


def test_an_erased_child_says_so(world: World, worker: Caller, child: dict[str, Any]) -> None:
    with world.app.state.database.write() as connection:
        wipe = f"UPDATE child_keys SET wrapped = NULL WHERE child_id = '{child['child_id']}'"
        connection.exec_driver_sql(wipe)
    answer = worker.get(f"/v1/children/{child['child_id']}")
    assert (answer.status_code, answer.json()["code"]) == (410, "child_erased")


def test_of_two_records_with_one_local_id_at_once_one_is_kept(worker: Caller) -> None:
    document = record()
    with ThreadPoolExecutor(2) as people:
        answers = people.map(lambda _: worker.post("/v1/children", document), range(2))
        assert sorted(each.status_code for each in answers) == [201, 409]
