"""What may stand in an entry, and what may not."""

from typing import Any

import orjson
import pytest

from app.kit.ids import new_id
from app.ledger import record
from app.ledger.actions import Action
from app.ledger.story import TellsStory

AT = "2026-11-22T02:10:00.000Z"


def facts(fact: Any) -> dict[str, Any]:
    entry, _ = record.entry(new_id("led"), AT, Action.NOTIFICATION_SENT, {}, {}, {"fact": fact})
    told: dict[str, Any] = orjson.loads(entry["body"])
    return told["facts"]


@pytest.mark.parametrize(
    "fact",
    [
        "ntf_01jdyb3m0000000000000000aa",
        AT,
        "a1" * 32,
        "children_in_care_health",
        "notifications:send",
        "notification.sent",
        "host-authority",
        "E06000051",
        "QOC",
        "C2",
        "D7T5G",
        "E06000051.social_care",
        "123456",
        "PROVIDER0001",
        "case_review__",
        "2026-11",
        "/v1/notifications/{notification_id}/acknowledgements",
        "/.well-known/jwks.json",
        "/placement/address",
        7,
        -1,
        True,
        None,
        ["child", "risks"],
        {"child": "00" * 32, "risks": ["C2", None]},
    ],
)
def test_ids_codes_times_digests_and_small_numbers_may_stand_in_it(fact: Any) -> None:
    assert facts(fact) == {"fact": fact}


@pytest.mark.parametrize(
    "fact",
    [
        "Amara",
        "AMARA JONES",
        "amara jones",
        "Amara-Jones",
        "he was hurt",
        "9990000018",
        9990000018,
        "999 000 0018",
        "A999000000018",
        "2012-03-04",
        "04/03/2012",
        "LS1 1UR",
        "LS11UR",
        "07700900123",
        "AMARA",
        "040312",
        "04032012",
        "amara@example.org",
        "https://example.org/amara",
        "/v1/children/Amara",
        "/v1/children/9990000018",
        "٢٠١٢-٠٣",
        "amára",
        "a\n",
        "",
        " ",
        "a" * 129,
        1.5,
        b"bytes",
        {"Amara": 1},
        {"a b": 1},
        ["child", ["Amara"]],
        {"inner": {"name": "Amara"}},
        {"set"},
    ],
)
def test_words_names_and_identifiers_of_people_are_refused(fact: Any) -> None:
    with pytest.raises(TellsStory) as refused:
        facts(fact)
    assert "mara" not in str(refused.value)
    assert "999" not in str(refused.value)


@pytest.mark.parametrize("part", ["actor", "subject", "facts"])
def test_every_part_of_an_entry_is_held_to_it(part: str) -> None:
    parts: dict[str, Any] = {"actor": {}, "subject": {}, "facts": {}} | {part: {"who": "Amara Jones"}}
    with pytest.raises(TellsStory, match=f"{part}.who"):
        record.entry(new_id("led"), AT, Action.CHILD_CREATED, **parts)


def test_an_entry_is_canonical_and_waits_for_its_place() -> None:
    entry_id = new_id("led")
    entry, pending = record.entry(entry_id, AT, Action.CHILD_CREATED, {"b": "x", "a": None}, {"child": "x"}, {"n": 1})
    assert pending == {"entry_id": entry_id}
    assert (entry["id"], entry["at"], len(entry["nonce"])) == (entry_id, AT, 16)
    assert entry["body"] == (
        b'{"action":"child.created","actor":{"a":null,"b":"x"},"at":"%s","facts":{"n":1},"id":"%s",'
        b'"subject":{"child":"x"},"v":1}' % (AT.encode(), entry_id.encode())
    )


def test_two_entries_that_say_the_same_share_no_nonce() -> None:
    made = [record.entry("led_x", AT, Action.CHILD_CREATED, {}, {}, {})[0]["nonce"] for _ in range(2)]
    assert made[0] != made[1]


def test_actions_are_in_order_and_say_what_happened_to_what() -> None:
    assert list(Action) == sorted(Action)
    assert all(action.name.lower() == action.value.replace(".", "_") for action in Action)
