"""What can stand in the ledger as having happened.

Grammar: ``subject.past_tense``, both singular unless the subject is a list. Alphabetical. An action is never
renamed or removed: entries that name it stand for ever.
"""

from enum import StrEnum


class Action(StrEnum):
    """One kind of act."""

    CHILD_CARE_ENDED = "child.care_ended"
    CHILD_CARE_RESUMED = "child.care_resumed"
    CHILD_CORRECTED = "child.corrected"
    CHILD_CREATED = "child.created"
    CHILD_MERGED = "child.merged"
    CHILD_READ = "child.read"
    CHILD_RESTRICTED = "child.restricted"
    CHILD_UNMERGED = "child.unmerged"
    CHILD_UNRESTRICTED = "child.unrestricted"
    CLIENT_KEYS_REPLACED = "client.keys_replaced"
    CLIENT_REGISTERED = "client.registered"
    CLIENT_REVOKED = "client.revoked"
    DISCLOSURES_READ = "disclosures.read"
    KEYS_RETIRED = "keys.retired"
    KEYS_ROTATED = "keys.rotated"
    NOTIFICATION_ACKNOWLEDGED = "notification.acknowledged"
    NOTIFICATION_DECLINED = "notification.declined"
    NOTIFICATION_ENDED = "notification.ended"
    NOTIFICATION_OPENED = "notification.opened"
    NOTIFICATION_RETRIEVED = "notification.retrieved"
    NOTIFICATION_SENT = "notification.sent"
    NOTIFICATION_UPDATED = "notification.updated"
    NOTIFICATION_WITHDRAWN = "notification.withdrawn"
    PLACEMENT_OPENED = "placement.opened"
    PLACEMENT_RETRIEVED = "placement.retrieved"
    PROPOSAL_MADE = "proposal.made"
    PROPOSAL_REJECTED = "proposal.rejected"
    RECIPIENT_RECALLED = "recipient.recalled"
    REGISTER_READ = "register.read"
    REQUEST_REFUSED = "request.refused"
    TRANSFER_ACCEPTED = "transfer.accepted"
    TRANSFER_DECLINED = "transfer.declined"
    TRANSFER_OFFERED = "transfer.offered"
    TRANSFER_REVOKED = "transfer.revoked"
