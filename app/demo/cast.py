"""Who plays: real authorities in their real places, invented systems, teams and people.

The names of the organisations come from the directory. No person here exists.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from app.organisations.systems import System
from app.security.scopes import Function

LEEDS = "E08000035"
SHROPSHIRE = "E06000051"
TELFORD = "E06000020"
HOST_HEALTH = "QOC"
POLICE = "E23000016"
TRUST = "RXT01"
TRUST_NAME = "Invented Community Trust"

_CARE, _NIGHT, _HEALTH = Function.SOCIAL_CARE, Function.EMERGENCY_DUTY, Function.CHILDREN_IN_CARE_HEALTH
_SCHOOL, _REVIEW, _MISSING = Function.VIRTUAL_SCHOOL, Function.REVIEWING_OFFICER, Function.MISSING_PERSONS

SYSTEMS: Mapping[str, System] = MappingProxyType(
    {
        "leeds": System(LEEDS, "Case system", [_CARE, _NIGHT, _SCHOOL, _REVIEW]),
        "shropshire": System(SHROPSHIRE, "Case system", [_CARE, _NIGHT, _SCHOOL]),
        "telford": System(TELFORD, "Case system", [_CARE, _NIGHT]),
        "trust": System(TRUST, "Children in care health record", [_HEALTH], [HOST_HEALTH]),
        "police": System(POLICE, "Missing persons system", [_MISSING]),
    }
)
"""The connected systems, by the name of their client file. Each has a key of its own."""


@dataclass(frozen=True, slots=True)
class Part:
    """Somebody at work: through which system, in which function, for whom, and who they are. No name: the system."""

    system: str
    function: Function
    name: str | None = None
    role: str = ""
    organisation: str | None = None
    """Whom they act for, where that is not their system's own organisation."""


IDRIS = Part("leeds", _NIGHT, "Idris Examplar", "Emergency duty social worker")
MARIAN = Part("leeds", _CARE, "Marian Fictura", "Social worker")
PERPETUA = Part("leeds", _CARE, "Perpetua Notional", "Service manager")
SEREN = Part("shropshire", _NIGHT, "Seren Madeup", "Emergency duty social worker")
NIGHT_DESK = Part("shropshire", _NIGHT)
DAY_DESK = Part("shropshire", _CARE)
WILF = Part("shropshire", _CARE, "Wilf Conceit", "Duty manager")
NURSE = Part("trust", _HEALTH, "Bettina Supposed", "Named nurse for children in care", HOST_HEALTH)
SERGEANT = Part("police", _MISSING, "Conrad Figment", "Missing persons sergeant")
STRAY = Part("telford", _CARE, "Dilys Fabel", "Duty social worker")
