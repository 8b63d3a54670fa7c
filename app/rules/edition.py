"""Editions of the rules: which rows there are, loaded once and pinned on every notification by version."""

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable
from typing import Any, Final

from app.rules import decision
from app.rules.assessments import AssessmentRules, read_assessments
from app.rules.decision import Clock, Decision
from app.rules.disclosure import Disclosure, Restrictions, View, read_disclosure
from app.rules.documents import Documents, read_documents
from app.rules.facts import Facts
from app.rules.following import Following, read_following
from app.rules.language import Language, read_language
from app.rules.letters import Letters, read_letters
from app.rules.lifecycle import Lifecycle, Move, read_lifecycle
from app.rules.my_passport import MyPassport, read_my_passport
from app.rules.passport_checks import PassportChecks, read_checks
from app.rules.passport_transfers import PassportTransfers, read_passport_transfers
from app.rules.passports import Passports, read_passports
from app.rules.rows import (
    AnyRow,
    CareOverRow,
    CarryRow,
    ClockRow,
    CoverageRow,
    EditionError,
    HistoryRow,
    ItemRow,
    RecipientRow,
    Row,
    WarningRow,
    read_rows,
    refuse_twice,
    refuse_unknown,
)
from app.rules.words import CARE_EFFECTS, CARE_OVER, FUNCTIONS, SECTIONS
from app.rules.working_time import Length

CURRENT: Final = "2026-11"
_EDITIONS: Final = resources.files(__package__) / "editions"


@dataclass(frozen=True, eq=False, slots=True, kw_only=True)
class Edition:
    """One version of every table. Frozen for good once a notification was sent under it."""

    version: str
    recipients: tuple[RecipientRow, ...]
    clocks: tuple[ClockRow, ...]
    items: tuple[ItemRow, ...]
    warnings: tuple[WarningRow, ...]
    coverage: tuple[CoverageRow, ...]
    disclosure: Disclosure
    documents: Documents
    lifecycle: Lifecycle
    language: Language
    care_over: tuple[CareOverRow, ...]
    history: tuple[HistoryRow, ...]
    following: Following
    carrying: tuple[CarryRow, ...]
    letters: Letters
    passports: Passports
    passport_checks: PassportChecks
    passport_transfers: PassportTransfers
    my_passport: MyPassport
    assessments: AssessmentRules
    answer_within: Mapping[str, Length]
    without_a_clock: Length
    """When an item is due whose duty has no clock in a case."""

    def decide(self, facts: Facts) -> Decision:
        """What follows from these facts. Never refuses and never raises for what was or was not said."""
        so = facts.so
        gap = next((row for row in self.coverage if row.holds(so)), None)
        held = gap is None
        running = decision.clocks(_applying(self.clocks, so, held), facts)
        return Decision(
            edition=self.version,
            recipients=decision.recipients(_applying(self.recipients, so, held), facts),
            clocks=running,
            outstanding=decision.outstanding(_applying(self.items, so, held), facts, running, self.without_a_clock),
            warnings=decision.warnings(_applying(self.warnings, so, held)),
            held=held,
            not_held=None if gap is None else decision.not_held(gap),
        )

    def event_clocks(self, starts: str, at: datetime) -> tuple[Clock, ...]:
        """The clocks an event other than a notification starts, such as ``recall``."""
        return tuple(decision.clock(row, at, at) for row in self.clocks if row.starts == starts)

    def item(self, code: str) -> ItemRow:
        """The row of completeness with this code. Raises KeyError."""
        return _items(self)[code]

    def clock(self, code: str) -> ClockRow:
        """The row of this clock. Raises KeyError."""
        return _clocks(self)[code]

    def answer_by(self, urgency: str, received_at: datetime) -> datetime:
        """By when somebody the sender names, or told before, is to answer."""
        return self.answer_within[urgency].after(received_at)

    def why(self, rule: str | None) -> str:
        """Why a recipient was told, in the words of its rule; whoever no row names was chosen by the sender."""
        if rule is None:
            return "your organisation sent it"
        return next((row.why for row in self.recipients if row.code == rule), "the sender named you")

    def ends(self, state: str, effect: str) -> bool:
        """Whether the end of care that a child's state tells of has this effect. Care that goes on has none."""
        return any(state in row.states and effect in row.effects for row in self.care_over)

    def handed_on(self, function: str) -> frozenset[str]:
        """The sections of the time before that a function reads once its authority took over a child."""
        return frozenset().union(*(row.sections for row in self.history if function in row.functions))

    def carries(self, section: str) -> CarryRow:
        """How a section of an earlier placement goes into a new one. Raises KeyError."""
        return _carrying(self)[section]

    def view(self, function: str, side: str, state: str, restrictions: Restrictions = ()) -> View:
        """What a party sees of a placement, and why not the rest. Cached."""
        return self.disclosure.view(function, side, state, restrictions)

    def move(self, state: str | None, kind: str) -> Move:
        """What a notification of this kind does to a placement in this state."""
        return self.lifecycle.move(state, kind)


@cache
def _items(rules: Edition) -> Mapping[str, ItemRow]:
    return {row.code: row for row in rules.items}


@cache
def _clocks(rules: Edition) -> Mapping[str, ClockRow]:
    return {row.code: row for row in rules.clocks}


