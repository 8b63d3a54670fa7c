"""From a body to a document that follows the published standard, or to a list of what is wrong with it."""

from typing import Any

from pydantic import TypeAdapter, ValidationError

from app.standard.faults import parse_faults
from app.web.body import parse_object
from app.web.errors import InvalidDocument


def parse(model: TypeAdapter[Any], body: bytes) -> dict[str, Any]:
    """Return the document as plain JSON once the model accepts it. Raises InvalidBody, InvalidDocument.

    The plain form is kept because it is what was signed for and sent; the model only judges it, strictly.
    """
    document = parse_object(body)
    judge(model, body)
    return document


def judge(model: TypeAdapter[Any], body: bytes) -> None:
    """Hold JSON that was parsed with care against a model. Raises InvalidDocument."""
    try:
        model.validate_json(body)
    except ValidationError as error:
        raise InvalidDocument(faults=parse_faults(error)) from None
