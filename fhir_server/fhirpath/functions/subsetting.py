"""Parts of a collection by position.

Spec: http://hl7.org/fhirpath/N1/#subsetting
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..errors import FhirPathError
from ..registry import Code, Scope, function
from ..sets import Members, distinct
from ..tree import Call
from ..values import Context, Nodes, raw_of, single

if TYPE_CHECKING:
    from ..compiler import Compiler


def _slice(name: str, start: int | None, stop: int | None) -> None:
    @function(name)
    def build(compiler: Compiler, call: Call, scope: Scope) -> Code:
        source = compiler.source(call, scope)
        run = source.run
        return source.like(lambda context, focus: run(context, focus)[start:stop])


_slice("first", None, 1)
_slice("last", -1, None)
_slice("tail", 1, None)


@function("single")
def single_(compiler: Compiler, call: Call, scope: Scope) -> Code:
    source = compiler.source(call, scope)
    run, at = source.run, call.at

    def only(context: Context, focus: Any) -> Nodes:
        nodes = run(context, focus)
        single(nodes, at)
        return nodes

    return source.like(only)


@function("skip", 1)
def skip(compiler: Compiler, call: Call, scope: Scope) -> Code:
    return _by_number(compiler, call, scope, lambda nodes, number: nodes[max(number, 0) :])


@function("take", 1)
def take(compiler: Compiler, call: Call, scope: Scope) -> Code:
    return _by_number(compiler, call, scope, lambda nodes, number: nodes[: max(number, 0)])


def _by_number(compiler: Compiler, call: Call, scope: Scope, cut: Any) -> Code:
    source = compiler.source(call, scope)
    run, number, at = source.run, compiler.code(call.arguments[0], scope).run, call.at

    def part(context: Context, focus: Any) -> Nodes:
        found = raw_of(single(number(context, focus), at))
        if found is None:
            return []
        if type(found) is not int:
            raise FhirPathError("expected an integer", at)
        return cut(run(context, focus), found)  # type: ignore[no-any-return]

    return source.like(part)


@function("intersect", 1)
def intersect(compiler: Compiler, call: Call, scope: Scope) -> Code:
    source, other = compiler.source(call, scope), compiler.code(call.arguments[0], scope)
    a, b, a_type, b_type = source.run, other.run, source.type, other.type

    def common(context: Context, focus: Any) -> Nodes:
        members = Members(b(context, focus), b_type)
        found = [each for each in a(context, focus) if members.has(each, a_type)]
        return distinct(found, a_type)

    return source.like(common)


@function("exclude", 1)
def exclude(compiler: Compiler, call: Call, scope: Scope) -> Code:
    source, other = compiler.source(call, scope), compiler.code(call.arguments[0], scope)
    a, b, a_type, b_type = source.run, other.run, source.type, other.type

    def rest(context: Context, focus: Any) -> Nodes:
        members = Members(b(context, focus), b_type)
        return [each for each in a(context, focus) if not members.has(each, a_type)]

    return source.like(rest)
