"""Several sealed parts in one column: a head of names and lengths, then the parts, one after the other.

    version (1 byte) | number of parts (1 byte)
    | for each part: length of its name (1 byte), name (ASCII), length of the part (4 bytes, big-endian)
    | the parts

Names and lengths are not secret and not protected here; each part is sealed with its name in its AAD.
"""

import struct
from collections.abc import Mapping

from app.vault.errors import Tampered

_VERSION = 1
_MOST = 255
_LENGTH = struct.Struct(">I")


def pack(parts: Mapping[str, bytes]) -> bytes:
    """Return the frame of at most 255 parts with ASCII names of 1 to 255 characters. Raises ValueError."""
    if len(parts) > _MOST:
        raise ValueError("too many parts for a frame")
    pieces = [bytes((_VERSION, len(parts)))]
    for name, part in parts.items():
        encoded = name.encode("ascii")
        if not 0 < len(encoded) <= _MOST:
            raise ValueError("a part's name must have 1 to 255 characters")
        pieces += (bytes((len(encoded),)), encoded, _LENGTH.pack(len(part)))
    return b"".join((*pieces, *parts.values()))


def unpack(data: bytes) -> dict[str, bytes]:
    """Return the parts by name, in their order. Raises Tampered unless ``data`` is exactly one frame."""
    try:
        lengths, start = _head(data)
    except (IndexError, struct.error, UnicodeDecodeError):
        raise Tampered("a frame is cut short or its head cannot be read") from None
    if start + sum(lengths.values()) != len(data):
        raise Tampered("a frame is longer or shorter than its head says")
    parts = {}
    for name, length in lengths.items():
        parts[name] = data[start : start + length]
        start += length
    return parts


def _head(data: bytes) -> tuple[dict[str, int], int]:
    """Return the length of each part, and where the first part begins."""
    version, count, place = data[0], data[1], 2
    if version != _VERSION:
        raise Tampered("a frame is of a version we do not know")
    lengths: dict[str, int] = {}
    for _ in range(count):
        end = place + 1 + data[place]
        name = data[place + 1 : end].decode("ascii")
        (lengths[name],) = _LENGTH.unpack_from(data, end)
        place = end + _LENGTH.size
    if len(lengths) != count or "" in lengths:
        raise Tampered("a frame names a part twice or not at all")
    return lengths, place
