"""Advice on wording, as the author of a notification gets it, and nobody else."""

from uuid import uuid4

import orjson
from sqlalchemy import select

from app.ledger.models import ledger_entries
from tests.api.placements.stories import example
from tests.world import LEEDS, SHROPSHIRE, SHROPSHIRE_HEALTH, World


def test_the_author_is_advised_may_keep_the_words_and_nobody_else_hears_of_it(world: World) -> None:
    leeds = world.as_(LEEDS, "social_care", name="Bo Hughes")
    night = example("start_emergency_minimum")
    document = {**night, "reference": uuid4().hex, "child": {**night["child"], "local_id": uuid4().hex[:12]}}
    document["placement"] = {**document["placement"], "reason": "She absconded, and is manipulative."}
    document["voice"] = {"said": "They say I am attention seeking."}

    foreseen = leeds.post("/v1/notifications?dry_run=true", document).json()["advice"]
    assert [(each["code"], each["pointer"], each["kept"]) for each in foreseen] == [
        ("absconding", "/placement/reason", False),
        ("manipulative", "/placement/reason", False),
    ]
    assert foreseen[0]["message"] == "ran away; went missing"
    assert foreseen[0]["phrase"] == "absconded"

    kept = {"pointer": "/placement/reason", "advice": "absconding", "why": "The word of the court order."}
    document["sender"] = {**document["sender"], "wording_kept": [kept]}
    key = uuid4().hex
    sent = leeds.post("/v1/notifications", document, key=key)
    assert sent.status_code == 201, sent.text
    assert [(each["code"], each["kept"]) for each in sent.json()["advice"]] == [
        ("absconding", True),
        ("manipulative", False),
    ]
    assert leeds.post("/v1/notifications", document, key=key).content == sent.content

    item = {"idempotency_key": key + "-again", "notification": {**document, "reference": uuid4().hex}}
    in_batch = leeds.post("/v1/notifications/batch", {"items": [item]}).json()["items"][0]["sent"]
    assert in_batch["advice"] == 2

    host = world.as_(SHROPSHIRE, "social_care", name="Cai Jones")
    seen = host.get(f"/v1/notifications/{sent.json()['id']}")
    assert seen.status_code == 200
    assert "wording_kept" not in seen.json()["sections"]["sender"]
    for organisation, function in ((SHROPSHIRE, "virtual_school"), (SHROPSHIRE_HEALTH, "children_in_care_health")):
        other = world.as_(organisation, function, name="Cai Jones")
        told = other.get(f"/v1/placements/{sent.json()['placement_id']}")
        assert "court order" not in told.text
        assert "wording_kept" not in told.text
    own = leeds.get(f"/v1/notifications/{sent.json()['id']}").json()
    assert own["sections"]["sender"]["wording_kept"] == [kept]
    assert "manipulative" not in seen.text.replace("She absconded, and is manipulative.", "")
    with world.database.read() as connection:
        entry = sent.json()["receipt"]["entry_id"]
        body = connection.scalar(select(ledger_entries.c.body).where(ledger_entries.c.id == entry))
    assert not {"absconding", "manipulative"} & set(orjson.loads(body)["facts"])
    assert b"manipulative" not in body


def test_an_end_is_not_advised_on_words_of_months_ago(world: World) -> None:
    leeds = world.as_(LEEDS, "social_care", name="Bo Hughes")
    night = example("start_emergency_minimum")
    document = {**night, "reference": uuid4().hex, "child": {**night["child"], "local_id": uuid4().hex[:12]}}
    document["placement"] = {**document["placement"], "reason": "She absconded."}
    sent = leeds.post("/v1/notifications", document).json()
    end = {**example("end"), "placement_id": sent["placement_id"], "reference": uuid4().hex}
    ended = leeds.post("/v1/notifications", end)
    assert ended.status_code == 201, ended.text
    assert ended.json()["advice"] == []
