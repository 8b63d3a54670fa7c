"""Files as somebody hostile, or only careless, would send them; and files that are taken, with what is said of them.

Every one holds the marker, so that any plaintext left behind would be seen.
"""

import struct
import zipfile
import zlib
from collections.abc import Mapping
from io import BytesIO
from typing import Any, NamedTuple

import pikepdf

from app.documents.inspection.verdict import DOCX, JPEG, ODT, PDF, PNG, TEXT, XLSX

MARK = b"zqplainmarker"
_TYPES = b'<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>'
_WORDS = b"<w:document xmlns:w='w'><w:p>" + MARK + b"%s</w:p></w:document>"
_RELATION = (
    b"<Relationships><Relationship Id='r1' Type='http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
    b"%s' Target='https://elsewhere.example.test/x' TargetMode='External'/></Relationships>"
)

Parts = Mapping[str, bytes]


class Refused(NamedTuple):
    """A file and the refusal it must get."""

    content: bytes
    media_type: str
    code: str


class Flagged(NamedTuple):
    """A file that is taken and what is said to act in it."""

    content: bytes
    media_type: str
    active: set[str]


def archive(parts: Parts, packed: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w", packed) as made:
        for name, body in parts.items():
            made.writestr(name, body)
    return out.getvalue()


def docx(words: bytes = b"", **more: Any) -> bytes:
    extra: Parts = more.get("parts", {})
    return archive({"[Content_Types].xml": _TYPES, "word/document.xml": _WORDS % words, **extra})


def xlsx(parts: Parts | None = None) -> bytes:
    return archive(
        {
            "[Content_Types].xml": _TYPES,
            "xl/workbook.xml": b"<workbook/>",
            "a.xml": b"<a>" + MARK + b"</a>",
            **(parts or {}),
        }
    )


def odt(words: bytes = b"", parts: Parts | None = None) -> bytes:
    content = (
        b"<office:document-content xmlns:office='o' xmlns:script='s'><p>" + MARK + b"%s</p></office:document-content>"
    )
    return archive({"mimetype": ODT.encode(), "content.xml": content % words, **(parts or {})})


def pdf(change: Any = None) -> bytes:
    made = pikepdf.new()
    made.add_blank_page()
    made.docinfo["/Title"] = MARK.decode()
    if change:
        change(made)
    out = BytesIO()
    made.save(out, object_stream_mode=pikepdf.ObjectStreamMode.disable)
    return out.getvalue()


def locked_pdf() -> bytes:
    made, out = pikepdf.new(), BytesIO()
    made.add_blank_page()
    made.save(out, encryption=pikepdf.Encryption(owner="o", user="u"))
    return out.getvalue()


def png(width: int = 1, height: int = 1) -> bytes:
    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    words = chunk(b"tEXt", b"Comment\0" + MARK)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + words
        + chunk(b"IDAT", zlib.compress(b"\0\0"))
        + chunk(b"IEND", b"")
    )


def jpeg(width: int = 8, height: int = 8) -> bytes:
    def segment(marker: int, body: bytes) -> bytes:
        return bytes((0xFF, marker)) + struct.pack(">H", len(body) + 2) + body

    frame = struct.pack(">BHHB", 8, height, width, 1) + b"\x01\x11\x00"
    scan = segment(0xDA, b"\x01\x01\x00\x00\x3f\x00") + b"\x12\xff\x00\x34\xff\xd0\x56"
    start = b"\xff\xd8" + segment(0xE0, b"JFIF\0\x01\x01\0\0\x01\0\x01\0\0")
    return start + segment(0xFE, MARK) + segment(0xC0, frame) + scan + b"\xff\xd9"


def _lying_zip() -> bytes:
    """An archive that says its part is small, and is not."""
    content = bytearray(docx(parts={"word/media/a.xml": b"<a>" + b"0" * 3_000_000 + b"</a>"}))
    size = struct.pack("<I", 3_000_007)
    return bytes(content).replace(size, struct.pack("<I", 64))


def _twice_named() -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        for name in ("[Content_Types].xml", "word/document.xml", "word/Document.xml"):
            made.writestr(name, b"<a>" + MARK + b"</a>")
    return out.getvalue()


def _locked_zip() -> bytes:
    content = bytearray(docx())
    place = content.index(b"PK\x01\x02")
    content[place + 8] |= 1
    return bytes(content)


def _script(made: Any) -> None:
    made.Root.OpenAction = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="app.alert(1)")


def _launch(made: Any) -> None:
    made.Root.OpenAction = pikepdf.Dictionary(S=pikepdf.Name.Launch, F="cmd.exe")


