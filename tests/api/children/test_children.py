"""A child's record: who may create, read, correct and restrict it, and what that leaves behind."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any
from uuid import uuid4

import orjson
import pytest
from jsonschema import Draft202012Validator

from app.rules.edition import current
from app.standard.codes import code_lists
from tests.world import LEEDS, SHROPSHIRE, TRUST, Caller, World

ROWAN = {
    "given_names": "Rowan",
    "family_name": "O'Example",
    "date_of_birth": "2012-03-04",
    "sex": "F",
    "ethnicity": "WBRI",
}
LOCK = {"restriction": "named_practitioners_only", "reason": "worker_known_to_child"}


def record(**changes: Any) -> dict[str, Any]:
    """A synthetic child, never one that another test made: the local id and the family name are new."""
    letters = "".join(chr(ord("a") + int(digit, 16)) for digit in uuid4().hex[:12])
    return {**ROWAN, "local_id": uuid4().hex[:12], "family_name": f"Example {letters}", **changes}


@pytest.fixture
def worker(world: World) -> Caller:
    return world.as_(LEEDS, name="Sam Placer")


@pytest.fixture
def child(worker: Caller) -> dict[str, Any]:
    return create(worker)


def create(by: Caller, **changes: Any) -> dict[str, Any]:
    answer = by.post("/v1/children", record(**changes))
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


def correct(by: Caller, child_id: str, facts: dict[str, Any], tag: str | None = None) -> Any:
    tag = tag or by.get(f"/v1/children/{child_id}").headers["etag"]
    document = {"reason": "recorded_wrongly", "facts": facts}
    return by.post(f"/v1/children/{child_id}/corrections", document, headers={"If-Match": tag})


def restrict(by: Caller, child_id: str, **document: Any) -> Any:
    return by.post(f"/v1/children/{child_id}/restrictions", {"review_on": "2199-01-01", **document})


def actions(world: World, subject: str) -> list[dict[str, Any]]:
    """The ledger's entries that name an id, oldest first."""
    with world.app.state.database.read() as connection:
        rows = connection.exec_driver_sql("SELECT body FROM ledger_entries ORDER BY id").all()
    return [entry for row in rows if subject in (entry := orjson.loads(row[0]))["subject"].values()]


def follows_contract(world: World, path: str, method: str, answer: Any) -> None:
    """Hold a real answer against what the contract says of it."""
    contract = world.app.openapi()
    response = contract["paths"][path][method]["responses"][str(answer.status_code)]
    if "$ref" in response:
        response = contract["components"]["responses"][response["$ref"].rpartition("/")[2]]
    media = answer.headers["content-type"].partition(";")[0]
    schema = {**response["content"][media]["schema"], "components": contract["components"]}
    Draft202012Validator(schema).validate(answer.json())


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


def test_a_repeat_gets_the_first_answer(worker: Caller) -> None:
    document, key = record(), uuid4().hex
    first, again = (worker.post("/v1/children", document, key=key) for _ in range(2))
    assert again.json() == first.json()
    assert again.headers["idempotent-replayed"] == "true"


