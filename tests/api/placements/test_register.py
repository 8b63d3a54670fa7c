"""The register: every child living in an area, as far as each function may know, each line leaving its trace."""

import csv
import io
from itertools import count
from typing import Any

import pytest

from tests.api.placements.stories import FULL, Story, entries, follows_contract, openings, tell
from tests.world import SHROPSHIRE_HEALTH, Caller, World

_AREAS = ("E06000047", "E06000005", "E06000001", "E06000002", "E06000003", "E06000004", "E06000006", "E06000007")
_TURN = count()


@pytest.fixture
def area(world: World) -> str:
    """An area in which the other tests have placed nobody."""
    return _AREAS[next(_TURN) % len(_AREAS)]


def house(area: str, **fields: Any) -> dict[str, Any]:
    """A home in an area, its postcode not known."""
    placed = {**FULL["placement"], "host_area": area, **fields}
    return {**placed, "postcode": {"not_known": "being_found_out"}} if "postcode" not in fields else placed


def told(world: World, area: str, **fields: Any) -> Story:
    return tell(world, placement=house(area, **fields))


def register(by: Caller, query: str = "limit=200", **headers: str) -> Any:
    answer = by.get(f"/v1/register?{query}", headers=headers)
    assert answer.status_code == 200, answer.text
    return answer


def line(by: Caller, story: Story) -> dict[str, Any]:
    found = [each for each in register(by).json()["items"] if each["placement_id"] == story.placement]
    assert len(found) == 1
    return dict(found[0])


def test_a_line_holds_what_a_register_must(world: World, area: str) -> None:
    story = told(world, area)
    caller = world.as_(area, name="Bryn Edwards")
    follows_contract(world, "/v1/register", register(caller))
    child = line(caller, story)
    assert child["child"]["family_name"] == "Inventley"
    assert child["child"]["date_of_birth"] == "2011-03-04"
    assert child["child"]["gender"] == FULL["child"]["gender"]
    assert child["home"]["address"] == FULL["placement"]["address"]
    assert child["home"]["accountable_manager"]["name"] == "Tamsin Madeup"
    assert child["parental_responsibility"][0]["name"] == "Ada Inventley"
    assert child["legal_status"] == "C2"
    assert child["child_protection_plan"] is False
    assert child["placing_authority"] == "E08000035"
    assert child["social_worker"]["phone"] == "0113 496 0003"
    assert child["out_of_hours"]["phone"] == "0113 496 0002"
    assert (child["started_on"], child["ended_on"]) == ("2026-11-22", None)


def test_one_parent_named_in_two_places_stands_once(world: World, area: str) -> None:
    story = told(world, area)
    names = [each["name"] for each in line(world.as_(area, name="Bryn Edwards"), story)["parental_responsibility"]]
    assert names.count("Ada Inventley") == 1


def test_a_parent_without_responsibility_is_on_the_register_too(world: World, area: str) -> None:
    people = [{**FULL["network"]["people"][0], "relation": "father", "name": "Abel Inventley"}]
    people[0]["parental_responsibility"] = False
    story = tell(world, placement=house(area), network={"people": people})
    (father,) = line(world.as_(area, name="Bryn Edwards"), story)["other_parents"]
    assert (father["name"], father["relation"]) == ("Abel Inventley", "father")


def test_a_function_is_given_only_what_its_work_needs(world: World, area: str) -> None:
    story = told(world, area)
    seen = line(world.as_(area, "safeguarding_partnership", name="Sam Scrutiny"), story)
    assert seen["child"]["family_name"] is None
    assert seen["home"]["address"] is None
    assert seen["home"]["registration_status"] == "registered"
    assert seen["social_worker"] is None
    assert {each["section"] for each in seen["sections_withheld"]} == {"care_team", "network"}
    school = line(world.as_(area, "virtual_school", name="Vi School"), story)
    assert school["child_protection_plan"] is None
    assert school["child"]["given_names"] == "Rowan"


def test_a_confidential_address_stays_off_the_register(world: World, area: str) -> None:
    story = told(world, area)
    story.restrict("confidential_address", "exploitation")
    seen = line(world.as_(area, "virtual_school", name="Vi School"), story)
    assert (seen["home"]["address"], seen["home"]["phone"], seen["home"]["home_name"]) == (None, None, None)
    assert "/placement/address" in seen["fields_withheld"]


