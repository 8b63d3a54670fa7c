"""The mark of a route that needs no token. A route with neither a scope nor this mark fails a test."""

from typing import Any

from fastapi import Depends


def public(reason: str) -> Any:
    """Declare a route open to anyone, and why that is right."""

    async def open_to_anyone() -> None:
        return None

    open_to_anyone.public_because = reason  # type: ignore[attr-defined]
    return Depends(open_to_anyone)
