"""Advice on wording, for what one notification says. It answers the author and nobody else."""

from collections.abc import Mapping
from typing import Any

from app.rules.language import Advice, Language, Piece
from app.rules.words import SECTIONS
from app.standard.wording import free_texts


def advise(language: Language, document: Mapping[str, Any], age: int | None) -> list[Advice]:
    """What to think about in the words just sent; the child's own are never looked at."""
    pieces = (
        Piece(section, pointer, text)
        for section in SECTIONS
        if section in document
        for pointer, text in free_texts(section, document[section])
    )
    return language.advise(pieces, age)
