"""What a young person decides about their passport: who may see a sensitive part, and their own copy in plain words."""

import orjson
import pytest

from app.rules.words import SENSITIVE
from tests.api.children.records import actions, follows_contract
from tests.api.passports.records import (
    child_of_leeds,
    full,
    nurse,
    path,
    publish,
    published,
    put_section,
    small,
)
from tests.api.stories.lives import refused, worker
from tests.api.stories.test_two_records_of_one_child import merge, unmerge
from tests.world import LEEDS, World


def test_a_reasoned_override_opens_a_sensitive_part_and_is_recorded(world: World) -> None:
    child_id, by = child_of_leeds(world), nurse(world)
    published(by, child_id, full())
    sharing = full()["sharing"]
    sharing["decisions"][3]["override"] = {
        "reason": "Found unconscious twice this month.",
        "decided_by": "Ann Example",
        "decided_on": "2026-11-24",
    }
    assert put_section(nurse(world, None), child_id, "sharing", sharing).json()["code"] == "practitioner_required"
    assert put_section(by, child_id, "sharing", sharing).status_code == 200
    opened = nurse(world, purpose="safeguarding").get(path(child_id, "/sensitive")).json()
    assert "substance_use" in opened["sections"]
    published_entry = [each for each in actions(world, child_id) if each["action"] == "passport.published"][-1]
    assert published_entry["facts"]["overrides"] == ["substance_use"]
    assert b"unconscious" not in orjson.dumps(actions(world, child_id))


def test_what_a_young_person_decided_and_what_is_theirs_to_share_is_changed_by_a_named_person(world: World) -> None:
    child_id, system, document = child_of_leeds(world), nurse(world, None), full()
    sensitive = {name: document.pop(name) for name in SENSITIVE}
    for asked in (document, sensitive):
        refusal = publish(system, child_id, asked)
        assert (refusal.status_code, refusal.json()["code"]) == (403, "practitioner_required")
    published(nurse(world), child_id, {**document, **sensitive})

    # A system that sends back what it read changes no decision, and goes on keeping the rest.
    told = published(system, child_id, {**document, "own_voice": document["own_voice"] | {"what_is_hard": "Queues."}})
    assert told["changed"] == ["own_voice"]
    taken_back = {**document["sharing"], "decisions": document["sharing"]["decisions"][:1]}
    read = nurse(world, purpose="safeguarding").get(path(child_id, "/sensitive")).json()
    tags = {each["section"]: each["etag"] for each in read["sections_shared"]}
    sent_alone = [put_section(system, child_id, "sharing", taken_back)]
    # Nor is it told whether what it sends of a sensitive part is held so.
    for detail in ({}, {"detail": "Another."}):
        words = {**sensitive["pregnancy"], **detail}
        sent_alone.append(put_section(system, child_id, "pregnancy", words, tags["pregnancy"]))
    assert {(each.status_code, each.json()["code"]) for each in sent_alone} == {(403, "practitioner_required")}
    assert nurse(world).get(path(child_id)).json()["current_version"] == 2
    assert put_section(nurse(world), child_id, "sharing", taken_back).json()["changed"] == ["sharing"]
    refusals = [each for each in actions(world, child_id) if each["facts"].get("code") == "practitioner_required"]
    assert len(refusals) == 5


def test_a_system_without_a_person_does_not_learn_which_sensitive_parts_are_held(world: World) -> None:
    document, told = full(), []
    for held in (True, False):
        child_id = child_of_leeds(world)
        published(nurse(world), child_id, {"sharing": document["sharing"], "allergies": document["allergies"]})
        if held:
            published(nurse(world), child_id, {"pregnancy": document["pregnancy"]})
        system, words = nurse(world, None), document["pregnancy"]
        whole = publish(system, child_id, {"pregnancy": words})
        section = system.put(path(child_id, "/sections/pregnancy"), words, headers={"If-Match": '"0-00"'})
        told.append([(each.status_code, each.json()["code"], each.json().get("errors")) for each in (whole, section)])
    assert told[0] == told[1] == [(403, "practitioner_required", None)] * 2


