"""One case as it was told: times, age, approvals, read from a document that may lack any of them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import cached_property

from app.rules.reading import Leaf, day, elements, find, leaf_state, number, text, to_day, wishes_look_again_on
from app.rules.working_time import day_starts, london_day, london_moment


@dataclass(frozen=True, slots=True)
class Context:
    """What is known of a notification besides its words. Areas are ONS codes; ``received_at`` is aware.

    Countries are england, wales, scotland, northern_ireland or elsewhere. ``adjoining`` is yes, no, or ask:
    what the directory suggests of the two areas. ``postcode_area`` is where the home's postcode lies, if that
    is known. ``kept_beside``: a child placed together with this one has a confidential address, this one has not.
    ``previous`` is the case before an update.
    """

    placing_area: str
    placing_country: str
    received_at: datetime
    kind: str
    host_area: str | None = None
    host_country: str | None = None
    adjoining: str | None = None
    postcode_area: str | None = None
    kept_beside: bool = False
    previous: "Case | None" = None

    @property
    def today(self) -> date:
        """The day in London when it was received."""
        return london_day(self.received_at)


@dataclass(frozen=True, eq=False)
class Case:
    """One notification; an update is merged with what was sent before."""

    document: Mapping[str, object]
    context: Context

    def state_of(self, leaf: str) -> Leaf:
        return leaf_state(find(self.document, leaf))

    def says(self, path: str) -> bool:
        """Whether anything stands there, a "not known" included."""
        return find(self.document, path) is not None

    def text(self, path: str) -> str | None:
        return text(self.document, path)

    def day(self, path: str) -> date | None:
        return day(self.document, path)

    @cached_property
    def start_day(self) -> date | None:
        return self.day("placement.start.date") or self.day("placement.expected_from")

    @cached_property
    def stated_start(self) -> datetime | None:
        """The start as stated; from midnight in London where its time is not known, so nobody gains a day."""
        if self.start_day is None:
            return None
        at = _time(self.text("placement.start.time"))
        return day_starts(self.start_day) if at is None else london_moment(self.start_day, at)

    @cached_property
    def starts_at(self) -> datetime:
        """When the placement's clocks start: its start, or our receipt if that is not known.

        A start that had already passed cannot be moved later by an update: the earlier one keeps its clocks.
        """
        stated = self.stated_start or self.context.received_at
        earlier = self.context.previous and self.context.previous.starts_at
        return min(stated, earlier) if earlier and earlier <= self.context.received_at else stated

    @cached_property
    def moments(self) -> dict[str, datetime]:
        """What starts a clock, as far as it is known. A date alone counts from its start in London."""
        days = {
            "approval": min(self.approvals("nominated_officer", "director"), default=None),
            "ending": self.ended_on,
            "dol_expiry": None if self.secure else self.order_expires_on,
            "secure_expiry": self.order_expires_on if self.secure else None,
            "exploitation_review": max(self._screened_on(), default=None),
            "wish_review": min(wishes_look_again_on(self.document), default=None),
            "family_review": self.day("network.family_support.next_review_on"),
            "fit_for_discharge": self.day("placement.hospital.fit_for_discharge_on"),
        }
        dated = {name: day_starts(found) for name, found in days.items() if found}
        return {"start": self.starts_at, "received": self.context.received_at, **dated}

    @cached_property
    def ended_on(self) -> date | None:
        return self.day("placement.ending.ended_on")

    @cached_property
    def order_expires_on(self) -> date | None:
        return self.day("legal.deprivation_of_liberty.expires_on")

    @property
    def secure(self) -> bool:
        """Whether the order about the child's liberty is a secure accommodation order."""
        return self.text("legal.deprivation_of_liberty.basis") == "section_25"

    @cached_property
    def born_on(self) -> date | None:
        """Date of birth, exact or estimated."""
        return self.day("child.date_of_birth") or self.day("child.date_of_birth.estimated")

    @cached_property
    def age(self) -> int | None:
        """Age in whole years at the start, or when received if that is later."""
        if (born := self.born_on) is None:
            return 0 if self.day("child.date_of_birth.due") else number(self.document, "child.age")
        at = max(self.start_day or self.context.today, self.context.today)
        return at.year - born.year - ((at.month, at.day) < (born.month, born.day))

    def approvals(self, *approvers: str) -> list[date]:
        """The days on which any of these approved."""
        given = elements(self.document, "decision.approvals")
        days = [to_day(each.get("approved_on")) for each in given if each.get("approver") in approvers]
        return [found for found in days if found]

    def risk(self, name: str) -> bool:
        return self.text(f"risks.{name}.state") == "risk_present"

    def screened(self, *kinds: str) -> bool:
        """Whether a tool found any concern of one of these kinds."""
        screenings = elements(self.document, "exploitation.screenings")
        return any(each.get("kind") in kinds and each.get("level") != "none" for each in screenings)

    def _screened_on(self) -> list[date]:
        days = (to_day(each.get("assessed_on")) for each in elements(self.document, "exploitation.screenings"))
        return [found for found in days if found]


def _time(words: str | None) -> time | None:
    try:
        return time.fromisoformat(words) if words else None
    except ValueError:
        return None
