"""Has a file looked into by a process of its own, which is given the bytes by a pipe and nothing else."""

import json
import os
import subprocess
import sys
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from threading import Timer
from typing import Final

from app.documents.errors import DocumentNotInspectable
from app.kit.errors import REGISTRY

_SECONDS: Final = 30
_ENVIRONMENT: Final = {"PYTHONDONTWRITEBYTECODE": "1", "LANG": "C.UTF-8"}


@dataclass(frozen=True, slots=True)
class Inspected:
    """What a file is, and what in it can act."""

    media_type: str
    active: tuple[str, ...]


def inspected(pieces: Iterable[bytes]) -> Inspected:
    """Look into a file. Raises the refusal it deserves; DocumentNotInspectable where the process was ended."""
    process = subprocess.Popen(
        [sys.executable, "-I", "-m", "app.documents.inspection"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=_ENVIRONMENT,
        cwd=os.sep,
    )
    ending = Timer(_SECONDS, process.kill)
    ending.start()
    try:
        answer = _answer(process, pieces)
    finally:
        ending.cancel()
        process.kill()
        process.wait()
    return _read(answer)


def _answer(process: "subprocess.Popen[bytes]", pieces: Iterable[bytes]) -> bytes:
    assert process.stdin is not None and process.stdout is not None  # noqa: S101, PT018 - both are pipes
    with process.stdout as told:
        # A process that a limit ended takes no more; what it did not say is the answer.
        with suppress(BrokenPipeError), process.stdin as given:
            for piece in pieces:
                given.write(piece)
        return told.read(4096)


def _read(answer: bytes) -> Inspected:
    try:
        told = json.loads(answer)
    except ValueError:
        raise DocumentNotInspectable("Looking into it took too much time or memory.") from None
    if "refused" in told:
        raise REGISTRY[told["refused"]](told["detail"])
    return Inspected(told["media_type"], tuple(told["active"]))
