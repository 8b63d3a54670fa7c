"""PDF: whole, without a password, and what in it can act by itself."""

from collections.abc import Iterator
from io import BytesIO
from typing import Any

from app.documents.inspection.verdict import (
    PDF,
    Found,
    damaged,
    not_inspectable,
    refuse_two_in_one,
    tokens,
    unsafe,
)

_END = b"%%EOF"
_TAIL = 2048
_ACTIONS = {
    "/JavaScript": "javascript",
    "/Launch": "launches_programs",
    "/SubmitForm": "forms_sent",
    "/ImportData": "opens_other_files",
    "/GoToR": "opens_other_files",
    "/GoToE": "opens_other_files",
    "/Rendition": "media",
    "/Movie": "media",
    "/Sound": "media",
}
_MEDIA = ("/RichMedia", "/3D", "/Screen", "/Movie", "/Sound")


def look(content: bytes) -> Found:
    """Look through every object of a PDF. Raises Refused."""
    end = content.rfind(_END)
    if not content.startswith(b"%PDF-"):
        raise unsafe("It has other bytes before its beginning.")
    if end < 0 or end < len(content) - _TAIL:
        raise damaged("Its end is missing.")
    refuse_two_in_one(content, content[end:])
    if b"PK\x05\x06" in content[-66_000:]:
        raise unsafe("It is an archive as well.")
    return Found(PDF, frozenset(_active(content)))


def _active(content: bytes) -> Iterator[str]:
    import pikepdf  # noqa: PLC0415

    try:
        with pikepdf.open(BytesIO(content), suppress_warnings=True) as pdf:
            if not len(pdf.pages):
                raise damaged("It has no pages.")
            for each in pdf.objects:
                yield from _acts(each, pikepdf)
    except pikepdf.PasswordError:
        raise not_inspectable("It is locked with a password.") from None
    except pikepdf.PdfError:
        raise damaged("It cannot be read as a PDF.") from None


def _acts(thing: Any, pikepdf: Any) -> Iterator[str]:
    """What this object can do, and those that stand within it; those it refers to have their own turn."""
    waiting = [thing]
    while waiting:
        one = waiting.pop()
        if isinstance(one, pikepdf.Array):
            waiting += [each for each in one if _within(each, pikepdf)]
        elif isinstance(one, (pikepdf.Dictionary, pikepdf.Stream)):
            yield from _told_by(one)
            waiting += [each for _, each in one.items() if _within(each, pikepdf)]


def _within(each: Any, pikepdf: Any) -> bool:
    return isinstance(each, (pikepdf.Array, pikepdf.Dictionary)) and not each.is_indirect


def _told_by(one: Any) -> Iterator[str]:
    action, subtype = str(one.get("/S", "")), str(one.get("/Subtype", ""))
    if action in _ACTIONS:
        yield _ACTIONS[action]
    yield from tokens(
        (
            ("/JS" in one or "/JavaScript" in one, "javascript"),
            ("/EF" in one or "/EmbeddedFiles" in one or subtype == "/FileAttachment", "embedded_files"),
            (subtype in _MEDIA, "media"),
            ("/XFA" in one, "active_controls"),
        )
    )
