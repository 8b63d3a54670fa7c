"""How a string is constrained: a pattern in pydantic's compiled core, and one sentence for all its faults.

Because the sentence is ours and fixed, a message can never hold what was sent.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, core_schema


@dataclass(frozen=True, slots=True)
class Leaf:
    """Annotation of a string field: its pattern, greatest length, and the sentence for whatever is wrong."""

    code: str
    message: str
    pattern: str
    longest: int
    example: str
    upper: bool = False
    published_pattern: str | None = None

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        text = core_schema.str_schema(pattern=self.pattern, max_length=self.longest, to_upper=self.upper, strict=True)
        return core_schema.custom_error_schema(text, custom_error_type=self.code, custom_error_message=self.message)

    def __get_pydantic_json_schema__(self, core: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        published = handler(core)
        pattern = self.published_pattern or self.pattern
        return published | {"pattern": pattern, "examples": [self.example], "x-type": self.code}


@dataclass(frozen=True, slots=True)
class Calendar:
    """Annotation of a date or datetime field: exactly one JSON form, then a real date."""

    code: str
    message: str
    pattern: str
    example: str
    build: Callable[[], CoreSchema]
    kind: type[date]
    format: str

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        text = core_schema.str_schema(pattern=self.pattern, strict=True)
        schema = core_schema.json_or_python_schema(
            core_schema.chain_schema([text, self.build()]), core_schema.is_instance_schema(self.kind)
        )
        return core_schema.custom_error_schema(schema, custom_error_type=self.code, custom_error_message=self.message)

    def __get_pydantic_json_schema__(self, core: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        return {
            "type": "string",
            "format": self.format,
            "pattern": self.pattern,
            "examples": [self.example],
            "x-type": self.code,
        }
