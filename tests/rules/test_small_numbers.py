"""What is kept back of small numbers cannot be worked out from what is told."""

from itertools import product
from typing import Any

import pytest

from app.oversight.models import COUNTS
from app.oversight.policy import ETHNICITY, OF, TIMELINESS, TIMES, Report, drawn, told_of, told_time

NONE = dict.fromkeys(COUNTS, 0)


def counts(told: int, **parts: int) -> dict[str, Any]:
    return {**NONE, "told": told, **parts}


def test_a_line_of_fewer_than_five_is_kept_back_and_so_is_another_so_that_no_total_gives_it_away() -> None:
    told, total = told_of([counts(3), counts(40), counts(8), counts(25)])
    assert [each["told"] for each in told] == [None, 40, None, 25]
    assert total["told"] == 76


def test_a_total_is_kept_back_where_too_little_is_hidden_under_it() -> None:
    told, total = told_of([counts(4), counts(2)])
    assert [each["told"] for each in told] == [None, None]
    assert total["told"] is None


def test_a_part_is_kept_back_when_it_or_the_rest_is_small() -> None:
    (told,), total = told_of([counts(12, opened=10, acknowledged=3, retrieved=12)])
    assert (told["opened"], told["acknowledged"], told["retrieved"]) == (None, None, 12)
    assert (total["opened"], total["acknowledged"], total["retrieved"]) == (None, None, 12)


@pytest.mark.parametrize("report", [ETHNICITY, TIMELINESS], ids=["ethnicity", "timeliness"])
def test_a_whole_is_settled_before_its_parts(report: Report) -> None:
    places = list(report.counts)
    assert all(places.index(whole) < places.index(part) for part, whole in report.of.items())


def test_a_part_of_a_part_is_kept_back_when_the_rest_of_it_is_small() -> None:
    begun = dict.fromkeys(ETHNICITY.counts, 0) | {"placements": 30, "out_of_area": 12, "at_a_distance": 10}
    (told,), total = told_of([begun], ETHNICITY)
    assert (told["placements"], told["out_of_area"], told["at_a_distance"]) == (30, 12, None)
    assert total["at_a_distance"] is None
    (told,), _ = told_of([counts(30, retrieved=14, opened=12)])
    assert (told["retrieved"], told["opened"]) == (14, None)
    (told,), _ = told_of([begun | {"out_of_area": 28}], ETHNICITY)
    assert (told["out_of_area"], told["at_a_distance"]) == (None, None)


def test_no_small_number_lies_between_a_count_and_what_it_is_part_of() -> None:
    for retrieved, opened in product(range(31), repeat=2):
        if opened <= retrieved:
            (told,), _ = told_of([counts(30, retrieved=retrieved, opened=opened)])
            shown = [told["told"], told["retrieved"], told["opened"]]
            gaps = [a - b for a, b in product(shown, repeat=2) if a is not None and b is not None]
            assert not [gap for gap in gaps if 0 < gap < 5], (retrieved, opened)


@pytest.mark.parametrize("name", TIMES)
def test_a_time_is_told_only_of_enough_of_them(name: str) -> None:
    enough, of = TIMES[name].enough, TIMES[name].of
    assert enough >= 10
    assert of in OF
    assert told_time(name, 7, {of: enough}) == 7
    assert told_time(name, 7, {of: enough - 1}) is None
    assert told_time(name, 7, {of: None}) is None


def test_none_is_no_small_number() -> None:
    (told,), total = told_of([counts(12)])
    assert (told["opened"], total["opened"]) == (0, 0)


@pytest.mark.parametrize("sizes", [*product((1, 4, 6, 30), repeat=3)])
def test_no_small_line_follows_from_the_total_and_the_other_lines(sizes: tuple[int, ...]) -> None:
    told, total = told_of([counts(size) for size in sizes])
    hidden = [size for size, each in zip(sizes, told, strict=True) if each["told"] is None]
    assert all(size >= 5 or each["told"] is None for size, each in zip(sizes, told, strict=True))
    if total["told"] is not None and hidden:
        assert len(hidden) > 1
        assert total["told"] - sum(each["told"] or 0 for each in told) >= 10


def test_a_draw_is_the_same_for_a_seed_and_takes_each_as_often() -> None:
    ids = [f"plc_{number}" for number in range(50)]
    assert drawn("one", ids, 5) == drawn("one", reversed(ids), 5)
    taken = [each for seed in range(2000) for each in drawn(str(seed), ids, 5)]
    assert len(set(taken)) == 50
    assert all(120 < taken.count(each) < 290 for each in ids)
