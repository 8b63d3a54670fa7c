"""Refusals that every feature shares: what is not there for this party, and who may act at all."""

from app.kit.errors import Failure


class NotYours(Failure):
    """What does not exist and what is another party's get the same answer, so that asking teaches nothing."""

    code = "not_yours"
    status = 404
    title = "There is nothing here for you"
    advice = "The id does not exist, or it is not shared with your organisation in this function."
    recorded = True


class NotAPlacingAuthority(Failure):
    code = "not_a_placing_authority"
    status = 403
    title = "Only the authority that looks after the child does this"
    advice = "Use a client of the local authority, or one to which it delegated."
    recorded = True
