"""The press: one child process that sets every PDF of this process, and dies with it.

In a process of its own the typesetter costs a serving process nothing until the first letter, cannot hold its request
threads, and may be killed when it takes too long.
"""

import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from threading import Lock, Timer
from typing import Any, Final

import orjson
from anyio import CapacityLimiter, to_thread

from app.typesetting.errors import PressBusy, PressFailed, TooLongToPrint
from app.typesetting.frames import LARGEST_ANSWER, LARGEST_QUESTION, read_frame, write_frame

LONGEST_WAIT: Final = 20.0
"""Seconds one document may take, from the moment it is its turn. A letter takes a hundredth of one."""

_MOST_WAITING: Final = 32
_OF_ONE_CLIENT: Final = 8
"""Documents one client may have under way: whoever prints a pile leaves the others their turn."""

_RETRY_AFTER: Final = 2
_CHILD: Final = (sys.executable, "-m", "app.typesetting.child")
_NOT_HANDED_ON: Final = "PLACEMENT_NOTIFY_"


class Press:
    """Sets one document at a time. Starts at the first; a child that died or was killed is replaced at the next."""

    def __init__(self, longest_wait: float = LONGEST_WAIT) -> None:
        self._longest_wait = longest_wait
        self._turn, self._counting = Lock(), Lock()
        self._waiting: list[str] = []
        self._child: subprocess.Popen[bytes] | None = None
        self._limiter: CapacityLimiter | None = None

    async def pdf(self, client: str, template: str, data: Mapping[str, Any], lang: str, on: date) -> bytes:
        """Like ``pdf_now`` for a client, in a thread that is the press's own: no request thread waits for it.

        Raises the same, and PressBusy where the client has as many under way as one may.
        """
        question = _question(template, data, lang, on)
        if self._limiter is None:
            self._limiter = CapacityLimiter(1)
        with self._place_in_the_queue(client):
            return await to_thread.run_sync(self._in_turn, question, limiter=self._limiter)

    def pdf_now(self, template: str, data: Mapping[str, Any], lang: str, on: date) -> bytes:
        """Set a document. Raises PressBusy, PressFailed, TooLongToPrint."""
        question = _question(template, data, lang, on)
        with self._place_in_the_queue():
            return self._in_turn(question)

    def close(self) -> None:
        """End the child, if there is one."""
        with self._turn:
            self._end()

    @contextmanager
    def _place_in_the_queue(self, client: str | None = None) -> Iterator[None]:
        with self._counting:
            theirs = 0 if client is None else self._waiting.count(client)
            if len(self._waiting) >= _MOST_WAITING or theirs >= _OF_ONE_CLIENT:
                raise PressBusy(retry_after=_RETRY_AFTER)
            self._waiting.append(client or "")
        try:
            yield
        finally:
            with self._counting:
                self._waiting.remove(client or "")

    def _in_turn(self, question: bytes) -> bytes:
        with self._turn:
            return self._answer(question)

    def _answer(self, question: bytes) -> bytes:
        child = self._running()
        timer = Timer(self._longest_wait, child.kill)
        timer.start()
        try:
            write_frame(child.stdin, question)
            answer = read_frame(child.stdout, LARGEST_ANSWER)
        except (OSError, ValueError):
            answer = None
        finally:
            timer.cancel()
        if answer is None:
            # What it was doing is lost and nothing else: the next document gets a new child.
            self._end()
            raise PressFailed(retry_after=_RETRY_AFTER)
        return _opened(answer)

    def _running(self) -> subprocess.Popen[bytes]:
        if self._child is None or self._child.poll() is not None:
            self._end()
            # The child needs no key and no database, so it is not told where they are.
            surroundings = {name: value for name, value in os.environ.items() if not name.startswith(_NOT_HANDED_ON)}
            self._child = subprocess.Popen(  # noqa: S603  (no word of a client is in it)
                _CHILD,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env=surroundings,
            )
        return self._child

    def _end(self) -> None:
        child, self._child = self._child, None
        if child is None:
            return
        child.kill()
        for pipe in (child.stdin, child.stdout):
            if pipe is not None:
                try:
                    pipe.close()
                except OSError:
                    continue
        child.wait()


def _question(template: str, data: Mapping[str, Any], lang: str, on: date) -> bytes:
    question = orjson.dumps({"template": template, "data": data, "lang": lang, "on": on.isoformat()})
    if len(question) > LARGEST_QUESTION:
        raise TooLongToPrint
    return question


def _opened(answer: bytes) -> bytes:
    kind, body = answer[:1], answer[1:]
    if kind == b"P":
        return body
    if kind == b"L":
        raise TooLongToPrint
    raise PressFailed(retry_after=_RETRY_AFTER)
