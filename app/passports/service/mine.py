"""My passport: the young person's own copy, in plain words. It is theirs, and shared only as they agreed."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import orjson

from app.organisations.directory import Directory
from app.passports.errors import CopyNotShared, CopyNotYet, PassportNotForYou
from app.passports.policy import decision_about
from app.passports.service.knowing import before_writing, identity_in, sharing_in
from app.passports.service.reading import summary
from app.passports.service.revealing import current_words, open_words
from app.passports.service.standing import Standing, stand, view_of
from app.placements.service.seeing import Sight, see
from app.rules.edition import current
from app.rules.passport_checks import Known
from app.rules.passports import GIVES, MY_PASSPORT, NONE
from app.work.tx import Tx


def open_mine(tx: Tx, directory: Directory, child_id: str) -> bytes:
    """Make the young person's copy and record for whom. Raises NotYours, PassportNotForYou, CopyNotYet, CopyNotShared.

    The health team makes it to give it to them. Anybody else needs their recorded agreement.
    """
    standing = stand(tx, directory, child_id)
    if standing.party.my_passport == NONE:
        raise PassportNotForYou
    words, rows = current().my_passport, current_words(tx, child_id)
    age = _age(tx, standing)
    if age is not None and age < words.from_age:
        raise CopyNotYet
    if standing.party.my_passport != GIVES and not _agreed(tx, sharing_in(tx, standing, rows)):
        raise CopyNotShared
    view = view_of(tx, standing, MY_PASSPORT)
    revealed = open_words(tx, child_id, rows, view)
    sight = Sight(child_id, None, None, standing.version, tuple(revealed.sections), standing.right.code)
    see(tx, sight, standing.row)
    parts = words.say({name: orjson.loads(body) for name, body in revealed.sections.items()})
    told = {"title": words.title, "belongs": words.belongs, "parts": parts}
    return orjson.dumps({**summary(standing, standing.version), **told})


def _agreed(tx: Tx, sharing: Mapping[str, Any]) -> bool:
    """Whether they agreed that this function sees their copy. Agreeing to share all else does not cover it."""
    decision = decision_about(sharing, "my_passport") or {}
    if decision.get("part") != "my_passport":
        return False
    named = decision.get("choice") == "agrees_in_part" and tx.by.function in decision.get("may_see", ())
    return decision.get("choice") == "agrees" or named


def _age(tx: Tx, standing: Standing) -> int | None:
    """Age in whole years by the child's own record; None where no date of birth is known."""
    today = date.fromisoformat(tx.today)
    born = Known(today, identity_in(tx, standing, before_writing(tx, standing))).born_on
    return None if born is None else today.year - born.year - ((today.month, today.day) < (born.month, born.day))
