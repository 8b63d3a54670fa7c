"""The press: a child that is killed, slow, flooded or given nonsense never takes a request or the next page with it."""

import asyncio
import os
import signal
import sys
import threading
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from app.kit.errors import Failure
from app.typesetting import child
from app.typesetting.errors import PressBusy, PressFailed, TooLongToPrint
from app.typesetting.press import Press

ON = date(2026, 11, 25)


@pytest.fixture
def press() -> Iterator[Press]:
    made = Press()
    yield made
    made.close()


def letter(*paragraphs: str, **changes: Any) -> dict[str, Any]:
    usual: dict[str, Any] = dict.fromkeys(("foot", "council", "date", "reference", "greeting", "closing"), "words")
    usual |= {"title": "A letter", "page_of": "{page} {pages}", "size": 11, "boxes_note": "boxes"}
    usual |= {"office": ["office"], "to": ["to"], "signed": ["signed"]}
    return usual | {"parts": [{"form": "paragraph", "text": each} for each in paragraphs]} | changes


def child_of(press: Press) -> int:
    assert press._child is not None
    return press._child.pid


def test_the_same_data_is_the_same_document_in_another_process_too(press: Press) -> None:
    other = Press()
    try:
        first, second = (each.pdf_now("letter", letter("Hello"), "en", ON) for each in (press, other))
    finally:
        other.close()
    assert first == second
    assert first.startswith(b"%PDF-1.")
    assert first != press.pdf_now("letter", letter("Hello"), "cy", ON)
    assert first != press.pdf_now("letter", letter("Hello"), "en", date(2026, 11, 26))


def test_a_child_that_was_killed_is_replaced_at_the_next_document(press: Press) -> None:
    press.pdf_now("letter", letter("Hello"), "en", ON)
    before = child_of(press)
    os.kill(before, signal.SIGKILL)
    press._child.wait()  # type: ignore[union-attr]
    assert press.pdf_now("letter", letter("Hello"), "en", ON)
    assert child_of(press) != before


def test_a_child_that_takes_too_long_is_killed_and_says_so(press: Press) -> None:
    press.pdf_now("letter", letter("Hello"), "en", ON)
    slow = Press(longest_wait=0.3)
    slow._child = press._child
    os.kill(child_of(press), signal.SIGSTOP)
    with pytest.raises(PressFailed):
        slow.pdf_now("letter", letter("Hello"), "en", ON)
    assert press.pdf_now("letter", letter("Hello"), "en", ON)


def test_nonsense_fails_by_itself_and_the_child_goes_on(press: Press) -> None:
    for template, data in (("letter", {}), ("no_such", letter("x")), ("../page", letter("x"))):
        with pytest.raises(PressFailed):
            press.pdf_now(template, data, "en", ON)
    assert press.pdf_now("letter", letter("Hello"), "en", ON)


def test_a_document_has_an_end(press: Press) -> None:
    with pytest.raises(TooLongToPrint):
        press.pdf_now("letter", letter(*["words " * 600] * 50), "en", ON)
    with pytest.raises(TooLongToPrint):
        press.pdf_now("letter", letter("x" * 2_000_000), "en", ON)
    assert press.pdf_now("letter", letter("Hello"), "en", ON)


def test_letters_of_a_hundred_scripts_become_boxes_and_the_rest_is_set(press: Press) -> None:
    strange = "".join(chr(0x4E00 + each) for each in range(200))
    assert press.pdf_now("letter", letter(strange, "ትግርኛ 🙂"), "en", ON)


def test_many_letters_no_font_has_are_found_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    set_so_often, compiled = [], child._compiled

    def counted(template: str, *rest: Any) -> bytes:
        set_so_often.append(template)
        return compiled(template, *rest)

    monkeypatch.setattr(child, "_compiled", counted)
    strange = [chr(0xA000 + each) for each in range(200)]
    in_bold = letter(*(f"One of {each}" for each in strange), title="".join(strange))
    assert child.set_pdf("letter", in_bold, "en", ON.isoformat())
    assert set_so_often == ["letters", "letter"]
    # Letters of our own ranges that no font has, and letters there are that stand together as none has them.
    set_so_often.clear()
    odd = "".join(chr(each) for each in range(0x180, 0x250))
    assert child.set_pdf("letter", letter(odd, "\U0001f468\u200d\U0001f469 e\u0328\u0301\u20dd"), "en", ON.isoformat())
    assert set_so_often.count("letter") <= 3
    set_so_often.clear()
    assert child.set_pdf("letter", letter("Mae’n iawn – “Ŵyn” – Žižić"), "en", ON.isoformat())
    assert set_so_often == ["letter"]


def test_what_a_font_has_stays_beside_what_none_has() -> None:
    seen: list[dict[str, Any]] = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(child, "_compiled", lambda *asked, made=child._compiled: (seen.append(asked[1]), made(*asked))[1])
        child.set_pdf("letter", letter("Олена \ua000", "Hello"), "en", ON.isoformat())
    assert [each["text"] for each in seen[-1]["parts"]] == ["Олена \u25a1", "Hello"]
    assert seen[-1]["boxes"] is True


def test_whoever_waits_does_so_in_threads_of_the_press_and_a_crowd_is_told_to_come_back(press: Press) -> None:
    answers = asyncio.run(_crowd(press, *(f"client {each}" for each in range(40))))
    assert len(answers) == 40
    assert sum(isinstance(each, bytes) for each in answers) == 32
    assert sum(isinstance(each, PressBusy) for each in answers) == 8
    with press._turn:
        waiting = [threading.Thread(target=_asked, args=(press,)) for _ in range(32)]
        for each in waiting:
            each.start()
        while len(press._waiting) < 32:
            time.sleep(0.01)
        with pytest.raises(PressBusy):
            press.pdf_now("letter", letter("Hello"), "en", ON)
    for each in waiting:
        each.join()


async def _crowd(press: Press, *clients: str) -> list[bytes | Failure]:
    asked = (press.pdf(each, "letter", letter("Hello"), "en", ON) for each in clients)
    answers = await asyncio.gather(*asked, return_exceptions=True)
    return [each for each in answers if isinstance(each, bytes | Failure)]


def test_a_client_that_prints_a_pile_leaves_the_others_their_turn(press: Press) -> None:
    answers = asyncio.run(_crowd(press, *["a pile"] * 20, "an emergency"))
    assert [isinstance(each, bytes) for each in answers] == [True] * 8 + [False] * 12 + [True]
    assert all(isinstance(each, PressBusy) for each in answers[8:20])
    assert isinstance(asyncio.run(_crowd(press, "a pile"))[0], bytes)


def _asked(press: Press) -> None:
    press.pdf_now("letter", letter("Hello"), "en", ON)


@pytest.mark.skipif(sys.platform != "linux", reason="reads what Linux tells of a process")
def test_the_child_ends_with_the_press_and_knows_no_key(press: Press, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PLACEMENT_NOTIFY_MASTER_KEYS", "secret")
    press.pdf_now("letter", letter("Hello"), "en", ON)
    assert b"PLACEMENT_NOTIFY" not in Path(f"/proc/{child_of(press)}/environ").read_bytes()
    child = press._child
    assert child is not None
    child.stdin.close()  # type: ignore[union-attr]
    assert child.wait(timeout=10) == 0
