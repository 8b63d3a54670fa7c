"""Whether a schema still takes every document that an earlier one took. docs/versions.md says what breaks."""

from collections.abc import Iterator
from typing import Any

Schema = dict[str, Any]
_NARROWS_WHEN_SET = ("pattern", "format", "const", "additionalProperties", "items", "properties", "anyOf")
_SMALLER_BREAKS = ("maxLength", "maxItems", "maximum")
_LARGER_BREAKS = ("minLength", "minItems", "minimum")


def breaks(old: Schema, new: Schema) -> list[str]:
    """Where and why ``new`` refuses what ``old`` took; empty when nothing breaks. Compares by structure."""
    return sorted(set(_Comparison(old, new).part(old, new, "", frozenset())))


class _Comparison:
    def __init__(self, old: Schema, new: Schema) -> None:
        self._old: Schema = old.get("$defs", {})
        self._new: Schema = new.get("$defs", {})

    def part(self, old: Schema, new: Schema, where: str, above: frozenset[tuple[str, str]]) -> Iterator[str]:
        """Compare what stands at ``where``; ``above`` are the definitions being compared already."""
        step = (old.get("$ref", ""), new.get("$ref", ""))
        if step in above and any(step):
            return
        above = above | {step}
        old, new = _pointed(old, self._old), _pointed(new, self._new)
        if old.get("type") != new.get("type") and "type" in new:
            yield f"{where}: is of another type"
        yield from _bounds(old, new, where)
        yield from self._fields(old, new, where, above)
        yield from self._choices(old, new, where, above)
        if "items" in old and "items" in new:
            yield from self.part(old["items"], new["items"], f"{where}/*", above)

    def _fields(self, old: Schema, new: Schema, where: str, above: frozenset[tuple[str, str]]) -> Iterator[str]:
        fields = new.get("properties", {})
        for name, part in old.get("properties", {}).items():
            if name in fields:
                yield from self.part(part, fields[name], f"{where}/{name}", above)
            else:
                yield f"{where}/{name}: is gone"
        for name in sorted(set(new.get("required", ())) - set(old.get("required", ()))):
            yield f"{where}/{name}: must now be sent"

    def _choices(self, old: Schema, new: Schema, where: str, above: frozenset[tuple[str, str]]) -> Iterator[str]:
        ways = {_mark(each): each for each in new.get("oneOf", ())}
        for number, each in enumerate(old.get("oneOf", ())):
            if not ways:
                yield from self.part(each, new, where, above)
            elif _mark(each) in ways:
                yield from self.part(each, ways[_mark(each)], where, above)
            else:
                yield f"{where}: no longer takes {each.get('const') or each.get('$ref') or number}"


def _pointed(part: Schema, held: Schema) -> Schema:
    while "$ref" in part:
        part = {**held[part["$ref"].rpartition("/")[2]], **{key: part[key] for key in part if key != "$ref"}}
    return part


def _mark(part: Schema) -> str:
    """What one way of a choice is known by."""
    return str(part.get("const") or part.get("$ref") or part.get("type"))


def _bounds(old: Schema, new: Schema, where: str) -> Iterator[str]:
    for key in _NARROWS_WHEN_SET:
        if key in new and key not in old and (key != "properties" or new.get("additionalProperties") is False):
            yield f"{where}: {key} is asked for now"
    for key in ("pattern", "format", "const"):
        if key in new and key in old and new[key] != old[key]:
            yield f"{where}: {key} is another"
    for key in (*_SMALLER_BREAKS, *_LARGER_BREAKS):
        if key in new and _tighter(key, old.get(key), new[key]):
            yield f"{where}: {key} is tighter"


def _tighter(key: str, old: float | None, new: float) -> bool:
    return old is None or (new < old if key in _SMALLER_BREAKS else new > old)
