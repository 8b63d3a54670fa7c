"""Lists that travel as one value: a JSON array as rows, and many rows as one text; the same on either database.

A list of many parameters makes a statement of its own for every length, which nobody keeps prepared.
"""

from typing import Any

from sqlalchemy import Text
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import GenericFunction


class each_text(GenericFunction[str]):  # noqa: N801
    """The texts in a JSON array, as rows with a column ``value``."""

    type = Text()
    inherit_cache = True


class together(GenericFunction[str]):  # noqa: N801
    """The texts of all rows with a space between, or NULL where there is none."""

    type = Text()
    inherit_cache = True


@compiles(each_text, "postgresql")
def _each_on_postgresql(element: each_text, compiler: Any, **options: Any) -> str:
    return f"json_array_elements_text(CAST({compiler.process(element.clauses, **options)} AS json))"


@compiles(each_text, "sqlite")
def _each_on_sqlite(element: each_text, compiler: Any, **options: Any) -> str:
    return f"json_each({compiler.process(element.clauses, **options)})"


@compiles(together, "postgresql")
def _together_on_postgresql(element: together, compiler: Any, **options: Any) -> str:
    return f"string_agg({compiler.process(element.clauses, **options)}, ' ')"


@compiles(together, "sqlite")
def _together_on_sqlite(element: together, compiler: Any, **options: Any) -> str:
    return f"group_concat({compiler.process(element.clauses, **options)}, ' ')"
