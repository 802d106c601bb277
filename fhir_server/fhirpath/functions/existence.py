"""Functions that answer whether and how many.

Spec: http://hl7.org/fhirpath/N1/#existence
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from ..errors import FhirPathError
from ..registry import INTEGER, Code, Scope, Test, boolean, function
from ..sets import Members, distinct
from ..tree import Call, Member
from ..values import Context, Nodes, Value, raw_of

if TYPE_CHECKING:
    from ..compiler import Compiler


@function("exists", 0, 1)
def exists(compiler: Compiler, call: Call, scope: Scope) -> Code:
    if call.arguments:
        return boolean(_any(compiler, call, scope))
    return boolean(_exists(compiler, call, scope))


@function("empty")
def empty(compiler: Compiler, call: Call, scope: Scope) -> Code:
    test = _exists(compiler, call, scope)
    return boolean(lambda context, focus: not test(context, focus))


def _exists(compiler: Compiler, call: Call, scope: Scope) -> Test:
    keys = _keys(compiler, call, scope)
    if keys:
        return _has_key(keys)
    run = compiler.source(call, scope).run
    return lambda context, focus: bool(run(context, focus))


def _keys(compiler: Compiler, call: Call, scope: Scope) -> tuple[str, ...]:
    """The JSON properties that `name.exists()` asks for, where the type of the focus is known."""
    node = call.source
    if not isinstance(node, Member) or node.source is not None or scope.type is None:
        return ()
    if scope.type in compiler.types.primitives:
        return ()
    out: list[str] = []
    for key, kind, _ in compiler.types.steps(scope.type, node.name):
        out += (key, "_" + key) if kind in compiler.types.primitives else (key,)
    return tuple(out)


def _has_key(keys: tuple[str, ...]) -> Test:
    if len(keys) == 1:
        key = keys[0]

        def has_one(context: Context, focus: Any) -> bool:
            raw = focus.raw if type(focus) is Value else focus
            return type(raw) is dict and key in raw

        return has_one

    def has_any(context: Context, focus: Any) -> bool:
        raw = focus.raw if type(focus) is Value else focus
        if type(raw) is dict:
            for key in keys:
                if key in raw:
                    return True
        return False

    return has_any


def _any(compiler: Compiler, call: Call, scope: Scope) -> Test:
    source = compiler.source(call, scope)
    test = compiler.test(call.arguments[0], Scope(source.type, source.types))
    run = source.run

    def check(context: Context, focus: Any) -> bool:
        return any(test(context, each) for each in run(context, focus))

    return check


@function("all", 1)
def all_(compiler: Compiler, call: Call, scope: Scope) -> Code:
    source = compiler.source(call, scope)
    test = compiler.test(call.arguments[0], Scope(source.type, source.types))
    run = source.run

    def check(context: Context, focus: Any) -> bool:
        return all(test(context, each) for each in run(context, focus))

    return boolean(check)


@function("not")
def not_(compiler: Compiler, call: Call, scope: Scope) -> Code:
    test = compiler.source(call, scope).condition(call.at)

    def check(context: Context, focus: Any) -> bool | None:
        found = test(context, focus)
        return None if found is None else not found

    return boolean(check)


@function("count")
def count(compiler: Compiler, call: Call, scope: Scope) -> Code:
    run = compiler.source(call, scope).run
    return Code(lambda context, focus: [len(run(context, focus))], INTEGER, (INTEGER,))


@function("distinct")
def distinct_(compiler: Compiler, call: Call, scope: Scope) -> Code:
    source = compiler.source(call, scope)
    run, static = source.run, source.type
    return source.like(lambda context, focus: distinct(run(context, focus), static))


@function("isDistinct")
def is_distinct(compiler: Compiler, call: Call, scope: Scope) -> Code:
    source = compiler.source(call, scope)
    run, static = source.run, source.type

    def check(context: Context, focus: Any) -> bool:
        nodes = run(context, focus)
        return len(nodes) == len(distinct(nodes, static))

    return boolean(check)


def _quantifier(name: str, answer: Callable[[list[bool]], bool]) -> None:
    @function(name)
    def build(compiler: Compiler, call: Call, scope: Scope) -> Code:
        run, at = compiler.source(call, scope).run, call.at
        return boolean(lambda context, focus: answer(_booleans(run(context, focus), at)))


def _booleans(nodes: Nodes, at: int) -> list[bool]:
    out = [raw_of(each) for each in nodes]
    if any(type(each) is not bool for each in out):
        raise FhirPathError("expected booleans", at)
    return out


_quantifier("allTrue", lambda found: all(found))
_quantifier("anyTrue", lambda found: any(found))
_quantifier("allFalse", lambda found: not any(found))
_quantifier("anyFalse", lambda found: not all(found))


@function("subsetOf", 1)
def subset_of(compiler: Compiler, call: Call, scope: Scope) -> Code:
    return boolean(_subset(compiler.source(call, scope), compiler.code(call.arguments[0], scope)))


@function("supersetOf", 1)
def superset_of(compiler: Compiler, call: Call, scope: Scope) -> Code:
    return boolean(_subset(compiler.code(call.arguments[0], scope), compiler.source(call, scope)))


def _subset(part: Code, whole: Code) -> Test:
    a, b, a_type, b_type = part.run, whole.run, part.type, whole.type

    def check(context: Context, focus: Any) -> bool:
        members = Members(b(context, focus), b_type)
        return all(members.has(each, a_type) for each in a(context, focus))

    return check
