"""The child: who they are, what they like, what they said."""

from typing import Annotated

from pydantic import ConfigDict, Tag

from .base import Document, Section, any_of, needs_one_of
from .codes import Code
from .leaves import (
    Age,
    ChildId,
    Day,
    DocumentId,
    Known,
    Language,
    Line,
    LocalId,
    Many,
    Maybe,
    Moment,
    Name,
    NhsNumber,
    NotKnown,
    OwnWords,
    Phone,
    Text,
    Upn,
    YesNo,
    by_key,
)


class EstimatedBirth(Document):
    """A date of birth that is an estimate."""

    estimated: Day
    """The estimated date."""
    basis: Maybe[Line] = None
    """How it was estimated."""


class UnbornDue(Document):
    """A child not born yet."""

    due: Day
    """The day the birth is expected."""


DateOfBirth = Annotated[
    Annotated[Day, Tag("~value")]
    | Annotated[EstimatedBirth, Tag("~estimated")]
    | Annotated[UnbornDue, Tag("~due")]
    | Annotated[NotKnown, Tag("~not_known")],
    by_key("estimated", "due", "not_known"),
]
"""A date, an estimate, the due date of an unborn child, or why it is not known."""


class LinkedChild(Document):
    """Another child this one belongs with. The other child's address is never shown through this link."""

    local_id: LocalId
    """The other child's local id at the same authority."""
    relation: Annotated[str, Code("relation")]
    """What the other child is to this one."""
    placed_together: YesNo
    """Whether they live together in this home."""


class Disability(Document):
    """A disability and what it means in daily life."""

    code: Annotated[str, Code("disability")]
    """The kind."""
    detail: Maybe[Text] = None
    """What it means for the child and what helps."""


class Communication(Document):
    """How to talk with the child. It is shown before everything else."""

    needs: Text
    """What makes it easier for the child to understand and be understood."""
    interpreter: Maybe[Annotated[str, Code("interpreter")]] = None
    """Whether an interpreter is needed."""
    aids: Maybe[Line] = None
    """Hearing aids, symbols, devices."""


class Child(Section):
    """Who the child is."""

    model_config = ConfigDict(json_schema_extra=any_of("local_id", "child_id"))

    local_id: Maybe[LocalId] = None
    """The placing authority's own number for the child."""
    child_id: Maybe[ChildId] = None
    """The child's id in this service, if it is known to the sender."""
    given_names: Known[Name]
    """First name or names. A baby not named yet is said so as not known."""
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
    gender: Maybe[Known[Annotated[str, Code("gender")]]] = None
    """Gender, as the child states it."""
    gender_in_own_words: Maybe[Line] = None
    """How the child describes it."""
    pronouns: Maybe[Line] = None
    """Pronouns the child uses."""
    ethnicity: Maybe[Known[Annotated[str, Code("ethnicity")]]] = None
    """Ethnicity."""
    nhs_number: Maybe[Known[NhsNumber]] = None
    """NHS number. Child Protection Information Sharing depends on it."""
    upn: Maybe[Known[Upn]] = None
    """Unique pupil number."""
    upn_unknown_reason: Maybe[Annotated[str, Code("upn_unknown_reason")]] = None
    """Why there is no unique pupil number."""
    first_language: Maybe[Known[Language]] = None
    """First language."""
    communication: Maybe[Known[Communication]] = None
    """How to talk with the child."""
    religion: Maybe[Known[Line]] = None
    """Religion or belief."""
    disabilities: Maybe[Known[Many[Disability]]] = None
    """Disabilities."""
    linked_children: Maybe[Many[LinkedChild]] = None
    """Brothers, sisters, or the child's own baby."""

    _identified = needs_one_of("local_id", "child_id")


