"""What passes between the press and its child: a length of four bytes, then so many bytes."""

import struct
from typing import IO, Final

LARGEST_QUESTION: Final = 1024 * 1024
LARGEST_ANSWER: Final = 16 * 1024 * 1024
_LENGTH: Final = struct.Struct("!I")


def write_frame(pipe: IO[bytes] | None, body: bytes) -> None:
    """Write one frame and flush it. Raises OSError where nobody reads any more."""
    if pipe is None:
        raise OSError("there is no pipe")
    pipe.write(_LENGTH.pack(len(body)) + body)
    pipe.flush()


def read_frame(pipe: IO[bytes] | None, largest: int) -> bytes | None:
    """Read one frame, or None where it ends early. Raises ValueError for one larger than ``largest``."""
    head = b"" if pipe is None else pipe.read(_LENGTH.size)
    if pipe is None or len(head) < _LENGTH.size:
        return None
    (length,) = _LENGTH.unpack(head)
    if length > largest:
        raise ValueError("a frame is too large")
    body = pipe.read(length)
    return body if len(body) == length else None
