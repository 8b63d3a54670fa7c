"""How the passport stands in FHIR, as a page: every row of the one table that serves both ways."""

from collections.abc import Iterator

from app.passports.fhir.table import Place, Row, mapping
from tools.pages.words import code, table

INTRO = """# The health passport in FHIR

Made from `app/passports/fhir/mapping.toml`, which both writes FHIR (R4 4.0.1) and reads it. `meta.profile` names a UK
Core profile where there is one; validity is held against the R4 definitions, not against UK Core.

A field without a place travels as an extension of its resource, `urn:placement-notify:fhir:<section>:<field>`; "not
known, because ..." as the extension `not-known`. Whatever no row names travels as a QuestionnaireResponse, answer by
answer. What a list says of itself (nil known, not asked, declined) is its section's `emptyReason`, in full in the
extension `list-state`. So a passport comes back word for word. What somebody else's Bundle holds beyond this is left
out, and each such place is named by its pointer in `left_out`.
"""


def page() -> str:
    """The whole page."""
    return "\n".join((INTRO, *(_row(row) for row in mapping().rows)))


def _row(row: Row) -> str:
    heading = f"## {row.code} as {row.type}\n\n" + (f"Entries stand in `{row.within}`.\n\n" if row.within else "")
    return heading + table(("Our field", "In FHIR"), _fields(row)) + "\n"


def _fields(row: Row) -> Iterator[tuple[str, str]]:
    for name, places in row.fields.items():
        yield code(name), "<br>".join(map(_place, places))


def _place(place: Place) -> str:
    codes = ", ".join(f"{ours} = {theirs}" for ours, theirs in (place.codes or {}).items())
    notes = [each for each in (place.form, codes, "read only" if place.writes is None else "") if each]
    return code(place.path.text) + (f" ({'; '.join(notes)})" if notes else "")