class AboutMe(Section):
    """The child as a person, before any risk."""

    pen_picture: Maybe[Text] = None
    """A short portrait.
    Source: Reviews of practice: the child was seen through deficits"""
    strengths: Maybe[Text] = None
    """What the child is good at."""
    likes: Maybe[Text] = None
    """What the child likes, and how the new home keeps it going."""
    strengths_kept: Maybe[Text] = None
    """How the home keeps strengths and interests going: where, when, who takes the child there.
    Source: Reviews of practice: a talent that was never used"""
    dislikes: Maybe[Text] = None
    """What the child does not like."""
    what_helps: Maybe[Text] = None
    """What helps on a hard day."""
    what_worries_me: Maybe[Text] = None
    """What worries the child."""
    identity_and_culture: Maybe[Text] = None
    """Race, culture, faith, hair, skin, food, language, and what they mean to the child."""
    what_the_home_will_do: Maybe[Text] = None
    """What the home will do about identity and culture."""
    routines: Maybe[Text] = None
    """Sleep, food and daily rhythm."""
    in_own_words: Maybe[YesNo] = None
    """Whether these are the child's own words."""
    written_by: Maybe[Line] = None
    """Who wrote it, with the child or for them."""
    written_on: Maybe[Day] = None
    """When it was written."""


class Wish(Document):
    """One wish, and what became of it."""

    wish: OwnWords
    """What the child wants, in their words."""
    outcome: Annotated[str, Code("wish_outcome")]
    """Met or not."""
    why_not: Maybe[Text] = None
    """If not met: why."""
    action: Maybe[Text] = None
    """What is done about it."""
    explained_on: Maybe[Day] = None
    """When this was explained to the child."""
    explained_by: Maybe[Name] = None
    """Who explained it."""
    result: Maybe[Text] = None
    """What changed because of it: you said, we did."""
    shown_to_child_on: Maybe[Day] = None
    """When the child was shown what changed."""
    look_again_on: Maybe[Day] = None
    """If it is not met: when it is looked at again. An unmet wish stays open."""


class TrustedAdult(Document):
    """Someone the child trusts."""

    name: Name
    """Who."""
    relation: Annotated[str, Code("relation")]
    """Who they are to the child."""
    phone: Maybe[Phone] = None
    """Where they can be rung."""


class Advocacy(Document):
    """The child's advocate, or the offer of one."""

    offered_on: Maybe[Day] = None
    """When an advocate was offered."""
    accepted: Maybe[YesNo] = None
    """Whether the child wanted one."""
    name: Maybe[Name] = None
    """The advocate."""
    phone: Maybe[Phone] = None
    """Where the advocate can be rung."""


class Override(Document):
    """Sharing against what the young person decided."""

    reason: Text
    """Why it is shared all the same."""
    decided_by: Name
    """Who decided."""
    decided_on: Day
    """When."""


class SharingDecision(Document):
    """What the young person decided about sharing."""

    choice: Annotated[str, Code("sharing_choice")]
    """What they decided."""
    detail: Maybe[Text] = None
    """What may be shared, with whom, and what not."""
    decided_on: Maybe[Day] = None
    """When they decided."""
    override: Maybe[Override] = None
    """A reasoned decision to share all the same."""


class Voice(Section):
    """What the child said, and what was done about it."""

    said: Known[OwnWords]
    """What the child said, in their own words. They are never reworded."""
    how: Maybe[Annotated[str, Code("participation")]] = None
    """How their views were got."""
    contribution: Maybe[DocumentId] = None
    """What the child drew, made, wrote or recorded: its id in this service."""
    with_whom: Maybe[Line] = None
    """With whom: a trusted adult, an advocate."""
    at: Maybe[Moment] = None
    """When. The aim is within 48 hours of the move."""
    next_chance_on: Maybe[Day] = None
    """If not yet: when the child will next be asked."""
    wishes: Maybe[Many[Wish]] = None
    """Each wish and what became of it."""
    trusted_adult: Maybe[Known[TrustedAdult]] = None
    """Someone the child trusts."""
    advocate: Maybe[Advocacy] = None
    """The child's advocate, or the offer of one."""
    sharing: Maybe[SharingDecision] = None
    """What the young person decided about sharing."""


class ConsultedChild(Section):
    """All that a consultation may say of the child. There is no place for a name."""

    local_id: LocalId
    """The placing authority's own number, never shown to the authority consulted."""
    age: Known[Age]
    """Age in whole years; an unborn child is 0."""
    sex: Known[Annotated[str, Code("sex")]]
    """Sex."""
    needs: Many[Annotated[str, Code("need")]]
    """What the child needs, by category."""
