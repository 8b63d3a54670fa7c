"""Correcting who a child is: by name, on the version that was read, the old value kept as wrong."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import orjson

from tests.api.children.records import actions, correct, create, follows_contract, record
from tests.world import Caller, World


def test_a_correction_keeps_the_old_value_as_wrong(world: World, worker: Caller, child: dict[str, Any]) -> None:
    path = f"/v1/children/{child['child_id']}"
    answer = correct(worker, child["child_id"], {"date_of_birth": "2012-04-03", "sex": "F"})
    follows_contract(world, "/v1/children/{child_id}/corrections", "post", answer)
    assert (answer.json()["facts"], answer.json()["version"]) == (["date_of_birth"], 2)
    assert worker.get(path).json()["sections"]["child"]["date_of_birth"] == "2012-04-03"
    listed = worker.get(f"{path}/corrections")
    follows_contract(world, "/v1/children/{child_id}/corrections", "get", listed)
    (kept,) = listed.json()["items"]
    assert kept["was"] == {"date_of_birth": "2012-03-04"}
    assert kept["now"] == {"date_of_birth": "2012-04-03"}
    assert kept["corrected_by"]["name"] == "Sam Placer"


def test_the_ledger_names_the_corrected_facts_and_none_of_their_values(
    world: World, worker: Caller, child: dict[str, Any]
) -> None:
    correct(worker, child["child_id"], {"given_names": "Wren", "date_of_birth": "2012-04-03"})
    entry = actions(world, child["child_id"])[-1]
    assert entry["action"] == "child.corrected"
    assert entry["facts"]["facts"] == ["date_of_birth", "given_names"]
    assert b"Wren" not in orjson.dumps(entry)
    assert b"2012-04-03" not in orjson.dumps(entry)


def test_a_corrected_child_is_found_by_the_new_facts_and_no_longer_by_the_old(worker: Caller) -> None:
    right, wrong = (record()["family_name"] for _ in range(2))
    child = create(worker, family_name=wrong)
    assert correct(worker, child["child_id"], {"family_name": right}).status_code == 201
    assert create(worker, family_name=wrong)["possible_duplicates"] == []
    assert create(worker, family_name=right)["possible_duplicates"] == [child["child_id"]]


def test_a_corrected_pupil_number_takes_its_excuse_away(worker: Caller) -> None:
    child = create(worker, upn_unknown_reason="UN1")
    correct(worker, child["child_id"], {"upn": {"not_known": "being_found_out"}})
    assert "upn_unknown_reason" not in worker.get(f"/v1/children/{child['child_id']}").json()["sections"]["child"]


def test_a_correction_that_changes_nothing_is_refused(worker: Caller, child: dict[str, Any]) -> None:
    answer = correct(worker, child["child_id"], {"given_names": "Rowan"})
    assert (answer.status_code, answer.json()["code"]) == (422, "nothing_corrected")


def test_a_correction_must_say_what_it_corrects(worker: Caller, child: dict[str, Any]) -> None:
    path = f"/v1/children/{child['child_id']}"
    document = {"reason": "recorded_wrongly", "facts": {"given_names": "Wren"}}
    assert worker.post(f"{path}/corrections", document).status_code == 428
    stale = worker.get(path).headers["etag"]
    assert correct(worker, child["child_id"], {"given_names": "Wren"}, stale).status_code == 201
    assert correct(worker, child["child_id"], {"given_names": "Robin"}, stale).status_code == 412


def test_lists_go_on_page_by_page(worker: Caller, child: dict[str, Any]) -> None:
    path = f"/v1/children/{child['child_id']}/corrections"
    for name in ("Wren", "Robin", "Jay"):
        correct(worker, child["child_id"], {"given_names": name})
    first = worker.get(path, params={"limit": 2}).json()
    rest = worker.get(path, params={"limit": 2, "cursor": first["next_cursor"]}).json()
    names = [each["now"]["given_names"] for each in first["items"] + rest["items"]]
    assert (names, rest["next_cursor"]) == (["Wren", "Robin", "Jay"], None)
    stolen = worker.get(path.replace("corrections", "restrictions"), params={"cursor": first["next_cursor"]})
    assert stolen.json()["code"] == "bad_cursor"


def test_of_two_corrections_at_once_one_is_stale(worker: Caller, child: dict[str, Any]) -> None:
    tag = worker.get(f"/v1/children/{child['child_id']}").headers["etag"]
    with ThreadPoolExecutor(2) as people:
        answers = people.map(
            lambda name: correct(worker, child["child_id"], {"given_names": name}, tag), ("Wren", "Robin")
        )
        assert sorted(each.status_code for each in answers) == [201, 412]
