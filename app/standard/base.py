"""What every document and every part of one has in common."""

from typing import Any

from pydantic import BaseModel, ConfigDict, model_validator
from pydantic.fields import ComputedFieldInfo, FieldInfo
from pydantic_core import PydanticCustomError


def _title(name: str, _: FieldInfo | ComputedFieldInfo) -> str:
    return name.replace("_", " ").capitalize()


class Document(BaseModel):
    """Strict, closed and frozen. An absent field is ``None`` in Python; ``null`` in JSON is refused.

    The text below each field is published as its description, a last line ``Source: ...`` as ``x-source``.
    """

    model_config = ConfigDict(
        strict=True,
        extra="forbid",
        frozen=True,
        use_attribute_docstrings=True,
        field_title_generator=_title,
        hide_input_in_errors=True,
        validate_default=False,
    )

    def to_json(self) -> bytes:
        """Return the document as JSON, fields that were not sent left out."""
        return self.model_dump_json(exclude_none=True).encode()


class Section(Document):
    """A named part of a notification. Sent, it replaces the earlier one whole; absent, nothing changes."""


def needs_one_of(*names: str) -> Any:
    """Return a validator: at least one of these fields is sent. ``any_of`` says the same in the schema."""

    def check(document: Document) -> Document:
        if all(getattr(document, name) is None for name in names):
            message = "Send at least one of: " + ", ".join(names) + "."
            raise PydanticCustomError("one_of", "{rule}", {"rule": message})
        return document

    return model_validator(mode="after")(check)


def any_of(*names: str) -> dict[str, Any]:
    """Return the JSON Schema of ``needs_one_of``."""
    return {"anyOf": [{"required": [name]} for name in names]}
