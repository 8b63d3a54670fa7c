"""What a section says, for a person who opens the document without any software of ours: plain escaped XHTML."""

import re
from functools import lru_cache
from html import escape
from typing import Any

_SPECIAL = re.compile(r"[&<>\"']").search
_NONE_KNOWN = {
    "nil_known": "None known",
    "not_known": "Not known",
    "not_asked": "Not asked yet",
    "declined": "Declined",
}


def narrative(words: Any) -> dict[str, str]:
    """The narrative of any part of a passport. Every word in it is escaped."""
    return {"status": "generated", "div": f'<div xmlns="http://www.w3.org/1999/xhtml">{_told(words)}</div>'}


def _told(value: Any) -> str:
    if isinstance(value, str):
        return _escaped(value)
    if isinstance(value, dict):
        return "<dl>" + "".join([_begun(name) + _said(name, each) + "</dd>" for name, each in value.items()]) + "</dl>"
    if isinstance(value, list):
        return "<ul>" + "".join([f"<li>{_told(each)}</li>" for each in value]) + "</ul>"
    if isinstance(value, bool):
        return "Yes" if value else "No"
    return _escaped(str(value))


def _said(name: str, value: Any) -> str:
    """A code reads as words; what a list says of itself reads as what it means."""
    if name == "state" and value in _NONE_KNOWN:
        return _NONE_KNOWN[value]
    if name == "not_known":
        return _escaped(str(value).replace("_", " "))
    return _escaped(value) if isinstance(value, str) else _told(value)


def _escaped(text: str) -> str:
    return escape(text) if _SPECIAL(text) else text


@lru_cache(maxsize=1024)
def _begun(name: str) -> str:
    """What is told of a field up to its value. The names of our own fields are few, and met again in every passport."""
    return f"<dt>{escape(name.replace('_', ' ').capitalize())}</dt><dd>"
