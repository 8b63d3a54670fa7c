"""What is found out about a file, and how it is refused."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

PDF: Final = "application/pdf"
DOCX: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ODT: Final = "application/vnd.oasis.opendocument.text"
PNG: Final = "image/png"
JPEG: Final = "image/jpeg"
TEXT: Final = "text/plain"

EXTENSIONS: Final = {PDF: "pdf", DOCX: "docx", XLSX: "xlsx", ODT: "odt", PNG: "png", JPEG: "jpg", TEXT: "txt"}
"""The types that are taken, and the ending of a file name of each."""

ACTIVE: Final = (
    "active_controls",
    "data_links",
    "embedded_files",
    "external_links",
    "forms_sent",
    "javascript",
    "launches_programs",
    "macros",
    "media",
    "opens_other_files",
)
"""What in a file can act by itself or lead elsewhere, as it is told to whoever opens it."""


@dataclass(frozen=True, slots=True)
class Found:
    """A file that is taken: what it is, and what in it can act."""

    media_type: str
    active: frozenset[str] = frozenset()


class Refused(Exception):
    """A file that is not taken: the code of a refusal, and a sentence of ours about why."""

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(code)
        self.code, self.detail = code, detail


def damaged(detail: str) -> Refused:
    return Refused("document_damaged", detail)


def unsafe(detail: str) -> Refused:
    return Refused("document_unsafe", detail)


def not_inspectable(detail: str) -> Refused:
    return Refused("document_not_inspectable", detail)


_OTHER_FORMATS: Final = (
    b"%PDF-",
    b"PK\x03\x04",
    b"PK\x05\x06",
    b"Rar!\x1a\x07",
    b"7z\xbc\xaf\x27\x1c",
    b"\x7fELF",
    b"This program cannot be run in DOS mode",
    b"<?php",
    b"<script",
    b"<html",
    b"<svg",
    b"<!doctype",
)
_HEAD: Final = 1024


def another_format(data: bytes | memoryview) -> bool:
    """Whether bytes that should mean nothing hold the mark of a format that programs look for anywhere in a file."""
    lowered = bytes(data).lower()
    return any(mark.lower() in lowered for mark in _OTHER_FORMATS)


def refuse_two_in_one(content: bytes, rest: bytes | memoryview = b"") -> None:
    """One file is one thing. Raises Refused where its head reads as a page, or ``rest``, past its end, as another file.

    Programs that guess at content look at the first kilobyte for a page, and at the end for an archive.
    """
    head = content[:_HEAD].lower()
    if any(mark in head for mark in (b"<html", b"<script", b"<svg", b"<!doctype", b"<?php")):
        raise unsafe("Its first kilobyte also reads as a web page.")
    if another_format(rest):
        raise unsafe("Another file hangs on to its end.")


def tokens(found: Iterable[tuple[bool, str]]) -> Iterator[str]:
    """The names of those that are so."""
    return (name for so, name in found if so)
