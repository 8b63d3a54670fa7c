"""What FHIR has no resource for, as the items of a QuestionnaireResponse: any JSON object, answer by answer, and back.

The link id of an item is the dotted name of the field; ``[]`` after it says that the field is a list.
"""

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from .lens import Resource

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_LIST = "[]"
_KINDS = {bool: "valueBoolean", int: "valueInteger", float: "valueDecimal"}


def write_items(words: Mapping[str, Any], within: str = "") -> list[Resource]:
    """The items that say what ``words`` say."""
    items: list[Resource] = []
    for name, value in words.items():
        _add_items(items, within + name, _label(name), value)
    return items


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
            held = words.get(name)
            words[name] = listed = held if isinstance(held, list) else []
            listed.extend(said)
        elif said:
            words[name] = said[0]
    return words


def _add_items(items: list[Resource], link: str, label: str, value: Any) -> None:
    if isinstance(value, dict):
        items.append({"linkId": link, "text": label, "item": write_items(value, f"{link}.")})
    elif isinstance(value, list):
        link += _LIST
        objects = [each for each in value if isinstance(each, dict)]
        items += [{"linkId": link, "text": label, "item": write_items(each, f"{link}.")} for each in objects]
        if plain := [_answer(each) for each in value if not isinstance(each, dict)]:
            items.append({"linkId": link, "text": label, "answer": plain})
    else:
        items.append({"linkId": link, "text": label, "answer": [_answer(value)]})


@lru_cache(maxsize=1024)
def _label(name: str) -> str:
    """The names of our own fields: few, and met again in every passport."""
    return name.rpartition(".")[2].replace("_", " ").capitalize()


def _inner(item: Resource, link: str) -> list[Any]:
    if "item" in item:
        return [read_items(item["item"], f"{link}.")]
    return [value for answer in item.get("answer", ()) for name, value in answer.items() if name.startswith("value")]


def _answer(value: Any) -> Resource:
    if not isinstance(value, str):
        return {_KINDS[type(value)]: value}
    return {"valueDate" if _DAY.fullmatch(value) else "valueString": value}
