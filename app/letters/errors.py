"""Refusals of letters."""

from app.kit.errors import Failure


class OnlyNamedPractitioners(Failure):
    code = "only_named_practitioners"
    status = 403
    title = "Only the practitioners named in a restriction may print letters about this child"
    advice = "Ask one of them, or whoever set the restriction."
    recorded = True


class NoLetter(Failure):
    code = "no_letter"
    status = 409
    title = "No letter goes to this person now"
    advice = "The list of letters says why not, and what to do instead."
    recorded = True
