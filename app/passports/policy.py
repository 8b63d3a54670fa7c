"""Who has a part in a passport, what a decision opens, and what differs between two versions. Pure."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any, Final, NamedTuple, TypeVar

from app.rules.disclosure import RestrictionRow, Restrictions
from app.rules.passports import Passports
from app.rules.words import SENSITIVE
from app.security.principal import Caller
from app.security.scopes import Function

PLACING: Final = "placing"
HOST: Final = "host"

OWN_AUTHORITY, PLACING_HEALTH, TOLD = "placing_authority", "placing_health", "told_of_placement"
TRANSFER, OFFERED, BROKEN = "transfer", "offered", "break_glass"

_TELLS_THE_AREA: Final = "teams.host_health"

_SAYS_WHO: Final = "identity.local_id"

_OF_THE_AUTHORITY = frozenset({Function.SOCIAL_CARE, Function.EMERGENCY_DUTY, Function.REVIEWING_OFFICER})
"""The functions by which the authority that looks after a child has a part in its passport."""


R = TypeVar("R", bound=Any)
"""A record with the ``version`` of its passport, and when that ``changed_at``."""


class Right(NamedTuple):
    """On which side a team stands, and by what right."""

    side: str
    code: str


def read_of(records: Sequence[R]) -> R:
    """Of a child's records, the kept one first, the one whose passport is read: that one's, or where it has none, the
    one that changed last. ``version`` is None or 0 where nothing is published."""
    having = [each for each in records if each.version]
    if records[0].version or not having:
        return records[0]
    return max(having, key=lambda each: str(each.changed_at))


def right_of(
    by: Caller, authority: str, health_bodies: Collection[str], team: Right | None, told_side: str | None, offered: bool
) -> Right | None:
    """The right by which a caller has a part in a passport, or None. ``health_bodies`` are the authority's own.

    ``offered``: it is offered to the caller's team in a move that cannot wait for an answer. A health team of the
    host side has its part by that, or by having accepted; being told of the home is not enough.
    """
    if team is not None:
        return team
    if by.organisation == authority and by.function in _OF_THE_AUTHORITY:
        return Right(PLACING, OWN_AUTHORITY)
    if by.organisation in health_bodies and by.function is Function.CHILDREN_IN_CARE_HEALTH:
        return Right(PLACING, PLACING_HEALTH)
    if offered:
        return Right(HOST, OFFERED)
    if told_side is None or awaits(by, told_side):
        return None
    return Right(told_side, TOLD)


def awaits(by: Caller, told_side: str | None) -> bool:
    """Whether this team was told of a home, and takes the passport over before it reads it."""
    return told_side == HOST and by.function is Function.CHILDREN_IN_CARE_HEALTH


def reaching(rows: Mapping[str, RestrictionRow], party: str, restrictions: Restrictions) -> Collection[RestrictionRow]:
    """The restrictions on a child that reach a party."""
    return [rows[kind] for kind, spared in restrictions if rows[kind].reaches(party, spared)]


def hides_area(rows: Iterable[RestrictionRow]) -> bool:
    """Whether a party must not learn where the child lives: the teams there would say it."""
    return any(_TELLS_THE_AREA in row.removes for row in rows)


def seals_identity(rows: Iterable[RestrictionRow]) -> bool:
    """Whether a party must not know the child again: an id that is told would be a path to the old identity."""
    return any(_SAYS_WHO in row.removes for row in rows)


def decision_about(sharing: Mapping[str, Any], part: str) -> Mapping[str, Any] | None:
    """What the young person decided about a part; what they decided of all parts, where they named none."""
    decisions = sharing.get("decisions")
    found = {each["part"]: each for each in decisions} if isinstance(decisions, list) else {}
    return found.get(part) or found.get("all")


def open_parts(
    rules: Passports, decided: Sequence[Mapping[str, Any]], by: Caller, written_by: Mapping[str, str]
) -> frozenset[str]:
    """The sensitive parts that the young person's decisions leave open to this caller.

    ``decided`` is what they decided in the record that is read, then in those merged with it: a no in any is a no.
    ``written_by`` names the organisation that wrote each part. A reasoned override goes before a decision.
    """
    own, *others = decided

    def is_open(part: str) -> bool:
        about = [own, *(each for each in others if decision_about(each, part))]
        return all(_is_open(rules, each, by, part, written_by.get(part)) for each in about)

    return frozenset(part for part in SENSITIVE if is_open(part))


def _is_open(rules: Passports, sharing: Mapping[str, Any], by: Caller, part: str, writer: str | None) -> bool:
    decision = decision_about(sharing, part) or {}
    if "override" in decision:
        return True
    effect = rules.effect(decision.get("choice"))
    if effect == "named":
        return by.function in decision.get("may_see", ())
    return effect == "share" or (effect == "own" and by.organisation == writer)


def begun_here(first: Mapping[str, Mapping[str, Any]], at: str) -> bool:
    """Whether a passport began with its first version, published ``at``: what followed was written before that."""
    return all(age["at"] == at for age in first.values())


def overridden(sharing: Mapping[str, Any]) -> list[str]:
    """The parts shared against what the young person decided, each with its reason in the section."""
    decisions = sharing.get("decisions")
    return sorted(each["part"] for each in decisions if "override" in each) if isinstance(decisions, list) else []


def first_review(held: Mapping[str, Mapping[str, Any]]) -> str | None:
    """The first day on which a section of a passport is due for review; None where none says one."""
    return min((each["review_due_on"] for each in held.values() if each.get("review_due_on")), default=None)


def is_due(age: Mapping[str, Any], today: str) -> bool:
    """Whether a section is due for review on this day."""
    due = age.get("review_due_on")
    return due is not None and due <= today


class Difference(NamedTuple):
    """One place where two versions differ. An absent side is None."""

    pointer: str
    old: Any
    new: Any


def differences(old: Any, new: Any, pointer: str = "") -> Iterator[Difference]:
    """Every leaf that differs, by JSON pointer. List items are compared by their place."""
    if isinstance(old, dict) and isinstance(new, dict):
        for name in {**old, **new}:
            yield from differences(old.get(name), new.get(name), f"{pointer}/{name}")
    elif isinstance(old, list) and isinstance(new, list):
        for place in range(max(len(old), len(new))):
            yield from differences(_item(old, place), _item(new, place), f"{pointer}/{place}")
    elif old != new:
        yield Difference(pointer, old, new)


def _item(held: list[Any], place: int) -> Any:
    return held[place] if place < len(held) else None


def unchanged(sent: Mapping[str, Any], held: Mapping[str, Any]) -> bool:
    """Whether a section says what is held already. Who wrote it down counts only where that is sent."""
    if "recorded_by" in sent["provenance"]:
        return sent == held
    provenance = {name: value for name, value in held["provenance"].items() if name != "recorded_by"}
    return sent == {**held, "provenance": provenance}


def in_words(names: Iterable[str]) -> str:
    """Names of sections as a person reads them."""
    return ", ".join(name.replace("_", " ") for name in names)
