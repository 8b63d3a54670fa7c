"""Party by section by state by form: who reads and writes what of a passport, held against the tables word by word.

Every word of the passport is a mark found nowhere else. What an answer holds is read from its bytes and headers, so
a word that slips through anywhere is seen, whatever the form of the answer.
"""

import logging
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import LargeBinary, select

from app.db.base import metadata
from app.outbox.models import outbox
from tests import evidence
from tests.api.children.records import restrict
from tests.api.matrix.parties import ORGANISATION, PARTIES, Told, tell
from tests.api.matrix.tables import dotted, leaves
from tests.api.passports import marked
from tests.api.passports.records import nurse, path, published, put_section, take_over
from tests.api.passports.tables import (
    CARD,
    MINE,
    RESTRICTIONS,
    ROWS,
    SECTIONS,
    SENSITIVE,
    Party,
    may_write,
    named_fields,
    opens,
    sees,
    sees_of_section,
)
from tests.api.stories.lives import end
from tests.world import LEEDS, LEEDS_HEALTH, SHROPSHIRE_HEALTH, Caller, World

FHIR = "application/fhir+json"
NURSE: Party = ("placing", "children_in_care_health")
HOST_NURSE: Party = ("host", "children_in_care_health")
OVER = ("ended", "withdrawn", "recalled", "turned_18", "died")
OF_THE_AUTHORITY = ("social_care", "emergency_duty", "reviewing_officer")
STATES = ("active", *OVER, *RESTRICTIONS)
MAY_READ_CARD_BY_REASON = "?reason=treatment_now"
SETTER = "Sam Placer"


@dataclass(frozen=True)
class Reader:
    """Somebody of one organisation, in one function, on one side."""

    party: Party
    organisation: str

    @property
    def function(self) -> str:
        return self.party[1]

    def has_part(self, state: str) -> bool:
        """Once a placement is over, only the authority itself and the health team that kept the passport have one.

        On the side of the home a health team has one once it has taken the passport over, and one team does that.
        """
        if self.party == HOST_NURSE and self.organisation != SHROPSHIRE_HEALTH:
            return False
        if state not in OVER or self.organisation == LEEDS_HEALTH:
            return True
        return self.party[0] == "placing" and self.function in OF_THE_AUTHORITY

    def reads(self, state: str) -> bool:
        return self.has_part(state) and ROWS[self.party]["view"] != "none"

    def calling(self, world: World, purpose: str | None = None, name: str = "Asha Rahman") -> Caller:
        more = {"purpose": purpose} if purpose else {}
        return _calling(world, world.token(self.organisation, self.function, name, **more))


@cache
def _calling(world: World, token: str) -> Caller:
    caller = Caller(world, token)
    world.callers.append(caller)
    return caller


READERS = [
    *(Reader(party, ORGANISATION[party[0]]) for party in PARTIES),
    Reader(NURSE, LEEDS_HEALTH),
    Reader(HOST_NURSE, SHROPSHIRE_HEALTH),
]
SCOPED = [
    each
    for each in READERS
    if ROWS["placing", each.function]["view"] != "none" or ROWS["placing", each.function]["card"] != "none"
]
"""Whoever has any part in a passport on any side. The others are asked once."""


@dataclass(frozen=True)
class Lived:
    """A child in one state, whose passport is marked."""

    state: str
    told: Told
    document: dict[str, Any]

    @property
    def child_id(self) -> str:
        return self.told.child_id

    @property
    def restrictions(self) -> tuple[str, ...]:
        return (self.state,) if self.state in RESTRICTIONS else ()

    def given(self, shown: Callable[[str], bool]) -> set[str]:
        """The words of the fields that are shown."""
        return {word for word, field in marked.marks(self.document).items() if shown(field)}


def lived(world: World, state: str) -> Lived:
    """A child with a whole marked passport, in this state."""
    made = tell(world, state if state in ("ended", "withdrawn") else "active")
    document = marked.everything()
    mine = {"part": "my_passport", "choice": "agrees_in_part", "may_see": ["social_care", "camhs"]}
    document["sharing"]["decisions"][4] |= mine
    published(nurse(world), made.child_id, document)
    worker = world.as_(LEEDS, name=SETTER)
    if state not in OVER:
        take_over(world.as_(SHROPSHIRE_HEALTH, "children_in_care_health", name="Kit Example"))
    if state == "recalled":
        for notification_id, _ in made.notifications:
            answer = worker.post(f"/v1/notifications/{notification_id}/recalls", {"reason": "wrong_recipient"})
            assert answer.status_code == 201, answer.text
    if state == "turned_18":
        assert end(worker, made.placement_id, "turned_18").status_code == 201
    if state == "died":
        assert end(worker, made.placement_id, "died", care_ended_reason="E2", destination="died").status_code == 201
    if state in RESTRICTIONS:
        assert restrict(worker, made.child_id, restriction=state, reason="court_order").status_code == 201
    return Lived(state, made, document)


