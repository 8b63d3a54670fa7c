"""Whether there are homes that fit: counted by ethnic group and unmet need, from words that never leave."""

import csv
import io
from collections.abc import Iterator
from contextlib import contextmanager
from copy import deepcopy
from datetime import date, timedelta
from itertools import product
from typing import Any
from uuid import uuid4

from sqlalchemy import select

from app.oversight.models import oversight_quarters
from tests.api.lists import items
from tests.api.placements.stories import FULL, entries, follows_contract, tell
from tests.world import LEEDS, Caller, World

ETHNICITY, NEEDS = "/v1/oversight/ethnicity", "/v1/oversight/unmet-needs"


@contextmanager
def next_quarter(world: World) -> Iterator[str]:
    """A day on which the quarter of everything sent today is over, and what that quarter is called."""
    today = world.clock().date()
    begins = date(today.year, (today.month - 1) // 3 * 3 + 1, 1)
    after = (begins + timedelta(days=100)).replace(day=1)
    with world.later(days=(after - today).days + 1):
        yield f"{begins.year}-Q{(begins.month + 2) // 3}"


def begin(world: World, area: str, count: int, ethnicity: str | None, needs: tuple[str, ...] = (), **more: Any) -> None:
    """Placements that an authority of this test's own begins, each in its own area."""
    sender = world.as_(area, name="Asha Rahman")
    for _ in range(count):
        document = deepcopy(FULL)
        document |= {"reference": uuid4().hex, **more}
        document["child"] |= {"local_id": uuid4().hex[:12], "ethnicity": ethnicity}
        document["placement"] |= {"host_area": area, "postcode": {"not_known": "being_found_out"}}
        if ethnicity is None:
            del document["child"]["ethnicity"]
        document["decision"]["search"] = {"homes_asked": 30, "needs_unmet": list(needs)}
        if not needs:
            del document["decision"]["search"]
        document.pop("education", None)
        answer = sender.post("/v1/notifications", document)
        assert answer.status_code == 201, answer.text


def ask(by: Caller, path: str, quarter: str) -> dict[str, Any]:
    answer = by.get(f"{path}?quarter={quarter}")
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


def test_a_quarter_is_counted_by_ethnic_group_and_small_groups_cannot_be_worked_out(world: World, area: str) -> None:
    begin(world, area, 11, "BCRB", urgency="emergency")
    begin(world, area, 6, "WBRI")
    begin(world, area, 3, "AIND")
    begin(world, area, 7, None)
    with next_quarter(world) as quarter:
        auditor = world.as_(area, "quality_assurance", name="Quinn Auditor")
        found = ask(auditor, ETHNICITY, quarter)
        follows_contract(world, ETHNICITY, auditor.get(f"{ETHNICITY}?quarter={quarter}"))
        sheet = auditor.get(ETHNICITY, headers={"accept": "text/csv"})
        rows = list(csv.DictReader(io.StringIO(sheet.content.decode("utf-8-sig"))))
    lines = {each["ethnicity"]: each for each in found["items"]}
    assert (lines["black"]["placements"], lines["black"]["emergencies"], lines["black"]["kept_back"]) == (11, 11, False)
    # Three would point to children. With six more they are nine, too few to tell a total beside: so seven more are.
    assert {group for group, each in lines.items() if each["kept_back"]} == {"asian", "white", "not_told"}
    assert {lines["asian"][name] for name in ("placements", "emergencies", "out_of_area")} == {None}
    assert (found["total"]["placements"], found["total"]["emergencies"]) == (27, 11)
    assert {each["ethnicity"]: each["placements"] for each in rows}["black"] == "11"


def test_needs_no_home_could_meet_are_counted_by_code(world: World, area: str) -> None:
    begin(world, area, 6, "WBRI", ("mental_health", "culture_and_identity"))
    begin(world, area, 2, "WBRI", ("school_place",))
    begin(world, area, 5, "WBRI")
    with next_quarter(world) as quarter:
        partnership = world.as_(area, "safeguarding_partnership", name="Hal Watchful")
        found = ask(partnership, NEEDS, quarter)
        follows_contract(world, NEEDS, partnership.get(f"{NEEDS}?quarter={quarter}"))
    told = {each["need"]: (each["placements"], each["kept_back"]) for each in found["items"]}
    assert told == {"mental_health": (6, False), "culture_and_identity": (6, False), "school_place": (None, True)}
    assert found["total"] == {"placements": 13, "search_told": 8, "any_need_unmet": None}


def test_a_quarter_that_still_grows_is_not_counted_and_what_was_counted_is_recorded(world: World, area: str) -> None:
    begin(world, area, 1, "WBRI")
    today = world.clock().date()
    by = world.as_(area, "quality_assurance", name="Quinn Auditor")
    for wrong in (f"{today.year}-Q{(today.month + 2) // 3}", f"{today.year + 1}-Q1", "1999-Q4"):
        assert by.get(f"{ETHNICITY}?quarter={wrong}").json()["code"] == "bad_period", wrong
    assert by.get(f"{NEEDS}?quarter=last").status_code == 400
    assert by.get(ETHNICITY).json()["items"] == []
    facts = [each["facts"] for each in entries(world, area, "oversight.read")]
    assert [each["list"] for each in facts] == ["ethnicity"]
    assert set(facts[0]) == {"list", "first_month"}


def test_another_authoritys_children_are_not_in_it(world: World, area: str) -> None:
    tell(world)
    with next_quarter(world) as quarter:
        found = ask(world.as_(area, "quality_assurance", name="Quinn Auditor"), ETHNICITY, quarter)
        assert found["items"] == []
        assert (
            world.as_(LEEDS, "virtual_school", name="Vi School").get(ETHNICITY).json()["code"] == "insufficient_scope"
        )


def test_a_quarter_that_is_over_stays_as_it_was_counted(world: World, area: str) -> None:
    begin(world, area, 11, "WBRI", ("mental_health",))
    begin(world, area, 12, "BCRB")
    sender = world.as_(area, name="Asha Rahman")
    begun = items(sender, "/v1/sent")[-1]["placement_id"]
    with next_quarter(world) as quarter:
        partnership, sender = (
            world.as_(area, "safeguarding_partnership", name="Hal"),
            world.as_(area, name="Asha Rahman"),
        )
        before = {path: ask(partnership, path, quarter) for path in (ETHNICITY, NEEDS)}
        assert {each["ethnicity"]: each["placements"] for each in before[ETHNICITY]["items"]} == {
            "white": 11,
            "black": 12,
        }
        told = sender.get(f"/v1/placements/{begun}").json()["sections"]["child"]
        child = {name: fact for name, fact in told.items() if name != "child_id"} | {"ethnicity": "BCRB"}
        update = {"kind": "update", "placement_id": begun, "reference": uuid4().hex, "child": child}
        assert sender.post("/v1/notifications", update).status_code == 201
        auditor = world.as_(area, "quality_assurance", name="Quinn Auditor")
        for by, path in product((partnership, auditor), (ETHNICITY, NEEDS)):
            assert ask(by, path, quarter) == before[path]
    with world.database.read() as connection:
        rows = connection.execute(select(oversight_quarters)).all()
    kept = [row for row in rows if row.id.startswith(f"{area}|")]
    assert len(kept) == 2
    assert not any(b"white" in bytes(row.sealed) or b"mental" in bytes(row.sealed) for row in kept)
