"""What the register does by itself: it learns from the ledger who came into care, and tells owners what fell due.

A position in the ledger is given only after the commit, so following it misses no child. Raising is done child by
child, each in a transaction of its own, and done again it changes nothing: a crash repeats some and loses none.
"""

from collections.abc import Iterable, Mapping, Sequence, Set
from typing import Any, Final

import orjson
from sqlalchemy import Row, insert

from app.assessments import queries
from app.assessments.models import assessments_place
from app.assessments.policy import Team, tell_next
from app.assessments.service.owning import must_read, take_from_who_left
from app.assessments.service.parties import social_care, teams_of, tell
from app.assessments.service.raising import raise_for, records_of
from app.assessments.service.recording import Held, held_in
from app.ledger.actions import Action
from app.ledger.following import LEAVES
from app.organisations.directory import Directory, DirectoryCache
from app.placements.service.care_over import IN_CARE
from app.work.resources import Resources
from app.work.tx import Tx
from app.work.unit import Work

BATCH: Final = 500
_PAGE: Final = 100
_NEWS: Final = frozenset(
    {
        Action.CHILD_CREATED,
        Action.CHILD_CORRECTED,
        Action.CHILD_CARE_RESUMED,
        Action.CHILD_MERGED,
        Action.CHILD_UNMERGED,
        Action.NOTIFICATION_SENT,
        Action.NOTIFICATION_UPDATED,
        Action.NOTIFICATION_WITHDRAWN,
        Action.RECIPIENT_RECALLED,
        Action.TRANSFER_ACCEPTED,
    }
)
"""After these there may be something to raise or to count anew, or a team that should read what is there."""
_PARTED: Final = frozenset({Action.CHILD_UNMERGED, Action.RECIPIENT_RECALLED})
"""After these a team may have no part any more in a child of which it owes something."""


class Follower:
    """Raises what is due of children the ledger tells of, and tells whose it is when something falls due."""

    def __init__(self, resources: Resources, directory: DirectoryCache) -> None:
        self._resources = resources
        self._directory = directory

    def look(self) -> int:
        """Catch up with the ledger, then tell what fell due; returns how many acts that were."""
        acts = 0
        while (found := self._follow()) is not None:
            acts += found
        while told := self._write(_tell_what_fell_due):
            acts += told
        return acts

    def _write(self, act: Any, *asked: Any) -> int:
        return int(Work(self._resources, None, "").write(act, self._directory.get(), *asked))

    def _follow(self) -> int | None:
        """Look at the children of the next entries, then remember how far that was; None where there are none."""
        database = self._resources.database
        with database.read() as connection:
            was = connection.scalar(queries.PLACE)
            leaves = connection.execute(LEAVES, {"from_position": was or 0, "limit": BATCH}).all()
        if not leaves:
            return None
        entries = [orjson.loads(bytes(leaf.body)) for leaf in leaves]
        acts = sum(self._write(_part_from, child_id) for child_id in _children(entries, _PARTED))
        acts += sum(self._write(_look_at, child_id) for child_id in _children(entries, _NEWS))
        last = leaves[-1].position + 1
        with database.write() as connection:
            if was is None:
                connection.execute(insert(assessments_place), {"id": 1, "position": last})
            else:
                # Where another process follows too and was first, this leaves its place alone.
                connection.execute(queries.MOVE, {"was": was, "now": last})
        return acts


def _children(entries: Iterable[Mapping[str, Any]], actions: Set[Action]) -> list[str]:
    subjects = (each["subject"] for each in entries if each["action"] in actions)
    # Two records that were parted are looked at each by itself.
    named = (subject.get(name) for subject in subjects for name in ("child", "other"))
    return list(dict.fromkeys(child_id for child_id in named if child_id))


def _part_from(tx: Tx, directory: Directory, child_id: str) -> int:
    records = records_of(tx, child_id)
    if not records:
        return 0
    return take_from_who_left(tx, directory, records[0].id, _teams(tx, directory, records))


def _look_at(tx: Tx, directory: Directory, child_id: str) -> int:
    records = records_of(tx, child_id)
    if not records:
        return 0
    return raise_for(tx, directory, records) + must_read(tx, records[0].id, _teams(tx, directory, records))


def _teams(tx: Tx, directory: Directory, records: Sequence[Row[Any]]) -> list[Team]:
    return teams_of(tx, directory, [each.id for each in records], records[0].organisation_code)


def _tell_what_fell_due(tx: Tx, directory: Directory) -> int:
    """Tell of what fell due, once, and of nothing once care is over; returns how many were looked at."""
    rows = tx.all(queries.TO_TELL, {"now": tx.at, "limit": _PAGE})
    for row in rows:
        held, in_care = held_in(row), row.care == IN_CARE
        following = tell_next(tx.at, held.due_at, held.next_at) if in_care else None
        tx.change(queries.TOLD, {"b_id": held.id, "b_was": held.tell_at, "b_next": following})
        if in_care:
            _fell_due(tx, directory, held, row.shown_id)
    return len(rows)


def _fell_due(tx: Tx, directory: Directory, held: Held, shown_id: str) -> None:
    """Tell the authority, and the owner while it has a part in the child."""
    subject = {"child": held.child_id, "assessment": held.id}
    entry_id = tx.record(Action.ASSESSMENT_FELL_DUE, subject, kind=held.kind, owner=held.owner.code, due=held.due_at)
    parts = {team[:2] for team in _teams(tx, directory, records_of(tx, shown_id))}
    owner = [held.owner] if held.owner[:2] in parts else []
    tell(tx, "assessment.fell_due", shown_id, [*owner, social_care(held.authority)], entry_id)
