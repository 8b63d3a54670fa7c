"""Which leaves of a notification are free text by an adult: what advice on wording may look at.

Found in the models themselves, so a new field of type ``Text`` is looked at and one of type ``OwnWords`` never is.
"""

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any, get_args

from pydantic import BaseModel

from .constraints import Leaf
from .notification import KINDS


def free_texts(section: str, words: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Pointer and text of each free text in a section, the child's own words left out."""
    if words.get("in_own_words") is not True:
        yield from _texts(words, f"/{section}", _fields()[section])


def _texts(value: Any, pointer: str, fields: frozenset[str]) -> Iterator[tuple[str, str]]:
    if isinstance(value, dict):
        for name, inner in value.items():
            if isinstance(inner, str):
                if name in fields:
                    yield f"{pointer}/{name}", inner
            else:
                yield from _texts(inner, f"{pointer}/{name}", fields)
    elif isinstance(value, list):
        for place, inner in enumerate(value):
            yield from _texts(inner, f"{pointer}/{place}", fields)


@cache
def _fields() -> Mapping[str, frozenset[str]]:
    """Section -> names of its fields that hold free text, however deep."""
    found: dict[str, set[str]] = {}
    for kind in KINDS.values():
        for section, field in kind.model_fields.items():
            for model in _models(field.annotation):
                found.setdefault(section, set()).update(_named(model, set()))
    return {section: frozenset(names) for section, names in found.items()}


def _named(model: type[BaseModel], seen: set[type[BaseModel]]) -> Iterator[str]:
    seen.add(model)
    for name, field in model.model_fields.items():
        if _is_text((field.annotation, *field.metadata)):
            yield name
        for inner in _models(field.annotation):
            if inner not in seen:
                yield from _named(inner, seen)


def _models(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for each in get_args(annotation):
        yield from _models(each)


def _is_text(parts: Any) -> bool:
    return any((isinstance(each, Leaf) and each.code == "text") or _is_text(get_args(each)) for each in parts)
