"""CSV that is safe to open: text that a spreadsheet would run as a formula is shown as text instead."""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

_RUNS: tuple[str, ...] = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_BYTE_ORDER_MARK = "\ufeff"
"""Without it the spreadsheets that councils use read UTF-8 as something else and spoil names."""

_SAID: Mapping[str, str] = {"not_known": "not known: {}", "estimated": "{} (estimated)", "due": "due {}"}
"""What may stand in place of a plain value, in words."""


def sheet(columns: Sequence[str], rows: Iterable[Mapping[str, str]]) -> bytes:
    """Lines of CSV (RFC 4180) in UTF-8, the column names first; a cell that is not there is empty."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(columns)
    writer.writerows([neutral(row.get(name, "")) for name in columns] for row in rows)
    return (_BYTE_ORDER_MARK + text.getvalue()).encode()


def neutral(text: str) -> str:
    """The cell with an apostrophe before anything a spreadsheet would take as the start of a formula."""
    return "'" + text if text.lstrip(" \u00a0").startswith(_RUNS) else text


def cell(value: Any) -> str:
    """A value of an answer in words."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return "; ".join(map(cell, value))
    if not isinstance(value, Mapping):
        return str(value)
    for key, words in _SAID.items():
        if key in value:
            return words.format(value[key])
    return ", ".join(cell(each) for each in value.values() if each is not None)
