"""What a team must be to change a section: one that writes it, and that is shown the whole of it."""

from collections.abc import Mapping

from app.children.errors import ChildRestricted
from app.kit.errors import Fault
from app.passports.errors import SectionNotYours
from app.passports.service.sensitive import check_open
from app.passports.service.standing import Standing, view_of
from app.security.errors import InsufficientScope, PractitionerRequired
from app.security.scopes import Scope
from app.work.tx import Tx


def check_writer(tx: Tx, standing: Standing, pointers: Mapping[str, str]) -> None:
    """Insist that the caller may change these sections, each named by the pointer its refusal is told at.

    Raises PassportNotForYou, SectionNotYours, InsufficientScope, PractitionerRequired, ChildRestricted,
    SensitivePartClosed.
    """
    view, party = view_of(tx, standing), standing.party
    if foreign := [pointer for name, pointer in pointers.items() if name not in party.writes]:
        told = "Your team does not write this section."
        raise SectionNotYours(faults=[Fault(pointer, "not_yours", told) for pointer in foreign])
    sensitive = pointers.keys() & party.sensitive
    if sensitive and Scope.PASSPORTS_READ_SENSITIVE not in tx.by.scopes:
        raise InsufficientScope(f"A sensitive part needs the scope {Scope.PASSPORTS_READ_SENSITIVE}.")
    if tx.by.practitioner_id is None and not sensitive.isdisjoint(party.by_name):
        # Before anything is asked that depends on what is held: a system could not have read it.
        raise PractitionerRequired
    whole = standing.rules.sensitive_view(tx.by.function, standing.right.side, standing.restrictions, party.sensitive)
    for name in pointers:
        seen = whole if name in sensitive else view
        # Whoever does not see the whole of a section would replace words that were never shown to them.
        if name not in seen.shared or name in seen.removed:
            raise ChildRestricted
    check_open(tx, standing, sensitive)
