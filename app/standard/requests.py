"""The other documents a client sends: a child, a correction, a restriction, an acknowledgement, a recall."""

from typing import Annotated, Literal

from pydantic import ConfigDict, Field, TypeAdapter

from .base import Document, any_of, needs_one_of
from .child import DateOfBirth
from .codes import Code
from .leaves import (
    Day,
    Email,
    Known,
    Line,
    LocalId,
    Many,
    Maybe,
    Moment,
    Name,
    NhsNumber,
    OrganisationCode,
    Phone,
    PractitionerId,
    RecipientId,
    Text,
    Upn,
)


class ChildRecord(Document):
    """A child, before any move. A health passport can exist from then on."""

    local_id: LocalId
    """The placing authority's own number for the child."""
    given_names: Known[Name]
    """First name or names."""
    family_name: Known[Name]
    """Family name."""
    date_of_birth: DateOfBirth
    """Date of birth, exact or estimated, or the due date of an unborn child."""
    sex: Known[Annotated[str, Code("sex")]]
    """Sex."""
    known_as: Maybe[Many[Name]] = None
    """What the child likes to be called, and other names used."""
    former_names: Maybe[Many[Name]] = None
    """Names the child had before."""
    ethnicity: Maybe[Known[Annotated[str, Code("ethnicity")]]] = None
    """Ethnicity."""
    nhs_number: Maybe[Known[NhsNumber]] = None
    """NHS number."""
    upn: Maybe[Known[Upn]] = None
    """Unique pupil number."""
    upn_unknown_reason: Maybe[Annotated[str, Code("upn_unknown_reason")]] = None
    """Why there is no unique pupil number."""


class DocumentRecord(Document):
    """A document about a child that is going to be uploaded: what it is, before its bytes."""

    type: Annotated[str, Code("document_type")]
    """What it is. Who may open it follows from this."""
    title: Maybe[Line] = None
    """Its title."""
    file_name: Maybe[Line] = None
    """What to call the file of whoever saves it. Left out: its title, or what it is."""
    dated_on: Maybe[Day] = None
    """The date on it."""


class CorrectedFacts(Document):
    """The facts as they are now known. The old value is kept, marked as wrong."""

    model_config = ConfigDict(json_schema_extra={"minProperties": 1})

    given_names: Maybe[Known[Name]] = None
    """First name or names."""
    family_name: Maybe[Known[Name]] = None
    """Family name."""
    date_of_birth: Maybe[DateOfBirth] = None
    """Date of birth."""
    sex: Maybe[Known[Annotated[str, Code("sex")]]] = None
    """Sex."""
    known_as: Maybe[Many[Name]] = None
    """What the child likes to be called, and other names used."""
    former_names: Maybe[Many[Name]] = None
    """Names the child had before."""
    ethnicity: Maybe[Known[Annotated[str, Code("ethnicity")]]] = None
    """Ethnicity."""
    nhs_number: Maybe[Known[NhsNumber]] = None
    """NHS number."""
    upn: Maybe[Known[Upn]] = None
    """Unique pupil number."""

    _something = needs_one_of(
        "given_names",
        "family_name",
        "date_of_birth",
        "sex",
        "known_as",
        "former_names",
        "ethnicity",
        "nhs_number",
        "upn",
    )


class Correction(Document):
    """A fact about who the child is, put right.

    Source: UK GDPR Article 16
    """

    reason: Annotated[str, Code("correction_reason")]
    """Why."""
    facts: CorrectedFacts
    """The facts as they are now known."""
    detail: Maybe[Text] = None
    """How it was found out."""


class SparedParty(Document):
    """A party a restriction does not reach."""

    side: Annotated[str, Code("side")]
    """The side of the placement."""
    function: Annotated[str, Code("function")]
    """The function on that side."""


class Restriction(Document):
    """A restriction on what may be shown of a child. It goes before every view."""

    restriction: Annotated[str, Code("restriction")]
    """What is restricted."""
    reason: Annotated[str, Code("restriction_reason")]
    """Why."""
    review_on: Day
    """When it is reviewed."""
    detail: Maybe[Text] = None
    """More about why. It is shown to nobody outside the placing authority."""
    spared: Maybe[Many[SparedParty]] = None
    """Parties that must see the whole all the same, such as the health team that plans the appointments."""
    practitioners: Maybe[Many[PractitionerId]] = None
    """If only named practitioners may open: who they are."""


class RestrictionLifted(Document):
    """A restriction taken away, with a reason."""

    reason: Text
    """Why it is no longer needed."""


