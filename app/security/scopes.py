"""What may be asked for: functions, scopes, and which function may ever hold which scope."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType


class Scope(StrEnum):
    """A right, written ``resource:action``, in alphabetical order.

    scope    = resource ":" action
    resource = the plural noun of the path under /v1 (or the name of a standing view: inbox, register, sent)
    action   = read | read-sensitive | lookup | search | sample | mark | write | send | acknowledge | recall | restrict
               | merge | transfer

    A scope says what a token may try. Which records it reaches is decided by party, section and time.
    """

    AREAS_LOOKUP = "areas:lookup"
    ASSESSMENTS_READ = "assessments:read"
    ASSESSMENTS_WRITE = "assessments:write"
    CHILDREN_MERGE = "children:merge"
    CHILDREN_READ = "children:read"
    CHILDREN_RESTRICT = "children:restrict"
    CHILDREN_TRANSFER = "children:transfer"
    CHILDREN_WRITE = "children:write"
    CLOCKS_MARK = "clocks:mark"
    DISCLOSURES_READ = "disclosures:read"
    DOCUMENTS_READ = "documents:read"
    DOCUMENTS_WRITE = "documents:write"
    FILES_READ = "files:read"
    INBOX_READ = "inbox:read"
    LETTERS_READ = "letters:read"
    NOTIFICATIONS_ACKNOWLEDGE = "notifications:acknowledge"
    NOTIFICATIONS_READ = "notifications:read"
    NOTIFICATIONS_RECALL = "notifications:recall"
    NOTIFICATIONS_SEND = "notifications:send"
    ORGANISATIONS_READ = "organisations:read"
    OVERSIGHT_READ = "oversight:read"
    OVERSIGHT_SAMPLE = "oversight:sample"
    PASSPORTS_READ = "passports:read"
    PASSPORTS_READ_SENSITIVE = "passports:read-sensitive"
    PASSPORTS_TRANSFER = "passports:transfer"
    PASSPORTS_WRITE = "passports:write"
    PLACEMENTS_READ = "placements:read"
    PLACEMENTS_SEARCH = "placements:search"
    REGISTER_READ = "register:read"
    SENT_READ = "sent:read"


class Function(StrEnum):
    """The work a token is for. An organisation's teams are told apart by it, and see only what it needs."""

    CAMHS = "camhs"
    CHILDREN_IN_CARE_HEALTH = "children_in_care_health"
    EMERGENCY_DUTY = "emergency_duty"
    GUARDIAN = "guardian"
    MISSING_PERSONS = "missing_persons"
    PROVIDER = "provider"
    QUALITY_ASSURANCE = "quality_assurance"
    RETURN_INTERVIEWER = "return_interviewer"
    REVIEWING_OFFICER = "reviewing_officer"
    SAFEGUARDING_PARTNERSHIP = "safeguarding_partnership"
    SCHOOL = "school"
    SEND = "send"
    SOCIAL_CARE = "social_care"
    URGENT_CARE = "urgent_care"
    VIRTUAL_SCHOOL = "virtual_school"
    YOUTH_JUSTICE = "youth_justice"


_DIRECTORY = frozenset({Scope.AREAS_LOOKUP, Scope.ORGANISATIONS_READ})
_READER = _DIRECTORY | {Scope.DOCUMENTS_READ, Scope.INBOX_READ, Scope.NOTIFICATIONS_READ, Scope.PLACEMENTS_READ}
_RECIPIENT = _READER | {Scope.NOTIFICATIONS_ACKNOWLEDGE}
_AREA_TEAM = _RECIPIENT | {Scope.PLACEMENTS_SEARCH, Scope.REGISTER_READ}
_CHILD_TEAM = _AREA_TEAM | {Scope.CHILDREN_READ}
_PLACING_TEAM = _CHILD_TEAM | {
    Scope.CLOCKS_MARK,
    Scope.CHILDREN_RESTRICT,
    Scope.CHILDREN_WRITE,
    Scope.DISCLOSURES_READ,
    Scope.DOCUMENTS_WRITE,
    Scope.LETTERS_READ,
    Scope.NOTIFICATIONS_RECALL,
    Scope.NOTIFICATIONS_SEND,
    Scope.SENT_READ,
}
_PASSPORT = frozenset({Scope.PASSPORTS_READ, Scope.PASSPORTS_WRITE})
_ASSESSES = frozenset({Scope.ASSESSMENTS_READ, Scope.ASSESSMENTS_WRITE})
_SENSITIVE = _PASSPORT | {Scope.PASSPORTS_READ_SENSITIVE}
_OVERSIGHT = _READER | {Scope.DISCLOSURES_READ, Scope.OVERSIGHT_READ, Scope.REGISTER_READ}
_RECORD_KEEPER = frozenset({Scope.CHILDREN_MERGE, Scope.CHILDREN_TRANSFER, Scope.OVERSIGHT_READ})

FUNCTION_SCOPES: Mapping[Function, frozenset[Scope]] = MappingProxyType(
    {
        Function.CAMHS: _RECIPIENT | _SENSITIVE | _ASSESSES | {Scope.PLACEMENTS_SEARCH},
        Function.CHILDREN_IN_CARE_HEALTH: _CHILD_TEAM
        | _SENSITIVE
        | _ASSESSES
        | {Scope.CLOCKS_MARK, Scope.FILES_READ, Scope.PASSPORTS_TRANSFER},
        Function.EMERGENCY_DUTY: _PLACING_TEAM | _PASSPORT | {Scope.ASSESSMENTS_READ, Scope.PASSPORTS_TRANSFER},
        Function.GUARDIAN: _RECIPIENT | {Scope.DISCLOSURES_READ},
        Function.MISSING_PERSONS: _AREA_TEAM,
        Function.PROVIDER: _RECIPIENT | _PASSPORT | {Scope.ASSESSMENTS_READ},
        Function.QUALITY_ASSURANCE: _OVERSIGHT | {Scope.OVERSIGHT_SAMPLE, Scope.SENT_READ},
        Function.RETURN_INTERVIEWER: _RECIPIENT,
        Function.REVIEWING_OFFICER: _CHILD_TEAM
        | {
            Scope.ASSESSMENTS_READ,
            Scope.CLOCKS_MARK,
            Scope.DISCLOSURES_READ,
            Scope.FILES_READ,
            Scope.OVERSIGHT_READ,
            Scope.PASSPORTS_READ,
            Scope.SENT_READ,
        },
        Function.SAFEGUARDING_PARTNERSHIP: _OVERSIGHT,
        Function.SCHOOL: _RECIPIENT,
        Function.SEND: _AREA_TEAM,
        Function.SOCIAL_CARE: _PLACING_TEAM
        | _PASSPORT
        | _ASSESSES
        | _RECORD_KEEPER
        | {Scope.FILES_READ, Scope.PASSPORTS_TRANSFER},
        Function.URGENT_CARE: _RECIPIENT | {Scope.PASSPORTS_READ, Scope.PLACEMENTS_SEARCH},
        Function.VIRTUAL_SCHOOL: _CHILD_TEAM | {Scope.CLOCKS_MARK},
        Function.YOUTH_JUSTICE: _AREA_TEAM,
    }
)
"""The most a function may ever hold. A client is registered with fewer, and a token asks for fewer still."""
