"""DOCX, XLSX and ODT: archives that are what they say, unpack to a sensible size, and what in them can act."""

import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from typing import Final
from xml.parsers import expat

from app.documents.inspection.verdict import (
    DOCX,
    ODT,
    XLSX,
    Found,
    Refused,
    damaged,
    not_inspectable,
    refuse_two_in_one,
    tokens,
    unsafe,
)

_MOST_ENTRIES: Final = 5000
_MOST_BYTES: Final = 256 * 1024 * 1024
_MOST_RATIO: Final = 200
_SMALL: Final = 4 * 1024 * 1024
"""What unpacks to no more than this is no bomb, however well it packs: tables of zeros do."""

_MOST_IN_ONE: Final = 64 * 1024 * 1024
_PIECE: Final = 256 * 1024
_METHODS: Final = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_ARCHIVES: Final = (b"PK\x03\x04", b"\x1f\x8b", b"Rar!", b"7z\xbc\xaf\x27\x1c", b"BZh", b"\xfd7zXZ")
_HYPERLINK: Final = "/hyperlink"
_DDE: Final = re.compile(r"DDE(?:AUTO)?\b")
_EOCD: Final = b"PK\x05\x06"


@dataclass(slots=True)
class _Left:
    """How much more may be unpacked, of this archive and those within it."""

    bytes: int = _MOST_BYTES
    entries: int = _MOST_ENTRIES


def look(content: bytes) -> Found:
    """Unpack an Office file in memory, piece by piece, and look at every part. Raises Refused."""
    refuse_two_in_one(content)
    active: set[str] = set()
    try:
        kind = _unpack(content, _Left(), active, depth=0)
    except (zipfile.BadZipFile, EOFError, OSError, ValueError, NotImplementedError):
        raise damaged("It cannot be unpacked.") from None
    return Found(kind, frozenset(active))


def _unpack(content: bytes, left: _Left, active: set[str], depth: int) -> str:
    with zipfile.ZipFile(BytesIO(content)) as archive:
        entries = archive.infolist()
        left.entries -= len(entries)
        if left.entries < 0:
            raise unsafe("It has more parts than any document needs.")
        _refuse_odd_shape(content, archive, entries)
        for entry in entries:
            _refuse_odd_entry(entry)
        kind = _kind(archive, {entry.filename for entry in entries})
        for entry in entries:
            _look_at(archive, entry, left, active, depth)
    return kind


def _refuse_odd_shape(content: bytes, archive: zipfile.ZipFile, entries: list[zipfile.ZipInfo]) -> None:
    end = content.rfind(_EOCD)
    if end < 0 or end + 22 + len(archive.comment) != len(content):
        raise unsafe("It has other bytes after its end.")
    if archive.comment or not entries or min(entry.header_offset for entry in entries) != 0:
        raise unsafe("Something else stands before or after its parts.")
    names = [entry.filename.casefold() for entry in entries]
    if len(set(names)) != len(names):
        raise unsafe("Two of its parts have one name.")
    if sum(entry.compress_size for entry in entries) > len(content):
        raise unsafe("Its parts lie over each other.")


def _refuse_odd_entry(entry: zipfile.ZipInfo) -> None:
    name = entry.filename
    if name.startswith("/") or "\\" in name or ":" in name or "\0" in entry.orig_filename or ".." in name.split("/"):
        raise unsafe("A part of it names a place outside it.")
    if entry.flag_bits & 0x1:
        raise not_inspectable("It is locked with a password.")
    if entry.compress_type not in _METHODS:
        raise unsafe("A part of it is packed in a way that Office does not use.")
    if entry.file_size > max(_SMALL, _MOST_RATIO * entry.compress_size) or entry.file_size > _MOST_IN_ONE:
        raise unsafe("A part of it unpacks to far more than it holds.")


def _kind(archive: zipfile.ZipFile, names: set[str]) -> str:
    if "[Content_Types].xml" in names:
        if "word/document.xml" in names:
            return DOCX
        if "xl/workbook.xml" in names:
            return XLSX
    if "mimetype" in names and "content.xml" in names:
        with archive.open("mimetype") as held:
            if held.read(100).strip() == ODT.encode():
                return ODT
    raise Refused("document_type_not_accepted", "It is an archive, and no document that is taken.")


