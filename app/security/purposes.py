"""Why somebody acts: a closed list, because the purpose stands in the ledger for ever and must not hold a name."""

from enum import StrEnum


class Purpose(StrEnum):
    """What an act is for, in alphabetical order."""

    AUDIT = "audit"
    COMPLAINT = "complaint"
    COURT = "court"
    DUTY_ENQUIRY = "duty_enquiry"
    EDUCATION = "education"
    HEALTH_ASSESSMENT = "health_assessment"
    INSPECTION = "inspection"
    MISSING_EPISODE = "missing_episode"
    PLACEMENT = "placement"
    REVIEW = "review"
    SAFEGUARDING = "safeguarding"
    SUBJECT_ACCESS = "subject_access"
