"""CSV that is safe to open: text that a spreadsheet would run as a formula is shown as text instead."""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence

_RUNS: tuple[str, ...] = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_BYTE_ORDER_MARK = "\ufeff"
"""Without it the spreadsheets that councils use read UTF-8 as something else and spoil names."""


def sheet(columns: Sequence[str], rows: Iterable[Mapping[str, str]]) -> bytes:
    """Lines of CSV (RFC 4180) in UTF-8, the column names first; a cell that is not there is empty."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(columns)
    writer.writerows([neutral(row.get(name, "")) for name in columns] for row in rows)
    return (_BYTE_ORDER_MARK + text.getvalue()).encode()


def neutral(cell: str) -> str:
    """The cell with an apostrophe before anything a spreadsheet would take as the start of a formula."""
    return "'" + cell if cell.lstrip(" \u00a0").startswith(_RUNS) else cell
