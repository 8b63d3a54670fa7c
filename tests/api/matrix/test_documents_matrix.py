"""Who opens which kind of document, in each state and under each restriction, read from the table a second time."""

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from app.rules.edition import current
from app.standard.codes import code_lists
from tests.api.documents.papers import TEXT, announce, put
from tests.api.matrix import marked
from tests.api.matrix.parties import PARTIES, Told, person, tell
from tests.api.matrix.routes import outcome
from tests.api.matrix.tables import _RESTRICTIONS as ROWS
from tests.api.matrix.tables import RESTRICTIONS, _takes, sees
from tests.world import World

_EDITION = Path(__file__).parents[3] / "app/rules/editions/2026-11"
TABLE = {row["type"]: set(row["opens"]) for row in tomllib.loads((_EDITION / "documents.toml").read_text())["document"]}
TRIED = ("safety_plan", "psychology_report", "care_plan")
ENDED = {"ended": marked.ending, "withdrawn": lambda: {"kind": "withdrawal", "withdrawal": {"reason": "sent_in_error"}}}


@dataclass(frozen=True)
class Papers:
    """A placement that lists a document of every kind, by kind."""

    told: Told
    ids: dict[str, str]
    state: str = "active"

    @property
    def path(self) -> str:
        return f"/v1/placements/{self.told.placement_id}/documents"


def listed(world: World, kinds: tuple[str, ...]) -> Papers:
    told, worker = tell(world, "active"), person(world, "placing", "social_care")
    ids = {kind: announce(worker, told.child_id, kind) for kind in kinds}
    for document in ids.values():
        assert put(worker, told.child_id, document, b"An invented plan.", TEXT).status_code == 200
    items = [{"type": kind, "document_id": document} for kind, document in ids.items()]
    update = {"kind": "update", "placement_id": told.placement_id, "documents": {"items": items}}
    assert worker.post("/v1/notifications", update).status_code == 201
    return Papers(told, ids)


def may(kind: str, side: str, function: str, state: str, restriction: str | None = None) -> bool:
    """As a person would read it: the row names the party, it is told of documents, nothing takes them away."""
    party = f"{side}.{function}"
    taken = restriction and _takes(ROWS[restriction], party, "documents.items.document_id")
    told = sees("documents.items.type", function, side, state, restriction)
    return party in TABLE[kind] and told and not taken


def check(world: World, papers: Papers, restriction: str | None = None) -> int:
    """Ask for every party; returns how many times something was opened."""
    opened = 0
    for side, function in PARTIES:
        caller = person(world, side, function)
        allowed = {kind for kind in papers.ids if may(kind, side, function, papers.state, restriction)}
        answer = caller.get(papers.path)
        if sees("documents.items.type", function, side, papers.state, restriction):
            lines: list[dict[str, Any]] = answer.json()["items"]
            assert {line["type"] for line in lines if line["you_may_open"]} == allowed, (side, function)
            known = sees("child.child_id", function, side, papers.state, restriction)
            assert answer.json()["child_id"] == (papers.told.child_id if known else None), (side, function)
            assert {line["document_id"] for line in lines} - {None} == {papers.ids[kind] for kind in allowed}
        else:
            assert outcome(answer) == (403, "document_not_shared"), (side, function)
        for kind in (each for each in TRIED if each in papers.ids):
            got = outcome(caller.get(f"{papers.path}/{papers.ids[kind]}"))
            assert got == ((200, None) if kind in allowed else (403, "document_not_shared")), (side, function, kind)
            opened += got[0] == 200
    return opened


def test_every_kind_of_document_has_its_row() -> None:
    assert set(current().documents.rows) == set(TABLE) == set(code_lists()["document_type"].codes)


def test_a_kind_without_a_row_is_opened_by_nobody() -> None:
    documents = current().documents
    assert not documents.opens(("secret_plan",), ("placing", "social_care"), "active", ())
    assert not documents.opens((), ("placing", "social_care"), "active", ())


def test_each_party_opens_what_the_table_gives_it(world: World) -> None:
    assert check(world, listed(world, tuple(TABLE))) > len(TRIED)


@pytest.mark.parametrize("state", ENDED)
def test_when_a_placement_is_over_the_host_opens_nothing_more(world: World, state: str) -> None:
    papers = listed(world, TRIED)
    ending = {**ENDED[state](), "placement_id": papers.told.placement_id}
    sent = person(world, "placing", "social_care").post("/v1/notifications", ending)
    assert sent.status_code == 201, sent.text
    assert check(world, Papers(papers.told, papers.ids, state)) > 0
    assert not any(may(kind, "host", function, state) for kind in TABLE for side, function in PARTIES if side == "host")


@pytest.mark.parametrize("restriction", RESTRICTIONS)
def test_a_restriction_on_the_child_takes_its_documents_from_those_it_reaches(world: World, restriction: str) -> None:
    papers = listed(world, TRIED)
    document = {"restriction": restriction, "reason": "court_order", "review_on": "2199-01-01"}
    setter = person(world, "placing", "emergency_duty", "Bo Hughes")
    path = f"/v1/children/{papers.told.child_id}/restrictions"
    assert setter.post(path, document).status_code == 201
    check(world, papers, restriction)
    keeper = person(world, "placing", "emergency_duty")
    kept = outcome(keeper.get(f"/v1/children/{papers.told.child_id}/documents/{papers.ids['safety_plan']}"))
    assert (kept == (200, None)) == may("safety_plan", "placing", "emergency_duty", "active", restriction)
