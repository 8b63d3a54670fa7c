"""Risks in the Placements Data Standard's words. The account of each stands apart from its level."""

from typing import Annotated

from .base import Document, Section
from .codes import Code
from .leaves import Count, Day, Known, Line, Many, Maybe, Name, Phone, Text, YesNo


class Risk(Document):
    """Whether there is a risk, and how high. The story stands in ``details``."""

    state: Annotated[str, Code("risk_state")]
    """Whether there is a risk."""
    level: Maybe[Annotated[str, Code("risk_level")]] = None
    """How high it is now."""
    trend: Maybe[Annotated[str, Code("risk_trend")]] = None
    """Whether it rises or falls."""
    main: Maybe[YesNo] = None
    """Whether this is what worries most now."""
    not_known_reason: Maybe[Annotated[str, Code("not_known_reason")]] = None
    """If not known: why."""


class RiskToChild(Document):
    """Risks to the child.

    Source: SocialCareData, Placements Data Standard v2 (July 2025)
    """

    self_harm: Risk
    """Self-harm."""
    sexual_exploitation: Risk
    """Sexual exploitation."""
    criminal_exploitation: Risk
    """Criminal exploitation."""
    going_missing: Risk
    """Going missing."""
    drug_and_alcohol_use: Maybe[Risk] = None
    """Drug and alcohol use."""
    eating_disorder: Maybe[Risk] = None
    """Eating disorder."""
    other: Maybe[Risk] = None
    """Another risk, told in the details."""


class RiskToOthers(Document):
    """Risks to others.

    Source: SocialCareData, Placements Data Standard v2 (July 2025)
    """

    physical: Maybe[Risk] = None
    """Physical harm."""
    sexual: Maybe[Risk] = None
    """Sexual harm."""
    fire_setting: Maybe[Risk] = None
    """Fire-setting."""
    animals: Maybe[Risk] = None
    """Harm to animals."""
    criminal_exploitation: Maybe[Risk] = None
    """Drawing others into criminal exploitation."""
    children_in_the_home: Maybe[Risk] = None
    """Harm to other children who live in the home, those in care among them.
    Source: Reviews of practice: risk to other children was missed"""
    brothers_and_sisters: Maybe[Risk] = None
    """Harm to brothers and sisters."""
    other: Maybe[Risk] = None
    """Another risk, told in the details."""


class Account(Document):
    """What is behind a risk and what helps."""

    what_happens: Maybe[Text] = None
    """What happens, as it was seen, in words that do not blame."""
    what_it_may_tell_us: Maybe[Text] = None
    """What the child may be telling us by it."""
    triggers: Maybe[Text] = None
    """What sets it off."""
    what_helps: Maybe[Text] = None
    """What helps and what calms."""
    plan: Maybe[Text] = None
    """What is done, by whom."""
    plan_owner: Maybe[Line] = None
    """Who owns the plan."""
    reviewed_on: Maybe[Day] = None
    """When it was last reviewed."""
    reviewed_by: Maybe[Name] = None
    """Who reviewed it."""
    next_review_on: Maybe[Day] = None
    """When it is next reviewed."""
    disagreement: Maybe[Text] = None
    """Who judges it otherwise, and why."""


class AccountToChild(Account):
    """What is behind a risk to the child."""

    category: Annotated[str, Code("risk_to_child")]
    """Which risk."""


class AccountToOthers(Account):
    """What is behind a risk to others."""

    category: Annotated[str, Code("risk_to_others")]
    """Which risk."""


class SafetyStep(Document):
    """One thing that is done, and by whom."""

    step: Line
    """What is done."""
    by: Line
    """Which person or agency does it."""
    out_of_hours: Maybe[YesNo] = None
    """Whether it is also done at night and at weekends."""


class SafetyPlan(Document):
    """The one plan for safety. It follows the child, so that nobody has to begin again.

    Source: Reviews of practice: plans of all agencies, about outcomes, that follow the child
    """

    aim: Text
    """What is to be different for the child."""
    owner_agency: Line
    """Which agency owns it."""
    owner: Maybe[Name] = None
    """Who owns it there."""
    triggers: Maybe[Text] = None
    """What sets things off, such as news from home."""
    what_calms: Maybe[Text] = None
    """What calms, and who is best at it."""
    steps: Maybe[Many[SafetyStep]] = None
    """What is done, and by whom."""
    made_with: Maybe[Line] = None
    """Who made it: the child, family, which agencies."""
    first_made_on: Maybe[Day] = None
    """When it was first made, in whatever home that was."""
    carried_forward_on: Maybe[Day] = None
    """When it was carried to this home and found to be true still."""
    next_review_on: Maybe[Day] = None
    """When it is next reviewed."""


