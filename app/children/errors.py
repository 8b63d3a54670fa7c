"""Refusals of children's records."""

from app.kit.errors import Failure


class ChildKnown(Failure):
    code = "child_known"
    status = 409
    title = "You have a child with this local id already"
    advice = "Use the child_id of this answer. To change a fact about the child, send a correction."


class ChildErased(Failure):
    code = "child_erased"
    status = 410
    title = "What your organisation said about this child has been erased"
    advice = "The record of who saw it remains. If the child is looked after again, create a new record."


class CareIsOver(Failure):
    code = "care_is_over"
    status = 409
    title = "Care of this child by your authority is over"
    advice = (
        "The child turned 18, died, or is now another authority's. What is known of an earlier placement may still be "
        "completed by an update. If it was entered by mistake, two people undo it: propose care_not_over."
    )


class ChildRestricted(Failure):
    code = "child_restricted"
    status = 403
    title = "A restriction on this child keeps this from you"
    advice = "Read the child to see which. Ask a person it names, or have it lifted by name and with a reason."
    recorded = True


class NothingCorrected(Failure):
    code = "nothing_corrected"
    status = 422
    title = "The record says all of this already"
    advice = "Send only facts that differ from what the record holds."


class ReviewNotAhead(Failure):
    code = "review_not_ahead"
    status = 422
    title = "A restriction is reviewed on a day to come"
    advice = "Send a review_on after today. A restriction never ends by itself: it is reviewed and lifted."


class UnknownPractitioner(Failure):
    code = "unknown_practitioner"
    status = 422
    title = "A practitioner named here is not known"
    advice = "Use ids this service gave out, or leave practitioners out to name yourself."


class AlreadyLifted(Failure):
    code = "already_lifted"
    status = 409
    title = "This restriction has been lifted already"
    advice = "List the child's restrictions to see by whom and when."


class SecondPersonNeeded(Failure):
    code = "second_person_needed"
    status = 403
    title = "Whoever set this restriction may not lift it"
    advice = "A sealed identity is opened by two people: have a colleague, under their own name, lift it."
    recorded = True
