"""The words of the directory: kinds of organisation, who issues their codes, and the form of each code."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType


class Kind(StrEnum):
    """What an organisation is."""

    HEALTH_BOARD = "health_board"
    INTEGRATED_CARE_BOARD = "integrated_care_board"
    LOCAL_AUTHORITY = "local_authority"
    POLICE_FORCE = "police_force"
    PROVIDER = "provider"
    SAFEGUARDING_PARTNERSHIP = "safeguarding_partnership"
    SCHOOL = "school"
    TRUST = "trust"


class Country(StrEnum):
    """Where a body or an address is. Only the law of England and of Wales is held."""

    ELSEWHERE = "elsewhere"
    ENGLAND = "england"
    NORTHERN_IRELAND = "northern_ireland"
    SCOTLAND = "scotland"
    WALES = "wales"


BY_LETTER: Mapping[str, Country] = MappingProxyType(
    {"E": Country.ENGLAND, "N": Country.NORTHERN_IRELAND, "S": Country.SCOTLAND, "W": Country.WALES}
)
"""By the letter an ONS code begins with."""


@dataclass(frozen=True, slots=True)
class CodeForm:
    """``system`` issues the code; ``local`` is this service's operator. ``in_editions``: editions list it."""

    system: str
    pattern: re.Pattern[str]
    in_editions: bool = True


_LOCAL = re.compile(r"[A-Z0-9]{3,12}")

CODE_FORMS: Mapping[Kind, CodeForm] = MappingProxyType(
    {
        Kind.HEALTH_BOARD: CodeForm("ods", re.compile(r"7[A-Z][0-9]")),
        Kind.INTEGRATED_CARE_BOARD: CodeForm("ods", re.compile(r"[A-Z][A-Z0-9]{2}(?:[A-Z0-9]{2})?")),
        # Never E07: a district does not look after children.
        Kind.LOCAL_AUTHORITY: CodeForm("gss", re.compile(r"(?:E0[689]|E10|W06)[0-9]{6}")),
        Kind.POLICE_FORCE: CodeForm("gss", re.compile(r"(?:E23|W15)[0-9]{6}")),
        Kind.PROVIDER: CodeForm("local", _LOCAL, in_editions=False),
        Kind.SAFEGUARDING_PARTNERSHIP: CodeForm("local", _LOCAL, in_editions=False),
        Kind.SCHOOL: CodeForm("urn", re.compile(r"[0-9]{6}"), in_editions=False),
        Kind.TRUST: CodeForm("ods", re.compile(r"[A-Z0-9]{3}(?:[A-Z0-9]{2})?"), in_editions=False),
    }
)

BRITISH_TRANSPORT_POLICE = "BTP"
"""The one force without an area, and so without an ONS code. Held under England, where it is based."""
