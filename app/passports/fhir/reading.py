"""A FHIR Bundle as sections of a passport: ours comes back as it was, somebody else's as far as it can be understood.

What could not be understood is named by its pointer, never its value: nothing is lost silently.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, Final

from .answers import read_items
from .entries import plain, read_entry
from .lens import Resource
from .table import Row, mapping
from .writing import LIST_STATE, NOTE, SECTION

_SETTING: frozenset[str] = frozenset(
    {"resourceType", "id", "meta", "text", "language", "implicitRules", "subject", "patient", "recorded", "target"}
)
"""Members that say nothing of the child: they are neither read nor named as left out."""

_LABELS: frozenset[str] = frozenset({"system", "use", "url", "linkId"})
"""What only names the kind of the value beside it, which is read or named itself."""

MOST_NAMED: Final = 500
"""How many places that were left out are named; the rest are counted. Whoever mends a mapping begins with these."""

_MOST_BORROWED: Final = 50
"""How much one resource takes from another it refers to: a name and its codes. Many may refer to the same one."""

_FRAME: frozenset[str] = frozenset({"Composition", "Organization"})
"""Resources that frame the document: who publishes a version is whoever sends it."""


@dataclass(slots=True)
class Received:
    """What a Bundle says: sections as a passport has them, and pointers to what was left out.

    ``left_out_more`` says how much more was left out than ``left_out`` names.
    """

    sections: dict[str, dict[str, Any]] = field(default_factory=dict)
    left_out: list[str] = field(default_factory=list)
    left_out_more: int = 0

    def leave_out(self, pointer: str) -> None:
        """Name what was left out, or count it where enough is named."""
        if len(self.left_out) < MOST_NAMED:
            self.left_out.append(pointer)
        else:
            self.left_out_more += 1


def read_bundle(bundle: Mapping[str, Any]) -> Received:
    """Read a Bundle that is valid FHIR. The sections are not judged yet: they are whatever was said."""
    return _Reader(bundle).read()


class _Reader:
    """Reads each resource once, wherever it is listed, so that what it costs grows with the Bundle and no faster."""

    def __init__(self, bundle: Mapping[str, Any]) -> None:
        entries = bundle.get("entry", ())
        self._resources = {
            f"/entry/{place}/resource": entry["resource"] for place, entry in enumerate(entries) if "resource" in entry
        }
        self._pointers = {
            entry["fullUrl"]: f"/entry/{place}/resource"
            for place, entry in enumerate(entries)
            if "fullUrl" in entry and "resource" in entry
        } | {f"{each.get('resourceType')}/{each.get('id')}": pointer for pointer, each in self._resources.items()}
        self._sources: dict[str, list[tuple[str, Resource]]] = defaultdict(list)
        for pointer, resource in self._of_type("Provenance"):
            self._sources[str(_says(resource, SECTION))].append((pointer, resource))
        self._seen: set[str] = set()
        self._received = Received()

    def read(self) -> Received:
        composition = next(iter(self._of_type("Composition")), None)
        if composition:
            pointer, resource = composition
            for place, section in enumerate(resource.get("section", ())):
                self._section(f"{pointer}/section/{place}", section)
            if any(_ours(section) for section in resource.get("section", ())):
                # A document of ours names its child even where nothing of the identity is told.
                self._seen.add(self._pointers.get(resource.get("subject", {}).get("reference", ""), ""))
        self._theirs(str(composition[1].get("date", ""))[:10] if composition else "")
        return self._received

    def _section(self, pointer: str, told: Resource) -> None:
        """A section of ours, and each list in it. One that was withheld from its reader is not there to be read.

        Of a section that is not ours the words are left out; its resources are read by their types. What a document of
        ours says of itself is told anew by the next one.
        """
        name = _ours(told)
        if name is None and _ours(told, NOTE) is None:
            self._received.leave_out(pointer)
        if name is None or "emptyReason" in told:
            return
        words = self._words(name)
        for each in told.get("section", ()):
            self._list(words, each)
        for place, resource in self._entries(told):
            self._own(words, name, place, resource)
        for place, resource in self._sources.pop(name, ()):
            words["provenance"] = self._read(mapping().of_section("provenance")[0], place, resource)

    def _own(self, words: dict[str, Any], name: str, pointer: str, resource: Resource) -> None:
        if resource.get("resourceType") == "QuestionnaireResponse":
            self._seen.add(pointer)
            words |= read_items(resource.get("item", []))
            return
        row = next((row for row in mapping().of_section(name) if row.list is None), None)
        if row is not None and row.type == resource.get("resourceType"):
            words |= self._read(row, pointer, resource)

    def _list(self, words: dict[str, Any], told: Resource) -> None:
        row = next((row for row in mapping().rows if row.list and row.code == _ours(told)), None)
        if row is None or row.list is None:
            return
        if "emptyReason" in told:
            state = next((each for each in told.get("extension", ()) if each.get("url") == LIST_STATE), None)
            if state:
                words[row.list] = {part["url"]: plain(part) for part in state.get("extension", ())}
            return
        items = _listed(words, row.list)
        for pointer, resource in self._entries(told):
            items += self._items(row, pointer, resource)

    def _theirs(self, dated: str) -> None:
        """Every resource that stands in no section of ours: read by its type, dated as the document."""
        understood = [
            (row, pointer, self._with_borrowed(row, resource))
            for pointer, resource in self._resources.items()
            if not self._is_settled(pointer, resource) and (row := mapping().of_theirs(resource))
        ]
        for row, pointer, resource in understood:
            self._their_own(row, pointer, resource, dated)
        unread = [each for each in self._resources.items() if not self._is_settled(*each)]
        for pointer, _ in unread:
            self._received.leave_out(pointer)

    def _is_settled(self, pointer: str, resource: Resource) -> bool:
        """Whether a resource was read, or only frames the document."""
        kind = resource.get("resourceType")
        return pointer in self._seen or kind in _FRAME or (kind == "Provenance" and bool(_says(resource, SECTION)))

    def _their_own(self, row: Row, pointer: str, resource: Resource, dated: str) -> None:
        words = self._words(row.section)
        words.setdefault("provenance", {"source": "letter_or_report", "as_of": dated})
        if row.list is None:
            read = self._read(row, pointer, resource)
            words.update((name, value) for name, value in read.items() if name not in words)
        else:
            _listed(words, row.list).extend(self._items(row, pointer, resource))

    def _items(self, row: Row, pointer: str, resource: Resource) -> list[dict[str, Any]]:
        if row.within is None:
            return [self._read(row, pointer, resource)]
        self._seen.add(pointer)
        self._leave_out(pointer, resource, {f"/{row.within}", *(f"/{name}" for name in row.fixed)})
        inner = resource.get(row.within, ())
        return [self._read(row, f"{pointer}/{row.within}/{place}", each) for place, each in enumerate(inner)]

    def _read(self, row: Row, pointer: str, resource: Resource) -> dict[str, Any]:
        self._seen.add(pointer)
        entry, understood = read_entry(row, resource)
        extensions = enumerate(resource.get("extension", ()))
        understood |= {f"/extension/{place}" for place, each in extensions if each.get("url") == SECTION}
        understood.update(pointer for each in row.filled for pointer in each.found(resource))
        self._leave_out(pointer, resource, understood)
        return entry

    def _leave_out(self, pointer: str, resource: Resource, understood: set[str]) -> None:
        for leaf, value in _leaves(resource, understood):
            _, first, *_, last = ("", *leaf.split("/")[1:], leaf.rpartition("/")[2])
            if first in _SETTING or last in _LABELS or (last == "reference" and value in self._pointers):
                continue
            self._received.leave_out(pointer + leaf)

    def _with_borrowed(self, row: Row, resource: Resource) -> Resource:
        """The resource with what it refers to another one for, where that one is in the Bundle."""
        for name, (reference, member) in row.borrowed.items():
            pointer = self._pointers.get(resource.get(reference, {}).get("reference", ""))
            lent = self._resources[pointer].get(member) if pointer else None
            if pointer and lent is not None and name not in resource and _is_short(lent):
                self._seen.add(pointer)
                resource = {**resource, name: lent}
        return resource

    def _words(self, name: str) -> dict[str, Any]:
        return self._received.sections.setdefault(name, {})

    def _entries(self, told: Resource) -> Iterator[tuple[str, Resource]]:
        """The resources a section lists that were not read before: one that is listed again says nothing new."""
        for each in told.get("entry", ()):
            pointer = self._pointers.get(each.get("reference", ""))
            if pointer is not None and pointer not in self._seen:
                yield pointer, self._resources[pointer]

    def _of_type(self, kind: str) -> list[tuple[str, Resource]]:
        return [each for each in self._resources.items() if each[1].get("resourceType") == kind]


def _ours(told: Resource, system: str = SECTION) -> str | None:
    """The code of ours that a section carries."""
    codings = told.get("code", {}).get("coding", ())
    return next((each.get("code") for each in codings if each.get("system") == system), None)


def _says(resource: Resource, url: str) -> Any:
    return next((plain(each) for each in resource.get("extension", ()) if each.get("url") == url), None)


def _listed(words: dict[str, Any], name: str) -> list[Any]:
    """The items of a list of a section, begun where there are none yet or what stands there is no list."""
    if not isinstance(words.get(name), dict):
        words[name] = {"state": "known"}
    if not isinstance(words[name].get("items"), list):
        words[name]["items"] = []
    items: list[Any] = words[name]["items"]
    return items


def _is_short(lent: Any) -> bool:
    return next(islice(_leaves(lent), _MOST_BORROWED, None), None) is None


def _leaves(node: Any, but: Collection[str] = (), pointer: str = "") -> Iterator[tuple[str, Any]]:
    """Everything at the ends of a node, with its pointer, except at and under the pointers in ``but``."""
    if pointer in but:
        return
    if isinstance(node, dict):
        for name, inner in node.items():
            yield from _leaves(inner, but, f"{pointer}/{name}")
    elif isinstance(node, list):
        for place, inner in enumerate(node):
            yield from _leaves(inner, but, f"{pointer}/{place}")
    else:
        yield pointer, node
