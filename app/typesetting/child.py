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
_TOO_LONG: Final = "too_long_to_print"
_MOST_MISSING: Final = 40
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
    text = orjson.dumps({**data, "boxes": False}).decode()
    for _ in range(_MOST_MISSING):
        try:
            return _compiled(template, text, lang, on)
        except typst.TypstError as error:
            missing = _NO_GLYPH.search(str(error))
            if missing is None:
                raise
            text = orjson.dumps({**_without(orjson.loads(text), _plain(missing[1])), "boxes": True}).decode()
    rest = re.sub(r"[^\u0000-\u024f\u2000-\u206f\u25a1]", _IN_PLACE, text)
    return _compiled(template, rest, lang, on)


def _compiled(template: str, text: str, lang: str, on: str) -> bytes:
    # Midday in London is the same day everywhere in Europe; a clock would make each copy another document.
    stamp = datetime.combine(datetime.fromisoformat(on), time(12), _LONDON)
    made = typst.compile(
        _TEMPLATES / f"{template}.typ",
        root=_TEMPLATES,
        font_paths=_fonts(),
        ignore_system_fonts=True,
        format="pdf",
        sys_inputs={"data": text, "lang": lang},
        pdf_standards=["ua-1"],
        timestamp=int(stamp.timestamp()),
    )
    if not isinstance(made, bytes):
        raise TypeError("one document was asked for")
    return made


@cache
def _fonts() -> Any:
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=True, font_paths=[_FONTS])


def _plain(quoted: str) -> str:
    escaped = re.fullmatch(r"\\u\{([0-9a-f]{1,6})\}", quoted)
    return chr(int(escaped[1], 16)) if escaped else quoted


def _without(value: Any, letter: str) -> Any:
    if isinstance(value, str):
        return value.replace(letter, _IN_PLACE)
    if isinstance(value, list):
        return [_without(each, letter) for each in value]
    if isinstance(value, dict):
        return {name: _without(each, letter) for name, each in value.items()}
    return value


if __name__ == "__main__":
    main()
