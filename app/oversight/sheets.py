"""The lists and reports of oversight as tables for a spreadsheet."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, get_args

from pydantic import BaseModel

from app.kit.spreadsheet import cell, sheet
from app.placements.schemas import Shown


def as_sheet(model: type[BaseModel], lines: Iterable[Mapping[str, Any]]) -> bytes:
    """The lines as CSV in UTF-8, a column for each field of ``model``; a part of a field has its own column."""
    paths = dict(_paths(model))
    return sheet(tuple(paths), ({name: cell(_at(line, path)) for name, path in paths.items()} for line in lines))


def _paths(model: type[BaseModel], before: tuple[str, ...] = ()) -> Iterator[tuple[str, tuple[str, ...]]]:
    for name, field in model.model_fields.items():
        part = next((each for each in (field.annotation, *get_args(field.annotation)) if _is_part(each)), None)
        if part is None:
            yield "_".join((*before, name)), (*before, name)
        else:
            yield from _paths(part, (*before, name))


def _is_part(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, Shown)


def _at(line: Any, path: Iterable[str]) -> Any:
    for name in path:
        line = line.get(name) if isinstance(line, Mapping) else None
    return [_short(each) for each in line] if isinstance(line, list) else line


def _short(value: Any) -> Any:
    """Of something owed, what it is: the rest stands in the JSON."""
    return value["item"] if isinstance(value, Mapping) and "item" in value else value
