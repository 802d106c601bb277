"""FHIRPath, compiled once to closures: the language of search parameters.

Supported: paths, choices, `|`, `as`, `is`, `ofType()`, `where()`, `exists()`, `empty()`, `not()`,
`first()`, `[n]`, `extension()`, `resolve()` by the type a reference names, `=`, `!=`, `and`, `or`.
What is not supported is refused when an expression is compiled, never answered wrongly.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from ..definitions import r4
from .compiler import Branch, Compiler, _this
from .parser import FhirPathError, parse


class Expression:
    """A compiled expression for resources of one type."""

    def __init__(self, branches: list[Branch]) -> None:
        self._branches = tuple((b.get, b.type) for b in branches)
        self.types = tuple(dict.fromkeys(b.type for b in branches))

    def select(self, resource: dict[str, Any]) -> list[tuple[Any, str]]:
        """The raw JSON values with their FHIR types, in document order within each type."""
        return [(value, kind) for get, kind in self._branches for value in get(resource)]


@lru_cache(8192)
def compile(expression: str, type_name: str) -> Expression:
    """Errors: FhirPathError for a wrong or unsupported expression."""
    compiler = Compiler(r4(), type_name)
    return Expression(compiler.branches(parse(expression), Branch(_this, type_name)))


__all__ = ["Expression", "FhirPathError", "compile"]
