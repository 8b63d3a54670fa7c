"""The leaves of every document: bounded texts, identifiers, dates, and the explicit *not known*.

Only check digits are Python; every pattern runs in pydantic's compiled core.
"""

from datetime import date, datetime
from functools import reduce
from operator import or_
from typing import Annotated, Any, TypeVar, get_args

from nhs_number.validate import is_valid
from pydantic import AfterValidator, Discriminator, Field, GetCoreSchemaHandler, Tag
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

from app.kit.ids import ID_PATTERN

from .base import Document
from .codes import Code
from .constraints import Calendar, Leaf

T = TypeVar("T")

_CONTROLS = r"\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069"
# Windows systems write line breaks as carriage return and line feed.
_NOT_IN_TEXT = _CONTROLS.replace(r"\u000b-\u001f", r"\u000b\u000c\u000e-\u001f")
_FREE_TEXT = rf"^[^{_NOT_IN_TEXT}]*[^\s{_NOT_IN_TEXT}][^{_NOT_IN_TEXT}]*$"
_ONE_LINE = rf"^[^\n\t\s{_CONTROLS}]([^\n\t{_CONTROLS}]*[^\s{_CONTROLS}])?$"
_PERSON = r"^[\p{L}][\p{L}\p{M}'\u2019. -]*$"
_PERSON_ANYWHERE = (
    r"^[^\u0000-\u001f!-&(-,/-@\[-`{-\u00a9\u00ab-\u00b4\u00b6-\u00b9\u00bb-\u00bf"
    r"\u2000-\u2018\u201a-\u2070]+$"
)
"""The same rule for engines without Unicode classes: a little wider, never narrower."""
_DATE = r"^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$"
_MOMENT = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,6})?Z$"


class _NeverNull:
    """Takes None out of what is accepted, leaving it only as the mark of a field that was not sent."""

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return handler(reduce(or_, (each for each in get_args(source) if each is not type(None))))


Maybe = Annotated[T | None, _NeverNull()]
"""A field that may be left out. ``None`` in Python means absent; ``null`` in JSON is refused."""

Many = Annotated[tuple[T, ...], Field(min_length=1, max_length=50)]
"""One to fifty. An empty list is refused: leave the field out, or say not known."""

Name = Annotated[
    str,
    Leaf(
        "name",
        "A name: 1 to 100 letters, with spaces, hyphens, apostrophes and full stops.",
        _PERSON,
        100,
        "Rowan O'Example",
        published_pattern=_PERSON_ANYWHERE,
    ),
]
Line = Annotated[
    str,
    Leaf("line", "One line of 1 to 200 characters, without control characters.", _ONE_LINE, 200, "Team Four"),
]
Text = Annotated[
    str,
    Leaf(
        "text",
        "Text of 1 to 4000 characters; of control characters only line breaks and tab.",
        _FREE_TEXT,
        4000,
        "Likes to be asked, not told.",
    ),
]
OwnWords = Annotated[
    str,
    Leaf(
        "own_words",
        "The child's own words, 1 to 4000 characters; of control characters only line breaks and tab.",
        _FREE_TEXT,
        4000,
        "I want to stay at my school.",
    ),
]
"""Never reworded, and never looked at by advice on wording."""
Address = Annotated[
    str,
    Leaf(
        "address",
        "An address of 1 to 300 characters, without the postcode.",
        _FREE_TEXT,
        300,
        "1 Invented Row, Noplace",
    ),
]
Phone = Annotated[
    str,
    Leaf(
        "phone",
        "A telephone number, such as 01632 960001 or +44 1632 960001.",
        r"^\+?[0-9(][0-9 ()-]{5,24}( ext [0-9]{1,6})?$",
        36,
        "01632 960001",
    ),
]
Email = Annotated[
    str,
    Leaf(
        "email",
        "An email address.",
        r"^[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@([A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z]{2,24}$",
        254,
        "duty@council.example",
    ),
]
Postcode = Annotated[
    str,
    Leaf(
        "postcode",
        "A United Kingdom postcode, such as SY1 1AA.",
        r"^[A-Za-z]{1,2}[0-9][A-Za-z0-9]? ?[0-9][A-Za-z]{2}$",
        8,
        "SY1 1AA",
        upper=True,
    ),
]
LocalId = Annotated[
    str,
    Leaf("local_id", "A local child id: 1 to 20 letters and digits.", r"^[A-Za-z0-9]{1,20}$", 20, "LCS00412"),
]
GssArea = Annotated[
    str,
    Leaf(
        "area",
        "The nine-character ONS code of an upper-tier authority, such as E06000051.",
        r"^(E0[689]|E10|W06|S12|N09)[0-9]{6}$",
        9,
        "E06000051",
    ),
]
OrganisationCode = Annotated[
    str,
    Leaf("organisation", "The code of an organisation in the directory.", r"^[A-Z0-9]{3,12}$", 12, "E08000035"),
]
Reference = Annotated[
    str,
    Leaf(
        "reference",
        "A reference: 1 to 80 letters, digits and . _ : / -, beginning with a letter or digit.",
        r"^[A-Za-z0-9][A-Za-z0-9._:/-]{0,79}$",
        80,
        "MOVE-2026-0117",
    ),
]
RegistrationNumber = Annotated[
    str,
    Leaf(
        "registration_number",
        "A registration number: 1 to 30 capital letters, digits and hyphens.",
        r"^[A-Z0-9][A-Z0-9-]{0,29}$",
        30,
        "SC999999",
    ),
]
LocalTime = Annotated[
    str,
    Leaf("time", "A time of day such as 02:10.", r"^([01][0-9]|2[0-3]):[0-5][0-9]$", 5, "02:10"),
]
Digest = Annotated[str, Leaf("digest", "A SHA-256 digest: 64 hexadecimal digits.", r"^[0-9a-f]{64}$", 64, "0" * 64)]
Language = Annotated[
    str,
    Leaf(
        "language",
        "A language tag such as en, cy, ti or pt-BR.",
        r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}$",
        20,
        "cy",
    ),
]


