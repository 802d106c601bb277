"""What a search needs of a terminology: the codes of value sets, and codes above and below others.

A search is compiled without waiting. Where it needs codes, compiling stops with `TermsNeeded`; the
caller asks the terminology and compiles again with what it learned.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, Protocol, TypeAlias

from ..errors import FhirError, define

define(
    "search-terminology",
    "not-supported",
    400,
    "此处的条件不能使用 :in、:not-in、:above、:below",
    "criteria of this kind cannot use :in, :not-in, :above, :below",
)

Codes: TypeAlias = Mapping[str, frozenset[str]]  # by system
Direction: TypeAlias = Literal["above", "below"]


@dataclass(frozen=True, slots=True)
class ValueSetCodes:
    """The codes of a value set, by canonical url or `ValueSet/id`."""

    url: str


@dataclass(frozen=True, slots=True)
class Related:
    """A code and all above it, or all below it."""

    direction: Direction
    system: str
    code: str


Request: TypeAlias = ValueSetCodes | Related


class Terminology(Protocol):
    """Errors of each: those of the package terminology."""

    async def codes(self, url: str) -> Codes: ...

    async def related(self, direction: Direction, system: str, code: str) -> frozenset[str]: ...


class TermsNeeded(FhirError):
    """Compiling cannot go on without an answer to `request`."""

    def __init__(self, request: Request) -> None:
        super().__init__("search-terminology")
        self.request = request


@dataclass(slots=True)
class Terms:
    """What is known so far."""

    known: dict[Request, Codes] = field(default_factory=dict)

    def codes(self, request: Request) -> Codes:
        """Errors: TermsNeeded."""
        found = self.known.get(request)
        if found is None:
            raise TermsNeeded(request)
        return found

    async def learn(self, request: Request, terminology: Terminology) -> None:
        """Errors: those of the package terminology."""
        if isinstance(request, ValueSetCodes):
            self.known[request] = await terminology.codes(request.url)
        else:
            found = await terminology.related(request.direction, request.system, request.code)
            self.known[request] = {request.system: found}
