"""One entry of a passport as one FHIR resource, or one element of it, and back: what ``mapping.toml`` says, done."""

from collections.abc import Iterator, Mapping
from typing import Any

from .lens import Resource, copied
from .table import OURS, Row

_DEEPEST = 8
"""How many names a field may have, parted by dots: the standard knows none half as deep."""

NOT_KNOWN = OURS + "not-known"
_KINDS = {bool: "valueBoolean", int: "valueInteger", float: "valueDecimal", str: "valueString"}


def write_entry(row: Row, entry: Mapping[str, Any]) -> Resource:
    """The entry in FHIR. Every field of it is there: in its place, or as an extension of ours."""
    resource: Resource = copied(row.fixed) if row.within is None else {}
    extensions = []
    for name, value in _leaves(entry):
        if isinstance(value, dict):
            extensions.append(_not_known(name, value))
            continue
        kept = False
        for place in row.fields.get(name, ()):
            kept = place.write(resource, value) or kept
        if not kept:
            extensions.append(extension(row.extension(name), value))
    if extensions:
        resource["extension"] = [*resource.get("extension", ()), *extensions]
    for each in row.filled:
        each.fill(resource)
    return resource


def read_entry(row: Row, resource: Resource) -> tuple[dict[str, Any], set[str]]:
    """The entry a resource holds, and the pointers of everything in it that was understood."""
    entry: dict[str, Any] = {}
    understood = {f"/{name}" for name in row.fixed}
    for pointer, name, value in _ours(row, resource):
        _put(entry, name, value)
        understood.add(pointer)
    for name, places in row.fields.items():
        for place in places:
            found = place.path.take(resource)
            value = _value(place.path.spreads, [place.decode(each.value) for each in found])
            if value is None:
                continue
            understood.update(pointer for each in found for pointer in (each.pointer, *each.marks))
            if not _has(entry, name):
                _put(entry, name, value)
    return {**{name: value for name, value in row.missing.items() if name not in entry}, **entry}, understood


def extension(url: str, value: Any) -> Resource:
    """Our extension with a plain value, or with each value of a list."""
    if isinstance(value, list):
        return {"url": url, "extension": [extension("item", each) for each in value]}
    return {"url": url, _KINDS[type(value)]: value}


def plain(told: Resource) -> Any:
    """The value of an extension: what ``extension`` was given."""
    if "extension" in told:
        return [plain(each) for each in told["extension"]]
    return next((value for name, value in told.items() if name.startswith("value")), None)


def _leaves(entry: Mapping[str, Any], within: str = "") -> Iterator[tuple[str, Any]]:
    for name, value in entry.items():
        if isinstance(value, dict) and "not_known" not in value:
            yield from _leaves(value, f"{within}{name}.")
        else:
            yield within + name, value


def _not_known(name: str, told: Mapping[str, str]) -> Resource:
    return {"url": NOT_KNOWN, "extension": [extension("field", name), *(extension(*each) for each in told.items())]}


def _ours(row: Row, resource: Resource) -> Iterator[tuple[str, str, Any]]:
    """Our extensions: pointer, the field each is of, and its value."""
    said: Any
    prefix = row.extension("")
    for place, each in enumerate(resource.get("extension", ())):
        url = each.get("url", "")
        if url == NOT_KNOWN:
            told = {part["url"]: plain(part) for part in each.get("extension", ())}
            field, said = str(told.pop("field", "")), told
        elif url.startswith(prefix):
            field, said = url.removeprefix(prefix), plain(each)
        else:
            continue
        if field and field.count(".") < _DEEPEST:
            yield f"/extension/{place}", field, said


def _value(spreads: bool, decoded: list[Any]) -> Any:
    values = [value for value in decoded if value is not None]
    if not values:
        return None
    return values if spreads else values[0]


def _has(entry: Mapping[str, Any], name: str) -> bool:
    node: Any = entry
    for part in name.split("."):
        if not isinstance(node, dict) or part not in node:
            return isinstance(node, dict) and "not_known" in node
        node = node[part]
    return True


def _put(entry: dict[str, Any], name: str, value: Any) -> None:
    node = entry
    *parents, last = name.split(".")
    for parent in parents:
        inside = node.get(parent)
        node[parent] = inside if isinstance(inside, dict) else {}
        node = node[parent]
    node[last] = value
