"""Where a postcode lies. The postcodes here are of public buildings or do not exist."""

import hashlib
import json

import pytest

from app.kit.errors import Failure
from app.organisations.errors import InvalidPostcode
from app.organisations.kinds import Country
from app.organisations.postcodes import DATA, PostcodeMatch, find, normalise, shipped, to_key

CROYDON, LEEDS, CARDIFF, NORTHUMBERLAND = "E09000008", "E08000035", "W06000015", "E06000057"


@pytest.mark.parametrize(
    ("postcode", "area", "country"),
    [
        ("CR0 1EA", CROYDON, Country.ENGLAND),
        ("LS1 1UR", LEEDS, Country.ENGLAND),
        ("CF10 4UW", CARDIFF, Country.WALES),
        ("TD15 1HP", NORTHUMBERLAND, Country.ENGLAND),
        ("GL1 2TG", "E10000013", Country.ENGLAND),
    ],
)
def test_a_known_postcode_gives_its_upper_tier_authority(postcode: str, area: str, country: Country) -> None:
    assert find(postcode) == PostcodeMatch(area, "exact", country)


@pytest.mark.parametrize("written", ["cr01ea", "CR0 1EA", " CR0  1EA ", "C R 0 1 E A"])
def test_blanks_and_small_letters_do_not_matter(written: str) -> None:
    assert find(written) == find("CR0 1EA")


@pytest.mark.parametrize(
    ("postcode", "country"),
    [
        ("EH1 1YZ", Country.SCOTLAND),
        ("ZE1 0LL", Country.SCOTLAND),
        ("TD1 1AA", Country.SCOTLAND),
        ("BT1 5GS", Country.NORTHERN_IRELAND),
        ("JE1 1AA", Country.ELSEWHERE),
        ("IM1 1AA", Country.ELSEWHERE),
    ],
)
def test_an_address_outside_england_and_wales_names_its_country_and_no_authority(
    postcode: str, country: Country
) -> None:
    assert find(postcode) == PostcodeMatch(None, "none", country)


def test_a_postcode_newer_than_the_edition_is_only_probable() -> None:
    # C, I, K, M, O and V never stand in the last two letters, so this one will not come to exist.
    assert find("LS1 1VV").match == "sector"
    assert find("LS1 1VV").area_code == LEEDS


def test_a_new_postcode_between_two_authorities_gets_no_guess() -> None:
    edges = _between_two_authorities()
    assert edges
    for key in edges:
        assert shipped().area(key) == (None, "none")


def test_a_sector_nobody_knows_gives_nothing() -> None:
    assert find("ZZ9 9ZZ") == PostcodeMatch(None, "none", None)
    assert find("AA0 0AA") == PostcodeMatch(None, "none", None)


@pytest.mark.parametrize(
    "hostile",
    [
        "",
        " ",
        "CR0",
        "CR0 1E",
        "CR0 1EAA",
        "CR٠ 1EA",
        "ＣＲ０１ＥＡ",
        "CR0 1EA\n",
        "CR0 1EA\x00",
        "CR0\u00a01EA",
        "ß1 1AA",
        "' OR 1=1",
        "../../etc",
        "C" * 1_000_000,
        " " * 1_000_000,
        "\ud800",
        "123 456",
        "NPT 1AA",
    ],
)
def test_what_is_not_a_postcode_is_refused_without_repeating_it(hostile: str) -> None:
    with pytest.raises(Failure) as refusal:
        find(hostile)
    assert isinstance(refusal.value, InvalidPostcode)
    said = refusal.value.detail + str(refusal.value)
    assert not hostile.strip() or hostile not in said


def test_keys_sort_as_postcodes_do() -> None:
    written = ["B1 1AA", "B1 1AB", "B1 2AA", "B10 0AA", "B2 1AA", "BA1 1AA", "E1 1AA", "EC1A 1BB", "ZE1 0AA"]
    keys = [to_key(text) for text in map(normalise, written) if text]
    assert len(keys) == len(written)
    assert sorted(keys) == [keys[written.index(each)] for each in sorted(written, key=_padded)]


def test_the_shipped_file_is_the_one_its_description_names() -> None:
    about = json.loads((DATA / "postcodes.json").read_text())
    assert hashlib.sha256((DATA / "postcodes.bin").read_bytes()).hexdigest() == about["sha256"]
    assert len(shipped()) == about["rows"]
    assert about["edition"].startswith("ONSPD ")


def _padded(postcode: str) -> str:
    outward, inward = postcode.split()
    return outward.ljust(4) + inward


def _between_two_authorities() -> list[int]:
    """Numbers of no postcode, with neighbours of the same sector in different authorities."""
    table = shipped()
    found = []
    for rank in table._run_starts[1:2000:50]:
        key = _key_at(rank)
        _, before, _ = table._locate(key - 1)
        if before is not None and before < key - 1 and before // 676 == key // 676:
            found.append(key - 1)
    return found


def _key_at(rank: int) -> int:
    table = shipped()
    block, left = divmod(rank, 64)
    current, place = table._firsts[block], table._offsets[block]
    for _ in range(left):
        current, place = table._next(current, place)
    return current
