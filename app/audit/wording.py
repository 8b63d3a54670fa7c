"""The account in plain words: a sentence for a child, a parent or a court. Pure."""

from dataclasses import dataclass
from typing import Final

from app.rules.edition import Edition

_REASONS: Final = {
    "sender": "it placed the child and told the others",
    "named_by_sender": "whoever placed the child chose to tell it",
    "own_record": "it answers for the child",
    "oversight": "it oversees where children in care live",
    "register": "the child lives in its area",
    "wishes": "it follows what became of the child's wishes",
    "responsibility_transfer": "it took over responsibility for the child",
}
"""Why somebody who was told by no rule has seen it."""


UNNAMED: Final = "an organisation that is not named here, since that would say where the child lives"


@dataclass(frozen=True, slots=True)
class Account:
    """One opening, with its names found."""

    how: str
    organisation: str
    acting: str
    function: str
    name: str | None
    role: str | None
    because: str
    sections: tuple[str, ...]


def because(why: str, edition: Edition) -> str:
    """Why this party has seen it, as the end of a sentence."""
    if why in _REASONS:
        return _REASONS[why]
    if why in edition.passports.rights:
        return edition.passports.rights[why]
    title = next((rule.title for rule in edition.recipients if rule.code == why), None)
    return f"it is told as {title[:1].lower()}{title[1:]}" if title else "a rule says so"


def sentence(account: Account) -> str:
    """Such as: Opened by Asha Rahman, social worker at Invented Council (send), because ... Seen: child."""
    team = f"{account.acting} ({plain(account.function)})"
    if account.acting != account.organisation:
        team += f", which does this for {account.organisation}"
    who = f"Opened by {account.name}, {account.role} at {team}" if account.name else f"Opened by a person at {team}"
    if account.how != "opened":
        who = f"Retrieved by the system of {team}, with no person named"
    seen = ", ".join(map(plain, account.sections)) or "nothing"
    return f"{who}, because {account.because}. Seen: {seen}."


def plain(code: str) -> str:
    """A code of ours as words."""
    return code.replace("_", " ")