Cell = tuple[str, httpx.Response, bool, set[str]]
"""A route, its answer, whether it should be answered at all, and the words it should hold."""


def cells(world: World, child: Lived, reader: Reader) -> Iterator[Cell]:
    """Every reading of one passport by one party, with what the tables give it."""
    by, party, limits, state = reader.calling(world), reader.party, child.restrictions, child.state
    address, reads = path(child.child_id), reader.reads(state)
    own = child.given(lambda field: sees(field, party, limits)) if reads else set()
    yield "json", by.get(address), reads, own
    yield "fhir", by.get(address, headers={"Accept": FHIR}), reads, own
    # Of whom everything is withheld there is no version, as there is none in the list.
    yield "version", by.get(f"{address}/versions/1"), bool(own), own
    yield "diff", by.get(f"{address}/diff?from=0&to=1"), bool(own), own
    yield "versions", by.get(f"{address}/versions"), reads, set()
    yield "card", *_card(child, reader, by)
    yield "mine", *_mine(child, reader, by)
    purposeful = reader.calling(world, purpose="safeguarding")
    answer = purposeful.get(f"{address}/sensitive")
    yield "sensitive", answer, reader.has_part(state) and bool(ROWS[party]["sensitive"]), _sensitive(child, reader)


def _card(child: Lived, reader: Reader, by: Caller) -> tuple[httpx.Response, bool, set[str]]:
    card, address = ROWS[reader.party]["card"], f"/v1/children/{child.child_id}/emergency-card"
    if card == "break_glass":
        assert by.get(address).json()["code"] == "break_glass"
        shown = child.given(lambda field: sees(field, ("host", reader.function), child.restrictions, CARD))
        return by.get(address + MAY_READ_CARD_BY_REASON), True, shown
    held = card == "held" and reader.has_part(child.state)
    shown = child.given(lambda field: sees(field, reader.party, child.restrictions, CARD)) if held else set()
    return by.get(address), held, shown


def _mine(child: Lived, reader: Reader, by: Caller) -> tuple[httpx.Response, bool, set[str]]:
    """The copy in plain words: it says less than the view gives, and never more."""
    right = ROWS[reader.party]["my_passport"]
    agreed = reader.function in ("social_care", "camhs")
    shared = reader.has_part(child.state) and (right == "gives" or (right == "with_consent" and agreed))
    answer = by.get(f"/v1/children/{child.child_id}/my-passport")
    if not shared:
        return answer, False, set()
    may = child.given(lambda field: sees(field, reader.party, child.restrictions, MINE))
    said = marked.found(answer.text, marked.marks(child.document))
    assert said or not may
    return answer, True, may & said


def _sensitive(child: Lived, reader: Reader) -> set[str]:
    decisions = child.document["sharing"]["decisions"]
    if not reader.has_part(child.state):
        return set()

    def shown(field: str) -> bool:
        part = field.partition(".")[0]
        if part not in SENSITIVE or not opens(part, reader.party, reader.organisation, LEEDS_HEALTH, decisions):
            return False
        return not any(_taken(each, field, reader) for each in child.restrictions)

    return child.given(shown)


def _taken(restriction: str, field: str, reader: Reader) -> bool:
    row, party = RESTRICTIONS[restriction], ".".join(reader.party)
    reached = party in row.get("touches", [party]) and party not in row.get("spares", ())
    return reached and field.partition(".")[0] in row.get("withholds", ())


def wrong_cells(world: World, child: Lived, readers: list[Reader]) -> list[str]:
    """What does not hold, one line each."""
    wrong, every = [], marked.marks(child.document)
    for reader in readers:
        for route, answer, answered, given in cells(world, child, reader):
            held = marked.found(answer.text + str(answer.headers), every)
            where = f"{child.state}: {reader.party} of {reader.organisation}: {route}"
            if answer.status_code not in ((200,) if answered else (403, 404)):
                wrong.append(f"{where} was answered with {answer.status_code}")
            wrong += [f"{where} shows {every[word]}" for word in held - given]
            wrong += [f"{where} keeps back {every[word]}" for word in given - held]
    return wrong


