"""The fields of each section as the standard orders them, and their code lists: read from the models themselves."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import Any, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from app.standard.codes import Code
from app.standard.leaves import NotKnown
from app.standard.passport.document import HealthPassport
from app.standard.passport.leaves import Listed


@dataclass(frozen=True, slots=True)
class Field:
    """A field: whether it is a list that says of itself what is known, its list of codes, and the fields inside it."""

    name: str
    listed: bool
    codes: str | None
    inside: "Shape"


Shape = Mapping[str, Field]
"""The fields of an object by name, in the order of the standard."""

_PROVENANCE = "provenance"


@cache
def shape_of(section: str) -> Shape:
    """The fields of a section, without where it comes from. Raises KeyError."""
    (model,) = _models(HealthPassport.model_fields[section].annotation)
    return MappingProxyType({name: each for name, each in _shape(model).items() if name != _PROVENANCE})


def _shape(*models: type[BaseModel]) -> Shape:
    fields = {name: info for model in models for name, info in model.model_fields.items()}
    return MappingProxyType({name: _field(name, info) for name, info in fields.items()})


def _field(name: str, info: FieldInfo) -> Field:
    codes = next((each.name for each in (*info.metadata, *_marks(info.annotation)) if isinstance(each, Code)), None)
    return Field(name, _is_listed(info.annotation), codes, _shape(*_models(info.annotation)))


def _is_listed(annotation: Any) -> bool:
    return get_origin(annotation) is Listed or any(map(_is_listed, get_args(annotation)))


def _models(annotation: Any) -> Iterator[type[BaseModel]]:
    """Every model a field may hold but the one that says that a fact is not known."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        if annotation is not NotKnown:
            yield annotation
        return
    for each in get_args(annotation):
        yield from _models(each)


def _marks(annotation: Any) -> Iterator[Any]:
    """Everything an annotation says of its values, but for the reason why a fact is not known."""
    yield from getattr(annotation, "__metadata__", ())
    for each in get_args(annotation):
        yield from _marks(each)
