"""The functions that FHIR adds.

Spec: http://hl7.org/fhir/R4/fhirpath.html#functions
Not supported: elementDefinition, slice, checkModifiers; they need a profile and are empty or true.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..errors import FhirPathError
from ..references import stated_type
from ..registry import Code, Scope, Test, boolean, function
from ..tree import Call
from ..values import Context, Nodes, Value, raw_of, single, to_json, type_of

if TYPE_CHECKING:
    from ..compiler import Compiler

_DEFINITION = "http://hl7.org/fhir/StructureDefinition/"


@function("extension", 1)
def extension(compiler: Compiler, call: Call, scope: Scope) -> Code:
    return Code(_extensions(compiler, call, scope), "Extension", ("Extension",))


@function("hasExtension", 1)
def has_extension(compiler: Compiler, call: Call, scope: Scope) -> Code:
    run = _extensions(compiler, call, scope)
    return boolean(lambda context, focus: bool(run(context, focus)))


def _extensions(compiler: Compiler, call: Call, scope: Scope) -> Any:
    run, at = compiler.source(call, scope).run, call.at
    url = compiler.code(call.arguments[0], scope).run

    def find(context: Context, focus: Any) -> Nodes:
        wanted = raw_of(single(url(context, focus), at))
        out: Nodes = []
        for node in run(context, focus):
            raw = raw_of(node)
            holder = raw if type(raw) is dict else node.extra if type(node) is Value else None
            if holder:
                out += [e for e in holder.get("extension", ()) if e.get("url") == wanted]
        return out

    return find


@function("hasValue")
def has_value(compiler: Compiler, call: Call, scope: Scope) -> Code:
    run = compiler.source(call, scope).run

    def check(context: Context, focus: Any) -> bool:
        nodes = run(context, focus)
        if len(nodes) != 1:
            return False
        raw = nodes[0].raw if type(nodes[0]) is Value else nodes[0]
        return raw is not None and type(raw) is not dict

    return boolean(check)


@function("getValue")
def get_value(compiler: Compiler, call: Call, scope: Scope) -> Code:
    source = compiler.source(call, scope)
    run = source.run

    def value(context: Context, focus: Any) -> Nodes:
        nodes = run(context, focus)
        raw = raw_of(nodes[0]) if len(nodes) == 1 else None
        return [] if raw is None or type(raw) is dict else nodes

    return source.like(value)


@function("resolve")
def resolve(compiler: Compiler, call: Call, scope: Scope) -> Code:
    """By the `resolve` callback, else a contained resource, else a stand-in without content.

    The stand-in has the type that the reference states, so that `resolve() is Patient` needs no
    database.
    """
    run, types = compiler.source(call, scope).run, compiler.types

    def targets(context: Context, focus: Any) -> Nodes:
        out: Nodes = []
        for node in run(context, focus):
            raw = raw_of(node)
            text = raw.get("reference") if type(raw) is dict else raw
            found = _find(context, text) if type(text) is str else None
            if found is None and (type(text) is str or type(raw) is dict):
                found = Value({}, stated_type(raw, types.is_concrete_resource) or "Resource")
            if found is not None:
                out.append(found)
        return out

    return Code(targets, "Resource", ("Resource",))


def _find(context: Context, text: str) -> Any:
    if text.startswith("#"):
        root = raw_of(context.root)
        if type(root) is not dict:
            return None
        if text == "#":
            return root
        contained = root.get("contained", ())
        return next((each for each in contained if each.get("id") == text[1:]), None)
    callback = context.callback("resolve")
    return callback(text) if callback is not None else None


@function("conformsTo", 1)
def conforms_to(compiler: Compiler, call: Call, scope: Scope) -> Code:
    """By the `conformsTo` callback (node as JSON, profile); the base definitions need none."""
    source = compiler.source(call, scope)
    run, static, at, types = source.run, source.type, call.at, compiler.types
    profile = compiler.code(call.arguments[0], scope).run

    def check(context: Context, focus: Any) -> bool | None:
        node = single(run(context, focus), at)
        url = raw_of(single(profile(context, focus), at))
        if node is None or url is None:
            return None
        name = str(url).removeprefix(_DEFINITION)
        if types.known(name):
            return types.is_a(type_of(node, static), name)
        callback = context.callback("conformsTo")
        if callback is None:
            raise FhirPathError("this profile is not known here", at)
        found = callback(to_json(raw_of(node)), url)
        return None if found is None else bool(found)

    return boolean(check)


def _terminology(name: str) -> None:
    @function(name, 1)
    def build(compiler: Compiler, call: Call, scope: Scope) -> Code:
        return boolean(_ask(compiler, call, scope, name))


def _ask(compiler: Compiler, call: Call, scope: Scope, name: str) -> Test:
    """A callback of the environment answers: (coded value as JSON, argument) to true or false."""
    run, at = compiler.source(call, scope).run, call.at
    argument = compiler.code(call.arguments[0], scope).run

    def check(context: Context, focus: Any) -> bool | None:
        value = raw_of(single(run(context, focus), at))
        other = raw_of(single(argument(context, focus), at))
        if value is None or other is None:
            return None
        callback = context.callback(name)
        if callback is None:
            raise FhirPathError(f"{name}() needs a terminology service", at)
        found = callback(value, other)
        return None if found is None else bool(found)

    return check


_terminology("memberOf")
_terminology("subsumes")
_terminology("subsumedBy")


@function("htmlChecks")
def html_checks(compiler: Compiler, call: Call, scope: Scope) -> Code:
    """By the `htmlChecks` callback (text to bool); without one, true: validation checks it."""
    run = compiler.source(call, scope).run

    def check(context: Context, focus: Any) -> bool:
        callback = context.callback("htmlChecks")
        if callback is None:
            return True
        return all(bool(callback(raw_of(node))) for node in run(context, focus))

    return boolean(check)


@function("checkModifiers", 0, 50)
def check_modifiers(compiler: Compiler, call: Call, scope: Scope) -> Code:
    """The input, unless it has a modifier extension that no argument names."""
    source = compiler.source(call, scope)
    run, at = source.run, call.at
    allowed = [compiler.code(each, scope).run for each in call.arguments]

    def check(context: Context, focus: Any) -> Nodes:
        known = {raw_of(n) for each in allowed for n in each(context, focus)}
        nodes = run(context, focus)
        for raw in map(raw_of, nodes):
            found = raw.get("modifierExtension", ()) if type(raw) is dict else ()
            if any(each.get("url") not in known for each in found):
                raise FhirPathError("there is a modifier extension that was not expected", at)
        return nodes

    return source.like(check)
