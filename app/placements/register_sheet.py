"""The register as a table for a spreadsheet: one line for each child."""

from collections.abc import Iterable, Mapping
from typing import Any

from app.kit.spreadsheet import cell, sheet

_PATHS: Mapping[str, tuple[str, ...]] = {
    "given_names": ("child", "given_names"),
    "family_name": ("child", "family_name"),
    "known_as": ("child", "known_as"),
    "date_of_birth": ("child", "date_of_birth"),
    "sex": ("child", "sex"),
    "gender": ("child", "gender"),
    "home_name": ("home", "home_name"),
    "provider_name": ("home", "provider_name"),
    "setting": ("home", "setting"),
    "registration_status": ("home", "registration_status"),
    "address": ("home", "address"),
    "postcode": ("home", "postcode"),
    "phone": ("home", "phone"),
    "manager_name": ("home", "accountable_manager", "name"),
    "manager_phone": ("home", "accountable_manager", "phone"),
    "started_on": ("started_on",),
    "ended_on": ("ended_on",),
    "legal_status": ("legal_status",),
    "child_protection_plan": ("child_protection_plan",),
    "parental_responsibility": ("parental_responsibility",),
    "other_parents": ("other_parents",),
    "placing_authority": ("placing_authority",),
    "social_worker": ("social_worker", "name"),
    "social_worker_phone": ("social_worker", "phone"),
    "social_worker_email": ("social_worker", "email"),
    "out_of_hours_phone": ("out_of_hours", "phone"),
    "sections_withheld": ("sections_withheld",),
    "fields_withheld": ("fields_withheld",),
    "as_of": ("as_of",),
    "placement_id": ("placement_id",),
    "child_id": ("child_id",),
}
"""Column -> where it stands in a line of the register."""


def register_sheet(lines: Iterable[Mapping[str, Any]]) -> bytes:
    """The lines as CSV in UTF-8."""
    return sheet(tuple(_PATHS), ({name: cell(_at(line, path)) for name, path in _PATHS.items()} for line in lines))


def _at(line: Any, path: tuple[str, ...]) -> Any:
    for name in path:
        if not isinstance(line, Mapping):
            return None
        # Said of the whole, "not known" holds for each part of it.
        line = line if "not_known" in line else line.get(name)
    return line
