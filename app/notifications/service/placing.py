"""The case as the rules take it: which areas and countries, what is so, and the few clear facts we may keep."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.children.identity import local_id_index
from app.children.policy import keeps_address
from app.children.restrictions import in_force
from app.notifications import queries
from app.notifications.errors import UnknownOrganisation
from app.notifications.service.knowing import Known
from app.notifications.service.telling import Places
from app.organisations.directory import Directory
from app.organisations.kinds import Country
from app.rules.facts import Context, Facts, read_facts
from app.rules.reading import text
from app.work.tx import Tx

_CONCERNS = ("unregistered_setting", "unsuitable_for_now", "setting_of_concern")
_DISTANCES = ("at_a_distance", "out_of_area")
"""Predicates that put a placement on a list of oversight; of several that are so, the first stands for it."""
_BANDS = ((1, "under_1"), (5, "1_to_4"), (10, "5_to_9"), (16, "10_to_15"), (18, "16_to_17"))


@dataclass(frozen=True, slots=True)
class Placing:
    """The facts of one case and where its parties are. The rest is what stands in clear columns."""

    facts: Facts
    places: Places
    urgency: str
    probable_area: bool
    """The area follows only from neighbouring postcodes: a person must confirm it."""
    answer_by: datetime
    age_band: str
    concern: str | None
    distance: str | None
    started_on: str | None
    ended_on: str | None


def read_placing(
    tx: Tx, directory: Directory, document: Mapping[str, Any], words: Mapping[str, Any], known: Known
) -> Placing:
    """Work out the case of one notification from everything said so far. Raises UnknownOrganisation."""
    home = words.get("placement", {})
    postcode = text(home, "postcode")
    found = directory.postcode(postcode) if postcode else None
    host = home.get("host_area") or (found.area_code if found else None)
    if host is not None and directory.organisation(host) is None:
        raise UnknownOrganisation("host_area is not an authority in the directory.")
    placing = tx.by.organisation
    context = Context(
        placing_area=placing,
        placing_country=_country(directory, placing),
        received_at=tx.now,
        kind=document["kind"],
        host_area=host,
        host_country=directory.country(host) if host else (found.country if found else None),
        adjoining=directory.adjoining(placing, host) if host and host != placing else None,
        postcode_area=found.area_code if found else None,
        kept_beside=_kept_beside(tx, words, known),
        previous=_previous(known, tx, directory),
    )
    urgency = _urgency(document, known)
    facts = read_facts({**words, "urgency": urgency, "occasion": document.get("occasion")}, context)
    answer_by = known.edition.answer_by(urgency, tx.now)
    today = context.today.isoformat()
    chosen = home.get("host_health")
    if chosen and (host is None or chosen not in {body.code for body in directory.health_bodies(host, today)}):
        raise UnknownOrganisation("host_health does not serve the area of the home.")
    places = Places(placing, host, chosen, text(words, "education.ehc_plan.maintained_by"), today)
    probable = found is not None and found.match == "sector" and "host_area" not in home
    return Placing(
        facts=facts,
        places=places,
        urgency=urgency,
        probable_area=probable,
        answer_by=answer_by,
        age_band=_band(facts.age),
        concern=_first(_CONCERNS, facts),
        distance=_first(_DISTANCES, facts),
        started_on=_iso(facts.start_day),
        ended_on=_iso(facts.ended_on),
    )


def _first(predicates: tuple[str, ...], facts: Facts) -> str | None:
    return next((each for each in predicates if each in facts.so), None)


def _kept_beside(tx: Tx, words: Mapping[str, Any], known: Known) -> bool:
    """Whether the home of this child gives away an address that is kept for a child who lives there too."""
    linked = words.get("child", {}).get("linked_children", ())
    together = {each["local_id"] for each in linked if each["placed_together"]}
    if not together or keeps_address(in_force(known.restrictions)):
        return False
    indexes = [local_id_index(tx.vault, tx.by.organisation, each) for each in sorted(together)]
    rows = tx.all(queries.RESTRICTIONS_BESIDE, {"organisation": tx.by.organisation, "indexes": indexes})
    return any(keeps_address(in_force(row.restrictions)) for row in rows)


def _previous(known: Known, tx: Tx, directory: Directory) -> Facts | None:
    if known.placed is None:
        return None
    placing = tx.by.organisation
    return read_facts(known.placed.words, Context(placing, _country(directory, placing), tx.now, "start"))


def _country(directory: Directory, code: str) -> str:
    return directory.country(code) or Country.ELSEWHERE


def _urgency(document: Mapping[str, Any], known: Known) -> str:
    return str(document.get("urgency") or (known.placed.urgency if known.placed else "planned"))


def _band(age: int | None) -> str:
    if age is None:
        return "not_known"
    return next((band for below, band in _BANDS if age < below), "18_and_over")


def _iso(day: Any) -> str | None:
    return day.isoformat() if day else None
