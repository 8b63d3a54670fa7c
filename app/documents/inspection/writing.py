"""Plain text: UTF-8 without control characters, and not a page or a program in disguise."""

from app.documents.inspection.verdict import TEXT, Found, Refused, refuse_two_in_one

_ALLOWED = frozenset("\t\n\r\f")
_MARKUP = ("<?xml", "<!--", "{\\rtf", "%!ps", "#!", "@echo")


def look(content: bytes) -> Found:
    """Look at what has no mark of any format. Raises Refused."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Refused("document_type_not_accepted", "It is no type that is taken, nor text in UTF-8.") from None
    if any(letter < " " and letter not in _ALLOWED for letter in text) or "\x7f" in text:
        raise Refused("document_type_not_accepted", "Plain text holds no control characters.")
    refuse_two_in_one(content)
    if text.lstrip().lower().startswith(_MARKUP):
        raise Refused("document_type_not_accepted", "It is text for a program to read: save it as PDF.")
    return Found(TEXT)
