"""Refusals of notifications."""

from app.kit.errors import Failure


class DuplicateReference(Failure):
    code = "duplicate_reference"
    status = 409
    title = "You have sent a notification of this kind with this reference before"
    advice = "A reference is used once for each kind. To repeat a request, repeat its Idempotency-Key too."


class NotInThisState(Failure):
    code = "not_in_this_state"
    status = 409
    title = "The placement is not in a state that takes this"
    advice = "Read the placement to see its state. Something that has ended or been withdrawn takes no update."


class UnknownOrganisation(Failure):
    code = "unknown_organisation"
    status = 422
    title = "An organisation named here is not in the directory"
    advice = "Look it up under /v1/organisations. A health body named must serve the area of the home."


class ChildMismatch(Failure):
    code = "child_mismatch"
    status = 409
    title = "The child named is not the child of this placement"
    advice = "Check the local child id and the placement id. A notice about the wrong child is withdrawn, not updated."


class NothingToRecall(Failure):
    code = "nothing_to_recall"
    status = 422
    title = "None of the recipients named still has access"
    advice = "Name recipients of this notification, by organisation and function, as the sent board lists them."


class SenderDoesNotAcknowledge(Failure):
    code = "sender_does_not_acknowledge"
    status = 403
    title = "A sender does not acknowledge its own notification"
    advice = "Acknowledgement is for each recipient function, by a named person there."
    recorded = True
