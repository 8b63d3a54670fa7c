"""Disclosure applied: from a sealed document and a party's view to the sections that party is given.

A withheld section is never decrypted. A section shared whole is handed on as the bytes that were sealed; one that
is shared in part is filtered field by field, after any restriction on the child.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

import orjson

from app.rules.disclosure import ALL, View
from app.rules.words import PASSPORT_SECTIONS, RECORD_PARTS, SECTIONS
from app.vault import frame
from app.vault.vault import Vault

_CHILD_FIRST: Final = tuple(dict.fromkeys(("child", "about_me", "voice", *SECTIONS, *PASSPORT_SECTIONS, *RECORD_PARTS)))
"""The order on every page: who the child is, what they like, what they said; whoever sends and the risks come after."""

_PLACE: Final = {name: place for place, name in enumerate(_CHILD_FIRST)}


_CHILD_ID: Final = "child_id"
_NOTHING: Final[frozenset[str]] = frozenset()


@dataclass(frozen=True, slots=True)
class Revealed:
    """The sections a party is given, as JSON bytes by name, and why each other section is not."""

    sections: Mapping[str, bytes]
    withheld: Mapping[str, str]

    def to_json(self) -> bytes:
        """The sections as one JSON object, without parsing what is passed on whole."""
        return b"{" + b",".join(b'"' + name.encode() + b'":' + body for name, body in self.sections.items()) + b"}"


def in_order(sections: Iterable[str]) -> list[str]:
    """Section names as a page shows them, the child first."""
    return sorted(sections, key=_PLACE.__getitem__)


def part_name(document_id: str, section: str) -> str:
    """What a sealed section is bound to: it opens nowhere else."""
    return f"{document_id}|{section}"


def seal_sections(vault: Vault, key: bytes, document_id: str, sections: Mapping[str, bytes]) -> bytes:
    """Seal each section apart, in one frame."""
    sealed = vault.seal_all(key, {part_name(document_id, name): body for name, body in sections.items()})
    return frame.pack(dict(zip(sections, sealed, strict=True)))


def visible(view: View, pointer: str) -> bool:
    """Whether a pointer names something this view shares; list positions in it do not count."""
    section, *path = pointer.split("/")[1:]
    dotted = ".".join(name for name in path if not name.isdecimal())
    if section not in view.shared or _covers(view.removed.get(section, ()), dotted):
        return False
    fields = view.shared[section]
    return fields is ALL or not dotted or _covers(fields, dotted)


def shares_part(view: View, pointer: str) -> bool:
    """Whether this view shares anything of the field of a section that a pointer leads into."""
    section, *path = pointer.split("/")[1:]
    if section not in view.shared or _covers(view.removed.get(section, ()), ".".join(path)):
        return False
    fields = view.shared[section]
    return fields is ALL or not path or any(name.partition(".")[0] == path[0] for name in fields)


def shows_child_id(view: View) -> bool:
    """Whether a party may know the child by the id it has here. Whoever may not could join two records by it."""
    fields = view.shared.get("child", _NOTHING)
    return (fields is ALL or _CHILD_ID in fields) and _CHILD_ID not in view.removed.get("child", ())


def kept_back(view: View) -> list[str]:
    """Pointers to the single fields a restriction takes out of what this party is otherwise shown."""
    return [
        f"/{section}/{field.replace('.', '/')}"
        for section in in_order(view.removed)
        for field in sorted(view.removed[section])
        if view.shared[section] is ALL or _covers(view.shared[section], field)
    ]


def _covers(fields: Iterable[str], dotted: str) -> bool:
    return any(dotted == each or dotted.startswith(each + ".") for each in fields)


def _is_whole(view: View, section: str) -> bool:
    return view.shared[section] is ALL and section not in view.removed


def reveal(vault: Vault, key: bytes, parts: Iterable[tuple[str, str, bytes]], view: View) -> Revealed:
    """Open what ``view`` shares of ``parts``, each (document id, section, sealed section), and put the child first."""
    sections, withheld = {}, {}
    every = sorted(parts, key=lambda each: _PLACE[each[1]])
    shown = [each for each in every if each[1] in view.shared]
    opened = vault.unseal_all(key, ((part_name(document_id, name), part) for document_id, name, part in shown))
    for _, name, _ in every:
        if name not in view.shared:
            withheld[name] = view.withheld.get(name, "not_needed_for_this_work")
    for (_, name, _), body in zip(shown, opened, strict=True):
        if not _is_whole(view, name):
            kept = view.apply(name, orjson.loads(body))
            if not kept:
                withheld[name] = "restricted" if name in view.removed else "not_needed_for_this_work"
                continue
            sections[name] = orjson.dumps(kept)
        else:
            sections[name] = body
    return Revealed(sections, withheld)
