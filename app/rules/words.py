"""The closed vocabularies of the tables. A word that is not here is refused when an edition is loaded."""

from typing import Final

KINDS: Final = ("consultation", "start", "update", "end", "withdrawal")
STATES: Final = ("consulted", "active", "ended", "withdrawn")
SIDES: Final = ("placing", "host")

SECTIONS: Final = (
    "sender",
    "child",
    "about_me",
    "voice",
    "legal",
    "immigration",
    "placement",
    "decision",
    "responsibilities",
    "care_team",
    "education",
    "health_now",
    "risks",
    "exploitation",
    "accounts_of_harm",
    "missing_agreement",
    "network",
    "told",
    "documents",
)

PASSPORT_SECTIONS: Final = (
    "identity",
    "own_voice",
    "disability_and_communication",
    "allergies",
    "medicines",
    "conditions",
    "emergency_plan",
    "consent",
    "sharing",
    "teams",
    "mental_health",
    "daily_life",
    "immunisations",
    "sight_hearing_teeth",
    "birth",
    "growth",
    "development",
    "family_history",
    "hospital_care",
    "assessments",
    "referrals",
    "appointments",
    "health_plan",
    "cpis",
    "sexual_health",
    "pregnancy",
    "substance_use",
)
"""Of the health passport, the child first."""

RECORD_PARTS: Final = ("placements", "corrections", "restrictions", "proposals", "possible_duplicates")
"""What the authority that answers for a child reads of its record beside its sections."""

SENSITIVE: Final = ("sexual_health", "pregnancy", "substance_use")
"""In no view: read apart, and as the young person decided."""

FUNCTIONS: Final = (
    "social_care",
    "emergency_duty",
    "virtual_school",
    "send",
    "reviewing_officer",
    "children_in_care_health",
    "camhs",
    "urgent_care",
    "missing_persons",
    "provider",
    "school",
    "return_interviewer",
    "guardian",
    "youth_justice",
    "safeguarding_partnership",
    "quality_assurance",
)

PARTIES: Final = (
    "host_authority",
    "placing_authority",
    "maintaining_authority",
    "host_health",
    "placing_health",
    "host_police",
    "placing_police",
)

BASES: Final = ("law", "guidance", "practice", "local")
"""Law binds; statutory guidance is followed unless there is reason not to; practice is what reviews and
protocols ask for; local is a default of this service that a council may set otherwise."""

SURENESS: Final = ("read", "commonly_known", "not_confirmed")
"""Whether the source was read, is common professional knowledge, or could not be found and needs checking."""

JURISDICTIONS: Final = ("england", "wales", "both")

OWNERS: Final = {
    "placing_social_worker": ("placing", "social_care"),
    "placing_manager": ("placing", "social_care"),
    "placing_director": ("placing", "social_care"),
    "placing_reviewing_officer": ("placing", "reviewing_officer"),
    "placing_health": ("placing", "children_in_care_health"),
    "placing_virtual_school": ("placing", "virtual_school"),
    "host_social_care": ("host", "social_care"),
    "host_health": ("host", "children_in_care_health"),
}
"""Who owes a thing, as a role, and the side and function in whose list it stands."""

STANDINGS: Final = ("required", "usual", "suggested")
"""A required recipient cannot be removed; a suggested one is told only if the sender adds it."""

STARTS: Final = (
    "start",
    "received",
    "approval",
    "ending",
    "dol_expiry",
    "secure_expiry",
    "exploitation_review",
    "wish_review",
    "family_review",
    "fit_for_discharge",
    "recall",
    "transfer_offered",
)
"""What starts a clock. ``start`` is the start of the placement, ``received`` our own receipt."""

CARE_OVER: Final = ("turned_18", "died", "transferred")
"""How the care of a child by one authority is over: the states of a child besides ``active``."""

CARE_EFFECTS: Final = (
    "no_new_notification",
    "placements_end",
    "clocks_stop",
    "letters_stop",
    "search_closes",
    "passport_closes",
)
"""What the end of care does."""

AS_IT_STANDS, READ_AGAIN, ASKED_ANEW = "as_it_stands", "read_again", "asked_anew"
CARRIES: Final = (AS_IT_STANDS, READ_AGAIN, ASKED_ANEW)
"""How a section goes from one placement into the next: unseen if it is named; only as words that are sent, so that
somebody reads them; or not at all."""

MET_BY: Final = ("sending", "item", "mark")
"""What stops a clock: this very notification, the items that hang on it, or somebody who says it is done."""

CLOSED: Final[dict[str, tuple[str, ...]]] = {
    "basis": BASES,
    "sureness": SURENESS,
    "jurisdiction": JURISDICTIONS,
    "party": PARTIES,
    "function": FUNCTIONS,
    "section": SECTIONS,
    "side": SIDES,
    "state": STATES,
    "owner": tuple(OWNERS),
    "standing": STANDINGS,
    "starts": STARTS,
    "met_by": MET_BY,
    "carry": CARRIES,
    "not_known": ("settles", "stays"),
}
"""Row field to the words it may hold."""