@pytest.mark.parametrize(
    ("facts", "alike"),
    [
        ({"nhs_number": "9990000018"}, {"nhs_number": "9990000018"}),
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


@pytest.mark.parametrize("part", ["corrections", "restrictions"])
def test_corrections_and_restrictions_are_made_by_a_named_person(
    world: World, child: dict[str, Any], part: str
) -> None:
    answer = world.as_(LEEDS).post(f"/v1/children/{child['child_id']}/{part}", {})
    assert answer.json()["code"] == "practitioner_required"


def test_a_lock_keeps_everybody_out_but_whoever_it_names(world: World, worker: Caller, child: dict[str, Any]) -> None:
    path = f"/v1/children/{child['child_id']}"
    answer = restrict(worker, child["child_id"], **LOCK)
    follows_contract(world, "/v1/children/{child_id}/restrictions", "post", answer)
    assert worker.get(path).json()["sections_shared"] == ["child"]
    other = world.as_(LEEDS, name="Kim Curious")
    shut = other.get(path)
    follows_contract(world, "/v1/children/{child_id}", "get", shut)
    assert shut.json()["sections"] == {}
    assert shut.json()["sections_withheld"] == [{"section": "child", "reason": "named_practitioners_only"}]
    assert other.get(f"{path}/corrections").json()["code"] == "child_restricted"
    assert correct(other, child["child_id"], {"given_names": "Wren"}).json()["code"] == "child_restricted"


def test_a_restriction_is_listed_with_its_reason_and_lifted_with_another(
    world: World, worker: Caller, child: dict[str, Any]
) -> None:
    path = f"/v1/children/{child['child_id']}/restrictions"
    spared = [{"side": "host", "function": "school"}]
    detail = "The address must not reach the family."
    made = restrict(
        worker,
        child["child_id"],
        restriction="confidential_address",
        reason="risk_from_family",
        detail=detail,
        spared=spared,
    )
    lifts = f"{path}/{made.json()['restriction_id']}/lifts"
    lifted = worker.post(lifts, {"reason": "The risk has passed."})
    follows_contract(world, "/v1/children/{child_id}/restrictions/{restriction_id}/lifts", "post", lifted)
    listed = worker.get(path)
    follows_contract(world, "/v1/children/{child_id}/restrictions", "get", listed)
    (held,) = listed.json()["items"]
    assert (held["detail"], held["spared"]) == (detail, ["host.school"])
    assert (held["set_by"]["name"], held["lifted_because"]) == ("Sam Placer", "The risk has passed.")
    assert worker.post(lifts, {"reason": "Again."}).json()["code"] == "already_lifted"
    told = [entry["action"] for entry in actions(world, child["child_id"])]
    assert [each for each in told if "restricted" in each] == ["child.restricted", "child.unrestricted"]


def test_two_restrictions_stand_apart(worker: Caller, child: dict[str, Any]) -> None:
    path = f"/v1/children/{child['child_id']}"
    first, second = (
        restrict(worker, child["child_id"], restriction="confidential_address", reason=reason).json()
        for reason in ("risk_from_family", "court_order")
    )
    worker.post(f"{path}/restrictions/{first['restriction_id']}/lifts", {"reason": "The risk has passed."})
    (left,) = worker.get(path).json()["restrictions"]
    assert left["restriction_id"] == second["restriction_id"]


def test_a_sealed_identity_is_opened_by_two_people(world: World, worker: Caller, child: dict[str, Any]) -> None:
    made = restrict(worker, child["child_id"], restriction="identity_sealed", reason="placed_for_adoption").json()
    lifts = f"/v1/children/{child['child_id']}/restrictions/{made['restriction_id']}/lifts"
    refused = worker.post(lifts, {"reason": "Sealed the wrong child."})
    assert (refused.status_code, refused.json()["code"]) == (403, "second_person_needed")
    second = world.as_(LEEDS, name="Lee Manager")
    assert second.post(lifts, {"reason": "Sealed the wrong child."}).status_code == 201


def test_a_sealed_identity_is_nobodys_possible_duplicate(worker: Caller) -> None:
    facts = {"family_name": record()["family_name"]}
    old = create(worker, **facts)["child_id"]
    restrict(worker, old, restriction="identity_sealed", reason="placed_for_adoption")
    new = create(worker, **facts)
    assert new["possible_duplicates"] == []
    assert correct(worker, old, {"sex": "M"}).json()["possible_duplicates"] == []


def test_a_restriction_is_reviewed_on_a_day_to_come(world: World, worker: Caller, child: dict[str, Any]) -> None:
    today = world.clock().date()
    for day in (today, today - timedelta(days=1)):
        answer = restrict(worker, child["child_id"], **LOCK, review_on=day.isoformat())
        assert (answer.status_code, answer.json()["code"]) == (422, "review_not_ahead")


def test_a_lock_names_only_people_who_are_known(worker: Caller, child: dict[str, Any]) -> None:
    unknown = "prc_01kb0000000000000000000000"
    answer = restrict(worker, child["child_id"], **LOCK, practitioners=[unknown])
    assert (answer.status_code, answer.json()["code"]) == (422, "unknown_practitioner")
    assert [each["pointer"] for each in answer.json()["errors"]] == ["/practitioners/0"]


def test_only_those_who_may_restrict_read_the_reasons(world: World, child: dict[str, Any]) -> None:
    school = world.as_(LEEDS, "virtual_school")
    assert school.get(f"/v1/children/{child['child_id']}/restrictions").json()["code"] == "insufficient_scope"


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


def test_an_erased_child_says_so(world: World, worker: Caller, child: dict[str, Any]) -> None:
    with world.app.state.database.write() as connection:
        wipe = f"UPDATE child_keys SET wrapped = NULL WHERE child_id = '{child['child_id']}'"
        connection.exec_driver_sql(wipe)
    answer = worker.get(f"/v1/children/{child['child_id']}")
    assert (answer.status_code, answer.json()["code"]) == (410, "child_erased")


def test_every_restriction_of_the_standard_is_in_the_rules() -> None:
    assert set(code_lists()["restriction"].codes) == set(current().disclosure.restrictions)


def test_of_two_corrections_at_once_one_is_stale(worker: Caller, child: dict[str, Any]) -> None:
    tag = worker.get(f"/v1/children/{child['child_id']}").headers["etag"]
    with ThreadPoolExecutor(2) as people:
        answers = people.map(
            lambda name: correct(worker, child["child_id"], {"given_names": name}, tag), ("Wren", "Robin")
        )
        assert sorted(each.status_code for each in answers) == [201, 412]


def test_of_two_records_with_one_local_id_at_once_one_is_kept(worker: Caller) -> None:
    document = record()
    with ThreadPoolExecutor(2) as people:
        answers = people.map(lambda _: worker.post("/v1/children", document), range(2))
        assert sorted(each.status_code for each in answers) == [201, 409]


def test_two_restrictions_at_once_are_both_in_force(worker: Caller, child: dict[str, Any]) -> None:
    kinds = ("confidential_address", "provider_access_paused")
    with ThreadPoolExecutor(2) as people:
        answers = list(
            people.map(lambda kind: restrict(worker, child["child_id"], restriction=kind, reason="court_order"), kinds)
        )
    assert [each.status_code for each in answers] == [201, 201]
    held = worker.get(f"/v1/children/{child['child_id']}").json()["restrictions"]
    assert sorted(each["restriction"] for each in held) == sorted(kinds)
