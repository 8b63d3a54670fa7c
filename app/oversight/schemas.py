"""What oversight is told. No output field has a default: an answer holds all of them. No name of a child or a carer."""

from typing import Literal

from pydantic import ConfigDict, Field

from app.kit.ids import ID_PATTERN
from app.placements.schemas import ChildIdShown, Shown, Withheld
from app.standard.leaves import NotKnown


class Owed(Shown):
    """Something still owed of what this list is about."""

    item: str
    rule: str
    basis: str
    owner: str
    due: str
    overdue: bool


class Review(Shown):
    """The clock of the fortnightly look: when it is next due, and when it was last done."""

    due: str
    overdue: bool
    last_done_at: str | None


class LibertyOrder(Shown):
    """An order that allows the child's liberty to be taken."""

    basis: str
    court: str
    ordered_on: str
    expires_on: str | NotKnown
    review_on: str | None
    regulator_told_at: str | None


class Watched(Shown):
    """What both lists say of a child."""

    placement_id: str = Field(pattern=ID_PATTERN)
    child_id: ChildIdShown
    placing_authority: str
    host_area: str | None
    age_band: str
    review: Review | None
    owed: list[Owed]
    sections_withheld: list[Withheld]


class Setting(Watched):
    """One child in a setting of concern. What is null was not told, or is withheld and then named."""

    concern: Literal["unregistered_setting", "unsuitable_for_now", "setting_of_concern"] | None
    since: str | None
    days: int | None
    setting: str | None
    registration_status: str | None
    registration_applied_on: str | None
    regulator_told_at: str | None
    court_aware: bool | NotKnown | None
    has_senior_oversight: bool | None = Field(description="Whether a senior leader who oversees it was named")
    liberty_order: LibertyOrder | None
    stated_review_on: str | None = Field(description="The next review as the sender gave it")


class Settings(Shown):
    """Children in settings that should be registered and are not, or that are unsuitable for now."""

    items: list[Setting]
    next_cursor: str | None


class ApprovalLevels(Shown):
    """At which levels the move was approved, and which approvals are still owed, by rule."""

    present: list[str]
    owed: list[str]
    exemption: str | None


class Away(Watched):
    """One child placed out of their area."""

    distance: Literal["at_a_distance", "out_of_area"] | None
    started_on: str | None
    days_placed: int | None
    last_update_at: str
    days_since_update: int
    approval: ApprovalLevels | None = Field(description="null where your function does not see the decision")


class AwayFromHome(Shown):
    """Children placed out of their own authority's area."""

    items: list[Away]
    next_cursor: str | None


class Counts(Shown):
    """How many were told, and what became of it. null: kept back, because a small number could be worked out."""

    told: int | None = Field(description="Recipients that were to be told: expected")
    starts: int | None = Field(description="Of these, told of the start of a placement")
    within_24_hours: int | None = Field(description="Of the starts, told within 24 hours of it")
    emergencies: int | None = Field(description="Of the starts, moves in an emergency")
    within_5_working_days: int | None = Field(description="Of the emergencies, with every notice in its time")
    retrieved: int | None = Field(description="Received by their system, or opened")
    opened: int | None
    acknowledged: int | None
    in_time: int | None = Field(description="Of the acknowledged, by the time asked for")
    rate_within_24_hours: float | None
    rate_within_5_working_days: float | None
    rate_opened: float | None
    rate_acknowledged: float | None


class PartnerLine(Counts):
    """One partner and function in one month. Times in minutes from sending."""

    partner: str
    function: str
    kept_back: bool
    open_median_minutes: int | None
    open_p90_minutes: int | None
    acknowledge_median_minutes: int | None
    acknowledge_p90_minutes: int | None


class Timeliness(Shown):
    """A month, by partner and function."""

    month: str
    side: Literal["placing", "host"]
    items: list[PartnerLine]
    total: Counts
    next_cursor: str | None


class SampledClocks(Shown):
    """How the clocks of a placement stand."""

    met_in_time: int
    met_late: int
    running: int
    overdue: int


class SampledRecipients(Shown):
    """How the recipients of a placement fare."""

    told: int
    retrieved: int
    opened: int
    acknowledged: int
    access_ended: int


class Sampled(Shown):
    """One placement drawn."""

    placement_id: str = Field(pattern=ID_PATTERN)
    child_id: ChildIdShown
    state: str
    urgency: str
    age_band: str
    started_on: str | None
    ended_on: str | None
    version: int
    locked: bool = Field(description="Only practitioners named by the placing authority may see it")
    host_area: str | None
    concern: str | None
    distance: str | None
    owed: int
    clocks: SampledClocks
    recipients: SampledRecipients | None


class Sample(Shown):
    """A sample, and what it takes to draw it again."""

    model_config = ConfigDict(extra="forbid", populate_by_name=True)

    seed: str
    first: str = Field(alias="from")
    last: str = Field(alias="to")
    among: int = Field(description="How many placements it was drawn from")
    items: list[Sampled]


class BegunCounts(Shown):
    """Placements that began. null: kept back, because a small number could be worked out."""

    placements: int | None
    emergencies: int | None
    out_of_area: int | None
    at_a_distance: int | None
    of_concern: int | None = Field(description="In a setting that should be registered and is not, or is unsuitable")
    deprived_of_liberty: int | None = Field(
        description="Under an order about the child's liberty, secure ones included"
    )
    matching_told: int | None = Field(description="It was told how the home fits culture, identity and family")


class EthnicityLine(BegunCounts):
    """One ethnic group."""

    ethnicity: str = Field(description="A group of codes of the list ethnicity; not_told where none was given")
    kept_back: bool


class ByEthnicity(Shown):
    """Placements begun in a quarter that is over, by ethnic group."""

    quarter: str
    items: list[EthnicityLine]
    total: BegunCounts


class UnmetNeed(Shown):
    """A need that no home which was asked could meet. One placement may have several."""

    need: str = Field(description="A code of the list need")
    title: str
    kept_back: bool
    placements: int | None


class UnmetNeedsTotal(Shown):
    """Of how many placements this was told."""

    placements: int | None = Field(description="Begun in the quarter")
    search_told: int | None = Field(description="Of these, it was told how a home was looked for")
    any_need_unmet: int | None = Field(description="Of these, at least one need could be met by no home asked")


class UnmetNeeds(Shown):
    """The needs that no home could meet, of placements begun in a quarter that is over."""

    quarter: str
    items: list[UnmetNeed]
    total: UnmetNeedsTotal
