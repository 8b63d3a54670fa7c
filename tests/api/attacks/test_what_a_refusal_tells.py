"""Writing a passport tells nobody a fact that reading it keeps from them: neither by what is refused nor by how."""

from datetime import date, timedelta
from typing import Any

from tests.api.children.records import restrict
from tests.api.passports.records import path
from tests.api.stories.lives import worker
from tests.api.transfers.test_a_passport_moves import host_nurse, moved
from tests.world import World

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
