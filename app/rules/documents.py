"""Who may open which kind of document, beyond being told that there is one. Pure.

A document is opened by a party that is given its line of the section ``documents``, that the row of its type names,
and from whom no restriction takes the document away. A type without a row is opened by nobody.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from itertools import product
from typing import Any, Final

from app.rules.disclosure import ALL, Disclosure, Restrictions, View
from app.rules.rows import EditionError, Row, read_rows, refuse_twice, refuse_unknown
from app.rules.words import FUNCTIONS, SIDES

SECTION: Final = "documents"
_TABLE: Final = "documents.toml"
_TAKEN_AWAY: Final = "documents.items.document_id"
"""What a restriction removes so that a document is neither named nor opened."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentRow(Row):
    """The parties, as side.function, that may open a document of this type."""

    applies: frozenset[str] = frozenset()
    type: str
    opens: frozenset[str]


@dataclass(frozen=True, eq=False, slots=True)
class Documents:
    """The table of one edition, and the tables of disclosure it narrows."""

    rows: Mapping[str, DocumentRow]
    disclosure: Disclosure

    def opens(self, types: Collection[str], party: tuple[str, str], state: str, restrictions: Restrictions) -> bool:
        """Whether a party, a side and a function, may open what is of all these types. Closed by default."""
        side, function = party
        named = f"{side}.{function}"
        return (
            bool(types)
            and all(each in self.rows and named in self.rows[each].opens for each in types)
            and given(self.disclosure.view(function, side, state, restrictions))
            and not self._taken_away(named, restrictions)
        )

    def _taken_away(self, party: str, restrictions: Restrictions) -> bool:
        reaching = (
            self.disclosure.restrictions[kind]
            for kind, spared in restrictions
            if self.disclosure.restrictions[kind].reaches(party, spared)
        )
        return any(_TAKEN_AWAY in row.removes for row in reaching)


def given(view: View) -> bool:
    """Whether a view is told which documents there are."""
    fields = view.shared.get(SECTION, frozenset())
    return fields is ALL or "items" in fields or "items.type" in fields


def read_documents(raw: Any, disclosure: Disclosure) -> Documents:
    """Read the table. Raises EditionError, also where it names a party that is not told of any document."""
    rows = read_rows(DocumentRow, _TABLE, raw)
    refuse_twice(_TABLE, [row.type for row in rows])
    parties = [f"{side}.{function}" for side, function in product(SIDES, FUNCTIONS)]
    for row in rows:
        where = f"{_TABLE}: {row.code}"
        refuse_unknown(where, "party", row.opens, parties)
        for side, function in (party.split(".") for party in sorted(row.opens)):
            if not given(disclosure.view(function, side, "active")):
                raise EditionError(f"{where}: {side}.{function} is not told of documents")
    return Documents({row.type: row for row in rows}, disclosure)
