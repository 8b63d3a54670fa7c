"""Who has a part in a passport learns of what happened to it; the team that publishes first keeps it."""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Row

from app.children.restrictions import restrictions_for
from app.kit.ids import new_id
from app.organisations.directory import Directory
from app.passports.models import passport_teams
from app.passports.policy import PLACING, TEAM
from app.passports.service.standing import Standing
from app.security.scopes import Function
from app.work.tx import Tx

PUBLISHED, GLASS_BROKEN = "passport.published", "passport.glass_broken"

_HEALTH = Function.CHILDREN_IN_CARE_HEALTH


def hold(tx: Tx, standing: Standing, readers: Sequence[Row[Any]], entry_id: str) -> None:
    """Enter the first children-in-care health team of the placing side that publishes as the one that keeps it."""
    by = tx.by
    if by.function is not _HEALTH or standing.right.side != PLACING or any(each.holds for each in readers):
        return
    if standing.right.code == TEAM:
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
    """Leave a message for every party that sees anything of these sections, but for the team that acts."""
    by, changed = tx.by, set(sections)
    restrictions = restrictions_for(standing.row.restrictions, None)
    told = {(standing.authority, Function.SOCIAL_CARE.value): (PLACING, None)}
    told |= {(code, _HEALTH.value): (PLACING, None) for code in _default_health(tx, directory, standing)}
    told |= {(each.organisation_code, each.function): (each.side, each.placement_id) for each in readers}
    for (organisation, function), (side, placement_id) in told.items():
        seen = standing.rules.view(function, side, restrictions).shared
        if (organisation, function) != (by.organisation, by.function) and not changed.isdisjoint(seen):
            about = {"child_id": standing.child_id, "placement_id": placement_id}
            tx.publish(PUBLISHED, organisation, function, entry_id, **about)


def alert(tx: Tx, directory: Directory, standing: Standing, readers: Sequence[Row[Any]], entry_id: str) -> None:
    """Tell whoever keeps the passport, and the authority, that somebody broke the glass."""
    holders = [each.organisation_code for each in readers if each.holds]
    told = {(code, _HEALTH.value) for code in holders or _default_health(tx, directory, standing)}
    for organisation, function in sorted({*told, (standing.authority, Function.SOCIAL_CARE.value)}):
        tx.publish(GLASS_BROKEN, organisation, function, entry_id, child_id=standing.child_id)


def _default_health(tx: Tx, directory: Directory, standing: Standing) -> list[str]:
    bodies = directory.health_bodies(standing.authority, tx.today)
    return [each.code for each in bodies if each.is_default]
