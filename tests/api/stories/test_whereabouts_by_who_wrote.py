"""An address is kept from a family: nobody learns the area from which team wrote something, or which may be asked."""

import json
from typing import Any

import pytest

from tests.api.children.records import restrict
from tests.api.letters.post import text_of
from tests.api.passports.records import confirm, full, nurse, path, published, put_section
from tests.api.placements.stories import example
from tests.api.stories.lives import follows, refused, start, worker
from tests.api.transfers.test_a_passport_moves import BRISTOL_HEALTH, host_nurse, offers, took
from tests.world import LEEDS, LEEDS_HEALTH, SHROPSHIRE_HEALTH, Caller, World

NAMES = (SHROPSHIRE_HEALTH, "Shropshire")
CARD, PASSPORT = "/v1/children/{child_id}/emergency-card", "/v1/children/{child_id}/health-passport"
WORDS: dict[str, Any] = json.loads(json.dumps(full()).replace(SHROPSHIRE_HEALTH, LEEDS_HEALTH))
"""The whole example, in whose words all teams are those the child left behind."""
HERE = {"provenance": {"source": "gp_record", "as_of": "2026-11-20"}}


@pytest.fixture(scope="module")
def child(world: World) -> str:
    """Their nurse of today wrote what they are allergic to and how they are; a therapist they left behind reads it."""
    told = {"organisation": LEEDS_HEALTH, "function": "camhs", "reason": "treats the child"}
    sent = start(worker(world), urgency="emergency", additional_recipients=[told])
    child: str = sent["child_id"]
    published(nurse(world), child, WORDS)
    took(world, host_nurse(world), offers(world, child)[-1]["transfer_id"], "accept")
    for name in ("allergies", "mental_health", "health_plan"):
        assert put_section(host_nurse(world), child, name, {**WORDS[name], **HERE}).status_code == 200
    unnamed = {**WORDS["conditions"], **HERE}
    assert put_section(host_nurse(world, None), child, "conditions", unnamed).status_code == 200
    assert confirm(host_nurse(world), child, 5, "allergies").status_code == 201
    kept = restrict(worker(world), child, restriction="confidential_address", reason="risk_from_family")
    assert kept.status_code == 201
    return child


def therapist(world: World) -> Caller:
    return world.as_(LEEDS_HEALTH, "camhs", name="Cam Therapist")


def doctor(world: World) -> Caller:
    return world.as_("RXT01", "urgent_care", name="Emma Doctor")


def ages(shown: dict[str, Any]) -> dict[str, Any]:
    return {each["section"]: each for each in shown["sections_shared"]}


def test_whoever_must_know_where_the_child_lives_reads_who_wrote_what(world: World, child: str) -> None:
    shown = nurse(world).get(path(child)).json()
    assert ages(shown)["allergies"]["controller"] == SHROPSHIRE_HEALTH
    assert "Shropshire" in shown["sections"]["allergies"]["provenance"]["recorded_by"]["organisation"]
    assert SHROPSHIRE_HEALTH in nurse(world).get(path(child, "/versions")).text


def test_an_emergency_department_reads_the_card_and_not_who_in_the_new_area_wrote_it(world: World, child: str) -> None:
    card = doctor(world).get(CARD.format(child_id=child) + "?reason=life_at_risk")
    follows(world, CARD, "get", card)
    age, other = (ages(card.json())[name] for name in ("allergies", "medicines"))
    assert (age["controller"], age["written_by"]["organisation"], age["written_by"]["practitioner"]) == (None,) * 3
    assert age["written_by"]["function"] == "children_in_care_health"
    assert other["controller"] == LEEDS_HEALTH
    assert card.json()["sections"]["allergies"]["provenance"]["recorded_by"]["name"] == "Imran Said"
    assert not [name for name in NAMES if name in card.text]


FORMS = [(rest, media) for rest in (PASSPORT, CARD) for media in ("application/json", "application/pdf")]


@pytest.mark.parametrize(("rest", "media"), [*FORMS, (PASSPORT, "application/fhir+json")])
def test_no_form_of_the_passport_names_a_team_of_the_new_area(world: World, child: str, rest: str, media: str) -> None:
    answer = therapist(world).get(rest.format(child_id=child), headers={"Accept": media})
    assert answer.status_code == 200
    text = text_of(answer.content) if media.endswith("pdf") else answer.text
    assert "Imran Said" in text or "withheld" in text.lower()
    assert not [name for name in NAMES if name in text]


def test_no_list_or_comparison_names_it_either(world: World, child: str) -> None:
    by = therapist(world)
    listed = by.get(path(child, "/versions"))
    follows(world, PASSPORT + "/versions", "get", listed)
    writers = {each["version"]: (each["organisation"], each["published_by"]) for each in listed.json()["items"]}
    assert writers[2] == (None, None)
    assert writers[1][0] == LEEDS_HEALTH
    answers = [listed, by.get(path(child, "/versions/3")), by.get(path(child, "/diff?from=1&to=5"))]
    assert not [name for name in NAMES for each in answers if name in each.text]


def test_whom_one_may_ask_for_an_assessment_does_not_tell_where_the_child_lives(world: World, child: str) -> None:
    by, address = therapist(world), f"/v1/children/{child}/assessments"

    def ask(body: str, function: str = "children_in_care_health") -> Any:
        return by.post(address, {**example("assessment"), "asked_of": {"organisation": body, "function": function}})

    there, elsewhere = ask(SHROPSHIRE_HEALTH), ask(BRISTOL_HEALTH)
    assert refused(there) == refused(elsewhere) == (422, "invalid_document")
    assert there.json()["errors"] == elsewhere.json()["errors"]
    asked = by.post(address, example("assessment"))
    assert asked.status_code == 201, asked.text
    assert SHROPSHIRE_HEALTH not in asked.text + by.get(address).text
    named = {**example("assessment"), "kind": "sdq", "asked_of": {"organisation": LEEDS, "function": "social_care"}}
    assert by.post(address, named).status_code == 201