class Risks(Section):
    """Risks to the child and to others."""

    to_child: RiskToChild
    """Risks to the child: category, state and level."""
    to_others: Maybe[RiskToOthers] = None
    """Risks to others: category, state and level."""
    child_details: Maybe[Many[AccountToChild]] = None
    """What is behind the risks to the child."""
    others_details: Maybe[Many[AccountToOthers]] = None
    """What is behind the risks to others."""
    plan_owner: Maybe[Line] = None
    """Who owns the one current plan for safety.
    Source: Reviews of practice: no single risk plan that all could reach"""
    safety_plan: Maybe[Known[SafetyPlan]] = None
    """The one plan for safety, in a form that can be read at night."""
    tried_before: Maybe[Text] = None
    """What has been tried and what came of it."""


class ConsultedRisks(Section):
    """In a consultation: categories with state and level, and no story."""

    to_child: RiskToChild
    """Risks to the child."""
    to_others: Maybe[RiskToOthers] = None
    """Risks to others."""


class Screening(Document):
    """One use of an exploitation tool."""

    kind: Annotated[str, Code("exploitation_kind")]
    """What kind of exploitation."""
    tool: Line
    """The tool used."""
    level: Annotated[str, Code("exploitation_level")]
    """The level it found."""
    assessed_on: Day
    """When."""
    review_on: Maybe[Day] = None
    """When it is next used.
    Source: Reviews of practice: tools are reviewed every three months"""
    detail: Maybe[Text] = None
    """What was found."""


class Panel(Document):
    """The panel that looks at it."""

    name: Line
    """The panel."""
    met_on: Maybe[Day] = None
    """When it last looked."""
    next_on: Maybe[Day] = None
    """When it looks again."""
    outcome: Maybe[Text] = None
    """What it decided."""


class Referral(Document):
    """The National Referral Mechanism."""

    stage: Annotated[str, Code("nrm_stage")]
    """The stage."""
    referred_on: Maybe[Day] = None
    """When referred."""
    reference: Maybe[Line] = None
    """The reference."""
    decided_on: Maybe[Day] = None
    """When it was decided."""
    guardian: Maybe[Line] = None
    """The independent child trafficking guardian."""


class Protection(Document):
    """A measure against whoever harms the child."""

    measure: Annotated[str, Code("protective_measure")]
    """Which measure."""
    made_on: Maybe[Day] = None
    """When it was made."""
    expires_on: Known[Day]
    """When it ends."""
    force: Maybe[Line] = None
    """The force or court."""
    detail: Maybe[Text] = None
    """What it forbids."""


class Exploitation(Section):
    """Exploitation: tools, panel, referral and protection."""

    screenings: Maybe[Known[Many[Screening]]] = None
    """Each use of a tool."""
    panel: Maybe[Panel] = None
    """The panel that looks at it."""
    nrm: Maybe[Known[Referral]] = None
    """The National Referral Mechanism."""
    measures: Maybe[Many[Protection]] = None
    """Protective measures."""
    people_and_places: Maybe[Text] = None
    """People and places of concern, for the police and social care only."""


class MissingAgreement(Section):
    """What the two authorities and the police agreed, before the child goes missing."""

    return_interviews_by: Known[Line]
    """Who carries out return interviews.
    Source: Statutory guidance on children who run away or go missing from home or care (2014)"""
    return_interviews_phone: Maybe[Phone] = None
    """Where they can be rung."""
    return_interviews_paid_by: Known[Annotated[str, Code("funder")]]
    """Who pays for them."""
    reported_by: Known[Annotated[str, Code("episode_reporting")]]
    """Who reports an episode to the police."""
    how_reported: Maybe[Text] = None
    """How each side tells the other."""
    when_to_report: Maybe[Text] = None
    """How long is normal for this child, and when to report at once."""
    prevention: Maybe[Text] = None
    """What is done so that the child need not go."""
    earlier_episodes: Maybe[Known[Count]] = None
    """How many earlier episodes are known."""
    last_episode_on: Maybe[Day] = None
    """When the last one was."""
    why_and_where: Maybe[Text] = None
    """Why the child went, where and with whom, as far as is known."""
    agreed_with_police_on: Maybe[Known[Day]] = None
    """When it was agreed with the police."""
    incidents_in_the_home: Maybe[Text] = None
    """What was agreed on calling the police to the home."""
