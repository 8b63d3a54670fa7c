"""The root of every failure a client can be told about.

Failure                      code, status, title, advice; knows nothing of HTTP frameworks
 ├─ (security)  Unauthenticated, InsufficientScope, ...
 ├─ (web)       InvalidBody, TooLarge, ...
 └─ (features)  NotYours, AccessEnded, ...

Each subclass registers itself, so the published list of problems is complete by construction.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

REGISTRY: dict[str, type["Failure"]] = {}


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong with a document: where (JSON pointer), which rule, and a sentence. Never the value."""

    pointer: str
    code: str
    message: str


class Failure(Exception):
    """A refusal with a stable public code. ``detail`` is shown to the client: it must never hold a value sent to us."""

    code: ClassVar[str] = ""
    status: ClassVar[int] = 500
    title: ClassVar[str] = ""
    advice: ClassVar[str] = ""
    recorded: ClassVar[bool] = False
    """Whether a refusal of an authenticated client leaves a ledger entry of its own."""

    def __init__(
        self,
        detail: str = "",
        *,
        faults: Sequence[Fault] = (),
        retry_after: int | None = None,
        members: Mapping[str, str] | None = None,
    ) -> None:
        """``members`` are further members of the problem: ids of ours, of what is the caller's own."""
        super().__init__(self.code)
        self.detail = detail or self.title
        self.faults = tuple(faults)
        self.retry_after = retry_after
        self.members = dict(members or {})

    def __init_subclass__(cls) -> None:
        if cls.code:
            if cls.code in REGISTRY and REGISTRY[cls.code].__qualname__ != cls.__qualname__:
                raise TypeError(f"two failures share the code {cls.code}")
            REGISTRY[cls.code] = cls
