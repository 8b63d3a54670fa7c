"""Keys changed under traffic, and a change cut off anywhere: nothing is lost, nothing refused, nothing left behind."""

import json
import os
import random
import time
from pathlib import Path

from app.db.base import metadata
from app.keys.rewrap import OWN, counts
from app.settings import Settings
from app.work.resources import open_resources
from tests.faults.installation import begin, holds, tokens
from tests.faults.senders import Traffic
from tests.faults.serving import Served
from tests.world import SHROPSHIRE

_CUT_OFF = 4


def keys_of(service: Served) -> dict[str, object]:
    return dict(json.loads((service.folder / "keys/master.json").read_text()))


def counted(service: Served) -> dict[str, int]:
    """How much is sealed under each key, as its status tells."""
    keys = service.folder / "keys"
    opened = open_resources(Settings(database_url=service.database_url, public_url=service.url, keys_dir=keys))
    try:
        return counts(opened)
    finally:
        opened.database.dispose()


def succeeds(service: Served, *command: str) -> str:
    done = service.run(*command)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout.decode()


def reads_all(service: Served, notifications: list[str]) -> None:
    """A fresh process, with the key files as they are now, opens what was sent before."""
    service.kill()
    service.start()
    reader = service.as_(SHROPSHIRE, "emergency_duty", name="Bo Hughes")
    try:
        for each in notifications:
            assert reader.get(f"/v1/notifications/{each}").status_code == 200
    finally:
        reader.close()


def test_keys_change_under_traffic_and_former_ones_can_go(service: Served) -> None:
    who = begin(service)
    first = keys_of(service)["current"]
    signing = service.folder / "keys/token-signing.pem"
    signed_with = signing.read_bytes()
    with Traffic(service.port, who, senders=8) as traffic:
        time.sleep(0.5)
        succeeds(service, "keys", "rotate", "signing")
        assert signing.read_bytes() != signed_with
        service.forget_tokens()
        who |= tokens(service)
        succeeds(service, "keys", "rotate", "master")
        time.sleep(0.5)
    assert len(traffic.recorded) > 20

    assert keys_of(service)["current"] != first
    succeeds(service, "keys", "rotate", "master")
    assert first in succeeds(service, "keys", "retire")
    kept = keys_of(service)
    assert list(kept["keys"]) == [kept["current"]]  # type: ignore[call-overload]
    assert counted(service).keys() == {kept["current"], "missing"}
    assert counted(service)["missing"] == 0
    reads_all(service, [each.answer["id"] for each in traffic.recorded if each.act == "start"][:20])
    assert holds(service, traffic.recorded)


def test_a_change_of_keys_that_is_cut_off_anywhere_can_be_run_again(service: Served) -> None:
    who = begin(service)
    with Traffic(service.port, who, senders=4) as traffic:
        time.sleep(1.5)
    for _ in range(_CUT_OFF):
        for which in ("master", "signing"):
            cut = service.begin("keys", "rotate", which)
            time.sleep(random.uniform(0.6, 2.2))
            cut.kill()
            cut.wait()
            assert (service.folder / "keys/token-signing.pem").exists()
            assert keys_of(service)["current"] in keys_of(service)["keys"]  # type: ignore[operator]
    reads_all(service, [each.answer["id"] for each in traffic.recorded if each.act == "start"][:5])
    succeeds(service, "keys", "rotate", "master")
    assert len(keys_of(service)["keys"]) < _CUT_OFF + 2  # type: ignore[arg-type]
    succeeds(service, "keys", "rotate", "signing")
    succeeds(service, "keys", "retire")
    assert set(counted(service)) == {keys_of(service)["current"], "missing"}
    reads_all(service, [each.answer["id"] for each in traffic.recorded if each.act == "start"][:20])
    assert holds(service, traffic.recorded)


def test_keys_that_are_still_needed_are_not_retired(service: Served) -> None:
    with Traffic(service.port, begin(service), senders=2) as traffic:
        time.sleep(0.4)
    assert traffic.recorded
    keys = keys_of(service)
    fresh = {"current": "next", "keys": {**keys["keys"], "next": "A" * 43 + "="}}  # type: ignore[dict-item]
    path = service.folder / "keys/master.json"
    path.write_text(json.dumps(fresh))
    refused = service.run("keys", "retire")
    assert (refused.returncode, b"still sealed under other keys" in refused.stdout + refused.stderr) == (1, True)
    assert keys_of(service) == fresh


def test_key_files_that_are_no_good_change_nothing(service: Served) -> None:
    begin(service)
    path: Path = service.folder / "keys/master.json"
    good = path.read_bytes()
    path.write_bytes(b"{")
    time.sleep(1)
    reader = service.as_(SHROPSHIRE, "emergency_duty", name="Bo Hughes")
    assert reader.get("/v1/inbox").status_code == 200
    reader.close()
    assert b"not usable" in (service.folder / "log").read_bytes()
    path.write_bytes(good)
    os.utime(path)


def test_every_column_the_service_seals_as_its_own_is_brought_along() -> None:
    """What is sealed under a child's key follows that key; the rest is in the list, or under no key at all."""
    under_a_childs_key = {
        "notifications.sealed",
        "acknowledgements.sealed",
        "recalls.sealed",
        "children.sealed",
        "child_corrections.sealed",
        "child_restrictions.sealed",
        "documents.sealed",
        "document_versions.sealed",
        "passport_sections.sealed",
        "child_proposals.sealed",
        "responsibility_transfers.sealed",
        "responsibility_transfers.answer_sealed",
        "passport_transfer_steps.sealed",
        "assessment_events.sealed",
        "assessment_recommendations.sealed",
        "assessment_recommendations.done_sealed",
    }
    plain = {"ledger_entries.body", "ledger_entries.nonce", "ledger_leaves.leaf_hash"}
    # A document's own key is wrapped under the child's, and that under a master key: each is brought along by its row.
    plain |= {"child_keys.wrapped", "documents.wrapped"}
    bytes_columns = {
        str(column) for table in metadata.sorted_tables for column in table.c if column.type.python_type is bytes
    }
    assert bytes_columns == under_a_childs_key | plain | {str(own.column) for own in OWN}
