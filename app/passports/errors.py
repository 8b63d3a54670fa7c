"""Refusals of the health passport."""

from app.kit.errors import Failure


class PassportNotForYou(Failure):
    code = "passport_not_for_you"
    status = 403
    title = "This function has no view of the health passport"
    advice = "What it needs of the child's health is in the notification. In an emergency, open the emergency card."
    recorded = True


class PassportNotHandedOver(Failure):
    code = "passport_not_handed_over"
    status = 403
    title = "Your team has not taken this passport over"
    advice = (
        "List what is offered to your team (GET /v1/passport-transfers?side=to_us) and accept it by name. In an "
        "emergency move you may read it at once; what cannot wait is in the notification."
    )
    recorded = True


class SectionNotYours(Failure):
    code = "section_not_yours"
    status = 403
    title = "Your team does not write this section"
    advice = "errors[] names the sections. Leave them out, or ask the team that keeps them."
    recorded = True


class SensitivePartClosed(Failure):
    code = "sensitive_part_closed"
    status = 403
    title = "Your team does not write this sensitive part"
    advice = (
        "Ask the young person, and record in the section sharing what they decided: a team they share it with writes "
        "it too. Whether anything is recorded in it is not said."
    )
    recorded = True


class NoSuchSection(Failure):
    code = "no_such_section"
    status = 404
    title = "The passport has no such section"
    advice = "Use a section of the published schema."


class NoSuchVersion(Failure):
    code = "no_such_version"
    status = 404
    title = "The passport has no such version"
    advice = "List the versions; the newest is current_version of any answer."


class PassportErased(Failure):
    code = "passport_erased"
    status = 410
    title = "What your organisation said about this child has been erased"
    advice = "The record of who saw it remains. What other organisations wrote is still read as before."


class PassportMovedOn(Failure):
    code = "passport_moved_on"
    status = 409
    title = "Responsibility for this child has passed on, and what is written here reaches nobody"
    advice = "Tell the health team of the authority that is responsible now. What was written before is read as before."


class PurposeRequired(Failure):
    code = "purpose_required"
    status = 403
    title = "A sensitive part is read for a purpose"
    advice = "Ask for a token whose assertion names a purpose, such as health_assessment or safeguarding."
    recorded = True


class BreakGlass(Failure):
    code = "break_glass"
    status = 403
    title = "Urgent care opens the emergency card with a reason and a named person"
    advice = "Send reason= with a code of the list break_glass_reason, under a token that names who asks."
    recorded = True


class CopyNotShared(Failure):
    code = "copy_not_shared"
    status = 403
    title = "My passport is the young person's own, and they have not agreed to share it with you"
    advice = "Ask the young person, or the health team to record their decision in the section sharing."
    recorded = True


class CopyNotYet(Failure):
    code = "copy_not_yet"
    status = 409
    title = "My passport is offered from about fourteen"
    advice = "Until then the health plan is explained to the child in other ways."