def test_the_marked_passport_says_something_in_every_field_the_tables_name() -> None:
    assert len(marked.marks(marked.everything())) > 250
    fields = {dotted(pointer) for pointer, _ in leaves(marked.everything())}
    assert {name for name in named_fields() if not any(f"{each}.".startswith(f"{name}.") for each in fields)} == set()


@pytest.mark.parametrize("state", STATES)
def test_each_party_reads_in_each_state_and_form_what_the_tables_give_it_and_no_other_word(
    world: World, state: str
) -> None:
    assert wrong_cells(world, lived(world, state), READERS if state == "active" else SCOPED) == []


@pytest.mark.parametrize("state", STATES)
def test_each_party_writes_in_each_state_what_the_table_gives_it_and_nothing_else(world: World, state: str) -> None:
    child, wrong = lived(world, state), []
    for reader in SCOPED:
        by, row = reader.calling(world), ROWS[reader.party]
        if not row["writes"] or not reader.has_part(state):
            answer = by.put(path(child.child_id), child.document, headers={"If-Match": '"1-a-b"'})
            assert answer.status_code in (403, 404), (reader, answer.text)
            continue
        wrong += (_one_by_one if child.restrictions else _at_once)(by, child, reader)
    assert wrong == []


def _at_once(by: Caller, child: Lived, reader: Reader) -> list[str]:
    """What the refusal of everything names, and that the rest is refused for its wrong tag alone."""
    tag, mine = {"If-Match": '"1-a-b"'}, {name for name in SECTIONS if _writes(child, reader, name)}
    rest = by.put(path(child.child_id), {name: child.document[name] for name in mine}, headers=tag)
    wrong = [] if rest.status_code == 412 else [f"{reader.party} {sorted(mine)}: {rest.status_code}"]
    if theirs := {name for name in SECTIONS if not may_write(name, reader.party)}:
        whole = by.put(path(child.child_id), child.document, headers=tag)
        named = {each["pointer"][1:] for each in whole.json()["errors"]}
        if (whole.status_code, named) != (403, theirs):
            wrong.append(f"{reader.party} {whole.status_code} {sorted(named)}")
        rest = whole
    assert marked.found(rest.text, marked.marks(child.document)) == set()
    return wrong


def _writes(child: Lived, reader: Reader, section: str) -> bool:
    """Whether the table gives a reader this section; a sensitive part if it is open or their team wrote it."""
    if not may_write(section, reader.party, child.restrictions):
        return False
    if section not in SENSITIVE or reader.organisation == LEEDS_HEALTH:
        return True
    return opens(section, reader.party, reader.organisation, LEEDS_HEALTH, child.document["sharing"]["decisions"])


def _one_by_one(by: Caller, child: Lived, reader: Reader) -> list[str]:
    wrong = []
    for section in (name for name in SECTIONS if name in ROWS[reader.party]["writes"]):
        # 412: it may write it, were the tag right.
        answer = put_section(by, child.child_id, section, child.document[section], '"1-a-b"')
        if answer.status_code != (412 if _writes(child, reader, section) else 403):
            wrong.append(f"{reader.party} {section}: {answer.status_code}")
        assert marked.found(answer.text, marked.marks(child.document)) == set()
    return wrong


def test_whoever_a_lock_names_reads_all_their_work_needs(world: World) -> None:
    child = lived(world, "named_practitioners_only")
    named = Reader(("placing", "social_care"), LEEDS)
    answer = named.calling(world, name=SETTER).get(path(child.child_id))
    held = marked.found(answer.text, marked.marks(child.document))
    assert held == child.given(lambda field: sees(field, named.party)) != set()


def test_a_tag_stays_for_whoever_sees_nothing_of_the_section_and_goes_for_the_others(world: World) -> None:
    """In both forms, for each section and each party; and nobody else is sent a message."""
    child, bettina = lived(world, "active"), nurse(world)
    readers = [each for each in SCOPED if each.reads("active")]
    known = {each: tags(each.calling(world), child.child_id) for each in readers}
    for section in SECTIONS:
        told = messages(world, child.child_id)
        words = child.document[section]
        words["provenance"]["detail"] = f"Looked at again: {section.replace('_', ' ')}"
        assert published(bettina, child.child_id, {section: words})["changed"] == [section]
        for reader in readers:
            now, sees_it = (
                tags(reader.calling(world), child.child_id, known[reader]),
                sees_of_section(section, reader.party),
            )
            assert [one != other for one, other in zip(now, known[reader], strict=True)] == [sees_it] * 2, (
                section,
                reader,
            )
            known[reader] = now
        seeing = {(each.organisation, each.function) for each in readers if sees_of_section(section, each.party)}
        fresh = messages(world, child.child_id)
        sent = {party for message, party in fresh.items() if message not in told}
        assert sent == seeing - {(LEEDS_HEALTH, "children_in_care_health")}, section


