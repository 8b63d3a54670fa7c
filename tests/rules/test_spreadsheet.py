"""Cells that a spreadsheet would run, and cells it would not."""

import csv
import io

import pytest

from app.kit.spreadsheet import neutral, sheet


@pytest.mark.parametrize(
    "cell", ["=1+1", "+44", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", " =1", "\u00a0=1", "＝1", "＋1", "－1", "＠1"]
)
def test_what_begins_like_a_formula_is_text(cell: str) -> None:
    assert neutral(cell) == "'" + cell


@pytest.mark.parametrize("cell", ["", "Rowan", "01632 960001", "O'Example", "a=b", "Not - yet"])
def test_what_does_not_is_left_alone(cell: str) -> None:
    assert neutral(cell) == cell


def test_quotes_commas_and_lines_come_back_as_they_were() -> None:
    text = 'One, "two"\nthree'
    content = sheet(("first", "second"), [{"first": text}]).decode("utf-8-sig")
    assert list(csv.DictReader(io.StringIO(content, newline=""))) == [{"first": text, "second": ""}]
