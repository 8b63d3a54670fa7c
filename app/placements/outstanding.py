"""What is still owed on a placement: kept as leaf, rule, due time and gap; the words stand in its edition."""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any

import orjson

from app.kit.clock import utc_text
from app.placements.policy import sees_debt
from app.rules.decision import Item
from app.rules.disclosure import View
from app.rules.edition import Edition


def keep(items: Iterable[Item]) -> str:
    """The form a placement keeps, as JSON: a tenth of what a reader is told."""
    due: dict[Any, str] = {}
    return orjson.dumps(
        [
            (
                each.item,
                each.row.code,
                due.get(each.due_at) or due.setdefault(each.due_at, utc_text(each.due_at)),
                each.known_gap,
            )
            for each in items
        ]
    ).decode()


def tell(kept: Iterable[Sequence[Any]], rules: Edition, view: View | None = None) -> list[orjson.Fragment]:
    """Each debt as JSON, in the words of the edition it was decided under; those only that ``view`` shows."""
    return [
        orjson.Fragment(b"%b,%b" % (_words(rules, rule, leaf), orjson.dumps({"due": due, "known_gap": gap})[1:]))
        for leaf, rule, due, gap in kept
        if view is None or sees_debt(view, pointer(leaf))
    ]


@lru_cache(maxsize=4096)
def _words(rules: Edition, rule: str, leaf: str) -> bytes:
    row = rules.item(rule)
    told = {
        "item": leaf,
        "title": row.title,
        "section": row.section,
        "pointer": pointer(leaf),
        "rule": row.code,
        "basis": row.basis,
        "owner": row.owner,
    }
    return orjson.dumps(told)[:-1]


def pointer(leaf: str) -> str:
    """Where a leaf stands in the document, as a JSON pointer."""
    return "/" + leaf.replace(".", "/")
