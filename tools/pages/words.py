"""Markdown from data: tables whose cells hold any text, and our codes as words."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

GENERATED = "*This page is made from the data the service itself runs on.*\n"

LABELS: Mapping[str, str] = {
    "acknowledge": "To answer within",
    "ages": "At ages (years, first and last)",
    "any_case": "Holds even where the law of the case is not held",
    "applies": "When",
    "by": "By the clock of",
    "length": "How long",
    "met_by": "Stopped by",
    "needs": "What is needed",
    "not_known": "“Not known” as an answer",
    "source": "Source",
    "starts": "Counted from",
    "sureness": "How surely known",
    "todo": "What to do",
    "unless": "Unless",
    "why": "Why",
}
SURE: Mapping[str, str] = {
    "read": "read in its source",
    "commonly_known": "commonly known, not read in a source",
    "not_confirmed": "not confirmed: have it checked",
}


def label(name: str) -> str:
    """The name of a field as a heading."""
    return LABELS.get(name, plain(name).capitalize())


def team(function: str) -> str:
    """A function as it is written."""
    return function.upper() if function in ("send", "camhs") else plain(function).capitalize()


def plain(code: str) -> str:
    """A code of ours as words."""
    return code.replace("_", " ")


def cell(value: Any) -> str:
    """A value as it stands in a cell: never a line break or a bar that would end it, nor anything read as HTML."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Mapping):
        return "<br>".join(f"{plain(str(name))}: {cell(inner)}" for name, inner in value.items())
    if isinstance(value, (list, tuple, set, frozenset)):
        return ", ".join(cell(each) for each in value)
    text = " ".join(str(value).split())
    return text.replace("&", "&amp;").replace("<", "&lt;").replace("|", "\\|").replace("*", "\\*").replace("_", "\\_")


def code(text: str) -> str:
    """Text set as code in a cell."""
    return f"`{text}`".replace("|", "\\|")


def table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table of ready cells."""
    lines = [" | ".join(heads), " | ".join("---" for _ in heads), *(" | ".join(row) for row in rows)]
    return "\n".join(f"| {line} |" for line in lines) + "\n"
