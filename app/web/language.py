"""Which of the two languages a reader asks for."""

_READ = 200
"""Characters of the header that are looked at. Browsers send fewer than fifty."""


def preferred(accept_language: str) -> str:
    """The language of ours an Accept-Language header likes best (RFC 9110); English where it likes neither.

    Nothing in a header is an error here: a part that cannot be read counts for nothing.
    """
    liked = {"en": 0.0, "cy": 0.0}
    for part in accept_language[:_READ].lower().split(","):
        tag, _, weight = part.strip().partition(";")
        language = tag.strip().partition("-")[0]
        if language in liked:
            liked[language] = max(liked[language], _weight(weight))
    return "cy" if liked["cy"] > liked["en"] else "en"


def _weight(text: str) -> float:
    name, _, value = text.strip().partition("=")
    if not name:
        return 1.0
    try:
        weight = float(value)
    except ValueError:
        return 0.0
    return weight if name.strip() == "q" and 0 <= weight <= 1 else 0.0
