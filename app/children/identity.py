"""Who a child is, sealed, and how the authority finds the child again without reading it. Pure."""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, TypedDict

import orjson

from app.children.restrictions import NO_RESTRICTIONS
from app.kit.ids import new_id
from app.standard.requests import ChildRecord
from app.vault.vault import Vault

FACTS: tuple[str, ...] = tuple(ChildRecord.model_fields)
"""What the identity document holds, in its order. The rest of a child section stays in its notification."""


ADULT = 18
_LEAP_DAY = (2, 29)


class Indexes(TypedDict):
    """What a child's row holds in the clear of who the child is: keyed digests, and the year of the 18th birthday.

    None where the fact is not known.
    """

    local_id_index: str
    nhs_number_index: str | None
    name_and_birth_index: str | None
    adult_in: str | None


@dataclass(frozen=True, slots=True)
class NewChild:
    """A child about to be stored: the two rows, and the raw key for what else is sealed in the same unit."""

    id: str
    organisation: str
    key: bytes
    wrapped: bytes
    master_key_id: str
    identity: bytes
    sealed: bytes
    indexes: Indexes
    restrictions: str = NO_RESTRICTIONS

    def child_row(self, at: str, entry_id: str) -> dict[str, Any]:
        """The row of ``children``."""
        return {
            "id": self.id,
            "organisation_code": self.organisation,
            **self.indexes,
            "sealed": self.sealed,
            "version": 1,
            "state": "active",
            "restrictions": self.restrictions,
            "created_at": at,
            "entry_id": entry_id,
        }

    def key_row(self, at: str) -> dict[str, Any]:
        """The row of ``child_keys``."""
        return {
            "child_id": self.id,
            "organisation_code": self.organisation,
            "wrapped": self.wrapped,
            "master_key_id": self.master_key_id,
            "created_at": at,
            "destroyed_at": None,
        }


def new_child(vault: Vault, organisation: str, child: Mapping[str, Any]) -> NewChild:
    """Make a child of ``organisation`` from a child record or the child section of a notification.

    ``child`` must say ``local_id``. The key is fresh; nothing is stored here.
    """
    child_id = new_id("chd")
    made = vault.new_key(child_id, organisation)
    identity = orjson.dumps(identity_of(child))
    sealed = vault.seal(made.key, identity_name(child_id), identity)
    return NewChild(child_id, organisation, *made, identity, sealed, indexes(vault, organisation, child))


def identity_name(child_id: str) -> str:
    """What a sealed identity is bound to: it opens nowhere else."""
    return f"{child_id}|identity"


def identity_of(child: Mapping[str, Any]) -> dict[str, Any]:
    """The identity document within a child record or child section."""
    return {name: child[name] for name in FACTS if name in child}


def indexes(vault: Vault, organisation: str, child: Mapping[str, Any]) -> Indexes:
    """The blind indexes of a child, within one organisation: equal facts elsewhere give another digest."""
    return {
        "local_id_index": local_id_index(vault, organisation, child["local_id"]),
        "nhs_number_index": fact_index(vault, organisation, "nhs_number", child),
        "name_and_birth_index": fact_index(vault, organisation, "name_and_birth", child),
        "adult_in": _adult_in(child.get("date_of_birth")),
    }


def fact_index(vault: Vault, organisation: str, fact: str, child: Mapping[str, Any]) -> str | None:
    """The index of an NHS number (``nhs_number``), or of both names and the day of birth (``name_and_birth``)."""
    if fact == "nhs_number":
        found = child.get("nhs_number") if isinstance(child.get("nhs_number"), str) else None
    else:
        name, born = _name(child), _day(child.get("date_of_birth"))
        found = f"{name}|{born}" if name and born else None
    return vault.index(f"child.{fact}", f"{organisation}|{found}") if found else None


def local_id_index(vault: Vault, organisation: str, local_id: str) -> str:
    """The index a local id is found by. Exact: two ids that differ in case may be two children."""
    return vault.index("child.local_id", f"{organisation}|{local_id}")


def turns_18(born: Any) -> date | None:
    """The 18th birthday; None where the date of birth is an estimate or not known: nobody comes of age by a guess.

    A child born on 29 February comes of age on 1 March.
    """
    if not isinstance(born, str):
        return None
    day = date.fromisoformat(born)
    if (day.month, day.day) == _LEAP_DAY:
        day += timedelta(days=1)
    return day.replace(year=day.year + ADULT)


def _adult_in(born: Any) -> str | None:
    day = turns_18(born)
    return str(day.year) if day else None


def _day(born: Any) -> str | None:
    """The date to compare by, an estimate like a date; none for a child not born yet."""
    return born.get("estimated") if isinstance(born, dict) else born


def _name(child: Mapping[str, Any]) -> str:
    """Both names as plain letters in any order, so that an accent, a hyphen or a swap hides nobody."""
    names = child.get("given_names"), child.get("family_name")
    if not all(isinstance(name, str) for name in names):
        return ""
    plain = unicodedata.normalize("NFKD", " ".join(map(str, names)).casefold())
    letters = "".join(" " if each in " -" else each for each in plain if each.isalpha() or each in " -")
    return " ".join(sorted(letters.split()))
