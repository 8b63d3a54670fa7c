"""Refusals over the transfer of a passport."""

from app.kit.errors import Failure


class NotYourStep(Failure):
    code = "not_your_step"
    status = 403
    title = "This step belongs to another team"
    advice = "may_do of the transfer names what your team may do now; waits_for names whose turn it is."
    recorded = True


class NotInThisTransfer(Failure):
    code = "transfer_moved_on"
    status = 409
    title = "The transfer is not in a state for this step"
    advice = "Read the transfer again: state says where it stands, may_do what your team may do now."


class PassportOffered(Failure):
    code = "passport_offered_already"
    status = 409
    title = "The passport is with that team, or offered to it already"
    advice = "List the child's transfers. To ask another team, withdraw the open offer or wait for its answer."


class NotAHealthBody(Failure):
    code = "not_a_health_body"
    status = 422
    title = "That is not a health body of the directory"
    advice = "Look the organisation up: an integrated care board or a health board keeps passports."


class ProviderNeeded(Failure):
    code = "provider_needed"
    status = 422
    title = "Say who provides in the meantime"
    advice = "Who pays is disputed: name without_prejudice_provider, so that the child does not wait for the answer."


class NewerVersion(Failure):
    code = "newer_version"
    status = 409
    title = "The passport is not in the version you looked through"
    advice = "Read the passport again and confirm the version that stands now."


class NothingPublished(Failure):
    code = "nothing_published"
    status = 409
    title = "Nothing has been published in this passport yet"
    advice = "Publish what your team knows first, even if little; then confirm it."
