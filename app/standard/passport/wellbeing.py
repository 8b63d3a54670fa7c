"""How the child is: emotional health, disability, daily life, and what the child says about it."""

from typing import Annotated

from pydantic import ConfigDict

from app.standard.base import Document, any_of, needs_one_of
from app.standard.child import Disability
from app.standard.codes import Code
from app.standard.leaves import Day, Known, Line, Maybe, Name, OwnWords, Text, YesNo

from .leaves import HealthSection, Listed, SdqScore
from .person import CommunicationNeeds


class SelfHarm(Document):
    """What happens, in plain words. A grade alone tells nobody what to do.

    Source: Reviews of practice: risk of self-harm was judged unevenly
    """

    what_happens: Text
    """What the child does or has done."""
    means: Known[Text]
    """By what means, ligatures among them, and what is kept out of reach."""
    last_on: Maybe[Known[Day]] = None
    """When it last happened."""
    how_often: Maybe[Line] = None
    """How often."""
    leads_to_it: Maybe[Text] = None
    """What comes before."""
    what_helps: Known[Text]
    """What helps."""
    what_makes_it_worse: Maybe[Text] = None
    """What makes it worse."""
    treated_in_hospital: Maybe[YesNo] = None
    """Whether the child was treated in hospital for it."""
    differing_views: Maybe[Text] = None
    """Where professionals judge it differently, and what each says."""


class SafetyPlan(Document):
    """What the child and the people around them agreed to do when it is hard."""

    signs: Text
    """What is seen when things get hard."""
    child_does: Maybe[Text] = None
    """What the child does first."""
    others_do: Text
    """What the people around do."""
    keep_away: Maybe[Text] = None
    """What is kept out of reach."""
    who_to_ring: Maybe[Text] = None
    """Whom to ring, by day and by night."""
    agreed_on: Maybe[Day] = None
    """When it was agreed."""
    agreed_with_child: Maybe[YesNo] = None
    """Whether the child helped to write it."""
    review_on: Maybe[Day] = None
    """When it is looked at again."""


class Camhs(Document):
    """Where the child stands with mental health services."""

    state: Annotated[str, Code("camhs_state")]
    """Where the child stands."""
    service: Maybe[Line] = None
    """Which service."""
    referred_on: Maybe[Day] = None
    """When the child was referred."""
    waiting_since: Maybe[Day] = None
    """Since when the child waits. A move must not lose the place."""
    next_step_on: Maybe[Day] = None
    """When something happens next."""
    last_seen_on: Maybe[Day] = None
    """When the child was last seen."""
    declined_follow_up: Maybe[Line] = None
    """If declined or not accepted: who tries next, and when."""
    advice_for_carers: Maybe[Text] = None
    """What the service advises whoever cares for the child."""
    unmet_need: Maybe[Text] = None
    """Help the child needs and nobody gives yet."""


class Sdq(Document):
    """The strengths and difficulties score, or the reason why there is none.

    Source: DfE, SSDA903, SDQ_SCORE and SDQ_REASON
    """

    model_config = ConfigDict(json_schema_extra=any_of("score", "no_score_reason"))

    score: Maybe[SdqScore] = None
    """The total, 0 to 40."""
    completed_on: Maybe[Day] = None
    """When it was completed."""
    band: Maybe[Annotated[str, Code("sdq_band")]] = None
    """The band of that score."""
    completed_by: Maybe[Annotated[str, Code("sdq_completed_by")]] = None
    """Who answered."""
    no_score_reason: Maybe[Annotated[str, Code("sdq_reason")]] = None
    """Why there is no score."""
    next_due_on: Maybe[Day] = None
    """When the next one is due."""
    used_for: Maybe[Line] = None
    """What was done with it."""

    _something = needs_one_of("score", "no_score_reason")


class Support(Document):
    """Something that was tried, and whether it helped."""

    what: Line
    """What, life-story work among it."""
    outcome: Annotated[str, Code("support_outcome")]
    """Whether it helped."""
    began_on: Maybe[Day] = None
    """From."""
    ended_on: Maybe[Day] = None
    """Until."""
    detail: Maybe[Text] = None
    """What helped and what did not, and who tries next."""