def _attached(made: Any) -> None:
    made.attachments["run.exe"] = pikepdf.AttachedFileSpec(made, b"MZ")


def _hidden_script(made: Any) -> None:
    action = pikepdf.Dictionary(Next=[pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS=made.make_stream(b"1"))])
    made.pages[0].AA = pikepdf.Dictionary(O=action)


ZEROS = b"<a>" + b"0" * 30_000_000 + b"</a>"
BOMB = docx(parts={"word/a.xml": ZEROS})
NESTED = docx(parts={"word/embeddings/a.docx": docx(parts={"word/embeddings/b.docx": docx()})})
ENTITIES = b'<!DOCTYPE a [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><a>&b;</a>'

REFUSED: dict[str, Refused] = {
    "nothing": Refused(b"", TEXT, "document_empty"),
    "an old Office file": Refused(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + MARK * 90, DOCX, "document_type_not_accepted"),
    "a program": Refused(b"MZ\x90\0" + MARK * 20, PDF, "document_type_not_accepted"),
    "a program of Linux": Refused(b"\x7fELF\x02\x01\x01\0" + MARK, TEXT, "document_type_not_accepted"),
    "a GIF": Refused(b"GIF89a\x01\0\x01\0\0\0\0;" + MARK, PNG, "document_type_not_accepted"),
    "a GZIP archive": Refused(b"\x1f\x8b\x08\0" + MARK, TEXT, "document_type_not_accepted"),
    "a page of the web": Refused(b"<!doctype html><script>x</script>" + MARK, TEXT, "document_unsafe"),
    "a drawing that runs": Refused(b"<svg onload='x'/>" + MARK, TEXT, "document_unsafe"),
    "RTF": Refused(b"{\\rtf1 " + MARK + b"}", TEXT, "document_type_not_accepted"),
    "a script of a shell": Refused(b"#!/bin/sh\n# " + MARK, TEXT, "document_type_not_accepted"),
    "text with control characters": Refused(MARK + b"\x1b[2J", TEXT, "document_type_not_accepted"),
    "text with a NUL": Refused(MARK + b"\0", TEXT, "document_type_not_accepted"),
    "text that is not UTF-8": Refused(MARK + b"\xff\xfe\xe9", TEXT, "document_type_not_accepted"),
    "text called a PDF": Refused(MARK, PDF, "document_type_disagrees"),
    "a PDF called text": Refused(pdf(), TEXT, "document_type_disagrees"),
    "a picture called another": Refused(png(), JPEG, "document_type_disagrees"),
    "a spreadsheet called a letter": Refused(xlsx(), DOCX, "document_type_disagrees"),
    "a PDF cut short": Refused(pdf()[:-40], PDF, "document_damaged"),
    "a PDF that is only its mark": Refused(b"%PDF-1.7\n" + MARK + b"\n%%EOF", PDF, "document_damaged"),
    "a PDF behind other bytes": Refused(b"GIF89a" + pdf(), PDF, "document_type_not_accepted"),
    "a PDF that is a page too": Refused(
        pdf().replace(b"\n", b"\n%<html><script>x</script>\n", 1), PDF, "document_unsafe"
    ),
    "a PDF that is an archive too": Refused(pdf() + docx(), PDF, "document_unsafe"),
    "a PDF under a password": Refused(locked_pdf(), PDF, "document_not_inspectable"),
    "a PDF with much behind its end": Refused(pdf() + b" " * 5000, PDF, "document_damaged"),
    "a PNG cut short": Refused(png()[:-6], PNG, "document_damaged"),
    "a PNG with a wrong sum": Refused(png().replace(MARK, MARK[::-1]), PNG, "document_damaged"),
    "a PNG of ten thousand million points": Refused(png(100_000, 100_000), PNG, "document_not_inspectable"),
    "a PNG that is an archive too": Refused(png() + docx(), PNG, "document_unsafe"),
    "a JPEG cut short": Refused(jpeg()[:-5], JPEG, "document_damaged"),
    "a JPEG of four thousand million points": Refused(jpeg(65_000, 65_000), JPEG, "document_not_inspectable"),
    "a JPEG that is an archive too": Refused(jpeg() + docx(), JPEG, "document_unsafe"),
    "a JPEG that is a page too": Refused(jpeg().replace(MARK, b"<script>x"[:13].ljust(13)), JPEG, "document_unsafe"),
    "an archive that is no document": Refused(archive({"a.txt": MARK}), DOCX, "document_type_not_accepted"),
    "a bomb": Refused(BOMB, DOCX, "document_unsafe"),
    "a bomb that lies about its size": Refused(_lying_zip(), DOCX, "document_damaged"),
    "a bomb of many parts": Refused(docx(parts={f"a{n}": b"" for n in range(5001)}), DOCX, "document_unsafe"),
    "a bomb within": Refused(docx(parts={"word/embeddings/a.docx": BOMB}), DOCX, "document_unsafe"),
    "documents within documents": Refused(NESTED, DOCX, "document_unsafe"),
    "an archive within": Refused(docx(parts={"word/a.zip": archive({"x": MARK})}), DOCX, "document_unsafe"),
    "another archive within": Refused(docx(parts={"word/a.rar": b"Rar!\x1a\x07\0"}), DOCX, "document_unsafe"),
    "a part with a path out": Refused(docx(parts={"../../etc/cron.d/x": MARK}), DOCX, "document_unsafe"),
    "a part with a path from the root": Refused(docx(parts={"/etc/passwd": MARK}), DOCX, "document_unsafe"),
    "two parts of one name": Refused(_twice_named(), DOCX, "document_unsafe"),
    "a part under a password": Refused(_locked_zip(), DOCX, "document_not_inspectable"),
    "an archive packed another way": Refused(
        archive({"[Content_Types].xml": _TYPES, "word/document.xml": MARK}, zipfile.ZIP_LZMA), DOCX, "document_unsafe"
    ),
    "an archive with a picture before it": Refused(jpeg() + docx(), DOCX, "document_unsafe"),
    "an archive with something behind it": Refused(docx() + MARK, DOCX, "document_unsafe"),
    "entities that swell": Refused(docx(parts={"word/styles.xml": ENTITIES}), DOCX, "document_unsafe"),
    "XML that is none": Refused(docx(parts={"word/styles.xml": b"<a>" + MARK}), DOCX, "document_damaged"),
    "a document cut short": Refused(docx()[:-30], DOCX, "document_damaged"),
}