def test_each_line_leaves_an_opening_and_each_page_one_entry(world: World, area: str) -> None:
    stories = [told(world, area) for _ in range(3)]
    before = len(entries(world, area, "register.read"))
    register(world.as_(area, name="Bryn Edwards"))
    register(world.as_(area))
    recorded = entries(world, area, "register.read")[before:]
    assert [each["facts"]["how"] for each in recorded] == ["opened", "retrieved"]
    assert recorded[0]["facts"]["count"] >= 3
    for story in stories:
        rows = openings(world, story.placement)
        assert [(row.how, row.why, row.entry_id) for row in rows] == [
            ("opened", "register", recorded[0]["id"]),
            ("retrieved", "register", recorded[1]["id"]),
        ]
        assert "care_team" in rows[0].sections
        assert "health_now" not in rows[0].sections


def test_pages_join_to_the_whole_oldest_first(world: World, area: str) -> None:
    for _ in range(3):
        told(world, area)
    caller = world.as_(area, name="Bryn Edwards")
    whole = [each["placement_id"] for each in register(caller).json()["items"]]
    paged: list[str] = []
    query = "limit=2"
    while query:
        page = register(caller, query).json()
        paged += [each["placement_id"] for each in page["items"]]
        query = f"limit=2&cursor={page['next_cursor']}" if page["next_cursor"] else ""
    assert paged == whole == sorted(whole)


def test_a_cursor_serves_only_the_function_it_was_made_for(world: World, area: str) -> None:
    told(world, area)
    told(world, area)
    cursor = register(world.as_(area, name="Bryn Edwards"), "limit=1").json()["next_cursor"]
    other = world.as_(area, "virtual_school", name="Vi School")
    assert other.get(f"/v1/register?cursor={cursor}").json()["code"] == "bad_cursor"
    ended = world.as_(area, name="Bryn Edwards").get(f"/v1/register?state=ended&cursor={cursor}")
    assert ended.status_code == 400


def test_a_placement_taken_back_from_a_function_leaves_its_register(world: World, area: str) -> None:
    story = told(world, area)
    host, duty = world.as_(area, name="Bryn Edwards"), world.as_(area, "virtual_school", name="Vi School")
    line(host, story)
    story.recall(area, "social_care")
    assert story.placement not in register(host).text
    line(duty, story)


def test_an_ended_placement_moves_to_the_list_of_those_that_ended(world: World, area: str) -> None:
    story = told(world, area)
    ending = {
        "ended_on": "2026-11-22",
        "reason": "CARPL",
        "destination": "new_home_other_area",
        "notice_given": {"hours": 1},
    }
    document = {
        "kind": "end",
        "occasion": "new_home",
        "placement_id": story.placement,
        "reference": "E" + story.placement,
        "placement": {"ending": ending},
    }
    answer = story.sender.post("/v1/notifications", document)
    assert answer.status_code == 201, answer.text
    caller = world.as_(area, name="Bryn Edwards")
    assert story.placement not in register(caller).text
    assert story.placement in register(caller, "limit=200&state=ended").text


def test_only_an_authority_has_an_area(world: World) -> None:
    answer = world.as_(SHROPSHIRE_HEALTH, "children_in_care_health", name="Nurse Unwin").get("/v1/register")
    assert (answer.status_code, answer.json()["code"]) == (403, "no_area")


def test_a_spreadsheet_gets_one_line_a_child_and_runs_nothing(world: World, area: str) -> None:
    hostile = '=HYPERLINK("https://example.test","Elm")'
    story = told(world, area, home_name=hostile, phone="+44 1632 960101")
    answer = register(world.as_(area, name="Bryn Edwards"), accept="text/csv")
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert answer.headers["cache-control"] == "private, no-store"
    assert answer.headers["content-disposition"] == 'attachment; filename="register.csv"'
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    row = next(each for each in rows if each["placement_id"] == story.placement)
    assert row["home_name"] == "'" + hostile
    assert row["phone"] == "'+44 1632 960101"
    assert row["postcode"] == "not known: being_found_out"
    assert row["child_protection_plan"] == "no"
    assert row["parental_responsibility"].startswith("Ada Inventley")
    cells = [cell for each in rows for cell in each.values()]
    assert not any(cell.startswith(("=", "+", "-", "@", "\t", "\r")) for cell in cells)


def test_the_next_page_of_a_spreadsheet_is_linked(world: World, area: str) -> None:
    told(world, area)
    told(world, area)
    caller = world.as_(area, name="Bryn Edwards")
    link = register(caller, "limit=1", accept="text/csv").headers["link"]
    address = link[link.index("<") + 1 : link.index(">")]
    assert caller.get(address, headers={"accept": "text/csv"}).status_code == 200
