"""What a file is, by what it holds, and the look into it that its kind takes."""

import filetype  # type: ignore[import-untyped]

from app.documents.inspection import packages, pdf, pictures, writing
from app.documents.inspection.verdict import JPEG, PDF, PNG, Found, Refused

_LOOKS = {PDF: pdf.look, PNG: pictures.look_png, JPEG: pictures.look_jpeg}
_ZIP = b"PK\x03\x04"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def inspect(content: bytes) -> Found:
    """Look into a file. Raises Refused."""
    if not content:
        raise Refused("document_empty", "It holds no bytes.")
    if content.startswith(_ZIP):
        return packages.look(content)
    if content.startswith(_OLE):
        raise Refused("document_type_not_accepted", "Office files of before 2007 are not taken: save it as DOCX.")
    known = filetype.guess_mime(content)
    if known in _LOOKS:
        return _LOOKS[known](content)
    if known is not None:
        raise Refused("document_type_not_accepted", "It is of a type that is not taken.")
    return writing.look(content)
