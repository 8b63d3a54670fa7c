"""PNG and JPEG: whole from their first byte to their last mark, and not more pixels than a page needs."""

import struct
import zlib
from collections.abc import Iterator

from app.documents.inspection.verdict import JPEG, PNG, Found, damaged, not_inspectable, refuse_two_in_one

_MOST_PIXELS = 100_000_000
_PNG_MARK = b"\x89PNG\r\n\x1a\n"
_STANDALONE = {0x01, *range(0xD0, 0xD9)}
_FRAMES = {*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC}
_SCAN, _END = 0xDA, 0xD9


def look_png(content: bytes) -> Found:
    """Walk the chunks of a PNG to its end. Raises Refused."""
    if not content.startswith(_PNG_MARK):
        raise damaged("It is a picture whose first bytes are wrong.")
    for kind, body, end in _chunks(content, len(_PNG_MARK)):
        if kind == b"IHDR" and len(body) >= 8:
            _refuse_huge(*struct.unpack(">II", body[:8]))
        if kind == b"IEND":
            refuse_two_in_one(content, content[end:])
            return Found(PNG)
    raise damaged("The picture is cut short.")


def _chunks(content: bytes, place: int) -> Iterator[tuple[bytes, bytes, int]]:
    """Type, body and end of each chunk."""
    while place + 12 <= len(content):
        (length,) = struct.unpack_from(">I", content, place)
        kind, body = content[place + 4 : place + 8], content[place + 8 : place + 8 + length]
        end = place + 12 + length
        if end > len(content):
            return
        if zlib.crc32(kind + body) != struct.unpack_from(">I", content, end - 4)[0]:
            raise damaged("A part of the picture is damaged.")
        yield kind, body, end
        place = end


def look_jpeg(content: bytes) -> Found:
    """Walk the segments of a JPEG to its end. Raises Refused."""
    place = 2
    while (found := _segment(content, place)) is not None:
        marker, place, body = found
        if marker in _FRAMES and len(body) >= 5:
            _refuse_huge(*struct.unpack(">HH", body[1:5]))
        if marker == _END:
            # A telephone hangs a second, smaller picture on; that is a picture still.
            refuse_two_in_one(content, content[place:])
            return Found(JPEG)
    raise damaged("The picture is cut short.")


def _segment(content: bytes, place: int) -> tuple[int, int, bytes] | None:
    """The marker at or after ``place``, where its segment ends, and what it holds; None where there is none whole."""
    while place + 2 <= len(content) and content[place] == 0xFF and content[place + 1] == 0xFF:
        place += 1
    if place + 2 > len(content) or content[place] != 0xFF:
        return None
    marker = content[place + 1]
    if marker in _STANDALONE or marker == _END:
        return marker, place + 2, b""
    if place + 4 > len(content):
        return None
    end = place + 2 + struct.unpack_from(">H", content, place + 2)[0]
    body = content[place + 4 : end]
    return (marker, _after_scan(content, end), body) if marker == _SCAN else (marker, end, body)


def _after_scan(content: bytes, place: int) -> int:
    """Where the picture's own bits end: at the next marker that is neither stuffed nor a restart."""
    while (place := content.find(b"\xff", place)) >= 0:
        following = content[place + 1 : place + 2]
        if following and following[0] not in (0x00, 0xFF, *range(0xD0, 0xD8)):
            return place
        place += 2 if following != b"\xff" else 1
    return len(content)


def _refuse_huge(one: int, other: int) -> None:
    if one * other > _MOST_PIXELS:
        raise not_inspectable("The picture has more than 100 million points.")
