"""Refusals of placements and of the register."""

from app.kit.errors import Failure


class AccessEnded(Failure):
    code = "access_ended"
    status = 403
    title = "Your access to this placement has ended"
    advice = "The sender recalled or withdrew it. Destroy any copy you hold, and ring the sender if you need it."
    recorded = True


class ClockNotMarked(Failure):
    code = "clock_not_marked"
    status = 409
    title = "This clock stops by what is sent, not by saying that it is done"
    advice = "Send what it waits for: the placement's outstanding items name it."


class ClockStopped(Failure):
    code = "clock_stopped"
    status = 409
    title = "This clock stopped when care ended"
    advice = "Nothing is due any more. If care did not end after all, two people say so, and the clock runs on."


class ChangedSinceRead(Failure):
    code = "changed_since_read"
    status = 409
    title = "A section named here changed since the version you read"
    advice = "errors[] names each and what moved it on. Read it again before you say that it is still true."


class NothingToConfirm(Failure):
    code = "nothing_to_confirm"
    status = 422
    title = "A section named here holds nothing yet"
    advice = "Only what is recorded can be found still true. errors[] names the sections."


class NotYoursToConfirm(Failure):
    code = "not_yours_to_confirm"
    status = 403
    title = "Only the authority that sent this says that it is still true"
    advice = "If you know that something has changed, ring the placing authority; it sends the change."
    recorded = True


class NotYoursToReview(Failure):
    code = "not_yours_to_review"
    status = 403
    title = "The review pack is for who placed the child, and who reviews that"
    advice = "Your own share of the placement is at /v1/placements/{id}, and what you did at its timeline."
    recorded = True


class PlacementOver(Failure):
    code = "placement_over"
    status = 409
    title = "This placement has ended or was withdrawn"
    advice = (
        "Nothing of it is kept up to date any more. Find what is still true in the placement the child lives in now."
    )


class SearchedTooOften(Failure):
    code = "searched_too_often"
    status = 429
    title = "The searches of this day are used up"
    advice = "A search is for one child you have reason to look for. Ask again tomorrow, or ring the placing authority."
    recorded = True


class Erased(Failure):
    code = "erased"
    status = 410
    title = "What was told of this placement has been erased"
    advice = "The record of who saw it remains. Ask the sender if you need to know more."


class NoArea(Failure):
    code = "no_area"
    status = 403
    title = "Your organisation has no area of its own in the register"
    advice = "The register is kept by local authorities. Use /v1/inbox for what was sent to you."
    recorded = True
