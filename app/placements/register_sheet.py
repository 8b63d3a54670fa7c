"""The register as a table for a spreadsheet: one line for each child."""

from collections.abc import Iterable, Mapping
from typing import Any

from app.kit.spreadsheet import sheet

_PATHS: Mapping[str, tuple[str, ...]] = {
    "given_names": ("child", "given_names"),
    "family_name": ("child", "family_name"),
    "known_as": ("child", "known_as"),
    "date_of_birth": ("child", "date_of_birth"),
    "sex": ("child", "sex"),
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


_SAID: Mapping[str, str] = {"not_known": "not known: {}", "estimated": "{} (estimated)", "due": "due {}"}
"""What may stand in place of a plain value, in words."""


def register_sheet(lines: Iterable[Mapping[str, Any]]) -> bytes:
    """The lines as CSV in UTF-8."""
    return sheet(tuple(_PATHS), ({name: _cell(_at(line, path)) for name, path in _PATHS.items()} for line in lines))


def _at(line: Any, path: tuple[str, ...]) -> Any:
    for name in path:
        if not isinstance(line, Mapping):
            return None
        # Said of the whole, "not known" holds for each part of it.
        line = line if "not_known" in line else line.get(name)
    return line


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return "; ".join(map(_cell, value))
    if not isinstance(value, Mapping):
        return str(value)
    for key, words in _SAID.items():
        if key in value:
            return words.format(value[key])
    return ", ".join(_cell(each) for each in value.values() if each is not None)
