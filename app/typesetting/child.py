"""The child of the press: reads a frame, sets it, writes the PDF, and ends when the press does.

It opens no connection, reads no file but its templates and fonts, and keeps nothing.
"""

import os
import re
import resource
import sys
from datetime import datetime, time
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

import orjson
import typst

from app.typesetting.frames import LARGEST_QUESTION, read_frame, write_frame

_TEMPLATES: Final = Path(str(resources.files(__package__) / "templates"))
_FONTS: Final = Path(str(resources.files(__package__) / "fonts"))
_NAME: Final = re.compile(r"[a-z][a-z0-9_]{0,40}")
_LONDON: Final = ZoneInfo("Europe/London")
_NO_GLYPH: Final = re.compile(r'the text `"(.+?)"` could not be displayed', re.DOTALL)
_ESCAPED: Final = re.compile(r"\\u\{([0-9a-f]{1,6})\}")
_ORDINARY: Final = "\u0000-\u024f\u2000-\u206f\u25a1"
_STRANGE: Final = re.compile(f"[^{_ORDINARY}]")
_TOO_LONG: Final = "too_long_to_print"
_MOST_ASKED: Final = 2000
"""Of how many strange letters it is asked which there are; a text of more scripts than that is boxes."""

_MOST_MEMORY: Final = 2 * 1024**3
_IN_PLACE: Final = "\u25a1"
"""An empty box: what stands for a letter that no font of the typesetter has."""


def main() -> None:
    """Serve until the press closes the pipe."""
    os.nice(5)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if sys.platform == "linux":
        resource.setrlimit(resource.RLIMIT_AS, (_MOST_MEMORY, _MOST_MEMORY))
    questions, answers = sys.stdin.buffer, sys.stdout.buffer
    while (question := read_frame(questions, LARGEST_QUESTION)) is not None:
        write_frame(answers, answer(question))


def answer(question: bytes) -> bytes:
    """A letter that says what it is, then the PDF: P a document, L one that is too long, F a failure."""
    asked = orjson.loads(question)
    try:
        return b"P" + set_pdf(asked["template"], asked["data"], asked["lang"], asked["on"])
    except typst.TypstError as error:
        # What went wrong may quote what was to be set, so it goes no further.
        return b"L" if _TOO_LONG in str(error) else b"F"


def set_pdf(template: str, data: dict[str, Any], lang: str, on: str) -> bytes:
    """Set a document; letters no font has become an empty box, and ``data["boxes"]`` says that so it was."""
    if not _NAME.fullmatch(template):
        raise ValueError("no such template")
    told = _boxed({**data, "boxes": False}, _without_glyph(data, lang, on))
    try:
        return _compiled(template, told, lang, on)
    except typst.TypstError as error:
        # Letters there are may still stand together as no font has them; that costs one more time, however many do.
        told = _boxed(told, _of_letters(_missing(error)))
    try:
        return _compiled(template, told, lang, on)
    except typst.TypstError as error:
        _missing(error)
    return _compiled(template, _boxed(told, _STRANGE), lang, on)


def _without_glyph(data: dict[str, Any], lang: str, on: str) -> re.Pattern[str] | None:
    """What finds the letters no font has: all of them at once, on a page that holds nothing but each strange one."""
    letters = sorted(set(_STRANGE.findall(orjson.dumps(data).decode())))
    if not letters:
        return None
    if len(letters) > _MOST_ASKED:
        return _STRANGE
    try:
        _compiled("letters", {"letters": letters}, lang, on)
    except typst.TypstError as error:
        return _of_letters(_missing(error))
    return None


def _missing(error: typst.TypstError) -> set[str]:
    """Every text no font has. Raises the error itself where it is about something else."""
    quoted = set(_NO_GLYPH.findall(error.diagnostic))
    if not quoted:
        raise error
    return {_ESCAPED.sub(lambda each: chr(int(each[1], 16)), text) for text in quoted}


def _of_letters(texts: set[str]) -> re.Pattern[str]:
    return re.compile("|".join(re.escape(each) for each in sorted(texts, key=len, reverse=True)))


def _compiled(template: str, data: dict[str, Any], lang: str, on: str) -> bytes:
    # Midday in London is the same day everywhere in Europe; a clock would make each copy another document.
    stamp = datetime.combine(datetime.fromisoformat(on), time(12), _LONDON)
    made = typst.compile(
        _TEMPLATES / f"{template}.typ",
        root=_TEMPLATES,
        font_paths=_fonts(),
        ignore_system_fonts=True,
        format="pdf",
        sys_inputs={"data": orjson.dumps(data).decode(), "lang": lang},
        pdf_standards=["ua-1"],
        timestamp=int(stamp.timestamp()),
    )
    if not isinstance(made, bytes):
        raise TypeError("one document was asked for")
    return made


@cache
def _fonts() -> Any:
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=True, font_paths=[_FONTS])


def _boxed(data: dict[str, Any], letters: re.Pattern[str] | None) -> dict[str, Any]:
    return data if letters is None else {**_without(data, letters), "boxes": True}


def _without(value: Any, letters: re.Pattern[str]) -> Any:
    if isinstance(value, str):
        return letters.sub(_IN_PLACE, value)
    if isinstance(value, list):
        return [_without(each, letters) for each in value]
    if isinstance(value, dict):
        return {name: _without(each, letters) for name, each in value.items()}
    return value


if __name__ == "__main__":
    main()
