"""The sensitive parts: read apart, by name and for a purpose, and changed as read: as the young person decided."""

from collections.abc import Collection

import orjson

from app.children.service.seeing import Sight
from app.organisations.directory import Directory
from app.passports import queries
from app.passports.errors import PassportNotForYou, PurposeRequired, SensitivePartClosed
from app.passports.policy import begun_here, open_parts
from app.passports.service.knowing import decided_in
from app.passports.service.reading import Passport, head_of
from app.passports.service.revealing import current_words, open_words
from app.passports.service.standing import Standing, newest, stand
from app.passports.service.telling import seen
from app.work.tx import Tx


def open_sensitive(tx: Tx, directory: Directory, child_id: str, record: str | None = None) -> Passport:
    """Release the sensitive parts that are open to the caller and record that.

    Raises NotYours, PassportNotForYou, PurposeRequired.
    """
    standing = stand(tx, directory, child_id, record)
    if not standing.party.sensitive:
        raise PassportNotForYou
    if tx.by.purpose is None:
        raise PurposeRequired
    rows = current_words(tx, standing)
    parts = open_parts(standing.rules, decided_in(tx, standing, rows), tx.by, _writers(standing))
    view = standing.rules.sensitive_view(tx.by.function, standing.right.side, standing.restrictions, parts)
    revealed = open_words(tx, standing, rows, view)
    version = newest(standing.held, view.shared)
    sight = Sight(standing.child_id, None, None, version, tuple(revealed.sections), standing.right.code)
    seen(tx, standing, sight)
    return Passport(head_of(tx, standing, view, revealed, version, standing.held), revealed, tx.at)


def check_open(tx: Tx, standing: Standing, parts: Collection[str]) -> None:
    """Insist that the caller may change these sensitive parts. Raises SensitivePartClosed.

    Whoever may not read what another organisation wrote may not replace, confirm or guess it either, and is refused
    the same whether anything is recorded: they would have read the part if it were, or wrote it, or may begin it.
    """
    if not parts:
        return
    rules, writers = standing.rules, _writers(standing)
    would_read = open_parts(rules, decided_in(tx, standing, current_words(tx, standing)), tx.by, {})
    closed = [part for part in parts if part not in would_read and writers.get(part) != tx.by.organisation]
    if closed and (any(part in writers for part in closed) or not _may_begin(tx, standing)):
        raise SensitivePartClosed


def _may_begin(tx: Tx, standing: Standing) -> bool:
    """Whether the caller's team begins a part that nobody has been asked about: there is one such team for a child.

    A passport that followed from a former authority may hold a part of theirs, so there nobody is that team.
    """
    if standing.right.code not in standing.rules.begins_sensitive:
        return False
    first = tx.one(queries.VERSION, {"child_id": standing.child_id, "version": 1}) if standing.held else None
    return first is None or begun_here(orjson.loads(first.sections), first.at)


def _writers(standing: Standing) -> dict[str, str]:
    """By section, the organisation that wrote it."""
    return {name: held["organisation"] for name, held in standing.held.items()}
