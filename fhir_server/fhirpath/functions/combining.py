"""Two collections to one.

Spec: http://hl7.org/fhirpath/N1/#combining
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..operators import unite
from ..registry import Code, Scope, function
from ..tree import Call
from ..values import Context, Nodes, box

if TYPE_CHECKING:
    from ..compiler import Compiler


@function("union", 1)
def union(compiler: Compiler, call: Call, scope: Scope) -> Code:
    return unite(compiler.source(call, scope), compiler.code(call.arguments[0], scope))


@function("combine", 1)
def combine(compiler: Compiler, call: Call, scope: Scope) -> Code:
    return both(compiler.source(call, scope), compiler.code(call.arguments[0], scope))


def both(left: Code, right: Code) -> Code:
    """The items of both, repetitions kept."""
    a, b, a_type, b_type = left.run, right.run, left.type, right.type
    if a_type == b_type:
        return left.like(lambda context, focus: [*a(context, focus), *b(context, focus)])

    def run(context: Context, focus: Any) -> Nodes:
        return box(a(context, focus), a_type) + box(b(context, focus), b_type)

    types = tuple(dict.fromkeys(left.types + right.types)) if left.types and right.types else ()
    return Code(run, None, types)


@function("coalesce", 1, 20)
def coalesce(compiler: Compiler, call: Call, scope: Scope) -> Code:
    """The first argument that is not empty; from FHIRPath's next version."""
    options = [compiler.code(each, scope) for each in call.arguments]

    def run(context: Context, focus: Any) -> Nodes:
        for each in options:
            found = each.run(context, focus)
            if found:
                return box(found, each.type)
        return []

    return Code(run)
