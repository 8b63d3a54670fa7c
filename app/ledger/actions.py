"""What can stand in the ledger as having happened.

Grammar: ``subject.past_tense``, both singular unless the subject is a list. Alphabetical. An action is never
renamed or removed: entries that name it stand for ever.
"""

from enum import StrEnum


class Action(StrEnum):
    """One kind of act."""

    CHILD_CORRECTED = "child.corrected"
    CHILD_CREATED = "child.created"
    CHILD_READ = "child.read"
    CHILD_RESTRICTED = "child.restricted"
    CHILD_UNRESTRICTED = "child.unrestricted"
    CLIENT_KEYS_REPLACED = "client.keys_replaced"
    CLIENT_REGISTERED = "client.registered"
    CLIENT_REVOKED = "client.revoked"
    CLOCK_MARKED = "clock.marked"
    DISCLOSURES_READ = "disclosures.read"
    DOCUMENT_ANNOUNCED = "document.announced"
    DOCUMENT_OPENED = "document.opened"
    DOCUMENT_RETRIEVED = "document.retrieved"
    DOCUMENT_UPLOADED = "document.uploaded"
    KEYS_RETIRED = "keys.retired"
    KEYS_ROTATED = "keys.rotated"
    LETTER_PRINTED = "letter.printed"
    LETTERS_READ = "letters.read"
    NOTIFICATION_ACKNOWLEDGED = "notification.acknowledged"
    NOTIFICATION_DECLINED = "notification.declined"
    NOTIFICATION_ENDED = "notification.ended"
    NOTIFICATION_OPENED = "notification.opened"
    NOTIFICATION_RETRIEVED = "notification.retrieved"
    NOTIFICATION_SENT = "notification.sent"
    NOTIFICATION_UPDATED = "notification.updated"
    NOTIFICATION_WITHDRAWN = "notification.withdrawn"
    PASSPORT_CONFIRMED = "passport.confirmed"
    PASSPORT_GLASS_BROKEN = "passport.glass_broken"
    PASSPORT_OPENED = "passport.opened"
    PASSPORT_PUBLISHED = "passport.published"
    PASSPORT_RETRIEVED = "passport.retrieved"
    OVERSIGHT_READ = "oversight.read"
    PLACEMENT_OPENED = "placement.opened"
    PLACEMENT_RETRIEVED = "placement.retrieved"
    PLACEMENTS_SEARCHED = "placements.searched"
    RECIPIENT_RECALLED = "recipient.recalled"
    REGISTER_READ = "register.read"
    REQUEST_REFUSED = "request.refused"
