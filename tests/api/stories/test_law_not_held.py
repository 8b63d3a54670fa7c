"""Scotland, Northern Ireland, short breaks, remand: the service does not hold that law, says so, and still delivers."""

import pytest

from tests.api.stories.telling import Sent, story
from tests.world import LEEDS, SHROPSHIRE, World

BEFORE_ARRIVAL = "notice and an undertaking before arrival"


def not_held(sent: Sent) -> tuple[str, str]:
    rules = sent.answer["rules"]
    assert rules["held"] is False
    assert not [each for each in sent.clocks.values() if each["basis"] == "law"]
    assert (LEEDS, "reviewing_officer") in sent.parties
    return rules["not_held"]["code"], rules["not_held"]["what_to_do"]


def test_a_home_in_scotland_with_an_order_about_liberty(world: World) -> None:
    sent = story(world).send("start_scotland")
    code, todo = not_held(sent)
    assert code == "home-in-scotland" and BEFORE_ARRIVAL in todo and "no five days" in todo
    # What any case owes is still owed: the child's voice, safety tonight, the end of the order.
    assert {"voice-within-48-hours", "safety-facts-within-24-hours", "liberty-order-expires"} <= sent.clocks.keys()


@pytest.mark.parametrize(
    ("example", "expected", "words"),
    [
        ("start_northern_ireland", "home-in-northern-ireland", "Health and Social Care trust"),
        ("start_short_break", "short-breaks", "lighter plan"),
        ("start_remand", "remand", "youth justice service"),
    ],
)
def test_what_to_do_instead_is_said(world: World, example: str, expected: str, words: str) -> None:
    sent = story(world).send(example)
    code, todo = not_held(sent)
    assert code == expected and words in todo
    assert ((LEEDS, "youth_justice") in sent.parties) is (example == "start_remand")


def test_whoever_the_sender_names_is_told_all_the_same(world: World) -> None:
    host = {"organisation": SHROPSHIRE, "function": "social_care", "reason": "Agreed with youth justice."}
    sent = story(world).send("start_remand", additional_recipients=[host])
    assert (SHROPSHIRE, "social_care") in sent.parties
