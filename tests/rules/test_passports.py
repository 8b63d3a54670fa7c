"""The passport tables: whole, and refused with any mistake; what a decision opens; Accept as a browser sends it."""

import copy
import tomllib
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from app.passports.policy import differences, read_of
from app.passports.renderers import PASSPORT
from app.rules import words
from app.rules.edition import current
from app.rules.my_passport import read_my_passport
from app.rules.passport_checks import read_checks
from app.rules.passports import read_passports
from app.rules.rows import EditionError
from app.web.accept import JSON, acceptable
from app.web.errors import NotAcceptable

FOLDER = Path(words.__file__).parent / "editions/2026-11"


def table(name: str) -> dict[str, Any]:
    return tomllib.loads((FOLDER / f"{name}.toml").read_text())


MISTAKES: dict[str, tuple[str, Any]] = {
    "a view that forgets a section": ("says nothing of", lambda raw: raw["view"][0]["all"].remove("allergies")),
    "a view with a sensitive part": (
        "a sensitive part is in a view",
        lambda raw: (
            raw["view"][0]["all"].append("pregnancy"),
            raw["view"][0]["withheld"]["sensitive"].remove("pregnancy"),
        ),
    ),
    "a party that is missing": ("missing, or not a known party", lambda raw: raw["party"].pop()),
    "a party twice": ("stands twice", lambda raw: raw["party"].append(copy.deepcopy(raw["party"][0]))),
    "a writer that does not read": (
        "without reading the whole of it",
        lambda raw: raw["party"][7]["writes"].append("conditions"),
    ),
    "a name asked for what is not written": (
        "unknown section it writes",
        lambda raw: raw["party"][2]["by_name"].append("sharing"),
    ),
    "an unknown view": ("unknown view", lambda raw: raw["party"][0].update(view="everything")),
    "an unknown effect": ("unknown effect", lambda raw: raw["decision"][0].update(effect="maybe")),
    "no word for no decision": ("says nothing of a part", lambda raw: raw["decision"].pop()),
    "an unknown reason": ("unknown reason", lambda raw: raw["restriction"][0].update(reason="because")),
}


@pytest.mark.parametrize("name", MISTAKES)
def test_a_mistake_in_the_disclosure_table_is_found_when_it_is_read(name: str) -> None:
    said, spoil = MISTAKES[name]
    raw = table("passport_disclosure")
    spoil(raw)
    with pytest.raises(EditionError, match=said):
        read_passports(raw)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"check": "guess"}, "unknown check"),
        ({"severity": "shrug"}, "unknown severity"),
        ({"at": "nowhere.to_be_found"}, "unknown section"),
        ({"most": 3}, "takes"),
    ],
)
def test_a_mistake_in_the_checks_is_found_when_they_are_read(change: dict[str, Any], said: str) -> None:
    raw = table("passport_checks")
    raw["check"][0].update(change)
    with pytest.raises(EditionError, match=said):
        read_checks(raw)


def test_a_mistake_in_my_passport_is_found_when_it_is_read() -> None:
    raw = table("my_passport")
    raw["part"][0]["section"] = "nowhere"
    with pytest.raises(EditionError, match="unknown section"):
        read_my_passport(raw)


def test_the_card_is_never_more_than_a_partys_own_view() -> None:
    rules = current().passports
    for (function, side), party in rules.parties.items():
        if party.reads:
            own, card = rules.view(function, side), rules.card_view(function, side, ())
            assert set(card.shared) <= set(own.shared)
    alone = rules.card_view("urgent_care", "host", ())
    assert "home_address" not in alone.shared["identity"]
    assert {"family_history", *words.SENSITIVE}.isdisjoint(alone.shared)


def test_a_difference_is_told_where_it_is() -> None:
    old = {"a": 1, "b": [{"c": 1}, {"c": 2}], "d": {"e": "x"}}
    new = {"a": 1, "b": [{"c": 1}], "d": {"e": "y"}, "f": [1]}
    assert [tuple(each) for each in differences(old, new)] == [
        ("/b/1", {"c": 2}, None),
        ("/d/e", "x", "y"),
        ("/f", None, [1]),
    ]
    assert list(differences(old, old)) == []


@pytest.mark.parametrize(
    "accept", [None, "*/*", "application/*", "application/json", "text/html, */*;q=0.1", "a/b,*/*"]
)
def test_whoever_takes_json_or_anything_gets_json(accept: str | None) -> None:
    assert acceptable(accept, PASSPORT.media) == JSON


@pytest.mark.parametrize("accept", ["text/csv", "application/json;q=0", "application/json;q=mischief", "mischief", ","])
def test_whoever_takes_none_of_our_forms_is_told_so(accept: str) -> None:
    with pytest.raises(NotAcceptable):
        acceptable(accept, PASSPORT.media)


def test_of_several_records_the_kept_one_is_read_or_the_one_that_changed_last() -> None:
    def record(name: str, version: int | None, changed_at: str | None) -> SimpleNamespace:
        return SimpleNamespace(name=name, version=version, changed_at=changed_at)

    older, newer = record("older", 7, "2026-11-01T09:00:00.000Z"), record("newer", 1, "2026-11-02T09:00:00.000Z")
    empty, own = record("kept", None, None), record("kept", 1, "2026-10-01T09:00:00.000Z")
    assert read_of([own, newer, older]) is own
    assert read_of([empty, newer, older]) is newer
    assert read_of([empty, older]) is older
    assert read_of([empty, record("other", None, None)]) is empty
