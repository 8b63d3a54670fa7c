"""What FHIR has no resource for, as the items of a QuestionnaireResponse: any JSON object, answer by answer, and back.

The link id of an item is the dotted name of the field; ``[]`` after it says that the field is a list.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from .lens import Resource

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_LIST = "[]"


def write_items(words: Mapping[str, Any], within: str = "") -> list[Resource]:
    """The items that say what ``words`` say."""
    return [item for name, value in words.items() for item in _items(within + name, value)]


def read_items(items: list[Resource], within: str = "") -> dict[str, Any]:
    """The JSON object the items say. An item without a link id of its place is left out."""
    words: dict[str, Any] = {}
    for item in items:
        link = str(item.get("linkId", ""))
        name = link.removeprefix(within).removesuffix(_LIST)
        if not name or not link.startswith(within) or "." in name:
            continue
        said = _inner(item, link)
        if link.endswith(_LIST):
            words.setdefault(name, []).extend(said)
        elif said:
            words[name] = said[0]
    return words


def _items(link: str, value: Any) -> Iterator[Resource]:
    label = link.rpartition(".")[2].replace("_", " ").capitalize()
    if isinstance(value, dict):
        yield {"linkId": link, "text": label, "item": write_items(value, f"{link}.")}
    elif isinstance(value, list):
        link += _LIST
        objects = [each for each in value if isinstance(each, dict)]
        yield from ({"linkId": link, "text": label, "item": write_items(each, f"{link}.")} for each in objects)
        if plain := [_answer(each) for each in value if not isinstance(each, dict)]:
            yield {"linkId": link, "text": label, "answer": plain}
    else:
        yield {"linkId": link, "text": label, "answer": [_answer(value)]}


def _inner(item: Resource, link: str) -> list[Any]:
    if "item" in item:
        return [read_items(item["item"], f"{link}.")]
    return [value for answer in item.get("answer", ()) for name, value in answer.items() if name.startswith("value")]


def _answer(value: Any) -> Resource:
    match value:
        case bool():
            return {"valueBoolean": value}
        case int():
            return {"valueInteger": value}
        case float():
            return {"valueDecimal": value}
    return {"valueDate" if _DAY.fullmatch(value) else "valueString": value}