def _ours(kind: str) -> Leaf:
    return Leaf(
        f"{kind}_id",
        "An id this service gave out.",
        ID_PATTERN.replace("[a-z]{3}", kind),
        30,
        f"{kind}_01kb0000000000000000000000",
    )


ChildId = Annotated[str, _ours("chd")]
PlacementId = Annotated[str, _ours("plc")]
RecipientId = Annotated[str, _ours("rcp")]
PractitionerId = Annotated[str, _ours("prc")]
DocumentId = Annotated[str, _ours("doc")]

YesNo = bool
Count = Annotated[int, Field(ge=0, le=999)]
Age = Annotated[int, Field(ge=0, le=17)]
Miles = Annotated[float, Field(ge=0, le=999.9, allow_inf_nan=False)]

Day = Annotated[
    date,
    Calendar(
        "date",
        "A real date written as year-month-day, such as 2026-11-22.",
        _DATE,
        "2026-11-22",
        lambda: core_schema.date_schema(ge=date(1900, 1, 1), le=date(2199, 12, 31), strict=False),
        date,
        "date",
    ),
]
Moment = Annotated[
    datetime,
    Calendar(
        "moment",
        "A moment in UTC, such as 2026-11-22T02:10:00Z.",
        _MOMENT,
        "2026-11-22T02:10:00Z",
        lambda: core_schema.datetime_schema(tz_constraint="aware", strict=False),
        datetime,
        "date-time",
    ),
]


def _checked_nhs_number(text: str) -> str:
    if not is_valid(text):
        raise PydanticCustomError("nhs_number", "The check digit of this NHS number is wrong.")
    return text


NhsNumber = Annotated[
    str,
    Leaf("nhs_number", "An NHS number: ten digits without spaces.", r"^[0-9]{10}$", 10, "9990000018"),
    AfterValidator(_checked_nhs_number),
]

_CHECK_LETTERS = "ABCDEFGHJKLMNPQRTUVWXYZ"


def _checked_upn(text: str) -> str:
    """A temporary number ends in a letter; how that letter weighs is not published where we could read it."""
    if text[-1].isdigit():
        total = sum(place * int(digit) for place, digit in enumerate(text[1:], start=2))
        if _CHECK_LETTERS[total % 23] != text[0]:
            raise PydanticCustomError("upn", "The check letter of this unique pupil number is wrong.")
    return text


Upn = Annotated[
    str,
    Leaf(
        "upn",
        "A unique pupil number: a letter, eleven digits, and a digit or letter.",
        r"^[A-HJ-NP-RT-Z][0-9]{11}[0-9A-HJ-NP-RT-Z]$",
        13,
        "H801200001001",
    ),
    AfterValidator(_checked_upn),
]


class NotKnown(Document):
    """Said in place of a fact: it is not known, and why. It is asked for again until it is known."""

    not_known: Annotated[str, Code("not_known_reason")]
    """Why it is not known."""
    detail: Maybe[Line] = None
    """More about why, or who is finding out."""


def by_key(*keys: str) -> Discriminator:
    """Choose between shapes by which key an object holds. The tags begin with ~ and never reach a pointer."""

    def choose(sent: object) -> str:
        if isinstance(sent, dict):
            return next((f"~{key}" for key in keys if key in sent), "~value")
        return next((f"~{key}" for key in keys if hasattr(sent, key)), "~value")

    return Discriminator(choose)


Known = Annotated[
    Annotated[T, Tag("~value")] | Annotated[NotKnown, Tag("~not_known")],
    by_key("not_known"),
]
"""The fact itself, or why it is not known."""
