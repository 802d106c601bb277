"""FHIRPath, compiled once to closures: search parameters, invariants, patches, mappings.

Spec: http://hl7.org/fhirpath/N1/ (2.0.0) as http://hl7.org/fhir/R4/fhirpath.html uses it.
Not supported: defineVariable() and the literal suffix L, which are of later versions.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from .compiler import Compiler
from .errors import FhirPathError, OtherTypeError
from .parser import parse
from .registry import Scope
from .select import Branch, Keep, compile_select, find_paths
from .types import r4_types
from .values import Context, Json, Value, raw_of, type_of


class Expression:
    """A compiled expression for nodes of one type.

    `type` is the FHIR or System type of all results, None where it is not statically one; `types`
    are the possible ones, () where they are not known.
    """

    def __init__(self, text: str, type_name: str | None) -> None:
        compiler = Compiler(r4_types(), type_name)
        scope = Scope(type_name, (type_name,) if type_name else ())
        tree = parse(text)
        code = compiler.code(tree, scope)
        self.text = text
        self.type = code.type
        self.types = (code.type,) if code.type else code.types
        self._static = code.type
        self._run = code.run
        # For invariants: (context, node) to True, False or None, with a context made once.
        self.check = code.condition()
        self.paths = find_paths(compiler, tree, scope)
        self.select = compile_select(self.paths, code)

    def evaluate(
        self, resource: Any, *, environment: Mapping[str, Any] | None = None
    ) -> list[Value]:
        """All results with their types.

        `environment`: "resource", "rootResource" and "context" for the variables of these names;
        "now" (a dateTime as text); the callbacks "resolve" (reference to resource or None),
        "memberOf", "subsumes", "subsumedBy", "conformsTo", "htmlChecks", "trace"; every other
        name is a variable. Errors: FhirPathError.
        """
        found = self._run(make_context(resource, environment), resource)
        static = self._static
        return [n if type(n) is Value else Value(n, type_of(n, static)) for n in found]

    def test(self, resource: Any, *, environment: Mapping[str, Any] | None = None) -> bool | None:
        """As a condition: True, False, or None for empty. Errors: FhirPathError."""
        return self.check(make_context(resource, environment), resource)


def make_context(node: Any, environment: Mapping[str, Any] | None = None) -> Context:
    """One context serves all expressions on the parts of one resource."""
    if not environment:
        return Context(node)
    resource = environment.get("resource", node)
    root = environment.get("rootResource", resource)
    return Context(resource, root, environment.get("context", node), environment)


@lru_cache(8192)
def compile(expression: str, type_name: str | None) -> Expression:
    """Errors: FhirPathError for a wrong expression, with the position in it."""
    return Expression(expression, type_name)


__all__ = [
    "Branch",
    "Context",
    "Expression",
    "FhirPathError",
    "Json",
    "Keep",
    "OtherTypeError",
    "Value",
    "compile",
    "make_context",
    "parse",
    "raw_of",
]
