"""My passport as data for its pages: theirs, in plain words, with room to write."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from app.kit.days import day_in_words
from app.passports.printing.telling import called
from app.passports.printing.words import Speaker
from app.rules.my_passport import MyPassport, Told, ToldPart, one_after_another


def my_passport_page(
    words: MyPassport, parts: Iterable[ToldPart], identity: Mapping[str, Any], language: str, today: date
) -> dict[str, Any]:
    """The data of ``my_passport.typ``. Every fixed word is one of the table the copy is said by."""
    speaker = Speaker(language)
    return {
        "title": words.title[language],
        "called": called(identity),
        "belongs": words.belongs[language],
        "made": words.made[language].replace("{day}", day_in_words(today, language)),
        "parts": [{"heading": part.heading, "lines": list(map(_line, part.lines))} for part in parts],
        "know_title": words.know_title[language],
        "know": [each[language] for each in words.know],
        "notes": words.notes[language],
        "page_of": speaker.say("page_of", page="{page}", pages="{pages}"),
        "boxes_note": speaker.say("boxes_note"),
    }


def _line(told: Told) -> dict[str, Any]:
    if told.says:
        return {"label": told.says, "text": told.text, "named": False}
    first, *rest = told.facts
    return {"label": first, "text": one_after_another(rest), "named": True}