def test_my_passport_is_plain_words_theirs_and_shared_only_as_they_agreed(world: World) -> None:
    child_id, by = child_of_leeds(world), nurse(world)
    published(by, child_id, full())
    address = f"/v1/children/{child_id}/my-passport"
    answer = by.get(address)
    follows_contract(world, "/v1/children/{child_id}/my-passport", "get", answer)
    parts = {each["heading"]: [line["text"] for line in each["lines"]] for each in answer.json()["parts"]}
    assert parts["What I must not have"][1].startswith("Cashew nuts. Anaphylaxis in 2022")
    assert "Melatonin. Sleep. 2 mg. 21:00" in parts["Medicines I take"]
    assert "Ro" in parts["Who I am"]
    assert "Depression" not in answer.text and "Cannabis" not in answer.text
    worker = world.as_(LEEDS, name="Sam Placer")
    assert worker.get(address).json()["code"] == "copy_not_shared"
    sharing = full()["sharing"]
    sharing["decisions"][4] = {"part": "my_passport", "choice": "agrees_in_part", "may_see": ["social_care"]}
    put_section(by, child_id, "sharing", sharing)
    assert worker.get(address).status_code == 200
    assert world.as_(LEEDS, "reviewing_officer", name="Cai Jones").get(address).json()["code"] == "copy_not_shared"


def test_a_younger_child_has_no_copy_of_their_own_yet(world: World) -> None:
    child_id, by = child_of_leeds(world, date_of_birth="2019-03-04"), nurse(world)
    published(by, child_id, small())
    assert by.get(f"/v1/children/{child_id}/my-passport").json()["code"] == "copy_not_yet"


def test_a_no_in_either_passport_holds_for_both(world: World) -> None:
    """She had said yes to a team long ago, and says no in the passport that is kept today."""
    document = full()
    kept, other = child_of_leeds(world), child_of_leeds(world)
    published(nurse(world), other, {"sharing": document["sharing"], "pregnancy": document["pregnancy"]})
    before = nurse(world, purpose="health_assessment").get(path(other, "/sensitive"))
    assert "pregnancy" in before.json()["sections"]
    decisions = [{**each, "choice": "disagrees"} for each in document["sharing"]["decisions"]]
    for each in decisions:
        each.pop("may_see", None)
    published(nurse(world), kept, {"sharing": {**document["sharing"], "decisions": decisions}})
    merge(world, kept, other)
    for record in ("", f"?record={other}"):
        after = nurse(world, purpose="health_assessment").get(path(kept, f"/sensitive{record}"))
        assert (after.status_code, after.json()["sections"]) == (200, {})
    unmerge(world, kept, other)
    parted = nurse(world, purpose="health_assessment").get(path(other, "/sensitive"))
    assert "pregnancy" in parted.json()["sections"]


@pytest.mark.parametrize("part", ["my_passport", "all"])
def test_a_no_in_either_passport_closes_the_copy_of_both(world: World, part: str) -> None:
    """She had agreed that her social worker sees her copy; later she says no to that, or to everything."""
    document = full()
    kept, other = child_of_leeds(world), child_of_leeds(world)
    yes = {"part": "my_passport", "choice": "agrees_in_part", "may_see": ["social_care"]}
    published(nurse(world), other, {"sharing": {**document["sharing"], "decisions": [yes]}})
    assert worker(world).get(f"/v1/children/{other}/my-passport").status_code == 200
    no = {"part": part, "choice": "disagrees"}
    published(nurse(world), kept, {"sharing": {**document["sharing"], "decisions": [no]}})
    merge(world, kept, other)
    for record in ("", f"?record={other}"):
        assert refused(worker(world).get(f"/v1/children/{kept}/my-passport{record}")) == (403, "copy_not_shared")
    unmerge(world, kept, other)
    assert worker(world).get(f"/v1/children/{other}/my-passport").status_code == 200
