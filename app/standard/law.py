"""The law the child is looked after under, and immigration, which stands apart."""

from typing import Annotated

from .base import Document, Section
from .codes import Code
from .leaves import Address, Day, Known, Line, Many, Maybe, Moment, Name, Phone, Text, YesNo


class DeprivationOfLiberty(Document):
    """An order that allows the child's liberty to be taken."""

    basis: Annotated[str, Code("liberty_basis")]
    """The legal basis."""
    court: Annotated[str, Code("court")]
    """The court."""
    ordered_on: Day
    """When the order was made."""
    expires_on: Known[Day]
    """When it ends."""
    case_number: Maybe[Line] = None
    """The court's case number."""
    restrictions: Maybe[Text] = None
    """The restrictions the order allows, and no others."""
    staffing_ratio: Maybe[Line] = None
    """The staffing the order speaks of."""
    review_on: Maybe[Day] = None
    """When it is next reviewed."""
    regulator_told_at: Maybe[Moment] = None
    """When the regulator was told and sent the order.
    Source: President of the Family Division, Practice Guidance 2019 with addendum 2020, revised 2023"""


class Responsibility(Document):
    """Someone who holds parental responsibility."""

    who: Annotated[str, Code("parental_responsibility")]
    """How they hold it."""
    name: Maybe[Known[Name]] = None
    """Their name."""
    phone: Maybe[Phone] = None
    """Where they can be rung."""
    address: Maybe[Address] = None
    """Where they live."""
    limits: Maybe[Line] = None
    """Any limit a court has set."""


class Delegation(Document):
    """One decision handed to the carer, or kept."""

    topic: Annotated[str, Code("decision_topic")]
    """What is decided."""
    delegated_to: Annotated[str, Code("consent_giver")]
    """Who may decide."""
    conditions: Maybe[Line] = None
    """Any condition."""


class Consent(Document):
    """Who may consent to treatment."""

    given_by: Annotated[str, Code("consent_giver")]
    """Who may consent."""
    name: Maybe[Name] = None
    """Their name."""
    signed_on: Maybe[Day] = None
    """When the consent form was signed."""
    detail: Maybe[Text] = None
    """What it covers, and what it does not."""


class Order(Document):
    """Another order."""

    order: Annotated[str, Code("order")]
    """The kind of order."""
    court: Maybe[Annotated[str, Code("court")]] = None
    """The court."""
    made_on: Maybe[Day] = None
    """When it was made."""
    expires_on: Maybe[Day] = None
    """When it ends."""
    detail: Maybe[Text] = None
    """What it says."""


class Sharing(Document):
    """The basis for sharing, and the decision whether sharing would do more harm."""

    bases: Many[Annotated[str, Code("sharing_basis")]]
    """The bases relied on."""
    more_detrimental: Maybe[YesNo] = None
    """Whether sharing was judged more detrimental to the child than not sharing.
    Source: Children Act 2004 section 16LA, inserted by the Children's Wellbeing and Schools Act 2026"""
    detail: Maybe[Text] = None
    """Why."""
    decided_by: Maybe[Name] = None
    """Who decided."""


class Legal(Section):
    """The legal footing of the placement."""

    status: Known[Annotated[str, Code("legal_status")]]
    """Legal status."""
    status_since: Maybe[Day] = None
    """Since when."""
    looked_after_since: Maybe[Known[Day]] = None
    """When this period of care began. Health assessments and reviews count from it."""
    category_of_need: Maybe[Annotated[str, Code("category_of_need")]] = None
    """Category of need."""
    child_protection_plan: Maybe[Known[YesNo]] = None
    """Whether the child has a child protection plan."""
    deprivation_of_liberty: Maybe[DeprivationOfLiberty] = None
    """An order that allows the child's liberty to be taken."""
    parental_responsibility: Maybe[Known[Many[Responsibility]]] = None
    """Who holds parental responsibility."""
    delegated_authority: Maybe[Known[Many[Delegation]]] = None
    """Which decisions are handed to the carer."""
    consent_to_treatment: Maybe[Known[Consent]] = None
    """Who may consent to treatment."""
    other_orders: Maybe[Many[Order]] = None
    """Other orders in force."""
    sharing: Maybe[Sharing] = None
    """The basis for sharing."""


class AgeAssessment(Document):
    """Whether and how the child's age was assessed."""

    state: Annotated[str, Code("age_assessment_state")]
    """Where it stands."""
    assessed_on: Maybe[Day] = None
    """When it was assessed."""
    assessed_date_of_birth: Maybe[Day] = None
    """The date of birth it found."""
    detail: Maybe[Text] = None
    """What to know, including what the child says."""


class Immigration(Section):
    """Immigration, apart from all else and shared with fewer."""

    status: Known[Annotated[str, Code("immigration_status")]]
    """Immigration status."""
    unaccompanied: Maybe[Known[YesNo]] = None
    """Whether the child came to the country alone and seeks protection."""
    nationality: Maybe[Known[Line]] = None
    """Nationality, or that the child is stateless."""
    reference: Maybe[Line] = None
    """The Home Office reference."""
    leave_expires_on: Maybe[Day] = None
    """When leave ends."""
    age_assessment: Maybe[AgeAssessment] = None
    """Whether and how the child's age was assessed."""
    solicitor: Maybe[Line] = None
    """The child's immigration solicitor."""
    solicitor_phone: Maybe[Phone] = None
    """Where the solicitor can be rung."""