def tags(by: Caller, child_id: str, known: tuple[str, str] = ("", "")) -> tuple[str, str]:
    """The tag of each form, asked for in the way that opens nothing where it is held already."""
    as_fhir = by.get(path(child_id), headers={"Accept": FHIR, "If-None-Match": known[1]})
    assert (as_fhir.status_code == 304) is (as_fhir.headers["etag"] == known[1])
    return by.head(path(child_id)).headers["etag"], as_fhir.headers["etag"]


def messages(world: World, child_id: str) -> dict[str, tuple[str, str]]:
    """Whom each message about the passport was left for."""
    with world.app.state.database.read() as connection:
        rows = connection.execute(select(outbox).where(outbox.c.child_id == child_id)).all()
    return {row.id: (row.organisation_code, row.function) for row in rows if row.topic.startswith("passport.")}


ELSEWHERE = (
    "/v1/children/{child}",
    "/v1/children/{child}/placements",
    "/v1/children/{child}/disclosures",
    "/v1/children/{child}/restrictions",
    "/v1/children/{child}/corrections",
    "/v1/children/{child}/documents",
    "/v1/children/{child}/possible-duplicates",
    "/v1/placements/{placement}",
    "/v1/placements/{placement}/timeline",
    "/v1/placements/{placement}/disclosures",
    "/v1/notifications/{notification}",
    "/v1/notifications/{notification}/letters",
    "/v1/inbox?state=all&limit=200",
    "/v1/sent?limit=200",
    "/v1/register?limit=200",
    "/v1/oversight/out-of-area?limit=200",
)


def test_no_other_route_holds_a_word_of_a_passport(world: World) -> None:
    child = lived(world, "active")
    ids = {
        "child": child.child_id,
        "placement": child.told.placement_id,
        "notification": child.told.notifications[0][0],
    }
    words, answered = marked.marks(child.document), 0
    for reader in READERS:
        by = reader.calling(world)
        answers = [by.get(each.format(**ids)) for each in ELSEWHERE]
        search = {"given_names": child.document["identity"]["given_names"], "date_of_birth": "2010-03-04"}
        answers.append(by.post("/v1/placements/search", search))
        for answer in answers:
            assert marked.found(answer.text + str(answer.headers), words) == set(), (reader, answer.request.url.path)
            answered += answer.status_code == 200
    assert answered > len(READERS) * 3


def test_no_word_of_a_passport_stands_in_the_clear_or_in_a_log(world: World) -> None:
    """Whatever was tried: read in every form, refused, written wrongly, broken open, compared."""
    child = lived(world, "active")
    words = marked.marks(child.document)
    bettina = nurse(world)
    hostile: list[Any] = [
        {**child.document, "pregnancy": {**child.document["pregnancy"], next(iter(words)): next(iter(words))}},
        {"allergies": {**child.document["allergies"], "entries": list(words)}},
        {"growth": {**child.document["growth"], "measurements": "\x00" + next(iter(words))}},
    ]
    for document in hostile:
        refused = bettina.put(path(child.child_id), document, headers={"If-Match": '"1-a-b"'})
        assert refused.status_code in (400, 422)
        assert marked.found(refused.text, words) == set()
    assert wrong_cells(world, child, SCOPED) == []
    assert marked.found(in_the_clear(world), words) == set()
    for log in Path(os.environ[evidence.FOLDER]).glob(f"logs-{os.getpid()}"):
        assert marked.found(log.read_text(), words) == set()
    # Were logs not kept, the line above would say nothing.
    assert any(isinstance(each, logging.FileHandler) for each in logging.getLogger().handlers)


def in_the_clear(world: World) -> str:
    """Every column that is not sealed, of every row of every table, the ledger's bytes among them."""
    kept = []
    with world.app.state.database.read() as connection:
        for table in metadata.sorted_tables:
            clear = [
                each for each in table.c if str(each) == "ledger_entries.body" or not isinstance(each.type, LargeBinary)
            ]
            kept += [str(tuple(row)) for row in connection.execute(select(*clear))]
    return "\n".join(kept)
