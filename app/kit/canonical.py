"""Canonical JSON (RFC 8785) for what is hashed.

Only strings, integers up to 2**53, booleans, None, lists and ASCII-keyed dictionaries are hashed here. For
that subset sorted orjson output *is* RFC 8785, which the tests hold against an independent implementation.
"""

from typing import Any

import orjson


def canonical(value: Any) -> bytes:
    """Return the one byte form of ``value``. Raises TypeError for what JSON cannot hold."""
    return orjson.dumps(value, option=orjson.OPT_SORT_KEYS | orjson.OPT_STRICT_INTEGER)
