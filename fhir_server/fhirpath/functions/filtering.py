"""Filtering, projection and loops.

Spec: http://hl7.org/fhirpath/N1/#filtering-and-projection and #aggregates
"""

from __future__ import annotations

from functools import cmp_to_key
from typing import TYPE_CHECKING, Any

from ..compare import order
from ..errors import FhirPathError
from ..registry import Code, Scope, function
from ..sets import Members
from ..tree import Call, Member, Node, Unary, uses
from ..values import Context, Nodes, box, single

if TYPE_CHECKING:
    from ..compiler import Compiler

MAX_ITEMS = 100_000  # what repeat() may collect


@function("where", 1)
def where(compiler: Compiler, call: Call, scope: Scope) -> Code:
    source = compiler.source(call, scope)
    test = compiler.test(call.arguments[0], Scope(source.type, source.types))
    run = source.run
    if not uses(call.arguments[0], "$index"):
        return source.like(lambda c, f: [each for each in run(c, f) if test(c, each)])

    def indexed(context: Context, focus: Any) -> Nodes:
        outer, out = context.index, []
        for index, each in enumerate(run(context, focus)):
            context.index = index
            if test(context, each):
                out.append(each)
        context.index = outer
        return out

    return source.like(indexed)


@function("select", 1)
def select(compiler: Compiler, call: Call, scope: Scope) -> Code:
    source = compiler.source(call, scope)
    projection = compiler.code(call.arguments[0], Scope(source.type, source.types))
    run, project = source.run, projection.run

    def collect(context: Context, focus: Any) -> Nodes:
        outer = context.index
        out: Nodes = []
        for index, each in enumerate(run(context, focus)):
            context.index = index
            out += project(context, each)
        context.index = outer
        return out

    return projection.like(collect)


@function("repeat", 1)
def repeat(compiler: Compiler, call: Call, scope: Scope) -> Code:
    source = compiler.source(call, scope)
    run, static, at = source.run, source.type, call.at
    # What it gives is put in again, so the static type of the first round says too little.
    step = compiler.code(call.arguments[0], _repeat_scope(compiler, call, scope, source))
    project, step_type = step.run, step.type

    def collect(context: Context, focus: Any) -> Nodes:
        seen = Members()
        out: Nodes = []
        level = box(run(context, focus), static)
        while level:
            found = [n for each in level for n in box(project(context, each), step_type)]
            level = [n for n in found if seen.add(n, None)]
            out += level
            if len(out) > MAX_ITEMS:
                raise FhirPathError(f"repeat() gives at most {MAX_ITEMS} items", at)
        return out

    return Code(collect, None, step.types)


def _repeat_scope(compiler: Compiler, call: Call, scope: Scope, source: Code) -> Scope:
    first = compiler.code(call.arguments[0], Scope(source.type, source.types))
    return Scope(source.type) if first.type == source.type else Scope(None)


@function("aggregate", 1, 2)
def aggregate(compiler: Compiler, call: Call, scope: Scope) -> Code:
    source = compiler.source(call, scope)
    run = source.run
    fold = compiler.code(call.arguments[0], Scope(source.type, source.types))
    add, static = fold.run, fold.type
    start = compiler.code(call.arguments[1], scope).run if len(call.arguments) > 1 else None

    def collect(context: Context, focus: Any) -> Nodes:
        outer, outer_index = context.total, context.index
        context.total = start(context, focus) if start else []
        for index, each in enumerate(run(context, focus)):
            context.index = index
            context.total = box(add(context, each), static)
        found, context.total, context.index = context.total, outer, outer_index
        return found

    return Code(collect)


@function("ofType", 1)
def of_type(compiler: Compiler, call: Call, scope: Scope) -> Code:
    wanted = compiler.types.specifier(type_name(call.arguments[0]), call.at)
    if call.source is not None:
        return compiler.as_type(call.source, wanted, scope, call.at)
    return compiler.of_type(compiler.source(call, scope), wanted, call.at)


function("as", 1)(of_type)


@function("is", 1)
def is_(compiler: Compiler, call: Call, scope: Scope) -> Code:
    wanted = compiler.types.specifier(type_name(call.arguments[0]), call.at)
    return compiler.is_type(compiler.source(call, scope), wanted, call.at)


def type_name(node: Node) -> str:
    """A type specifier that was read as a path. Errors: FhirPathError."""
    if isinstance(node, Member):
        return node.name if node.source is None else f"{type_name(node.source)}.{node.name}"
    raise FhirPathError("expected the name of a type", node.at)


@function("sort", 0, 20)
def sort(compiler: Compiler, call: Call, scope: Scope) -> Code:
    """In FHIRPath's next version: keys in order, each descending where it begins with a minus."""
    source = compiler.source(call, scope)
    inner = Scope(source.type, source.types)
    keys: list[tuple[Code, int]] = []
    for node in call.arguments:
        down = isinstance(node, Unary) and node.operator == "-"
        operand = node.operand if isinstance(node, Unary) else node
        keys.append((compiler.code(operand, inner), -1 if down else 1))
    keys = keys or [(compiler.here(inner), 1)]
    run, at = source.run, call.at

    def collect(context: Context, focus: Any) -> Nodes:
        def compare(a: Any, b: Any) -> int:
            for key, sign in keys:
                x, y = single(key.run(context, a), at), single(key.run(context, b), at)
                if x is None or y is None:  # what has no key comes first
                    found = int(y is None) - int(x is None)
                else:
                    found = order(x, y, key.type, key.type, at) or 0
                if found:
                    return found * sign
            return 0

        return sorted(run(context, focus), key=cmp_to_key(compare))

    return source.like(collect)
