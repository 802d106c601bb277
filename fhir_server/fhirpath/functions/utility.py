"""The clock, traces and types.

Spec: http://hl7.org/fhirpath/N1/#utility-functions and #reflection
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, Any

from ..moment import Moment, parse_date, parse_time
from ..registry import Code, Scope, function
from ..tree import Call
from ..types import TYPE_INFO
from ..values import Context, Nodes, Value, raw_of, single, type_of

if TYPE_CHECKING:
    from ..compiler import Compiler


def _clock(name: str, kind: str, read: Callable[[Moment], Moment | None]) -> None:
    @function(name)
    def build(compiler: Compiler, call: Call, scope: Scope) -> Code:
        return Code(lambda context, focus: [read(_now(context))], kind, (kind,))


def _now(context: Context) -> Moment:
    """The same moment all through one evaluation."""
    if context.now is None:
        given = context.variables.get("now")
        text = given if isinstance(given, str) else _system_clock()
        context.now = parse_date(text)
        assert context.now is not None
    return context.now


def _system_clock() -> str:
    return datetime.now().astimezone().isoformat(timespec="milliseconds")


_clock("now", "System.DateTime", lambda now: now)
_clock("today", "System.Date", lambda now: parse_date(now.text[:10]))
_clock("timeOfDay", "System.Time", lambda now: parse_time(now.text[11:23]))


@function("trace", 1, 2)
def trace(compiler: Compiler, call: Call, scope: Scope) -> Code:
    """The input; a `trace` callback of the environment is told the name and the items."""
    source = compiler.source(call, scope)
    run, static, at = source.run, source.type, call.at
    name = compiler.code(call.arguments[0], scope).run
    inner = Scope(source.type, source.types)
    projection = compiler.code(call.arguments[1], inner).run if len(call.arguments) > 1 else None

    def pass_on(context: Context, focus: Any) -> Nodes:
        nodes = run(context, focus)
        callback = context.callback("trace")
        if callback is not None:
            shown = nodes
            if projection is not None:
                shown = [n for each in nodes for n in projection(context, each)]
            label = raw_of(single(name(context, focus), at))
            callback(label, [Value(raw_of(n), type_of(n, static)) for n in shown])
        return nodes

    return source.like(pass_on)


@function("type")
def type_(compiler: Compiler, call: Call, scope: Scope) -> Code:
    source = compiler.source(call, scope)
    run, static, types = source.run, source.type, compiler.types

    def reflect(context: Context, focus: Any) -> Nodes:
        out: Nodes = []
        for node in run(context, focus):
            name = type_of(node, static)
            if name.startswith("System."):
                out.append({"namespace": "System", "name": name.removeprefix("System.")})
            else:
                name = types.base_of_nested(name) if "." in name else name
                out.append({"namespace": "FHIR", "name": name})
        return out

    return Code(reflect, TYPE_INFO, (TYPE_INFO,))
