"""What follows a child to the authority that takes over, besides its placement, by transfer.toml."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row

from app.children.identity import NewChild
from app.documents.service import following as documents
from app.documents.service.following import Former, Papers
from app.documents.service.keeping import CHILD, Holder
from app.lives.service.carrying import Party
from app.organisations.directory import Directory
from app.passports.queries import KEEPER
from app.passports.service import following as passports
from app.passports.service.following import Arriving, Leaving, Passed
from app.rules.edition import current
from app.transfers.changes import LAPSE_OTHERS
from app.work.tx import Tx


@dataclass(frozen=True, slots=True)
class Followed:
    """What followed and what stayed, to be told to whoever took over."""

    passport: Passed
    papers: Papers

    def told(self) -> dict[str, Any]:
        """As it is answered. A sensitive part is not named: that it stayed would tell that it is there."""
        stayed = [("passport", name, why) for name, why in self.passport.stayed]
        stayed += [("document", kind, why) for kind, why in self.papers.stayed]
        return {
            "passport": self.passport.followed,
            "documents": len(self.papers.ids),
            "stayed": [dict(zip(("what", "name", "reason"), each, strict=True)) for each in stayed],
        }


def papers_follow(tx: Tx, row: Row[Any], keys: Mapping[str, bytes], made: NewChild) -> Papers:
    """The documents the table lets follow, for the new record; ``keys`` are the former records' by their ids."""
    into = Holder(made.id, made.organisation, made.key, CHILD, made.id)
    return documents.follow(tx, Former(row.organisation_code, keys), into, current().following.types, row.id)


def passport_follows(
    tx: Tx, directory: Directory, left: Leaving, made: NewChild, told: Iterable[Party], entry_id: str
) -> Passed:
    """The newest words of the passport, and the part of the health teams that had taken it over."""
    health = frozenset(organisation for organisation, function in told if function == KEEPER)
    return passports.follow(tx, directory, left, Arriving(made, health, entry_id), current().following.sections)


def offers_lapse(tx: Tx, child_id: str) -> None:
    """Nobody takes the former passport over any more, by any record of the child: it is offered under the new one."""
    tx.change(LAPSE_OTHERS, {"b_child_id": child_id, "b_but": "", "b_at": tx.at}, touching=None)
