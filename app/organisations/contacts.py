"""How a team of an organisation is reached by telephone and post, by the function it does."""

from collections.abc import Mapping
from types import MappingProxyType

from pydantic import BaseModel, ConfigDict, TypeAdapter

from app.security.scopes import Function
from app.standard.leaves import Email, Line, Phone


class Contact(BaseModel):
    """A team, never a person: people come with each notification, and leave."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    team: Line
    phone: Phone | None
    out_of_hours_phone: Phone | None
    email: Email | None


Contacts = Mapping[Function, Contact]
NO_CONTACTS: Contacts = MappingProxyType({})

contacts_json = TypeAdapter(dict[Function, Contact])
"""Reads and writes the ``contacts`` column."""
