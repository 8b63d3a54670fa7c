"""How a stay ended, or is to end."""

from typing import Annotated

from .base import Document, Section
from .checks import Handover
from .codes import Code
from .leaves import Address, Count, Day, GssArea, Known, Line, LocalTime, Maybe, Postcode, Text, YesNo


class NoticeGiven(Document):
    """How much notice was given, and by whom."""

    given_on: Maybe[Day] = None
    """When notice was given."""
    given_by: Maybe[Line] = None
    """Who gave notice: the home, the authority, the child."""
    hours: Maybe[Count] = None
    """How many hours before the end."""


class Ending(Document):
    """How the stay ended."""

    ended_on: Day
    """The day it ended, or is to end."""
    ended_at: Maybe[LocalTime] = None
    """The time on the clock there."""
    reason: Known[Annotated[str, Code("place_change_reason")]]
    """Why it ended."""
    destination: Known[Annotated[str, Code("destination")]]
    """Where the child goes next."""
    notice_given: Known[NoticeGiven]
    """How much notice was given, and by whom."""
    care_ended_reason: Maybe[Annotated[str, Code("care_ended_reason")]] = None
    """If care itself ended: why."""
    destination_address: Maybe[Address] = None
    """The address the child goes to."""
    destination_postcode: Maybe[Postcode] = None
    """Its postcode."""
    destination_area: Maybe[GssArea] = None
    """The area it is in."""
    reviewing_officer_told_on: Maybe[Day] = None
    """When the reviewing officer was told.
    Source: Care Planning Regulations (England) 2010, regulation 14"""
    immediate_risk: Maybe[YesNo] = None
    """Whether it ended at once because of an immediate risk of significant harm.
    Source: Care Planning Regulations (England) 2010, regulation 14"""
    what_worked: Maybe[Text] = None
    """What worked in this home."""
    what_we_would_do_differently: Maybe[Text] = None
    """What we would do differently."""
    handover: Maybe[Text] = None
    """What goes with the child: belongings, medicines, papers, good-byes."""
    handover_list: Maybe[Handover] = None
    """The same as a list, each done or not."""


class PlacementEnding(Section):
    """In an ``end``: how the stay ended. The rest of the placement stays as it was told."""

    ending: Ending
    """How the stay ended."""
