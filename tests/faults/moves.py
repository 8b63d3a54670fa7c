"""The acts that traffic under faults is made of: each a fresh document of one placement."""

import json
from functools import cache
from pathlib import Path
from typing import Any
from uuid import uuid4

_EXAMPLES = Path(__file__).parents[2] / "examples/documents"


@cache
def _example(name: str) -> str:
    return (_EXAMPLES / f"{name}.json").read_text()


def start() -> dict[str, Any]:
    """A start with the emergency minimum, about a child of its own, under a reference of its own."""
    document: dict[str, Any] = json.loads(_example("start_emergency_minimum"))
    document["child"]["local_id"] = uuid4().hex[:20]
    return document | {"reference": reference()}


def update(placement_id: str) -> dict[str, Any]:
    """One section more about a placement."""
    words = {"likes": "Drawing birds.", "what_helps": f"A walk, then tea. {uuid4().hex}"}
    return {"kind": "update", "placement_id": placement_id, "reference": reference(), "about_me": words}


def acknowledgement() -> dict[str, Any]:
    """Taken on, with a note."""
    return {"outcome": "accepted", "note": "The duty manager visits in the morning."}


def reference() -> str:
    """A reference nobody used before."""
    return f"MOVE-{uuid4().hex}"
