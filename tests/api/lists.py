"""Lists read to their end, and one placement's place in the register, as JSON and as a spreadsheet has it."""

import csv
import io
from collections.abc import Iterator
from typing import Any

import httpx

from tests.world import Caller


def pages(caller: Caller, path: str, **headers: str) -> Iterator[httpx.Response]:
    """Every page of a list, 200 a page."""
    first = f"{path}{'&' if '?' in path else '?'}limit=200"
    following: str | None = first
    while following:
        answer = caller.get(following, headers=headers)
        assert answer.status_code == 200, answer.text
        yield answer
        following = _next(answer, first)


def items(caller: Caller, path: str) -> list[dict[str, Any]]:
    """Everything that stands in a list, however many other tests fill it."""
    return [each for page in pages(caller, path) for each in page.json()["items"]]


def _next(answer: httpx.Response, first: str) -> str | None:
    if "text/csv" in answer.headers["content-type"]:
        return answer.links.get("next", {}).get("url")
    cursor = answer.json()["next_cursor"]
    return f"{first}&cursor={cursor}" if cursor else None


def register_line(caller: Caller, state: str, placement_id: str) -> Any:
    """The line of one placement in the register."""
    read = items(caller, f"/v1/register?state={state}")
    (line,) = (line for line in read if line["placement_id"] == placement_id)
    return line


def register_row(caller: Caller, state: str, placement_id: str) -> dict[str, str]:
    """The same line of the spreadsheet, by column."""
    read = pages(caller, f"/v1/register?state={state}", accept="text/csv")
    rows = (row for page in read for row in csv.DictReader(io.StringIO(page.text)))
    (row,) = (row for row in rows if row["placement_id"] == placement_id)
    return row
