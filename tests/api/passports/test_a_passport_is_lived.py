"""A passport from entry to care through a move, as nurses, carers and an emergency department live it."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from sqlalchemy import func, select

from app.ledger.models import ledger_entries
from app.outbox.models import outbox
from app.passports.models import passport_sections, passport_teams
from app.rules.words import SENSITIVE
from app.rules.working_time import london_day
from app.standard.passport.document import PASSPORT_SECTIONS
from tests.api.children.records import actions, follows_contract
from tests.api.passports.records import (
    PASSPORT,
    child_of_leeds,
    confirm,
    full,
    nurse,
    path,
    publish,
    published,
    put_section,
    small,
)
from tests.world import LEEDS, LEEDS_HEALTH, World


@contextmanager
def reading(world: World) -> Iterator[Any]:
    with world.app.state.database.read() as connection:
        yield connection


def entries(world: World) -> int:
    with reading(world) as connection:
        return int(connection.scalar(select(func.count()).select_from(ledger_entries)))


def messages(world: World, child_id: str) -> set[tuple[str, str, str]]:
    with reading(world) as connection:
        rows = connection.execute(select(outbox).where(outbox.c.child_id == child_id)).all()
    return {(row.topic, row.organisation_code, row.function) for row in rows}


def test_a_passport_is_there_from_entry_to_care_and_says_that_nothing_is_recorded(world: World) -> None:
    child_id, by = child_of_leeds(world), nurse(world)
    answer = by.get(path(child_id))
    follows_contract(world, PASSPORT, "get", answer)
    told = answer.json()
    assert (told["version"], told["sections"]) == (0, {})
    missing = {each["section"] for each in told["sections_not_recorded"]}
    assert missing == set(PASSPORT_SECTIONS) - {"sexual_health", "pregnancy", "substance_use"}
    assert {each["reason"] for each in told["sections_withheld"]} == {"sensitive"}
    assert told["why_you"].startswith("it is the health team")


def test_a_nurse_publishes_what_is_known_at_entry_and_the_next_one_finds_it_with_its_age(world: World) -> None:
    child_id, by = child_of_leeds(world), nurse(world)
    answer = publish(by, child_id, small())
    follows_contract(world, PASSPORT, "put", answer)
    assert answer.json()["version"] == 1
    assert set(answer.json()["changed"]) == set(small())
    opened = nurse(world, "Kit Example").get(path(child_id)).json()
    assert opened["sections"]["allergies"]["entries"]["state"] == "not_known"
    assert opened["sections"]["conditions"]["entries"] == {"state": "not_asked", "ask_by": "2026-11-24"}
    # Whoever published it wrote it down, where the document names nobody.
    assert opened["sections"]["allergies"]["provenance"]["recorded_by"]["name"] == "Bettina Supposed"
    age = next(each for each in opened["sections_shared"] if each["section"] == "allergies")
    assert (age["version"], age["as_of"], age["controller"]) == (1, "2026-11-22", LEEDS_HEALTH)
    assert [entry["action"] for entry in actions(world, child_id)] == [
        "child.created",
        "passport.published",
        "passport.opened",
    ]
    with reading(world) as connection:
        (team,) = connection.execute(select(passport_teams).where(passport_teams.c.child_id == child_id)).all()
    assert (team.organisation_code, team.function, team.by_right, team.holds) == (
        LEEDS_HEALTH,
        "children_in_care_health",
        "placing_health",
        1,
    )


def test_a_whole_passport_comes_back_as_it_was_published_but_for_the_sensitive_parts(world: World) -> None:
    child_id, by = child_of_leeds(world), nurse(world)
    published(by, child_id, full())
    opened = by.get(path(child_id)).json()
    wanted = {name: words for name, words in full().items() if name not in SENSITIVE}
    for words in wanted.values():
        words["provenance"].setdefault("recorded_by", opened["sections"]["cpis"]["provenance"]["recorded_by"])
    assert opened["sections"] == wanted
    assert list(opened["sections"])[:3] == ["identity", "own_voice", "disability_and_communication"]


def test_a_change_is_one_section_and_everything_else_keeps_its_dates(world: World) -> None:
    child_id, by = child_of_leeds(world), nurse(world)
    published(by, child_id, full())
    changed = full()["allergies"]
    changed["entries"]["items"][0]["severity"] = "moderate"
    answer = put_section(by, child_id, "allergies", changed)
    follows_contract(world, PASSPORT + "/sections/{section}", "put", answer)
    assert (answer.json()["version"], answer.json()["changed"]) == (2, ["allergies"])
    ages = {each["section"]: each for each in by.get(path(child_id)).json()["sections_shared"]}
    assert (ages["allergies"]["version"], ages["medicines"]["version"]) == (2, 1)
    assert ages["medicines"]["as_of"] == "2026-11-02"


def test_publishing_the_same_again_makes_no_version_and_no_entry(world: World) -> None:
    child_id, by = child_of_leeds(world), nurse(world)
    published(by, child_id, full())
    tag, before = by.head(path(child_id)).headers["etag"], entries(world)
    again = publish(by, child_id, full(), tag).json()
    assert (again["version"], again["changed"], again["receipt"]) == (1, [], None)
    assert entries(world) == before


def test_twenty_versions_store_only_what_each_changed(world: World) -> None:
    child_id, by = child_of_leeds(world), nurse(world)
    published(by, child_id, full())
    section = full()["own_voice"]
    for number in range(20):
        section["who_helps_me"] = f"Helper number {number}."
        assert put_section(by, child_id, "own_voice", section).json()["version"] == number + 2
    with reading(world) as connection:
        rows = connection.execute(select(passport_sections).where(passport_sections.c.child_id == child_id)).all()
    assert len(rows) == len(full()) + 20
    first = by.get(path(child_id, "/versions/1")).json()
    assert first["sections"]["own_voice"]["who_helps_me"] == full()["own_voice"]["who_helps_me"]
    assert (first["version"], first["current_version"]) == (1, 21)
    listed = by.get(path(child_id, "/versions?limit=5"))
    follows_contract(world, PASSPORT + "/versions", "get", listed)
    assert [each["version"] for each in listed.json()["items"]] == [21, 20, 19, 18, 17]
    after = by.get(path(child_id, f"/versions?limit=50&cursor={listed.json()['next_cursor']}")).json()
    assert [each["version"] for each in after["items"]] == list(range(16, 0, -1))
    assert after["items"][0]["published_by"]["name"] == "Bettina Supposed"


def test_still_true_is_one_call_and_changes_no_words_and_no_date_of_them(world: World) -> None:
    child_id, by = child_of_leeds(world), nurse(world)
    published(by, child_id, full())
    tag = by.head(path(child_id)).headers["etag"]
    answer = confirm(by, child_id, 1, "allergies", "medicines")
    follows_contract(world, PASSPORT + "/confirmations", "post", answer)
    opened = by.get(path(child_id))
    assert opened.headers["etag"] != tag
    age = {each["section"]: each for each in opened.json()["sections_shared"]}["medicines"]
    assert (age["version"], age["as_of"]) == (1, "2026-11-02")
    assert age["last_confirmed_on"] == answer.json()["confirmed_on"]
    # Whoever read before the confirmation has read the same words: their change is not stale.
    assert publish(by, child_id, small(), tag).json()["version"] == 2
    late = confirm(by, child_id, 1, "allergies")
    assert (late.status_code, late.json()["code"]) == (409, "changed_since_read")
    early = confirm(by, child_id, 999, "allergies")
    assert (early.status_code, early.json()["errors"][0]["pointer"]) == (422, "/version")
    assert late.json()["errors"][0]["pointer"] == "/allergies"
    assert confirm(by, child_id, 2, "pregnancy").status_code == 201
    assert [entry["action"] for entry in actions(world, child_id)].count("passport.confirmed") == 2


def test_two_nurses_change_it_and_the_second_learns_which_section_and_which_team(world: World) -> None:
    child_id, first, second = child_of_leeds(world), nurse(world), nurse(world, "Kit Example")
    published(first, child_id, full())
    tag = second.get(path(child_id)).headers["etag"]
    words = full()["daily_life"]
    words["sleep"] = "Sleeps through."
    assert put_section(first, child_id, "daily_life", words).status_code == 200
    refused = publish(second, child_id, small(), tag)
    assert refused.status_code == 412
    (fault,) = refused.json()["errors"]
    assert (fault["pointer"], fault["code"]) == ("/daily_life", "changed_since")
    assert "children in care health of" in fault["message"] and "version 2" in fault["message"]
    assert "Sleeps" not in refused.text
    # A section that nobody else touched is written all the same.
    voice = full()["own_voice"]
    voice["what_is_hard"] = "Queues."
    assert put_section(second, child_id, "own_voice", voice).status_code == 200
    stale = put_section(second, child_id, "daily_life", words, '"1-mischief"')
    assert (stale.status_code, stale.json()["errors"][0]["pointer"]) == (412, "/daily_life")
    missing = second.put(path(child_id), small())
    assert (missing.status_code, missing.json()["code"]) == (428, "version_required")


def test_a_repeat_gets_the_first_answer_and_adds_nothing(world: World) -> None:
    child_id, by = child_of_leeds(world), nurse(world)
    tag = by.head(path(child_id)).headers["etag"]
    first, again = (by.put(path(child_id), small(), key="the-same", headers={"If-Match": tag}) for _ in range(2))
    assert again.json() == first.json()
    assert again.headers["idempotent-replayed"] == "true"


def test_a_poll_that_finds_nothing_new_records_nothing_and_a_new_version_is_seen(world: World) -> None:
    child_id, by = child_of_leeds(world), nurse(world)
    published(by, child_id, full())
    opened = by.get(path(child_id))
    before = entries(world)
    assert by.get(path(child_id), headers={"If-None-Match": opened.headers["etag"]}).status_code == 304
    assert by.head(path(child_id)).headers["etag"] == opened.headers["etag"]
    assert entries(world) == before
    voice = full()["own_voice"] | {"what_is_hard": "Queues."}
    put_section(by, child_id, "own_voice", voice)
    assert by.get(path(child_id), headers={"If-None-Match": opened.headers["etag"]}).status_code == 200


def test_the_difference_between_two_versions_is_told_field_by_field(world: World) -> None:
    child_id, by = child_of_leeds(world), nurse(world)
    published(by, child_id, full())
    words = full()["medicines"]
    words["entries"]["items"][0]["dose"]["amount"] = 4
    words["entries"]["items"][0]["times"] = ["20:00", "21:00"]
    del words["entries"]["items"][1]["supply"]
    put_section(by, child_id, "medicines", words)
    answer = by.get(path(child_id, "/diff?from=1&to=2"))
    follows_contract(world, PASSPORT + "/diff", "get", answer)
    changes = {each["pointer"]: (each["old"], each["new"]) for each in answer.json()["changes"]}
    assert changes == {
        "/medicines/entries/items/0/dose/amount": (2, 4),
        "/medicines/entries/items/0/times/0": ("21:00", "20:00"),
        "/medicines/entries/items/0/times/1": (None, "21:00"),
        "/medicines/entries/items/1/supply": ({"not_known": "being_found_out"}, None),
    }
    assert by.get(path(child_id, "/diff?from=1&to=9")).json()["code"] == "no_such_version"
    assert by.get(path(child_id, "/versions/9")).json()["code"] == "no_such_version"


def test_urgent_care_breaks_the_glass_by_name_and_with_a_reason_and_the_nurse_is_told(world: World) -> None:
    child_id = child_of_leeds(world)
    published(nurse(world), child_id, full())
    address = f"/v1/children/{child_id}/emergency-card"
    doctor = world.as_("RXT01", "urgent_care", name="Ann Example")
    assert doctor.get(address).json()["code"] == "break_glass"
    assert world.as_("RXT01", "urgent_care").get(f"{address}?reason=treatment_now").json()["code"] == "break_glass"
    answer = doctor.get(f"{address}?reason=cannot_tell")
    follows_contract(world, "/v1/children/{child_id}/emergency-card", "get", answer)
    card = answer.json()["sections"]
    assert card["allergies"]["entries"]["items"][1]["action"].startswith("Adrenaline pen")
    assert card["mental_health"]["self_harm"]["items"][0]["what_helps"]
    assert "home_address" not in card["identity"]
    assert not {"family_history", "sexual_health", "consent.gillick", "hospital_care"} & card.keys()
    (entry,) = [each for each in actions(world, child_id) if each["action"] == "passport.glass_broken"]
    assert entry["facts"]["reason"] == "cannot_tell"
    assert ("passport.glass_broken", LEEDS_HEALTH, "children_in_care_health") in messages(world, child_id)
    assert ("passport.glass_broken", LEEDS, "social_care") in messages(world, child_id)
    assert doctor.get(path(child_id)).status_code in (403, 404)
    assert doctor.get("/v1/children/chd_01kb0000000000000000000000/emergency-card?reason=self_harm").status_code == 404


def test_the_account_of_the_child_tells_of_the_passport_too(world: World) -> None:
    child_id = child_of_leeds(world)
    published(nurse(world), child_id, small())
    nurse(world, "Kit Example").get(path(child_id))
    account = world.as_(LEEDS, name="Sam Placer").get(f"/v1/children/{child_id}/disclosures")
    follows_contract(world, "/v1/children/{child_id}/disclosures", "get", account)
    (seen,) = account.json()["items"]
    assert seen["placement_id"] is None
    assert "Opened by Kit Example" in seen["sentence"]
    assert "because it is the health team of the authority" in seen["sentence"]


def test_the_authority_reads_a_version_that_concerns_it_and_is_told_of_it(world: World) -> None:
    child_id, by = child_of_leeds(world), nurse(world)
    published(by, child_id, full())
    assert messages(world, child_id) == {("passport.published", LEEDS, "social_care")}
    worker = world.as_(LEEDS, name="Sam Placer")
    told = worker.get(path(child_id)).json()
    assert told["sections"]["health_plan"]["role_of_carer"]
    reasons = {each["section"]: each["reason"] for each in told["sections_withheld"]}
    assert reasons["family_history"] == "about_other_people"
    assert reasons["substance_use"] == "sensitive"
    tag = worker.head(path(child_id)).headers["etag"]
    secret = full()["substance_use"] | {"provenance": {"source": "child", "as_of": "2026-11-24"}}
    ages = by.get(path(child_id, "/sensitive"))
    assert ages.json()["code"] == "purpose_required"
    named = nurse(world, purpose="health_assessment")
    told = named.get(path(child_id, "/sensitive"))
    follows_contract(world, PASSPORT + "/sensitive", "get", told)
    # They disagreed about substance use, agreed that nurses see the others.
    assert set(told.json()["sections"]) == {"sexual_health", "pregnancy"}
    held = {each["section"]: each["reason"] for each in told.json()["sections_withheld"]}
    assert held == {"substance_use": "young_person_decided"}
    assert publish(by, child_id, {"substance_use": secret}).json()["version"] == 2
    # What the authority may not see changes nothing it can tell.
    assert worker.head(path(child_id)).headers["etag"] == tag
    assert [each["version"] for each in worker.get(path(child_id, "/versions")).json()["items"]] == [1]
    assert worker.get(path(child_id, "/diff?from=1&to=2")).json()["code"] == "no_such_version"
    assert worker.get(path(child_id)).json()["current_version"] == 1
    assert messages(world, child_id) == {("passport.published", LEEDS, "social_care")}


def test_what_falls_due_for_review_is_told_on_the_day_to_whoever_has_the_passport_already(world: World) -> None:
    child_id, allergies = child_of_leeds(world), full()["allergies"]
    day = london_day(world.clock())
    allergies["provenance"]["review_due_on"] = str(day + timedelta(days=20))
    published(nurse(world), child_id, {"allergies": allergies})
    read = nurse(world).get(path(child_id))
    assert not read.json()["sections_shared"][0]["review_due"]
    held = {"If-None-Match": read.headers["etag"]}
    with world.later(days=19):
        assert nurse(world).get(path(child_id), headers=held).status_code == 304
    with world.later(days=20):
        due = nurse(world).get(path(child_id), headers=held)
        assert due.json()["sections_shared"][0]["review_due"]
        again = nurse(world).get(path(child_id), headers={"If-None-Match": due.headers["etag"]})
        assert again.status_code == 304
        # No word of it changed: what was read before may still be written on.
        written = publish(nurse(world), child_id, {"allergies": full()["allergies"]}, read.headers["etag"])
        assert written.status_code == 200
