"""Who has a part in a passport learns of what happened to it; the team that publishes first keeps it."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Row

from app.children.restrictions import restrictions_for
from app.children.service.seeing import Sight, see
from app.kit.ids import new_id
from app.organisations.directory import Directory
from app.passports import queries
from app.passports.models import passport_teams
from app.passports.policy import PLACING, reaching, seals_identity
from app.passports.service.standing import Standing, reads_offer
from app.rules.disclosure import Restrictions
from app.rules.edition import current
from app.security.scopes import Function
from app.work.tx import Tx

PUBLISHED, GLASS_BROKEN = "passport.published", "passport.glass_broken"
FIRST_CONTACT = "passport.first_contact"

_HEALTH = Function.CHILDREN_IN_CARE_HEALTH


def readers_of(tx: Tx, *records: str) -> list[Row[Any]]:
    """Everybody with a part in the passport of a child with these records today, but for the authority itself."""
    found = [row for each in records for row in tx.all(queries.READERS, {"child_id": each, "today": tx.today})]
    return [each for each in found if each.offer_state is None or reads_offer(tx, each)]


def seen(tx: Tx, standing: Standing, sight: Sight) -> None:
    """Record that the caller is shown something of a child's health, in whatever form, and tell of a first contact."""
    entry_id = see(tx, sight, standing.row)
    if entry_id:
        first_contact(tx, standing, entry_id)


def first_contact(tx: Tx, standing: Standing, entry_id: str) -> None:
    """Where a team of the host side sees a child's health for the first time, whoever sent it there learns of it.

    An authority that lists a child in its own area to get at a passport is noticed by those who know better.
    """
    by = tx.by
    if standing.row.seen_at is not None:
        return
    team = {"organisation": by.organisation, "function": by.function}
    seen_in = (tx.one(queries.SEEN_BY_TEAM, {"child_id": each, **team}) for each in standing.records)
    if standing.right.side == PLACING or any(seen_in):
        return
    keepers = [each.organisation_code for each in readers_of(tx, *standing.records) if each.holds]
    _tell_keepers(tx, standing, keepers, FIRST_CONTACT, entry_id)


def hold(tx: Tx, standing: Standing, readers: Sequence[Row[Any]], entry_id: str) -> None:
    """Enter the first children-in-care health team of the placing side that publishes as the one that keeps it.

    Where the move by which another team took it over was undone, nobody keeps it: a team that published before does
    again, by the part it never lost.
    """
    by = tx.by
    if by.function is not _HEALTH or standing.right.side != PLACING or any(each.holds for each in readers):
        return
    if standing.row.by_right:
        tx.change(queries.KEEPS_AGAIN, {"b_child_id": standing.child_id, "b_organisation": by.organisation}, touching=1)
        return
    tx.add(
        passport_teams,
        {
            "id": new_id("ptm"),
            "child_id": standing.child_id,
            "organisation_code": by.organisation,
            "function": by.function,
            "side": standing.right.side,
            "by_right": standing.right.code,
            "holds": 1,
            "since_at": tx.at,
            "until_at": None,
            "until_why": None,
            "entry_id": entry_id,
        },
    )


def tell(
    tx: Tx,
    directory: Directory,
    standing: Standing,
    readers: Sequence[Row[Any]],
    sections: Iterable[str],
    entry_id: str,
) -> None:
    """Leave a message for every party that sees anything of these sections, but for the team that acts.

    Of a sealed identity whoever has a part by a home alone is told by that home: it may have come after the seal.
    """
    by, changed = tx.by, set(sections)
    restrictions = restrictions_for(standing.row.restrictions, None)
    homes = homes_of_the_sealed(readers, restrictions)
    told = {(standing.authority, Function.SOCIAL_CARE.value): (PLACING, None)}
    told |= {(code, _HEALTH.value): (PLACING, None) for code in _default_health(tx, directory, standing)}
    told |= {(each.organisation_code, each.function): (each.side, each.placement_id) for each in readers}
    for (organisation, function), (side, placement_id) in told.items():
        seen = standing.rules.view(function, side, restrictions).shared
        if (organisation, function) != (by.organisation, by.function) and not changed.isdisjoint(seen):
            child_id = None if (organisation, function) in homes else standing.shown_id
            tx.publish(PUBLISHED, organisation, function, entry_id, child_id=child_id, placement_id=placement_id)


def homes_of_the_sealed(readers: Sequence[Row[Any]], restrictions: Restrictions) -> Mapping[tuple[str, str], str]:
    """By organisation and function, the home a party is told of that has no more, and must not know the child again."""
    rules = current().passports.restrictions
    known = {(each.organisation_code, each.function) for each in readers if each.placement_id is None}
    return {
        (each.organisation_code, each.function): each.placement_id
        for each in readers
        if (each.organisation_code, each.function) not in known
        and seals_identity(reaching(rules, f"{each.side}.{each.function}", restrictions))
    }


def alert(tx: Tx, directory: Directory, standing: Standing, readers: Sequence[Row[Any]], entry_id: str) -> None:
    """Tell whoever keeps the passport, and the authority, that somebody broke the glass."""
    keepers = [each.organisation_code for each in readers if each.holds]
    _tell_keepers(tx, standing, keepers or _default_health(tx, directory, standing), GLASS_BROKEN, entry_id)


def _tell_keepers(tx: Tx, standing: Standing, keepers: Iterable[str], topic: str, entry_id: str) -> None:
    told = {(code, _HEALTH.value) for code in keepers} | {(standing.authority, Function.SOCIAL_CARE.value)}
    for organisation, function in sorted(told - {(tx.by.organisation, tx.by.function.value)}):
        tx.publish(topic, organisation, function, entry_id, child_id=standing.shown_id)


def _default_health(tx: Tx, directory: Directory, standing: Standing) -> list[str]:
    bodies = directory.health_bodies(standing.authority, tx.today)
    return [each.code for each in bodies if each.is_default]
