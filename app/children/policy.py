"""What may be done with a child's record. Pure."""

from collections.abc import Collection, Mapping
from typing import Any

from app.access.disclosure import shows_child_id
from app.children.restrictions import Stored
from app.rules.disclosure import View

Identity = Mapping[str, Any]

SECTION = "child"
OWN_RECORD = "own_record"
"""Why the authority that answers for a child reads its record and its papers: it is theirs."""
"""Identity is disclosed by the row of the disclosure table that governs a notification's child section."""

NAMED_PRACTITIONERS_ONLY = "named_practitioners_only"
IDENTITY_SEALED = "identity_sealed"
CONFIDENTIAL_ADDRESS = "confidential_address"

TWO_PEOPLE = frozenset({IDENTITY_SEALED})
"""Kinds never lifted by whoever set them. Joining an adopted child's old and new identity cannot be undone, so
one person's mistake or wish must not be enough. The others are lifted by anyone with the right, by name and
with a reason: an address that became safe, or a lock whose holder has left, must not wait for one person."""

_GOES_WITH = {"upn": "upn_unknown_reason"}
"""Facts that explain the absence of another; they go when it is corrected."""


def seen(view: View, identity: Identity) -> dict[str, Any] | None:
    """The part of an identity document this party may see; None where it is withheld."""
    return view.apply(SECTION, identity) if SECTION in view.shared else None


def addressable(view: View) -> bool:
    """Whether a party may ask for a child by its id: where it may know that id, or a lock is all that keeps it out."""
    return shows_child_id(view) or view.withheld.get(SECTION) == NAMED_PRACTITIONERS_ONLY


def hides(view: View, identity: Identity, names: Collection[str]) -> bool:
    """Whether any of these facts, as the record holds them, is kept from this party."""
    shown = seen(view, identity)
    return shown is None or any(identity.get(name) != shown.get(name) for name in names)


def differing(identity: Identity, facts: Identity) -> dict[str, Any]:
    """The facts sent that are not what the record holds."""
    return {name: value for name, value in facts.items() if identity.get(name) != value}


def corrected(identity: Identity, facts: Identity) -> dict[str, Any]:
    """The identity document with these facts put right."""
    stale = {_GOES_WITH[name] for name in facts if name in _GOES_WITH}
    return {**{name: value for name, value in identity.items() if name not in stale}, **facts}


def findable(restrictions: Collection[Stored]) -> bool:
    """Whether a child may be named as a possible duplicate: never where that would join two identities."""
    return all(each["kind"] != IDENTITY_SEALED for each in restrictions)


def keeps_address(restrictions: Collection[Stored]) -> bool:
    """Whether the child's address is confidential."""
    return any(each["kind"] == CONFIDENTIAL_ADDRESS for each in restrictions)
