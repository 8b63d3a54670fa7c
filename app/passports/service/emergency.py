"""The emergency card: one screen. Urgent care breaks the glass for it, by name and with a reason."""

from app.children.models import openings
from app.children.service.seeing import Sight, opening
from app.ledger.actions import Action
from app.organisations.directory import Directory
from app.passports.errors import BreakGlass, PassportNotForYou
from app.passports.policy import BROKEN, HOST, Right
from app.passports.service.reading import Opened, Passport, head_of, release
from app.passports.service.revealing import current_words, open_words
from app.passports.service.standing import Standing, ask, newest, stand, standing_of, tag_of
from app.passports.service.telling import alert, readers_of
from app.rules.disclosure import View
from app.rules.edition import current
from app.rules.passports import BREAK_GLASS, EMERGENCY_CARD, HELD
from app.web.etag import matches
from app.work.tx import Tx


def card(
    tx: Tx,
    directory: Directory,
    child_id: str,
    reason: str | None,
    has: str | None = None,
    kind: str = "",
    record: str | None = None,
) -> Opened[Passport]:
    """Release the emergency card and record that. Raises NotYours, PassportNotForYou, BreakGlass.

    Whoever has a part in the passport sees of the card what its own view allows. Urgent care is no party: a
    reason and a named person open it, and the team that keeps the passport is told; each breaking is one of its own.
    ``has``, ``kind`` and ``record`` as in ``reading.open_``.
    """
    if current().passports.party(tx.by.function, HOST).card == BREAK_GLASS:
        return Opened(None, _broken(tx, directory, child_id, reason, record))
    standing = stand(tx, directory, child_id, record)
    if standing.party.card != HELD:
        raise PassportNotForYou
    view = _view(tx, standing)
    tag = tag_of(tx, standing, view, f"{EMERGENCY_CARD} {kind}")
    return Opened(tag, None if matches(has, tag) else release(tx, standing, view))


def _view(tx: Tx, standing: Standing) -> View:
    return standing.rules.card_view(tx.by.function, standing.right.side, standing.restrictions)


def _broken(tx: Tx, directory: Directory, child_id: str, reason: str | None, record: str | None) -> Passport:
    if reason is None or tx.by.practitioner_id is None:
        raise BreakGlass
    standing = standing_of(tx, directory, ask(tx, child_id, record), Right(HOST, BROKEN))
    view = _view(tx, standing)
    revealed = open_words(tx, standing, current_words(tx, standing), view)
    shown, version = tuple(revealed.sections), newest(standing.held, view.shared)
    entry_id = tx.record(
        Action.PASSPORT_GLASS_BROKEN,
        {"child": standing.child_id},
        reason=reason,
        sections=list(shown),
        version=version,
        why=BROKEN,
    )
    tx.add(openings, opening(tx, Sight(standing.child_id, None, None, version, shown, BROKEN), entry_id))
    readers = readers_of(tx, *standing.records)
    alert(tx, directory, standing, readers, entry_id)
    return Passport(head_of(tx, standing, view, revealed, version, standing.held), revealed, tx.at)
