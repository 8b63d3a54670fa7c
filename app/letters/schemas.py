"""What letters answer with."""

from typing import Literal

from pydantic import Field

from app.kit.ids import ID_PATTERN
from app.placements.schemas import Shown


class LetterFor(Shown):
    """Somebody who must be told and is not on the service, and their letter; or why there is none."""

    letter_id: str | None = Field(
        pattern=ID_PATTERN, description="Print it at letters/{letter_id}; null: no letter now"
    )
    person: str = Field(description="Who, as the code list told_person has it; or a virtual school")
    name: str | None
    told: str = Field(description="As the notification says: told, told_without_address, withheld, to_be_told ...")
    told_at: str | None
    letter: str | None = Field(description="The kind of letter: a row of letters.toml")
    title: str | None
    basis: str | None
    source: str | None
    sureness: str | None
    facts: list[str] = Field(description="What the letter may hold, where it is known; nothing else is read for it")
    without_address: bool = Field(description="Whatever gives away where the child lives is left out")
    left_out: str | None = Field(description="What is not in it, and why")
    has_address: bool = Field(description="Whether the notification says where the letter goes")
    languages: list[Literal["en", "cy"]]
    why_not: str | None = Field(description="Why no letter is printed now")
    why_not_in_words: str | None
    what_to_do: str | None


class LettersOf(Shown):
    """The letters of one notification, the child's first."""

    notification_id: str = Field(pattern=ID_PATTERN)
    items: list[LetterFor]