TAKEN: dict[str, Flagged] = {
    "a PDF": Flagged(pdf(), PDF, set()),
    "a PDF with a script": Flagged(pdf(_script), PDF, {"javascript"}),
    "a PDF with a script behind another action": Flagged(pdf(_hidden_script), PDF, {"javascript"}),
    "a PDF that starts a program": Flagged(pdf(_launch), PDF, {"launches_programs"}),
    "a PDF with a file in it": Flagged(pdf(_attached), PDF, {"embedded_files"}),
    "a letter": Flagged(docx(), DOCX, set()),
    "a letter with macros": Flagged(docx(parts={"word/vbaProject.bin": MARK}), DOCX, {"macros"}),
    "a letter that fetches its template": Flagged(
        docx(parts={"word/_rels/settings.xml.rels": _RELATION % b"attachedTemplate"}), DOCX, {"external_links"}
    ),
    "a letter with a link": Flagged(
        docx(parts={"word/_rels/document.xml.rels": _RELATION % b"hyperlink"}), DOCX, set()
    ),
    "a letter that asks another program": Flagged(
        docx(b"<w:instrText>DDE</w:instrText><w:instrText>AUTO c:\\x</w:instrText>"), DOCX, {"data_links"}
    ),
    "a letter with a spreadsheet in it": Flagged(
        docx(parts={"word/embeddings/a.xlsx": xlsx()}), DOCX, {"embedded_files"}
    ),
    "a letter with controls": Flagged(docx(parts={"word/activeX/a.xml": b"<a/>"}), DOCX, {"active_controls"}),
    "a spreadsheet": Flagged(xlsx(), XLSX, set()),
    "a spreadsheet that asks another program": Flagged(
        xlsx({"xl/externalLinks/a.xml": b"<externalLink><ddeLink ddeService='cmd'/></externalLink>"}),
        XLSX,
        {"data_links"},
    ),
    "an open letter": Flagged(odt(), ODT, set()),
    "an open letter with macros": Flagged(odt(parts={"Basic/Standard/a.xml": b"<a/>"}), ODT, {"macros"}),
    "an open letter that listens": Flagged(odt(b"<script:event-listener/>"), ODT, {"macros"}),
    "a picture": Flagged(png(), PNG, set()),
    "a photograph": Flagged(jpeg(), JPEG, set()),
    "a photograph of a telephone, with a small one behind": Flagged(jpeg() + jpeg(), JPEG, set()),
    "text": Flagged("\ufeffPlan for Zoë: ".encode() + MARK, TEXT, set()),
}
