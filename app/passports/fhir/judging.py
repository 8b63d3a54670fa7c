"""Whether a body is FHIR at all, judged by a library that knows every resource.

Its models are those of R4B. What the passport reads is the same there as in R4 4.0.1.
"""

import re
from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError

from app.kit.errors import Fault
from app.web.errors import InvalidDocument

_MOST = 50
_ELEMENT = re.compile(r"[A-Za-z]{1,60}")
_BUNDLES = ("document", "collection")


def judge_bundle(bundle: Mapping[str, Any]) -> None:
    """Raise InvalidDocument unless it is a valid Bundle: a document or a collection. Nothing of it is given back."""
    if bundle.get("resourceType") != "Bundle" or bundle.get("type") not in _BUNDLES:
        raise InvalidDocument(faults=[Fault("/type", "bundle", "Send a Bundle of the type document or collection.")])
    # Its models take 0.3 seconds and some 30 MB to load: only whoever is sent FHIR pays for them.
    from fhir.resources.R4B.bundle import Bundle

    try:
        Bundle.model_validate(bundle)
    except ValidationError as error:
        places = (each["loc"] for each in error.errors(include_input=False, include_url=False, include_context=False))
        pointers = dict.fromkeys(map(_pointer, places))
        told = "FHIR R4 does not allow what stands here, or asks for something more."
        raise InvalidDocument(faults=[Fault(each, "fhir", told) for each in list(pointers)[:_MOST]]) from None


def _pointer(place: tuple[int | str, ...]) -> str:
    """Where the fault is, up to the first name that is no name of an element: those are the sender's own words."""
    pointer = ""
    for step in place:
        if isinstance(step, str) and not _ELEMENT.fullmatch(step):
            break
        pointer += f"/{step}"
    return pointer
