"""Where a postcode lies: its upper-tier authority, offline, in a few microseconds.

``data/postcodes.bin`` (made by ``tools/build_postcodes.py``) holds 2.4 million postcodes as sorted numbers in
blocks of ``BLOCK``, each number as its distance from the one before, and the ranks at which the authority
changes. A lookup bisects the first numbers of the blocks, walks one block, and bisects the ranks.

Where both neighbours of a postcode newer than the edition lie in one authority, so does it 99 times in 100
(measured by holding out 24,000). If they share its sector, that is offered as ``sector``, to be confirmed.
"""

import re
import struct
import sys
from array import array
from bisect import bisect_right
from dataclasses import dataclass
from functools import cache
from itertools import accumulate
from pathlib import Path
from typing import Literal
from zlib import decompress

from app.organisations.errors import InvalidPostcode
from app.organisations.kinds import BY_LETTER, Country

BLOCK = 64
DATA = Path(__file__).parent / "data"

SCOTTISH = "S"
SHARED_LETTERS = frozenset({"CA", "DG", "TD"})
"""Postcode areas on both sides of the Scottish border: the letters alone do not say which country."""

_OUTSIDE = {
    **dict.fromkeys(
        ("AB", "DD", "DG", "EH", "FK", "G", "HS", "IV", "KA", "KW", "KY", "ML", "PA", "PH", "ZE"),
        Country.SCOTLAND,
    ),
    **dict.fromkeys(("GY", "IM", "JE"), Country.ELSEWHERE),
    "BT": Country.NORTHERN_IRELAND,
}
_POSTCODE = re.compile(r"[A-Z]{1,2}[0-9][A-Z0-9]?[0-9][A-Z]{2}|GIR0AA")
_LETTERS = re.compile(r"[A-Z]+")
_SECTOR = 676
_LONGEST = 16

Match = Literal["exact", "sector", "none"]


@dataclass(frozen=True, slots=True)
class PostcodeMatch:
    """Where a postcode lies. ``country`` may be known where the area is not, and None means not known.

    ``area_code`` is None exactly when ``match`` is ``none``. ``sector`` is probable: a person confirms it.
    """

    area_code: str | None
    match: Match
    country: Country | None


def find(postcode: str) -> PostcodeMatch:
    """Look a postcode up. Raises InvalidPostcode, which never repeats the text."""
    text = normalise(postcode)
    if text is None:
        raise InvalidPostcode
    area, match = shipped().area(to_key(text))
    if area is None:
        return PostcodeMatch(None, "none", _OUTSIDE.get(letters_of(text)))
    if area == SCOTTISH:
        return PostcodeMatch(None, "none", Country.SCOTLAND)
    return PostcodeMatch(area, match, BY_LETTER[area[0]])


def normalise(postcode: str) -> str | None:
    """The postcode in capitals without blanks, or None when the text has not the form of one."""
    if len(postcode) > _LONGEST or not postcode.isascii():
        return None
    text = postcode.replace(" ", "").upper()
    return text if _POSTCODE.fullmatch(text) else None


def letters_of(text: str) -> str:
    """The postcode area of a normalised postcode: the letters it begins with."""
    return _LETTERS.match(text)[0]  # type: ignore[index]


def to_key(text: str) -> int:
    """A number for a normalised postcode that sorts as postcodes do; ``key // 676`` is its sector."""
    key = 0
    for letter in text[:-3].ljust(4):
        key = key * 37 + (int(letter, 36) + 1 if letter != " " else 0)
    return ((key * 10 + int(text[-3])) * 26 + ord(text[-2]) - 65) * 26 + ord(text[-1]) - 65


class Postcodes:
    """One edition in memory (about 3 MB); immutable, so any thread may read it."""

    def __init__(self, packed: bytes) -> None:
        data = decompress(packed)
        codes, count, runs, blocks = struct.unpack_from("<IIII", data)
        self._count: int = count
        place = 16
        self._codes = [data[place + 9 * each : place + 9 * each + 9].decode().rstrip() for each in range(codes)]
        place += 9 * codes
        self._run_starts: array[int] = array("I", accumulate(_integers("I", data, place, runs)))
        place += 4 * runs
        self._run_areas = data[place : place + runs]
        place += runs
        (first,) = struct.unpack_from("<Q", data, place)
        place += 8
        self._firsts: array[int] = array("Q", accumulate(_integers("I", data, place, blocks - 1), initial=first))
        place += 4 * (blocks - 1)
        self._offsets: array[int] = array("I", accumulate(_integers("H", data, place, blocks), initial=0))
        self._gaps = data[place + 2 * blocks :]

    def __len__(self) -> int:
        return self._count

    def area(self, key: int) -> tuple[str | None, Match]:
        """The authority of a postcode's number, and how sure that is."""
        rank, before, after = self._locate(key)
        if before == key:
            return self._area_at(rank), "exact"
        found = {
            self._area_at(place)
            for place, neighbour in ((rank, before), (rank + 1, after))
            if neighbour is not None and neighbour // _SECTOR == key // _SECTOR
        }
        return (found.pop(), "sector") if len(found) == 1 else (None, "none")

    def _locate(self, key: int) -> tuple[int, int | None, int | None]:
        """The rank of the last number not above ``key``, that number, and the one after it."""
        block = bisect_right(self._firsts, key) - 1
        if block < 0:
            return -1, None, self._firsts[0]
        current, rank, place = self._firsts[block], block * BLOCK, self._offsets[block]
        end = self._offsets[block + 1]
        while place < end:
            following, place = self._next(current, place)
            if following > key:
                return rank, current, following
            current, rank = following, rank + 1
        return rank, current, self._firsts[block + 1] if block + 1 < len(self._firsts) else None

    def _next(self, current: int, place: int) -> tuple[int, int]:
        shift = gap = 0
        while True:
            byte = self._gaps[place]
            gap |= (byte & 0x7F) << shift
            place, shift = place + 1, shift + 7
            if byte < 0x80:
                return current + gap, place

    def _area_at(self, rank: int) -> str:
        return self._codes[self._run_areas[bisect_right(self._run_starts, rank) - 1]]


def _integers(kind: str, data: bytes, place: int, count: int) -> "array[int]":
    values: array[int] = array(kind)
    values.frombytes(data[place : place + count * values.itemsize])
    if sys.byteorder == "big":
        values.byteswap()
    return values


@cache
def shipped() -> Postcodes:
    """The edition that is shipped, read at the first question."""
    return Postcodes((DATA / "postcodes.bin").read_bytes())
