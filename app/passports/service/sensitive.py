"""The sensitive parts: read apart, by name, for a purpose, and only as the young person decided."""

from app.organisations.directory import Directory
from app.passports.errors import PassportNotForYou, PurposeRequired
from app.passports.policy import open_parts
from app.passports.service.knowing import sharing_in
from app.passports.service.reading import Passport, head_of
from app.passports.service.revealing import current_words, open_words
from app.passports.service.standing import stand
from app.placements.service.seeing import Sight, see
from app.work.tx import Tx


def open_sensitive(tx: Tx, directory: Directory, child_id: str) -> Passport:
    """Release the sensitive parts that are open to the caller and record that.

    Raises NotYours, PassportNotForYou, PurposeRequired.
    """
    standing = stand(tx, directory, child_id)
    if not standing.party.sensitive:
        raise PassportNotForYou
    if tx.by.purpose is None:
        raise PurposeRequired
    rows = current_words(tx, standing)
    written_by = {name: held["organisation"] for name, held in standing.held.items()}
    parts = open_parts(standing.rules, sharing_in(tx, standing, rows), tx.by, written_by)
    view = standing.rules.sensitive_view(tx.by.function, standing.right.side, standing.restrictions, parts)
    revealed = open_words(tx, standing.child_id, rows, view)
    sight = Sight(standing.child_id, None, None, standing.version, tuple(revealed.sections), standing.right.code)
    see(tx, sight, standing.row)
    return Passport(head_of(tx, standing, view, revealed, standing.version, standing.held), revealed, tx.at)
