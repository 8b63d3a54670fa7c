"""A printed copy: composed, set outside any transaction, then composed again in the one that records it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from app.access.people import people
from app.organisations.directory import Directory
from app.passports.printing.passport import Around
from app.passports.printing.words import Speaker
from app.passports.service.reading import Opened
from app.work.errors import Contended
from app.work.tx import Tx

Act = Callable[..., Opened[Any]]
"""Releases a record and records that, given a transaction, the directory, and ``has`` and ``kind``."""

Page = Callable[[Any, Around], dict[str, Any]]
"""From what is released to the data of its template."""


@dataclass(frozen=True, slots=True)
class Copy:
    """What one copy says, on one day, in one language. No ``data``: the party has it already."""

    tag: str | None
    data: Mapping[str, Any] | None
    language: str
    on: date


def compose(tx: Tx, directory: Directory, act: Act, page: Page, language: str, has: str | None) -> Copy:
    """What would be printed now. Raises what ``act`` raises."""
    # The day stands on the page, so another day makes another document, with a tag of its own.
    opened = act(tx, directory, has=has, kind=f"pdf {language} {tx.today}")
    today = date.fromisoformat(tx.today)
    if opened.released is None:
        return Copy(opened.tag, None, language, today)
    return Copy(
        opened.tag, page(opened.released, _around(tx, directory, opened.released.head, language)), language, today
    )


def release(tx: Tx, directory: Directory, act: Act, page: Page, copy: Copy) -> None:
    """Record that a copy is released. Raises Contended where it would be another by now, and what ``act`` raises."""
    if compose(tx, directory, act, page, copy.language, None) != copy:
        raise Contended(retry_after=1)


def _around(tx: Tx, directory: Directory, head: Mapping[str, Any], language: str) -> Around:
    by = tx.by
    confirmed_by = (each["last_confirmed_by"] for each in head.get("sections_shared", ()))
    names = {each: person["name"] for each, person in people(tx, [by.practitioner_id, *confirmed_by]).items()}
    team = f"{Speaker(language).code('function', by.function)}, {directory.name_of(by.organisation)}"
    reader = names.get(by.practitioner_id or "")
    return Around(
        language=language,
        today=date.fromisoformat(tx.today),
        reader=f"{reader}, {team}" if reader else team,
        name_of=directory.name_of,
        names=names,
    )
