"""Whether a body is FHIR at all, judged by a library that knows every resource.

Its models are those of R4B. What the passport reads is the same there as in R4 4.0.1.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from typing import Any

from pydantic import ValidationError

from app.kit.errors import Fault
from app.web.errors import InvalidDocument

_MOST = 50
_ELEMENT = re.compile(r"[A-Za-z]{1,60}")
_BUNDLES = ("document", "collection")
_TOLD = "FHIR R4 does not allow what stands here, or asks for something more."
_Place = tuple[int | str, ...]


def judge_bundle(bundle: Mapping[str, Any]) -> None:
    """Raise InvalidDocument unless it is a valid Bundle: a document or a collection. Nothing of it is given back."""
    if bundle.get("resourceType") != "Bundle" or bundle.get("type") not in _BUNDLES:
        raise InvalidDocument(faults=[Fault("/type", "bundle", "Send a Bundle of the type document or collection.")])
    # Its models take 0.3 seconds and some 30 MB to load: only whoever is sent FHIR pays for them.
    from fhir.resources.R4B.bundle import Bundle

    _refuse(_stumbles(bundle))
    try:
        Bundle.model_validate(bundle)
    except ValidationError as error:
        places = (each["loc"] for each in error.errors(include_input=False, include_url=False, include_context=False))
        _refuse(places)
    except (AttributeError, LookupError, TypeError, ValueError, RecursionError):
        # Whatever else it stumbles over is no FHIR either; where, it does not say.
        _refuse([("entry",)])


def _refuse(places: Iterable[_Place]) -> None:
    """Raise InvalidDocument if there is anything to refuse."""
    pointers = dict.fromkeys(map(_pointer, places))
    if pointers:
        raise InvalidDocument(faults=[Fault(each, "fhir", _TOLD) for each in islice(pointers, _MOST)]) from None


def _stumbles(node: Any, place: _Place = ()) -> Iterator[_Place]:
    """Where the library would break instead of judging: resources that FHIR has not, and members that are null."""
    from fhir_core.constraints import FHIR_TYPES_MAPS

    if isinstance(node, list):
        for number, inner in enumerate(node):
            yield from _stumbles(inner, (*place, number))
    elif isinstance(node, dict):
        for name, inner in node.items():
            no_type = name == "resourceType" and not (isinstance(inner, str) and f"R4.{inner}Type" in FHIR_TYPES_MAPS)
            if no_type or inner is None:
                yield (*place, name)
            else:
                yield from _stumbles(inner, (*place, name))


def _pointer(place: _Place) -> str:
    """Where the fault is, up to the first name that is no name of an element: those are the sender's own words."""
    pointer = ""
    for step in place:
        if isinstance(step, str) and not _ELEMENT.fullmatch(step):
            break
        pointer += f"/{step}"
    return pointer