class Owner(Document):
    """Whoever takes it on."""

    name: Name
    """Who."""
    role: Line
    """Their role."""
    team: Maybe[Line] = None
    """Their team."""
    phone: Maybe[Phone] = None
    """Where they can be rung."""
    email: Maybe[Email] = None
    """Their email address."""


class Action(Document):
    """Something the recipient will do."""

    action: Line
    """What."""
    owner: Maybe[Line] = None
    """Who does it."""
    due: Maybe[Day] = None
    """By when."""


class VisitRefused(Document):
    """A visit of somebody of the area that was not let in, or whom the child would not see.

    Source: Reviews of practice: visits by plan only; unannounced ones were refused, and nobody was told
    """

    refused_on: Day
    """When. No day to come."""
    refused_by: Line
    """Who refused it and why."""
    unannounced: Maybe[bool] = None
    """Whether nobody there knew of it before."""


class _Answer(Document):
    note: Maybe[Text] = None
    """Anything to tell the sender."""
    visit_refused: Maybe[VisitRefused] = None
    """A visit from here that was refused: the sender is told of it apart."""
    owner: Maybe[Owner] = None
    """Who takes it on here, if not whoever answers."""
    actions: Maybe[Many[Action]] = None
    """What will be done."""


class Accepted(_Answer):
    """Read, and we take it on."""

    outcome: Literal["accepted"]
    """We take it on."""


class AcceptedWithQuestions(_Answer):
    """Read, we take it on, and need to know more."""

    outcome: Literal["accepted_with_questions"]
    """We take it on and ask."""
    questions: Many[Text]
    """What must be known."""


class Elsewhere(Document):
    """Where else it may belong. It is information: nothing is forwarded by itself."""

    model_config = ConfigDict(json_schema_extra=any_of("organisation", "name"))

    organisation: Maybe[OrganisationCode] = None
    """An organisation of the directory."""
    function: Maybe[Annotated[str, Code("function")]] = None
    """A function within it."""
    name: Maybe[Line] = None
    """A team that is not in the directory."""

    _somewhere = needs_one_of("organisation", "name")


class Declined(Document):
    """Read, and we cannot take it on."""

    outcome: Literal["declined"]
    """We cannot take it on."""
    reason: Annotated[str, Code("decline_reason")]
    """Why."""
    elsewhere: Maybe[Elsewhere] = None
    """Where else it may belong."""
    note: Maybe[Text] = None
    """Anything to tell the sender."""


Acknowledgement = Accepted | AcceptedWithQuestions | Declined

ACKNOWLEDGEMENT: TypeAdapter[Acknowledgement] = TypeAdapter(
    Annotated[Acknowledgement, Field(discriminator="outcome", title="Acknowledgement")],
    config=ConfigDict(hide_input_in_errors=True),
)


class Recall(Document):
    """Access to a notification ends at once. Who had opened it is listed, and a breach task begins.

    Source: UK GDPR Article 33
    """

    reason: Annotated[str, Code("recall_reason")]
    """Why."""
    recipients: Maybe[Many[RecipientId]] = None
    """From whom; from everyone if left out."""
    detail: Maybe[Text] = None
    """What happened. Leave the child's name out of it."""
    noticed_at: Maybe[Moment] = None
    """When it was noticed."""


class PlacementConfirmation(Document):
    """Somebody looked, and these sections of a placement are still true. Their words and dates stay as they are.

    Source: Reviews of practice: a plan that was wrong and old was read as if it were today's
    """

    version: Annotated[int, Field(ge=1, le=999_999_999)]
    """The version that was read: the highest among its sections."""
    sections: Many[Annotated[str, Code("notification_section")]]
    """Which sections."""


CHILD_RECORD: TypeAdapter[ChildRecord] = TypeAdapter(ChildRecord)
DOCUMENT_RECORD: TypeAdapter[DocumentRecord] = TypeAdapter(DocumentRecord)
CORRECTION: TypeAdapter[Correction] = TypeAdapter(Correction)
RESTRICTION: TypeAdapter[Restriction] = TypeAdapter(Restriction)
RESTRICTION_LIFTED: TypeAdapter[RestrictionLifted] = TypeAdapter(RestrictionLifted)
RECALL: TypeAdapter[Recall] = TypeAdapter(Recall)
PLACEMENT_CONFIRMATION: TypeAdapter[PlacementConfirmation] = TypeAdapter(PlacementConfirmation)
