"""What is sent while a health passport moves from one children-in-care health team to the next."""

from typing import Annotated, Literal

from pydantic import ConfigDict, Field, TypeAdapter

from .base import Document
from .codes import Code
from .leaves import Maybe, OrganisationCode, Text
from .passport.document import VersionNumber
from .requests import Owner


class Payer(Document):
    """Which health bodies pay and provide, as far as it is settled.

    Source: NHS England, Who Pays? (2024)
    """

    originating_icb: Maybe[OrganisationCode] = None
    """The health body of the area that first placed the child."""
    responsible_commissioner: Maybe[OrganisationCode] = None
    """Who pays."""
    basis: Maybe[Annotated[str, Code("commissioner_basis")]] = None
    """Why that one."""
    without_prejudice_provider: Maybe[OrganisationCode] = None
    """Who provides in the meantime, without prejudice to who pays in the end."""


class PassportTransfer(Document):
    """A health passport offered to another children-in-care health team. A move offers it by itself."""

    organisation: OrganisationCode
    """The health body whose children-in-care team is asked to keep the passport."""
    urgency: Annotated[str, Code("urgency")]
    """In an emergency the new team reads at once; else once it has accepted."""
    reason: Text
    """Why the passport is to go there. Leave the child's name out of it."""
    contact: Owner
    """Whom to ring about it."""
    commissioning: Maybe[Payer] = None
    """Which health bodies pay and provide, as far as it is settled."""


class AcceptPassport(Document):
    """We take the child on and keep the passport from now on."""

    act: Literal["accept"]
    """We take the child on."""
    contact: Owner
    """Who in your team answers for the child's health from now on."""
    note: Maybe[Text] = None
    """Anything to tell the other team."""


class QueryPassport(Document):
    """We have a question before we answer."""

    act: Literal["query"]
    """We have a question first."""
    note: Text
    """What you need to know. Leave the child's name out of it."""


class ReplyToQuery(Document):
    """The question is answered."""

    act: Literal["reply"]
    """The answer to the question."""
    note: Text
    """The answer."""


class DeclinePassport(Document):
    """We do not take the child on. It goes back to the placing side, which finds another team."""

    act: Literal["decline"]
    """We say no."""
    reason: Annotated[str, Code("passport_decline_reason")]
    """Why."""
    note: Text
    """What would have to be so for you to take the child on, or where else it may belong."""
    responsible_commissioner: Maybe[OrganisationCode] = None
    """If who pays is disputed: who does, in your view."""


class ReroutePassport(Document):
    """Offered to another team after a refusal."""

    act: Literal["re_route"]
    """Offer it to another team."""
    organisation: OrganisationCode
    """The health body whose team is asked now."""
    reason: Text
    """Why that one."""
    contact: Owner
    """Whom to ring about it."""
    commissioning: Maybe[Payer] = None
    """Which health bodies pay and provide. Who provides meanwhile must be named where who pays is disputed."""


class WithdrawPassport(Document):
    """The offer is taken back."""

    act: Literal["withdraw"]
    """Take the offer back."""
    reason: Text
    """Why."""


class ConfirmPassport(Document):
    """The outgoing team looked through the passport: it holds what they know."""

    act: Literal["confirm"]
    """We looked through it."""
    version: VersionNumber
    """The version you looked through. A newer one is refused: look at that first."""
    note: Maybe[Text] = None
    """Anything the new team should know that has no place in the passport."""


PassportStep = (
    AcceptPassport
    | QueryPassport
    | ReplyToQuery
    | DeclinePassport
    | ReroutePassport
    | WithdrawPassport
    | ConfirmPassport
)

PASSPORT_TRANSFER: TypeAdapter[PassportTransfer] = TypeAdapter(PassportTransfer)
PASSPORT_STEP: TypeAdapter[PassportStep] = TypeAdapter(
    Annotated[PassportStep, Field(discriminator="act", title="Step of a passport's transfer")],
    config=ConfigDict(hide_input_in_errors=True),
)
