"""Saying which version is changed: a writer who has not seen the newest is told which sections moved, and by whom."""

from collections.abc import Iterable
from dataclasses import replace

from app.kit.errors import Fault
from app.organisations.directory import Directory
from app.passports.policy import in_words
from app.passports.service.standing import Standing, section_tags, tag_of, view_of
from app.rules.words import SENSITIVE
from app.web.errors import StaleVersion, VersionRequired
from app.work.tx import Tx


def require_whole(tx: Tx, directory: Directory, standing: Standing, if_match: str | None, names: Iterable[str]) -> None:
    """Insist that the caller has read the passport of today, of which these sections are sent.

    Raises VersionRequired, StaleVersion. A confirmation since then changes no words and is no reason to refuse. The
    tag tells nobody that a sensitive part changed, so it cannot say that its words were read: what somebody else
    wrote of one is changed under the address of that part.
    """
    view = view_of(tx, standing)
    tag = tag_of(tx, standing, view)
    if if_match is None:
        raise VersionRequired
    if _words_of(if_match) != _words_of(tag):
        since = _version_in(if_match)
        moved = [name for name, held in standing.held.items() if name in view.shared and held["version"] > since]
        raise StaleVersion(faults=changes(directory, standing, moved))
    if unread := [name for name in names if name in SENSITIVE and not _own_words(tx, standing, name)]:
        told = changes(directory, standing, unread)
        raise StaleVersion(faults=[replace(each, message=f"{each.message} {_BY_ITSELF}") for each in told])


_BY_ITSELF = "A sensitive part that somebody else wrote is published by itself, with the tag of that section."


def _own_words(tx: Tx, standing: Standing, name: str) -> bool:
    """Whether the caller knows the words of a part that would be replaced: there are none, or they are its own."""
    by, held = tx.by, standing.held.get(name)
    whose = (by.organisation, by.function, by.practitioner_id)
    return held is None or (held["organisation"], held["function"], held["practitioner"]) == whose


def require_section(tx: Tx, directory: Directory, standing: Standing, name: str, if_match: str | None) -> None:
    """Insist that the caller has read the words of one section as they are. Raises VersionRequired, StaleVersion."""
    if if_match is None:
        raise VersionRequired
    if if_match.strip() != section_tags(tx, standing)(name):
        raise StaleVersion(faults=changes(directory, standing, [name] if name in standing.held else []))


def changes(directory: Directory, standing: Standing, moved: Iterable[str]) -> list[Fault]:
    """Each section that changed, in which version and by which team. Never its words."""
    return [Fault(f"/{name}", "changed_since", _by_whom(directory, standing, name)) for name in moved]


def _by_whom(directory: Directory, standing: Standing, name: str) -> str:
    held = standing.held[name]
    if not standing.names(held["organisation"]):
        return f"Changed in version {held['version']} by another team."
    found = directory.organisation(held["organisation"])
    team = f"{in_words([held['function']])} of {found.name if found else held['organisation']}"
    return f"Changed in version {held['version']} by {team}."


def _words_of(tag: str) -> str:
    """The part of a tag that stands for words; what was confirmed follows it."""
    return tag.strip().strip('"').rpartition("-")[0]


def _version_in(tag: str) -> int:
    """The newest version a tag was made for; 0 where it is no tag of ours."""
    number = tag.strip().strip('"').partition("-")[0]
    return int(number) if number.isascii() and number.isdecimal() and len(number) < 10 else 0
