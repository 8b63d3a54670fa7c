"""What every section of a health passport is made of: where its words come from, and lists never blank by accident."""

from typing import Annotated, Any, Generic, Literal, TypeVar

from pydantic import Discriminator, Field, Tag
from typing_extensions import TypeAliasType

from app.standard.base import Document, Section
from app.standard.codes import Code
from app.standard.constraints import Leaf
from app.standard.leaves import Day, Line, Maybe, Name

T = TypeVar("T")

Entries = Annotated[tuple[T, ...], Field(min_length=1, max_length=200)]
"""One to two hundred."""

Quantity = Annotated[float, Field(ge=0, le=100000, allow_inf_nan=False)]
Kilograms = Annotated[float, Field(ge=0, le=999, allow_inf_nan=False)]
Centimetres = Annotated[float, Field(ge=0, le=999, allow_inf_nan=False)]
Weeks = Annotated[int, Field(ge=0, le=99)]
SdqScore = Annotated[int, Field(ge=0, le=40)]

SnomedCode = Annotated[
    str,
    Leaf(
        "snomed_code",
        "A code of SNOMED CT or dm+d: 6 to 18 digits, the first not 0.",
        r"^[1-9][0-9]{5,17}$",
        18,
        "91936005",
    ),
]
"""Always beside words: the words are what a reader without the terminology has."""


class Recorder(Document):
    """Whoever wrote the section down."""

    name: Name
    """Who."""
    role: Line
    """Their role."""
    organisation: Maybe[Line] = None
    """Whom they work for."""


class Provenance(Document):
    """Where a section comes from and how old it is. Its controller is the organisation that publishes it."""

    source: Annotated[str, Code("passport_source")]
    """Where it comes from."""
    as_of: Day
    """The day it was known to be so. Carried forward, this day stays."""
    detail: Maybe[Line] = None
    """More about the source, such as the kind of record."""
    recorded_by: Maybe[Recorder] = None
    """Who wrote it down, if not whoever publishes it."""
    last_confirmed_on: Maybe[Day] = None
    """The day it was last looked at and found still true."""
    last_confirmed_by: Maybe[Line] = None
    """Who found it still true."""
    review_due_on: Maybe[Day] = None
    """When it should be looked at again."""


class HealthSection(Section):
    """A section of the passport. Published, it replaces the earlier one whole; absent, nothing changes."""

    provenance: Provenance
    """Where it comes from and how old it is."""


class KnownItems(Document, Generic[T]):
    """What is known."""

    state: Literal["known"]
    """There are entries."""
    items: Entries[T]
    """Each of them."""

    @classmethod
    def model_parametrized_name(cls, params: tuple[Any, ...]) -> str:
        return "Known" + "".join(each.__name__ for each in params)


# Each list of its own takes the descriptions from here. Looking for their source again, through every frame of the
# imports under way, took half of what a start of the service costs.
KnownItems.model_config = {**KnownItems.model_config, "use_attribute_docstrings": False}


class NilKnown(Document):
    """Asked, and there is none. It is never assumed from an empty list."""

    state: Literal["nil_known"]
    """Someone was asked, and there is none."""
    according_to: Line
    """Who said so: the child, a parent, the record."""
    on: Day
    """When."""


class ListNotKnown(Document):
    """Asked or looked for, and still not known."""

    state: Literal["not_known"]
    """It is not known."""
    reason: Annotated[str, Code("not_known_reason")]
    """Why."""
    detail: Maybe[Line] = None
    """Who is finding out, and how."""


class NotAsked(Document):
    """Nobody has asked yet."""

    state: Literal["not_asked"]
    """Nobody has asked."""
    ask_by: Maybe[Day] = None
    """By when it will be asked."""
    detail: Maybe[Line] = None
    """Why not, and who will ask."""


class ListDeclined(Document):
    """Asked, and the child or whoever speaks for them chose not to say or to have it done."""

    state: Literal["declined"]
    """It was declined."""
    on: Day
    """When."""
    by: Annotated[str, Code("declined_by")]
    """Who declined."""
    reason: Maybe[Line] = None
    """Why, in their words."""
    alternative_offered: Maybe[Line] = None
    """What was offered instead.
    Source: Reviews of practice: support was declined and closed"""
    ask_again_on: Maybe[Day] = None
    """When it will be offered again."""
    asked_next_by: Maybe[Line] = None
    """Who tries next."""


STATES = ("known", "nil_known", "not_known", "not_asked", "declined")
"""What a list may say of itself."""


def _state(sent: object) -> str:
    if isinstance(sent, dict):
        return f"~{sent.get('state')}"
    return f"~{getattr(sent, 'state', 'known')}"


_by_state = Discriminator(
    _state,
    custom_error_type="union_tag_invalid",
    custom_error_context={"discriminator": "'state'", "tag": "", "expected_tags": ", ".join(STATES)},
)

Listed = TypeAliasType(
    "Listed",
    Annotated[
        Annotated[KnownItems[T], Tag("~known")]
        | Annotated[NilKnown, Tag("~nil_known")]
        | Annotated[ListNotKnown, Tag("~not_known")]
        | Annotated[NotAsked, Tag("~not_asked")]
        | Annotated[ListDeclined, Tag("~declined")],
        _by_state,
    ],
    type_params=(T,),
)
"""A list that says of itself whether it is known, nil, not known, not asked or declined."""
