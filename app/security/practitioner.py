"""The person named in an assertion: normalised, bounded, and fit to be shown to a court.

What arrives here is written by another organisation's system and ends up on screens, letters and evidence. So
a name holds letters of one script and the few marks names are written with; an essay, a number, a control
that turns text round, an invisible character or a look-alike from another script is refused.
"""

import re
import unicodedata
from collections.abc import Mapping
from types import MappingProxyType

from app.kit.errors import Fault
from app.security.errors import InvalidPractitioner
from app.security.principal import Practitioner

MAX_CHARACTERS = 100
MAX_IDENTIFIER = 40

_IN_NAMES = frozenset(" -'’.")
_IN_TITLES = _IN_NAMES | frozenset("0123456789,&()/:–")
_IDENTIFIER = re.compile(r"[A-Za-z0-9](?:[ ./-]?[A-Za-z0-9])*")
_MEMBERS: Mapping[str, frozenset[str]] = MappingProxyType(
    {"name": _IN_NAMES, "role": _IN_TITLES, "team": _IN_TITLES, "identifier": frozenset()}
)

# Letters and marks by category that nobody can see, by a word of their Unicode name.
_INVISIBLE = frozenset({"FILLER", "INHERENT", "JOINER", "SELECTOR"})
# Scripts that one name is ordinarily written in together.
_EAST_ASIAN = frozenset({"BOPOMOFO", "CJK", "HANGUL", "HIRAGANA", "KATAKANA", "KATAKANA-HIRAGANA"})
# Not a script: what these name takes the script of the letter before it.
_INHERITED = frozenset({"COMBINING", "MODIFIER"})
# Scripts whose ordinary vowels Unicode calls a compatibility form of two characters.
_DECOMPOSING = frozenset({"LAO", "THAI"})
_MARKS_IN_A_ROW = 3


class _Refused(ValueError):
    """What is wrong with one member, as a sentence without the value."""


def read_practitioner(claim: object) -> Practitioner:
    """Read the claim ``{name, role, identifier?, team?}``. Raises InvalidPractitioner, a fault a member."""
    if not isinstance(claim, dict):
        raise InvalidPractitioner("practitioner: must be an object with name and role.")
    if not claim.keys() <= _MEMBERS.keys():
        raise InvalidPractitioner("practitioner: holds a member other than name, role, identifier and team.")
    read, faults = {}, []
    for member in _MEMBERS:
        try:
            read[member] = _read(member, claim.get(member))
        except _Refused as error:
            faults.append(Fault(f"/practitioner/{member}", "not_acceptable", str(error)))
    if faults:
        first = faults[0]
        raise InvalidPractitioner(f"{first.pointer[1:].replace('/', '.')}: {first.message}", faults=faults)
    return Practitioner(read["name"] or "", read["role"] or "", read["identifier"], read["team"])


def identity_text(practitioner: Practitioner) -> str:
    """One text for one person in one role, whatever the case or apostrophe; to be looked up by HMAC only."""
    parts = (practitioner.name, practitioner.role, practitioner.identifier or "", practitioner.team or "")
    return "\n".join(unicodedata.normalize("NFC", part.casefold().replace("’", "'")) for part in parts)


def _read(member: str, value: object) -> str | None:
    if value is None and member in ("identifier", "team"):
        return None
    if not isinstance(value, str):
        raise _Refused("must be text.")
    text = _spaced(value)
    if member == "identifier":
        return _identifier(text)
    _check_characters(text, _MEMBERS[member])
    _check_script(text)
    return text


def _identifier(text: str) -> str:
    if len(text) > MAX_IDENTIFIER or not _IDENTIFIER.fullmatch(text):
        raise _Refused(f"must be 1 to {MAX_IDENTIFIER} letters A to Z and digits, with single spaces or . / - between.")
    return text


def _spaced(value: str) -> str:
    # The first bound keeps an essay from being normalised at all; letters sent decomposed may shrink to fit.
    text = unicodedata.normalize("NFC", value) if len(value) <= 4 * MAX_CHARACTERS else ""
    text = " ".join(part for part in text.split(" ") if part)
    if not 1 <= len(text) <= MAX_CHARACTERS:
        raise _Refused(f"must be 1 to {MAX_CHARACTERS} characters.")
    return text


def _check_characters(text: str, allowed: frozenset[str]) -> None:
    marks = 0
    for character in text:
        category = unicodedata.category(character)
        if not (category[0] in "LM" or character in allowed):
            raise _Refused(_hint(allowed))
        marks = marks + 1 if category[0] == "M" else 0
        if marks > _MARKS_IN_A_ROW or category == "Me":
            raise _Refused("has too many marks on one letter.")
    if not text[0].isalpha():
        raise _Refused("must begin with a letter.")


def _hint(allowed: frozenset[str]) -> str:
    if "0" in allowed:
        return "may hold letters, digits, spaces and the marks - – ' . , : & ( ) / and nothing else."
    return "may hold letters, spaces, hyphen, apostrophe and full stop, and nothing else."


def _check_script(text: str) -> None:
    scripts = set()
    for character in text:
        if unicodedata.category(character)[0] not in "LM":
            continue
        words = unicodedata.name(character, "UNNAMED").split()
        if not _INVISIBLE.isdisjoint(words):
            raise _Refused("holds a character that cannot be seen.")
        # Mathematical, full-width and other dressed-up letters read like plain ones and are not.
        if unicodedata.decomposition(character).startswith("<") and words[0] not in _DECOMPOSING:
            raise _Refused("holds a letter in a decorative or compatibility form.")
        scripts.add("EAST ASIAN" if words[0] in _EAST_ASIAN else words[0])
    if len(scripts - _INHERITED) > 1:
        raise _Refused("mixes letters of more than one script.")
