"""What is searched by, and what is found, in the API's own words."""

from typing import Literal, Self

from pydantic import ConfigDict, Field, TypeAdapter, model_validator
from pydantic_core import PydanticCustomError

from app.kit.ids import ID_PATTERN
from app.placements.schemas import Shown
from app.standard.base import Document
from app.standard.leaves import Day, GssArea, LocalId, Maybe, Name, NhsNumber

_TOGETHER = ("given_names", "family_name", "date_of_birth")
_ALONE = ("nhs_number", "local_id", "host_area")
_ENOUGH: tuple[tuple[str, ...], ...] = (*((name,) for name in _ALONE), _TOGETHER)


class PlacementSearch(Document):
    """What is known of the child looked for: a number, or both names and the date of birth, or where they live now."""

    model_config = ConfigDict(json_schema_extra={"anyOf": [{"required": [*names]} for names in _ENOUGH]})

    nhs_number: Maybe[NhsNumber] = None
    """NHS number."""
    local_id: Maybe[LocalId] = None
    """The placing authority's own number for the child; yours, unless placing_authority names another."""
    given_names: Maybe[Name] = None
    """First name or names."""
    family_name: Maybe[Name] = None
    """Family name."""
    date_of_birth: Maybe[Day] = None
    """Date of birth."""
    placing_authority: Maybe[GssArea] = None
    """The authority that looks after the child, if it is known."""
    host_area: Maybe[GssArea] = None
    """The authority whose area the child lives in. By itself: everybody who lives there now."""
    state: Maybe[Literal["consulted", "active", "ended", "withdrawn"]] = None
    """Only placements in this state."""

    @model_validator(mode="after")
    def _enough(self) -> Self:
        parts = [getattr(self, name) is not None for name in _TOGETHER]
        if any(parts) != all(parts) or not (any(parts) or any(getattr(self, name) for name in _ALONE)):
            message = "Send nhs_number, local_id or host_area, or given_names, family_name and date_of_birth together."
            raise PydanticCustomError("one_of", "{rule}", {"rule": message})
        return self


class PlacementFound(Shown):
    """A placement you are a party to that fits. What you may not see of it is null."""

    placement_id: str = Field(pattern=ID_PATTERN)
    child_id: str | None
    placing_authority: str
    host_area: str | None
    state: Literal["consulted", "active", "ended", "withdrawn"]
    started_on: str | None
    ended_on: str | None
    your_side: Literal["placing", "host"]


class PlacementsFound(Shown):
    """What was found. Nothing found, nothing of yours and nothing you may be told of are the same answer."""

    items: list[PlacementFound]
    next_cursor: str | None


PLACEMENT_SEARCH = TypeAdapter(PlacementSearch)
