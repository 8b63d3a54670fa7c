"""Two who publish one passport at the same moment: one wins, the other learns what changed, and nothing is lost."""

from collections.abc import Callable, Iterator
from functools import partial
from threading import Barrier, Event, Thread
from typing import Any

import httpx
import pytest

from tests.api.passports.records import child_of_leeds, confirm, full, nurse, path, published, put_section, small
from tests.databases import Databases
from tests.faults.nurses import OWNED
from tests.world import LEEDS, Caller, World, furnished, running_world

_ROUNDS = 8
_READINGS = 60


@pytest.fixture(scope="module")
def working(databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """The running service, whose request threads meet in one database."""
    with running_world(furnished(databases), tmp_path_factory.mktemp("two")) as world:
        yield world


def at_once(*acts: Callable[[], httpx.Response]) -> list[httpx.Response]:
    """What each is answered, when all begin in the same moment."""
    gate, answers = Barrier(len(acts)), {}

    def act(place: int) -> None:
        gate.wait()
        answers[place] = acts[place]()

    threads = [Thread(target=act, args=(place,)) for place in range(len(acts))]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    return [answers[place] for place in range(len(acts))]


def put(by: Caller, child_id: str, document: dict[str, Any], tag: str) -> httpx.Response:
    return by.put(path(child_id), document, headers={"If-Match": tag})


def words(section: str, said: str) -> dict[str, Any]:
    return full()[section] | {OWNED[section]: said}


def tags(by: Caller, child_id: str) -> dict[str, str]:
    head = by.get(path(child_id)).json()
    return {each["section"]: each["etag"] for each in head["sections_shared"] + head["sections_not_recorded"]}


def lost_and_won(answers: list[httpx.Response]) -> tuple[int, int]:
    """Which of two was refused as stale, and which was published."""
    statuses = [each.status_code for each in answers]
    assert sorted(statuses) == [200, 412], [each.text for each in answers]
    return statuses.index(412), statuses.index(200)


def refused_for(answer: httpx.Response, section: str, version: int, team_named: str) -> None:
    """A refusal names the section that changed, in which version and by which team, and none of its words."""
    assert answer.json()["code"] == "stale_version"
    faults = {each["pointer"]: each["message"] for each in answer.json()["errors"]}
    assert set(faults) == {f"/{section}"}
    assert f"version {version}" in faults[f"/{section}"] and team_named in faults[f"/{section}"]
    assert "Said by" not in answer.text


def test_whoever_reads_while_others_publish_is_shown_one_version_and_its_own_words(working: World) -> None:
    child_id, bettina, stop = child_of_leeds(working), nurse(working), Event()
    published(bettina, child_id, {**full(), "own_voice": words("own_voice", "Said 1")})

    def publish() -> None:
        said = 2
        while not stop.is_set():
            put_section(bettina, child_id, "own_voice", words("own_voice", f"Said {said}"))
            said += 1

    publishing = Thread(target=publish)
    publishing.start()
    try:
        readers = [working.as_(LEEDS, name=f"Reader {letter}") for letter in "AB"]
        for reader in readers * _READINGS:
            answer = reader.get(path(child_id))
            assert answer.status_code == 200, answer.text
            ages = {each["section"]: each["version"] for each in answer.json()["sections_shared"]}
            said = answer.json()["sections"]["own_voice"][OWNED["own_voice"]]
            assert said == f"Said {ages['own_voice']}"
    finally:
        stop.set()
        publishing.join()
    assert ages["own_voice"] > 2


def test_of_two_who_publish_one_section_at_once_one_wins_and_the_other_learns_who(working: World) -> None:
    pair = (nurse(working), working.as_(LEEDS, name="Sam Placer"))
    child_id = child_of_leeds(working)
    published(pair[0], child_id, full())
    named = {0: "social care of Leeds", 1: "children in care health of"}
    for number in range(_ROUNDS):
        said = [f"Said by nurse {number}", f"Said by worker {number}"]
        acts = [
            partial(put_section, by, child_id, "own_voice", words("own_voice", one), tags(by, child_id)["own_voice"])
            for by, one in zip(pair, said, strict=True)
        ]
        answers = at_once(*acts)
        lost, won = lost_and_won(answers)
        refused_for(answers[lost], "own_voice", number + 2, named[lost])
        held = pair[0].get(path(child_id)).json()
        assert (held["version"], held["sections"]["own_voice"]["who_helps_me"]) == (number + 2, said[won])


def test_two_who_publish_different_sections_at_once_are_both_published(working: World) -> None:
    pair = {"own_voice": nurse(working), "daily_life": nurse(working, "Kit Example")}
    child_id = child_of_leeds(working)
    published(pair["own_voice"], child_id, full())
    for number in range(_ROUNDS):
        known = tags(pair["own_voice"], child_id)
        acts = [
            partial(put_section, by, child_id, name, words(name, f"Told {name} {number}"), known[name])
            for name, by in pair.items()
        ]
        answers = at_once(*acts)
        assert [each.status_code for each in answers] == [200, 200], [each.text for each in answers]
        assert {each.json()["version"] for each in answers} == {2 * number + 2, 2 * number + 3}
        held = pair["daily_life"].get(path(child_id)).json()["sections"]
        assert all(held[name][OWNED[name]] == f"Told {name} {number}" for name in pair)


def test_of_two_who_publish_the_whole_at_once_the_other_looks_again_and_nothing_is_lost(working: World) -> None:
    pair = (("own_voice", nurse(working)), ("daily_life", nurse(working, "Kit Example")))
    child_id = child_of_leeds(working)
    published(pair[0][1], child_id, full())
    for number in range(_ROUNDS):
        tag = pair[0][1].head(path(child_id)).headers["etag"]
        documents = [{name: words(name, f"Said by one of two {number}")} for name, _ in pair]
        acts = [partial(put, by, child_id, one, tag) for (_, by), one in zip(pair, documents, strict=True)]
        answers = at_once(*acts)
        lost, won = lost_and_won(answers)
        refused_for(answers[lost], pair[won][0], 2 * number + 2, "children in care health of")
        published(pair[lost][1], child_id, documents[lost])
        held = pair[0][1].get(path(child_id)).json()
        assert held["version"] == 2 * number + 3
        assert all(held["sections"][name][OWNED[name]] == f"Said by one of two {number}" for name, _ in pair)


def test_of_two_who_publish_first_of_all_one_makes_the_passport(working: World) -> None:
    pair = (nurse(working), nurse(working, "Kit Example"))
    for _ in range(_ROUNDS):
        child_id = child_of_leeds(working)
        tag = pair[0].head(path(child_id)).headers["etag"]
        answers = at_once(*(partial(put, by, child_id, small(), tag) for by in pair))
        lost, _ = lost_and_won(answers)
        assert {each["pointer"] for each in answers[lost].json()["errors"]} == {f"/{name}" for name in small()}
        assert pair[lost].get(path(child_id)).json()["version"] == 1


def test_of_two_who_write_a_sensitive_part_first_at_once_one_wins_too(working: World) -> None:
    """Though the tag of the passport tells nobody that a sensitive part changed."""
    pair = (nurse(working), nurse(working, "Kit Example"))
    for _ in range(_ROUNDS // 2):
        child_id = child_of_leeds(working)
        published(pair[0], child_id, {"sharing": full()["sharing"]})
        tag = pair[0].head(path(child_id)).headers["etag"]
        said = [{"pregnancy": full()["pregnancy"] | {"detail": f"Said by {number}"}} for number in range(2)]
        answers = at_once(*(partial(put, by, child_id, one, tag) for by, one in zip(pair, said, strict=True)))
        lost, won = lost_and_won(answers)
        refused_for(answers[lost], "pregnancy", 2, "children in care health of")
        assert "published by itself" in answers[lost].text
        assert pregnancy(working, child_id)["sections"]["pregnancy"]["detail"] == f"Said by {won}"


def test_a_sensitive_part_that_another_wrote_is_changed_under_its_own_address_by_whoever_read_it(
    working: World,
) -> None:
    pair, child_id = (nurse(working), nurse(working, "Kit Example")), child_of_leeds(working)
    published(nurse(working, "Ann Example"), child_id, full())
    tag = pair[0].head(path(child_id)).headers["etag"]
    refused_for(put(pair[0], child_id, {"pregnancy": full()["pregnancy"]}, tag), "pregnancy", 1, "children in care")
    for number in range(_ROUNDS):
        (age,) = [each for each in pregnancy(working, child_id)["sections_shared"] if each["section"] == "pregnancy"]
        said = [full()["pregnancy"] | {"detail": f"Said by {each} in round {number}"} for each in range(2)]
        acts = [
            partial(put_section, by, child_id, "pregnancy", one, age["etag"])
            for by, one in zip(pair, said, strict=True)
        ]
        answers = at_once(*acts)
        lost, won = lost_and_won(answers)
        refused_for(answers[lost], "pregnancy", number + 2, "children in care health of")
        held = pregnancy(working, child_id)["sections"]["pregnancy"]
        assert held["detail"] == f"Said by {won} in round {number}"
    # Who wrote it last may go on under the passport's own address: those words are known to her.
    more = {"pregnancy": full()["pregnancy"] | {"detail": "Said by the one who won"}}
    assert put(pair[won], child_id, more, tag).status_code == 200
    assert put(pair[lost], child_id, more, tag).status_code == 412


def test_a_system_that_names_nobody_does_not_write_over_what_it_has_not_read(working: World) -> None:
    system, child_id = nurse(working, None), child_of_leeds(working)
    published(system, child_id, small())
    tag = system.head(path(child_id)).headers["etag"]
    said = [{"own_voice": words("own_voice", f"Said by {number}")} for number in range(2)]
    lost, _ = lost_and_won(at_once(*(partial(put, system, child_id, one, tag) for one in said)))
    assert put(system, child_id, said[lost], tag).status_code == 412


def pregnancy(world: World, child_id: str) -> dict[str, Any]:
    """The sensitive parts, as a nurse reads them."""
    by = nurse(world, "Lee Reader", purpose="safeguarding")
    told: dict[str, Any] = by.get(path(child_id, "/sensitive")).json()
    by.close()
    return told


def test_who_confirms_while_another_publishes_confirms_only_the_words_that_were_read(working: World) -> None:
    bettina, kit, child_id = nurse(working), nurse(working, "Kit Example"), child_of_leeds(working)
    published(bettina, child_id, full())
    for number in range(_ROUNDS):
        known, said = tags(bettina, child_id)["own_voice"], words("own_voice", f"Told {number}")
        publication, confirmation = at_once(
            partial(put_section, bettina, child_id, "own_voice", said, known),
            partial(confirm, kit, child_id, number + 1, "own_voice"),
        )
        assert publication.status_code == 200, publication.text
        assert confirmation.status_code in (201, 409), confirmation.text
        held = kit.get(path(child_id)).json()
        (age,) = [each for each in held["sections_shared"] if each["section"] == "own_voice"]
        # A confirmation of the earlier words says nothing of the new ones.
        assert age["last_confirmed_by"] is None
        assert held["sections"]["own_voice"]["who_helps_me"] == f"Told {number}"
