"""How well everybody was told, and a sample drawn by chance: counted apart from requests, small numbers kept back."""

import csv
import io
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from app.db.engine import Database
from app.kit.ids import made_at
from app.oversight.counting import count_one, look_for_news, month_of
from tests.api.placements.stories import Story, entries, follows_contract, tell
from tests.world import LEEDS, Caller, World


def counted(world: World) -> None:
    """What the service does every few minutes, now: once the entries so far have their place in the ledger."""
    database: Database = world.database
    while True:
        with database.read() as connection:
            if not connection.exec_driver_sql("SELECT 1 FROM ledger_pending LIMIT 1").all():
                break
    while look_for_news(database):
        pass
    while count_one(database):
        pass


def told(world: World, area: str, count: int) -> list[Story]:
    placed = {"host_area": area, "postcode": {"not_known": "being_found_out"}}
    return [tell(world, placement=placed) for _ in range(count)]


@contextmanager
def next_month(world: World) -> Iterator[None]:
    """A day on which the month of everything sent today is over."""
    today = world.clock().date()
    after = (today.replace(day=1) + timedelta(days=32)).replace(day=1)
    with world.later(days=(after - today).days + 1):
        yield


def report(by: Caller, side: str, month: str) -> dict[str, Any]:
    answer = by.get(f"/v1/oversight/timeliness?side={side}&month={month}&limit=200")
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


def line(found: dict[str, Any], partner: str, function: str) -> dict[str, Any]:
    return next(each for each in found["items"] if (each["partner"], each["function"]) == (partner, function))


def test_a_month_says_who_was_told_how_soon_and_what_became_of_it(world: World, area: str, others: list[str]) -> None:
    stories = told(world, area, 15)
    # Three small lines hide one another: none of another test makes this one be kept back beside it.
    for other in others:
        told(world, other, 4)
    month = month_of(stories[0].notification)
    host = world.as_(area, name="Bryn Edwards")
    for story in stories[:13]:
        assert host.get(f"/v1/notifications/{story.notification}").status_code == 200
    for story in stories[:10]:
        story.acknowledge(host)
    counted(world)
    by = world.as_(LEEDS, "quality_assurance", name="Quinn Auditor")
    answer = by.get(f"/v1/oversight/timeliness?month={month}")
    follows_contract(world, "/v1/oversight/timeliness", answer)
    found = line(report(by, "placing", month), area, "social_care")
    assert (found["told"], found["starts"], found["kept_back"]) == (15, 15, False)
    assert found["opened"] is None, "two of fifteen who did not would be told by it"
    assert found["acknowledged"] == 10
    assert found["rate_acknowledged"] == 0.67
    assert found["acknowledge_median_minutes"] == 0
    assert found["acknowledge_p90_minutes"] is None, "the slowest of ten is one person"
    with next_month(world):
        partnership = world.as_(area, "safeguarding_partnership", name="Hal")
        mirrored = line(report(partnership, "host", month), LEEDS, "social_care")
    assert (mirrored["told"], mirrored["acknowledged"]) == (15, 10)


def test_a_month_that_still_runs_is_told_only_of_whom_ones_own_authority_told(world: World, area: str) -> None:
    told(world, area, 9)
    counted(world)
    month = world.clock().date().isoformat()[:7]
    path = f"/v1/oversight/timeliness?month={month}&side="
    for function in ("social_care", "reviewing_officer", "quality_assurance"):
        assert world.as_(LEEDS, function, name="Quinn Auditor").get(f"{path}placing").status_code == 200, function
        refused = world.as_(area, function, name="Quinn Auditor").get(f"{path}host")
        assert (refused.status_code, refused.json()["code"]) == (400, "bad_period"), function
    for side in ("placing", "host"):
        refused = world.as_(area, "safeguarding_partnership", name="Hal").get(path + side)
        assert (refused.status_code, refused.json()["code"]) == (400, "bad_period"), side
    with next_month(world):
        found = report(world.as_(area, "safeguarding_partnership", name="Hal"), "host", month)
    assert line(found, LEEDS, "social_care")["told"] == 9