@cache
def _carrying(rules: Edition) -> Mapping[str, CarryRow]:
    return {section: row for row in rules.carrying for section in row.sections}


def _applying(rows: Iterable[AnyRow], so: frozenset[str], held: bool) -> list[AnyRow]:
    return [row for row in rows if row.holds(so) and (held or row.any_case)]


def versions() -> tuple[str, ...]:
    """Every edition shipped, oldest first."""
    return tuple(sorted(folder.name for folder in _EDITIONS.iterdir() if folder.is_dir()))


def current() -> Edition:
    """The edition new placements are decided under."""
    return edition(CURRENT)


@cache
def edition(version: str) -> Edition:
    """Load an edition. Raises EditionError if there is none or any row in it is wrong."""
    if version not in versions():
        raise EditionError("there is no such edition")
    return load(version, _EDITIONS / version)


def load(version: str, folder: Traversable) -> Edition:
    """Read the tables in ``folder`` strictly. Raises EditionError at the first mistake."""
    completeness = _table(folder, "completeness")
    disclosure = read_disclosure(_table(folder, "disclosure"), _table(folder, "restrictions").get("restriction"))
    documents = read_documents(_table(folder, "documents").get("document"), disclosure)
    transfer = _table(folder, "transfer")
    made = Edition(
        version=version,
        recipients=_rows(RecipientRow, folder, "recipients", "recipient"),
        clocks=_rows(ClockRow, folder, "clocks", "clock"),
        items=read_rows(ItemRow, "completeness.toml", completeness.get("item")),
        warnings=_rows(WarningRow, folder, "warnings", "warning"),
        coverage=_rows(CoverageRow, folder, "coverage", "not_held"),
        care_over=_rows(CareOverRow, folder, "care_over", "care_over"),
        history=read_rows(HistoryRow, "transfer.toml", transfer.get("history")),
        following=read_following(transfer, documents.rows),
        carrying=_rows(CarryRow, folder, "carry_forward", "carry"),
        disclosure=disclosure,
        documents=documents,
        answer_within=_lengths(_table(folder, "recipients").get("answer_within")),
        lifecycle=read_lifecycle(_table(folder, "lifecycle")),
        language=read_language(_table(folder, "language")),
        letters=read_letters(_table(folder, "letters")),
        passports=read_passports(_table(folder, "passport_disclosure")),
        passport_checks=read_checks(_table(folder, "passport_checks")),
        passport_transfers=read_passport_transfers(_table(folder, "passport_transfers")),
        my_passport=read_my_passport(_table(folder, "my_passport")),
        assessments=read_assessments(
            *(_table(folder, name) for name in ("assessments", "assessment_readers", "assessment_disclosure"))
        ),
        without_a_clock=Length.parse(completeness.get("without_a_clock", "")),
    )
    _refuse_loose_ends(made)
    return made


def _table(folder: Traversable, name: str) -> dict[str, Any]:
    return tomllib.loads((folder / f"{name}.toml").read_text("utf-8"))


def _rows(kind: type[AnyRow], folder: Traversable, name: str, word: str) -> tuple[AnyRow, ...]:
    raw = _table(folder, name)
    refuse_unknown(f"{name}.toml", "table", raw, (word, "answer_within"))
    return read_rows(kind, f"{name}.toml", raw.get(word))


def _lengths(raw: Any) -> Mapping[str, Length]:
    if not isinstance(raw, dict) or set(raw) != {"planned", "emergency"}:
        raise EditionError("recipients.toml: answer_within needs a length for planned and for emergency")
    return {urgency: Length.parse(words) for urgency, words in raw.items()}


def _refuse_loose_ends(made: Edition) -> None:
    """An item's duty has a clock, its leaves lie in its section, and no code means two rules."""
    duties = {row.duty for row in made.clocks}
    for over in made.care_over:
        refuse_unknown(f"care_over.toml: {over.code}", "state", over.states, CARE_OVER)
        refuse_unknown(f"care_over.toml: {over.code}", "effect", over.effects, CARE_EFFECTS)
    for share in made.history:
        refuse_unknown(f"transfer.toml: {share.code}", "function", share.functions, FUNCTIONS)
        refuse_unknown(f"transfer.toml: {share.code}", "section", share.sections, SECTIONS)
    named = [section for row in made.carrying for section in sorted(row.sections)]
    refuse_unknown("carry_forward.toml", "section", named, SECTIONS)
    refuse_twice("carry_forward.toml", named)
    if missing := [section for section in SECTIONS if section not in named]:
        raise EditionError(f"carry_forward.toml: says nothing of {missing[0]}")
    for item in made.items:
        where = f"completeness.toml: {item.code}"
        refuse_unknown(where, "duty", [item.by], duties)
        if any(leaf.split(".")[0] != item.section for leaf in item.needs):
            raise EditionError(f"{where}: needs a leaf of another section")
    groups: tuple[Iterable[Row], ...] = (
        made.recipients,
        made.clocks,
        made.items,
        made.warnings,
        made.coverage,
        made.care_over,
        made.history,
        made.following.passport,
        made.following.document,
        made.carrying,
    )
    refuse_twice("all tables", [row.code for group in groups for row in group])
