"""Refusals over the life of a child's record."""

from app.kit.errors import Failure


class CannotMerge(Failure):
    """One answer for every reason: which one it is could itself say what must not be known."""

    code = "cannot_merge"
    status = 409
    title = "These two records cannot be merged"
    advice = (
        "Both must be records of two ids, in the same state of care, neither of them merged already, the duplicate "
        "with no record merged into it, and nothing may keep them apart. Ask whoever manages your records."
    )


class NothingToCarry(Failure):
    code = "nothing_to_carry"
    status = 404
    title = "This child has no earlier placement that you told of"
    advice = "Send the start with what you know: little is enough, and what is missing is listed."


class NotMerged(Failure):
    code = "not_merged"
    status = 409
    title = "That record is not merged into this one"
    advice = "List the proposals of the child to see what was merged and when."


class CareGoesOn(Failure):
    code = "care_goes_on"
    status = 409
    title = "The record does not say that this child came of age or died"
    advice = "There is nothing to undo. Responsibility that passed to another authority is passed back by a transfer."


class BirthDateSaysAdult(Failure):
    code = "birth_date_says_adult"
    status = 409
    title = "By the date of birth on record this child is 18"
    advice = "Correct the date of birth first; the calendar would end care again on the next day."


class ProposalOpen(Failure):
    code = "proposal_open"
    status = 409
    title = "Something is proposed for this child already"
    advice = "List the proposals of the child, and have a second person confirm or reject the one that is open."


class ProposalDecided(Failure):
    code = "proposal_decided"
    status = 409
    title = "This proposal was decided before"
    advice = "List the proposals of the child to see by whom and when. To change it again, propose anew."


class ProposerDoesNotConfirm(Failure):
    code = "proposer_does_not_confirm"
    status = 403
    title = "Whoever proposed this may not confirm it"
    advice = "It takes two people: have a colleague, under their own name, check and confirm it. You may reject it."
    recorded = True


class TransferOpen(Failure):
    code = "transfer_open"
    status = 409
    title = "Responsibility for this child is offered already"
    advice = "Wait for the answer, or revoke that offer first."


class TransferDecided(Failure):
    code = "transfer_decided"
    status = 409
    title = "This offer is not open any more"
    advice = "Read it to see what became of it. A new offer may be made."


class CannotTransfer(Failure):
    code = "cannot_transfer"
    status = 409
    title = "Responsibility for this child cannot be offered as things stand"
    advice = (
        "The child must be in your care, with one active placement at most, and nothing may keep the record where it "
        "is. End or withdraw what is no longer so, or ask whoever manages your records."
    )


class NotAnAuthority(Failure):
    code = "not_an_authority"
    status = 422
    title = "Responsibility passes only to another local authority of the directory"
    advice = "Look the authority up under /v1/organisations and use its code."


class OnlySomeTeamsList(Failure):
    code = "only_some_teams_list"
    status = 403
    title = "Your team does not follow the whole of a child's placements"
    advice = "Read the placements you were told of, each by its own id, or ask the child's social worker."
    recorded = True


class TransferNotDue(Failure):
    code = "transfer_not_due"
    status = 409
    title = "Responsibility passes on a day to come"
    advice = "Accept it on that day; until then the other authority is responsible. Agree the rest by telephone."