def _look_at(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, left: _Left, active: set[str], depth: int) -> None:
    body = _read(archive, entry, left)
    name = entry.filename.lower()
    active.update(_by_name(name))
    if body.startswith(_ARCHIVES):
        active.add("embedded_files")
        _look_within(body, left, active, depth)
    elif name.endswith((".xml", ".rels")):
        active.update(_by_words(name, body))
    elif name.endswith(".bin"):
        active.update(_in_ole(body))


def _read(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, left: _Left) -> bytes:
    """The part, whatever size it says it has: what counts is what comes out."""
    held = bytearray()
    with archive.open(entry) as part:
        while piece := part.read(_PIECE):
            held += piece
            left.bytes -= len(piece)
            if left.bytes < 0 or len(held) > _MOST_IN_ONE:
                raise unsafe("It unpacks to far more than it holds.")
    return bytes(held)


def _look_within(body: bytes, left: _Left, active: set[str], depth: int) -> None:
    """A document within a document is looked into once; anything deeper, or of another kind, is no paper."""
    if depth or not body.startswith(b"PK\x03\x04"):
        raise unsafe("It holds an archive.")
    try:
        _unpack(body, left, active, depth + 1)
    except Refused as refused:
        if refused.code == "document_type_not_accepted":
            raise unsafe("It holds an archive.") from None
        raise


def _by_name(name: str) -> Iterator[str]:
    return tokens(
        (
            (name.endswith(("vbaproject.bin", "vbadata.xml")) or name.startswith(("basic/", "scripts/")), "macros"),
            ("/activex/" in name or "/ctrlprops/" in name, "active_controls"),
            ("/embeddings/" in name or name.endswith((".ole", ".exe", ".dll", ".lnk", ".hta")), "embedded_files"),
            ("macrosheets/" in name, "macros"),
        )
    )


def _by_words(name: str, body: bytes) -> set[str]:
    """What the XML of a part gives away. Raises Refused for a part that could read other files or swell."""
    reader = _Reader(name)
    parser = expat.ParserCreate()
    parser.StartElementHandler = reader.begin
    parser.EndElementHandler = reader.end
    parser.CharacterDataHandler = reader.say
    parser.StartDoctypeDeclHandler = reader.declare
    try:
        parser.Parse(body, True)
    except expat.ExpatError:
        raise damaged("A part of it cannot be read.") from None
    return reader.found | ({"data_links"} if _DDE.search("".join(reader.instructions).upper()) else set())


class _Reader:
    """Reads one part, and keeps only what acts: links, listeners, and the instructions of fields."""

    def __init__(self, name: str) -> None:
        self.found: set[str] = set()
        self.instructions: list[str] = []
        self._relations = name.endswith(".rels")
        self._instructing = False

    def begin(self, tag: str, attributes: dict[str, str]) -> None:
        prefix, _, local = tag.rpartition(":")
        if self._relations and attributes.get("TargetMode", "").lower() == "external":
            self.found |= set() if attributes.get("Type", "").endswith(_HYPERLINK) else {"external_links"}
        if local == "fldSimple":
            self.instructions += [value for each, value in attributes.items() if each.endswith("instr")]
        if local in ("ddeLink", "dde-source", "dde-connection-decl"):
            self.found.add("data_links")
        if (prefix, local) == ("script", "event-listener"):
            self.found.add("macros")
        self._instructing = local == "instrText"

    def end(self, _tag: str) -> None:
        self._instructing = False

    def say(self, words: str) -> None:
        # An instruction may be spread over several runs, to hide it.
        if self._instructing:
            self.instructions.append(words)

    def declare(self, *_about: object) -> None:
        raise unsafe("A part of it declares entities, which no document needs.")


def _in_ole(body: bytes) -> Iterator[str]:
    """Streams of an OLE file within: macros, or a file packed into an object."""
    import olefile  # type: ignore[import-untyped]  # noqa: PLC0415

    if not olefile.isOleFile(data=body):
        return
    try:
        with olefile.OleFileIO(body) as held:
            names = {each[-1].lower() for each in held.listdir()}
    except Exception:  # noqa: BLE001 - the library raises many kinds; what it cannot read is what we tell of
        yield "embedded_files"
        return
    yield from tokens((("_vba_project" in names, "macros"), ("\x01ole10native" in names, "embedded_files")))
