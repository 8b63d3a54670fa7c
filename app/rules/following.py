"""What follows a child to the authority that takes over: sections of the passport, and kinds of documents. Pure."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

from app.rules.rows import EditionError, Row, read_rows, refuse_twice, refuse_unknown
from app.rules.words import PASSPORT_SECTIONS

_TABLE: Final = "transfer.toml"
_EVERYBODY: Final = ("history", "passport", "document")


@dataclass(frozen=True, slots=True, kw_only=True)
class PassportRow(Row):
    """Whether sections of the health passport follow."""

    applies: frozenset[str] = frozenset()
    sections: frozenset[str]
    follows: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentRow(Row):
    """Whether documents of these types follow."""

    applies: frozenset[str] = frozenset()
    types: frozenset[str]
    follows: bool


@dataclass(frozen=True, eq=False)
class Following:
    """The tables of one edition."""

    passport: tuple[PassportRow, ...]
    document: tuple[DocumentRow, ...]

    @cached_property
    def sections(self) -> frozenset[str]:
        """The sections of the passport that follow."""
        return frozenset().union(*(row.sections for row in self.passport if row.follows))

    @cached_property
    def types(self) -> frozenset[str]:
        """The types of documents that follow."""
        return frozenset().union(*(row.types for row in self.document if row.follows))


def read_following(raw: Mapping[str, Any], document_types: Collection[str]) -> Following:
    """Read the tables. Raises EditionError unless every section and every type that anybody opens is decided, once."""
    refuse_unknown(_TABLE, "table", raw, _EVERYBODY)
    made = Following(
        read_rows(PassportRow, _TABLE, raw.get("passport")), read_rows(DocumentRow, _TABLE, raw.get("document"))
    )
    _refuse_gaps("section", (row.sections for row in made.passport), PASSPORT_SECTIONS)
    _refuse_gaps("document", (row.types for row in made.document), document_types)
    return made


def _refuse_gaps(what: str, named: Iterable[Collection[str]], known: Collection[str]) -> None:
    found = [each for names in named for each in sorted(names)]
    refuse_unknown(_TABLE, what, found, known)
    refuse_twice(_TABLE, found)
    if missing := sorted(set(known).difference(found)):
        raise EditionError(f"{_TABLE}: says nothing of {what} {missing[0]}")