class MentalHealth(HealthSection):
    """Emotional and mental health."""

    how_the_child_is: Known[Text]
    """How the child is, in plain words."""
    self_harm: Listed[SelfHarm]
    """Self-harm: what is known, that there is none, or why it is not known."""
    safety_plan: Maybe[Known[SafetyPlan]] = None
    """What was agreed for when it is hard."""
    camhs: Known[Camhs]
    """Where the child stands with mental health services."""
    sdq: Known[Sdq]
    """The strengths and difficulties score, or why there is none."""
    what_helps: Maybe[Text] = None
    """What helps on a hard day."""
    support: Maybe[Listed[Support]] = None
    """What was tried, and whether it helped."""
    discussed_at: Maybe[Text] = None
    """Strategy discussions and meetings that health was invited to, and whether it was there."""


class Equipment(Document):
    """Something the child needs, such as a wheelchair or a hearing aid."""

    what: Line
    """What."""
    looked_after_by: Maybe[Line] = None
    """Who services it and where it is repaired."""
    goes_with_child: Maybe[YesNo] = None
    """Whether it goes with the child on a move."""


class DisabilityAndCommunication(HealthSection):
    """Disability, communication and sensory needs."""

    disabilities: Listed[Disability]
    """Each, or none, or why it is not known."""
    communication: Known[CommunicationNeeds]
    """How to talk with the child."""
    equipment: Maybe[Listed[Equipment]] = None
    """Equipment the child needs."""
    ehc_plan: Maybe[Known[Annotated[str, Code("plan_state")]]] = None
    """Whether there is an education, health and care plan."""
    daily_living: Maybe[Text] = None
    """Help the child needs in daily life."""


class DailyLife(HealthSection):
    """Sleep, eating and continence."""

    sleep: Known[Text]
    """Sleep: times, what helps, what wakes the child."""
    eating: Known[Text]
    """Eating and drinking, weight, what is liked and refused."""
    continence: Known[Text]
    """Continence, by day and by night."""
    exercise_and_screens: Maybe[Text] = None
    """Movement, sport, screens."""
    smoking_or_vaping: Maybe[Known[Text]] = None
    """Smoking or vaping."""


class OwnVoice(HealthSection):
    """What helps me and what worries me, in the child's words. Never reworded."""

    what_helps_me: Known[OwnWords]
    """What helps me."""
    what_worries_me: Known[OwnWords]
    """What worries me."""
    about_my_health: Maybe[Known[OwnWords]] = None
    """What I want people to know about my health."""
    what_i_like_to_be_called: Maybe[OwnWords] = None
    """What I like to be called."""
    who_helps_me: Maybe[OwnWords] = None
    """Who helps me."""
    what_is_hard: Maybe[OwnWords] = None
    """What is hard for me."""
    at_appointments: Maybe[OwnWords] = None
    """What I want at appointments."""
    asked_by: Maybe[Name] = None
    """Who asked the child."""
    how: Maybe[Annotated[str, Code("participation")]] = None
    """How the child's words were got."""


class SexualHealth(HealthSection):
    """Sexual health. A sensitive part: read only with a purpose and as the young person decided."""

    facts: Known[Text]
    """What a clinician must know."""
    contraception: Maybe[Known[Text]] = None
    """Contraception."""
    support: Maybe[Text] = None
    """Support given, and by whom."""


class Pregnancy(HealthSection):
    """Pregnancy. A sensitive part: read only with a purpose and as the young person decided."""

    state: Annotated[str, Code("pregnancy_state")]
    """Where things stand."""
    due_on: Maybe[Known[Day]] = None
    """When the birth is expected."""
    care: Maybe[Known[Text]] = None
    """Who cares for the young person and the pregnancy."""
    detail: Maybe[Text] = None
    """What a clinician must know."""


class Substance(Document):
    """Use of one substance."""

    substance: Line
    """Which."""
    use: Annotated[str, Code("substance_use")]
    """How it is used."""
    detail: Maybe[Text] = None
    """What is known, and what helps."""


class SubstanceUse(HealthSection):
    """Alcohol, drugs and other substances. A sensitive part: read only with a purpose and as decided."""

    entries: Listed[Substance]
    """Each, or none, or why it is not known."""
    support: Maybe[Listed[Support]] = None
    """Help that was offered, taken or declined."""
