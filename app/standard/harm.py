"""What a child has told of harm done to them, and what was done about it. Few see it."""

from typing import Annotated

from .base import Document, Section
from .codes import Code
from .leaves import Day, Known, Line, Many, Maybe, Name, OwnWords, Text


class AccountOfHarm(Document):
    """One time the child told somebody, from the telling to what risk remains."""

    told_on: Known[Day]
    """When the child told it."""
    told_to: Known[Name]
    """To whom."""
    told_to_role: Maybe[Line] = None
    """That person's role."""
    said: Maybe[OwnWords] = None
    """What the child said, in their own words. They are never reworded."""
    action: Maybe[Text] = None
    """What was done, and by whom."""
    passed_to: Maybe[Line] = None
    """Which team or force it was passed to."""
    designated_officer_told_on: Maybe[Day] = None
    """If it is about an adult who works with children: when the designated officer of the area was told.
    Source: Working Together to Safeguard Children (2023): allegations against people who work with children"""
    outcome: Annotated[str, Code("account_outcome")]
    """What came of it."""
    outcome_detail: Maybe[Text] = None
    """Why, in words the child could be shown."""
    remaining_risk: Maybe[Text] = None
    """What risk remains whatever the outcome, and who watches it."""
    child_told_on: Maybe[Day] = None
    """When the child was told what came of it."""


class AccountsOfHarm(Section):
    """What the child has told of harm, so that it is never lost between teams."""

    accounts: Known[Many[AccountOfHarm]]
    """Each account, or that there is none.
    Source: Reviews of practice: accounts of abuse were lost, or closed when nobody was charged"""
