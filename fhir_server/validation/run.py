"""The state of one validation: whose invariants look at what."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeAlias

from ..fhirpath import Context

if TYPE_CHECKING:
    from .compiler import Compiler

Json: TypeAlias = dict[str, Any]


class Run:
    """One resource being checked.

    Shape: `context` serves all invariants; `bundles` are the Bundles around the value, the
    innermost last; `asked` are pairs (id of an object, profile) under way, so that resources which
    refer to each other end.
    """

    __slots__ = ("asked", "bundles", "compiler", "context")

    def __init__(self, compiler: Compiler, resource: Json, environment: Mapping[str, Any]) -> None:
        self.compiler = compiler
        self.context = Context(resource, resource, resource, environment)
        self.bundles: list[Json] = []
        self.asked: set[tuple[int, str]] = set()

    def contained(self, identifier: str) -> Json | None:
        """The contained resource of a `#id`; the container itself for "#"."""
        root = self.context.root
        if identifier == "":
            return root if type(root) is dict else None
        held = root.get("contained", ()) if type(root) is dict else ()
        if type(held) is not list:
            return None
        return next((r for r in held if type(r) is dict and r.get("id") == identifier), None)
