"""Invented cases for the tests of the rules. Areas exist; children, homes and people do not."""

from collections.abc import Mapping
from copy import deepcopy
from datetime import UTC, datetime
from typing import Any

from app.rules.decision import Decision
from app.rules.edition import current
from app.rules.facts import Context, Facts, read_facts

PLACING, HOST, THIRD = "E09000008", "E10000013", "E06000027"
MONDAY_NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)

NO_RISK = {"state": "no_known_risk"}

START: dict[str, Any] = {
    "kind": "start",
    "occasion": "new_home",
    "urgency": "planned",
    "child": {
        "local_id": "LCS1",
        "given_names": "Wren",
        "family_name": "Example",
        "date_of_birth": "2024-06-01",
        "sex": "F",
    },
    "legal": {"status": "C2"},
    "placement": {"type": "U6", "start": {"date": "2026-11-30", "time": "10:00"}, "postcode": "GL1 1AA"},
    "risks": {
        "to_child": dict.fromkeys(
            ("self_harm", "sexual_exploitation", "criminal_exploitation", "going_missing"), NO_RISK
        )
    },
}


def document(changes: Mapping[str, object] | None = None) -> dict[str, Any]:
    """The plain start above with leaves changed by dotted path; None takes a leaf out."""
    made = deepcopy(START)
    for path, value in (changes or {}).items():
        *parents, last = path.split(".")
        branch = made
        for name in parents:
            branch = branch.setdefault(name, {})
        branch[last] = value
        if value is None:
            del branch[last]
    return made


def facts(changes: Mapping[str, object] | None = None, **context: Any) -> Facts:
    given: dict[str, Any] = {
        "placing_area": PLACING,
        "placing_country": "england",
        "host_area": HOST,
        "host_country": "england",
        "adjoining": "no",
        "received_at": MONDAY_NOON,
        "kind": "start",
    }
    return read_facts(document(changes), Context(**given | context))


def decide(changes: Mapping[str, object] | None = None, **context: Any) -> Decision:
    return current().decide(facts(changes, **context))


def told(decision: Decision) -> set[str]:
    """Everyone told without being added, as ``party/function``."""
    return {f"{one.party}/{one.function}" for one in decision.recipients if one.standing != "suggested"}


def due(decision: Decision) -> dict[str, datetime]:
    return {clock.code: clock.due_at for clock in decision.clocks}


def warned(decision: Decision) -> set[str]:
    return {warning.code for warning in decision.warnings}


def owed(decision: Decision) -> set[str]:
    return {item.item for item in decision.outstanding}
