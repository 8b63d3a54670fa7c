"""How a document is named to whoever takes it home. Pure."""

import unicodedata
from typing import Final
from urllib.parse import quote

from app.documents.inspection.verdict import EXTENSIONS, TEXT

_LONGEST: Final = 80
_ENDINGS: Final = {*EXTENSIONS.values(), "jpeg"}
_NOT_IN_A_NAME: Final = frozenset('<>:"|?*')
_DEVICES: Final = {"con", "prn", "aux", "nul", *(f"{name}{n}" for name in ("com", "lpt") for n in range(1, 10))}


def file_name(wanted: str | None, otherwise: str, media_type: str) -> str:
    """A name that is safe on any machine: no folder, no hidden or turning mark, and the ending of what it is."""
    extension = EXTENSIONS[media_type]
    last = unicodedata.normalize("NFC", wanted or "").replace("\\", "/").rpartition("/")[2]
    kept = "".join(letter for letter in last if letter.isprintable() and letter not in _NOT_IN_A_NAME)
    stem, dot, ending = kept.rpartition(".")
    base = stem if dot and ending.lower() in _ENDINGS else kept
    name = base.strip(" .")[:_LONGEST].strip(" .")
    if not name or name.partition(".")[0].lower() in _DEVICES:
        name = otherwise
    return f"{name}.{extension}"


def disposition(name: str, plain: str) -> str:
    """Content-Disposition of a file to be saved, never shown (RFC 6266; other letters as RFC 8187 has them)."""
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"


def content_type(media_type: str) -> str:
    """Content-Type as it is sent."""
    return f"{TEXT}; charset=utf-8" if media_type == TEXT else media_type
