"""All the elements below a node.

Spec: http://hl7.org/fhirpath/N1/#tree-navigation
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..navigation import children
from ..registry import Code, Scope, function
from ..tree import Call
from ..values import Context, Nodes

if TYPE_CHECKING:
    from ..compiler import Compiler


@function("children")
def children_(compiler: Compiler, call: Call, scope: Scope) -> Code:
    source, types = compiler.source(call, scope), compiler.types
    run, static = source.run, source.type

    def below(context: Context, focus: Any) -> Nodes:
        return [n for each in run(context, focus) for n in children(each, static, types)]

    return Code(below)


@function("descendants")
def descendants(compiler: Compiler, call: Call, scope: Scope) -> Code:
    source, types = compiler.source(call, scope), compiler.types
    run, static = source.run, source.type

    def below(context: Context, focus: Any) -> Nodes:
        level = [n for each in run(context, focus) for n in children(each, static, types)]
        out: Nodes = []
        while level:
            out += level
            level = [
                n
                for each in level
                if type(each.raw) is dict or each.extra
                for n in children(each, None, types)
            ]
        return out

    return Code(below)
