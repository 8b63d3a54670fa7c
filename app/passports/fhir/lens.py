"""A place in a FHIR resource, written ``reaction[0].manifestation[0].text``: a value is put there and taken from there.

``[0]`` is the element of a list by its position, ``[key=value]`` the element that says so, ``[@name]`` the element
that a slice of the table describes. With ``, *`` each value of a list has such an element of its own.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

Resource = dict[str, Any]


class Found(NamedTuple):
    """What stands somewhere in a resource, its JSON pointer, and pointers to the marks that led there."""

    pointer: str
    value: Any
    marks: tuple[str, ...] = ()


_STEP = re.compile(r"([A-Za-z]+)(?:\[([^\]]+)\])?(?:\.|$)")


@dataclass(frozen=True, slots=True)
class Step:
    """A member of an object; of a list, the element at ``position`` or one that holds all of ``marks``."""

    name: str
    position: int | None = None
    marks: Mapping[str, Any] | None = None
    each: bool = False

    def make(self, node: Resource, fresh: bool = False) -> Resource:
        """Go in, and make what is missing; ``fresh`` adds another element though one is there."""
        if self.position is None and self.marks is None:
            return node.setdefault(self.name, {})  # type: ignore[no-any-return]
        elements: list[Resource] = node.setdefault(self.name, [])
        if self.position is not None:
            while len(elements) <= self.position:
                elements.append({})
            return elements[self.position]
        fitting = () if fresh else [each for each in elements if includes(each, self.marks)]
        if not fitting:
            elements.append(copied(self.marks or {}))
            return elements[-1]
        return fitting[0]

    def enter(self, at: Found) -> Iterator[Found]:
        """Go in wherever this step fits, and make nothing."""
        inside = at.value.get(self.name) if isinstance(at.value, dict) else None
        if inside is None:
            return
        pointer = f"{at.pointer}/{self.name}"
        if self.position is None and self.marks is None:
            yield Found(pointer, inside, at.marks)
        elif isinstance(inside, list):
            for place, element in enumerate(inside):
                if place == self.position or (self.marks is not None and includes(element, self.marks)):
                    marks = tuple(f"{pointer}/{place}/{key}" for key in self.marks or ())
                    yield Found(f"{pointer}/{place}", element, at.marks + marks)


@dataclass(frozen=True, slots=True)
class Path:
    """Where a value stands in a resource."""

    text: str
    parents: tuple[Step, ...]
    last: Step
    spreads: bool
    """Whether each value of a list has an element of its own."""

    def put(self, resource: Resource, value: Any) -> None:
        """Set the value, or each value where the path spreads, and make what leads there."""
        last = self.last
        for one in value if self.spreads else (value,):
            node = resource
            for step in self.parents:
                node = step.make(node, step.each)
            if last.position is None:
                node[last.name] = one
            else:
                node.setdefault(last.name, []).insert(last.position, one)

    def take(self, resource: Resource) -> list[Found]:
        """Everything that stands there; at most one thing unless the path spreads."""
        found = [Found("", resource)]
        for step in (*self.parents, self.last):
            found = [inside for each in found for inside in step.enter(each)]
        return found


def copied(value: Any) -> Any:
    """A copy of plain JSON, to be changed."""
    if isinstance(value, dict):
        return {name: copied(inner) for name, inner in value.items()}
    return [copied(each) for each in value] if isinstance(value, list) else value


def parse(text: str, slices: Mapping[str, Mapping[str, Any]]) -> Path:
    """Read a path. Raises ValueError where it is none, KeyError where it names a slice that is none."""
    steps, end = [], 0
    while end < len(text):
        match = _STEP.match(text, end)
        if match is None:
            raise ValueError(f"no path: {text}")
        steps.append(_step(match[1], match[2], slices))
        end = match.end()
    *parents, last = steps
    return Path(text, tuple(parents), last, any(step.each for step in steps))


def _step(name: str, which: str | None, slices: Mapping[str, Mapping[str, Any]]) -> Step:
    if which is None:
        return Step(name)
    which, each = which.removesuffix(", *"), which.endswith(", *")
    if which.isdecimal():
        return Step(name, position=int(which))
    if which.startswith("@"):
        return Step(name, marks=slices[which[1:]], each=each)
    key, _, value = which.partition("=")
    return Step(name, marks={key: value}, each=each)


def includes(node: Any, part: Any) -> bool:
    """Whether a JSON value says everything that ``part`` says; each element of a list somewhere in the list."""
    if isinstance(part, dict):
        return isinstance(node, dict) and all(key in node and includes(node[key], part[key]) for key in part)
    if isinstance(part, list):
        return isinstance(node, list) and all(any(includes(each, one) for each in node) for one in part)
    return bool(node == part)
