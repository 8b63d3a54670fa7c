"""What is kept back of small numbers cannot be worked out from what is told."""

from itertools import product
from typing import Any

import pytest

from app.oversight.models import COUNTS
from app.oversight.policy import drawn, told_of

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
