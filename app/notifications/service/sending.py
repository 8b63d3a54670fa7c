"""Sending: read what stands, decide by the rules, write everything at once.

Nothing is asked of the database after the decision, and the flush writes all of it together, so what a crash can
leave behind is either the whole notification or none of it.
"""

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Any

import orjson

from app.kit.ids import new_id
from app.notifications.errors import NotInThisState
from app.notifications.service.answering import foretold, receipt
from app.notifications.service.audience import AREA_CHANGED, Audience, Draft, audience
from app.notifications.service.changes import changes
from app.notifications.service.keeping import keep
from app.notifications.service.knowing import Known, know
from app.notifications.service.outgoing import Outgoing
from app.notifications.service.placing import read_placing
from app.notifications.service.storing import store
from app.notifications.service.telling import resolve
from app.notifications.service.wording import advise
from app.organisations.directory import Directory
from app.placements.outstanding import keep as kept_form
from app.placements.policy import ACTIVE, ENDED
from app.rules.decision import Decision, RecipientRule
from app.rules.words import SECTIONS
from app.work.once import Reply
from app.work.tx import Tx


def send(tx: Tx, directory: Directory, document: dict[str, Any]) -> Reply:
    """Send a validated notification; answer its receipt. Raises what ``decide`` raises."""
    outgoing, suggested = decide(tx, directory, document)
    entry_id = store(tx, outgoing)
    return Reply(201, orjson.dumps(receipt(tx, outgoing, suggested, entry_id)))


def preview(tx: Tx, directory: Directory, document: dict[str, Any]) -> Reply:
    """What ``send`` would answer, by the same decision. Nothing is stored. Raises what ``decide`` raises."""
    outgoing, suggested = decide(tx, directory, document)
    return Reply(200, orjson.dumps(foretold(receipt(tx, outgoing, suggested, entry_id=""))))


def decide(tx: Tx, directory: Directory, document: dict[str, Any]) -> tuple[Outgoing, list[RecipientRule]]:
    """Everything that follows from a notification, and whom practice suggests telling besides.

    The kind moves the placement by the lifecycle table; the rules pinned when it began decide the rest. Raises
    what ``know``, ``keep`` and ``resolve`` raise, and NotInThisState.
    """
    reference_index = _reference_index(tx, document)
    known = know(tx, document, reference_index)
    whole, since = keep(tx, document, known)
    return work_out(tx, directory, whole, known, reference_index, since)


def work_out(
    tx: Tx,
    directory: Directory,
    document: dict[str, Any],
    known: Known,
    reference_index: str | None = None,
    since: Mapping[str, str] = MappingProxyType({}),
) -> tuple[Outgoing, list[RecipientRule]]:
    """The same, from what is known to stand. Raises what ``resolve`` raises, and NotInThisState."""
    sections = _sections(document, known)
    words = {**(known.placed.words if known.placed else {}), **sections}
    placing = read_placing(tx, directory, document, words, known)
    state = _next_state(tx, known, document["kind"], placing.ended_on)
    decided = known.edition.decide(placing.facts)
    named = document.get("additional_recipients", ())
    everyone, suggested = resolve(decided, directory, placing.places, named, placing.answer_by)
    draft = Draft(document["kind"], state, sections, known, placing.places.host, placing.answer_by)
    reached = audience(tx, directory, draft, everyone)
    decision = _weighed(tx, known, decided, reached)
    outgoing = Outgoing(
        id=new_id("ntf"),
        placement_id=known.placed.id if known.placed else new_id("plc"),
        version=known.placed.version + 1 if known.placed else 1,
        state=state,
        document=document,
        sections=sections,
        known=known,
        placing=placing,
        decision=decision,
        outstanding=kept_form(decision.outstanding),
        met=_met(decision),
        told=reached.told,
        left=reached.left,
        why_left=reached.why_left,
        changes=changes(known.placed.words, sections) if known.placed else [],
        advice=advise(known.edition.language, document, placing.facts.age),
        reference_index=reference_index,
        urgency=placing.urgency,
        kept=since,
    )
    return outgoing, suggested


def _weighed(tx: Tx, known: Known, decision: Decision, reached: Audience) -> Decision:
    """Where a wrong area had been told, somebody knows who should not: weighed like a recall, by the same clock."""
    if not reached.left or reached.why_left != AREA_CHANGED:
        return decision
    return replace(decision, clocks=(*decision.clocks, *known.edition.event_clocks("recall", tx.now)))


def _next_state(tx: Tx, known: Known, kind: str, ended_on: str | None) -> str:
    move = known.edition.move(known.state, kind)
    if move.state is None:
        raise NotInThisState(move.advice)
    # An end told beforehand ends nothing before its day: until then the placement goes on with its last day known.
    return ACTIVE if move.state == ENDED and (ended_on or "") > tx.today else move.state


def _met(decision: Decision) -> frozenset[str]:
    owed = {item.row.by for item in decision.outstanding}
    return frozenset(
        clock.code
        for clock in decision.clocks
        if clock.met_by == "sending" or (clock.met_by == "item" and clock.duty not in owed)
    )


def _reference_index(tx: Tx, document: Mapping[str, Any]) -> str | None:
    if "reference" not in document:
        return None
    return tx.vault.index("reference", f"{tx.by.organisation}|{document['reference']}")


def _sections(document: Mapping[str, Any], known: Known) -> dict[str, Any]:
    """The sections sent. An end tells how the stay ended, and leaves the rest of the placement as it was told."""
    sections = {name: document[name] for name in SECTIONS if name in document}
    if document["kind"] == "end" and known.placed:
        sections["placement"] = {**known.placed.words.get("placement", {}), **sections["placement"]}
    return sections