def host_report(world: World, area: str, month: str) -> dict[str, Any]:
    """What the partnership of an area reads once the month is over."""
    with next_month(world):
        return report(world.as_(area, "safeguarding_partnership", name="Hal Watchful"), "host", month)


def test_counting_again_changes_nothing_and_news_changes_only_its_month(world: World, area: str) -> None:
    stories = told(world, area, 6)
    month = month_of(stories[0].notification)
    counted(world)
    before = host_report(world, area, month)
    with world.database.write() as connection:
        # As after a crash between remembering a month and counting it.
        connection.exec_driver_sql("UPDATE oversight_months SET counted = 0")
    counted(world)
    assert host_report(world, area, month) == before
    host = world.as_(area, name="Bryn Edwards")
    for story in stories:
        story.acknowledge(host)
    assert host_report(world, area, month) == before
    counted(world)
    assert line(host_report(world, area, month), LEEDS, "social_care")["acknowledged"] == 6


def test_the_report_is_paged_and_written_as_a_spreadsheet(world: World, area: str) -> None:
    stories = told(world, area, 5)
    month = month_of(stories[0].notification)
    counted(world)
    with next_month(world):
        by = world.as_(area, "quality_assurance", name="Quinn Auditor")
        whole = report(by, "host", month)["items"]
        first = by.get(f"/v1/oversight/timeliness?side=host&month={month}&limit=2", headers={"accept": "text/csv"})
        rows = list(csv.DictReader(io.StringIO(first.content.decode("utf-8-sig"))))
        second = by.get(first.links["next"]["url"]).json()
        assert len(second["items"]) == 2
        rest, cursor = [], second["next_cursor"]
        if cursor:
            rest = by.get(f"/v1/oversight/timeliness?side=host&month={month}&cursor={cursor}").json()["items"]
    assert [each["function"] for each in (*rows, *second["items"], *rest)] == [each["function"] for each in whole]
    assert rows[0]["told"] == "5"


def test_a_month_that_is_none_is_refused_and_the_last_one_over_is_the_usual(world: World) -> None:
    by = world.as_(LEEDS, "quality_assurance", name="Quinn Auditor")
    assert by.get("/v1/oversight/timeliness?month=2026-13").json()["code"] == "bad_period"
    assert by.get("/v1/oversight/timeliness?month=last").status_code == 400
    today = world.clock().date()
    assert (
        by.get("/v1/oversight/timeliness").json()["month"] == (today.replace(day=1) - timedelta(days=1)).isoformat()[:7]
    )


def test_a_sample_is_drawn_again_from_its_seed_and_is_recorded(world: World, area: str) -> None:
    stories = told(world, area, 4)
    by = world.as_(LEEDS, "quality_assurance", name="Quinn Auditor")
    answer = by.get("/v1/oversight/sample?size=3")
    follows_contract(world, "/v1/oversight/sample", answer)
    first = answer.json()
    assert len(first["items"]) == 3
    again = by.get(f"/v1/oversight/sample?size=3&seed={first['seed']}").json()
    assert again == first
    days = made_at(stories[0].placement).date()
    every = by.get(f"/v1/oversight/sample?size=100&seed=one&from={days}&to={days + timedelta(days=1)}").json()
    assert every["among"] >= 4
    # Of a child kept to named practitioners an auditor is not told who was told.
    assert max(each["recipients"]["told"] for each in every["items"] if each["recipients"]) >= 4
    entry = entries(world, LEEDS, "oversight.read")[-1]
    assert entry["facts"]["list"] == "sample"
    assert entry["facts"]["shown"] == [each["placement_id"] for each in every["items"]]


def test_a_sample_is_of_ones_own_and_of_a_year_at_most(world: World, area: str) -> None:
    told(world, area, 1)
    other = world.as_(area, "quality_assurance", name="Quinn Auditor")
    assert other.get("/v1/oversight/sample").json()["items"] == []
    assert other.get("/v1/oversight/sample?from=2025-01-01&to=2026-11-01").json()["code"] == "bad_period"
    worker = world.as_(LEEDS, name="Asha Rahman").get("/v1/oversight/sample")
    assert worker.json()["code"] == "insufficient_scope"
