"""The fast way for search parameters: straight to (raw JSON, FHIR type) pairs.

A path is a chain of JSON keys and filters for each type it can end in; the keys are known when the
expression is compiled, so an evaluation is a few dictionary look-ups. What has no such form runs as
any expression does.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeAlias

from .compiler import Compiler
from .errors import FhirPathError, OtherTypeError
from .functions.filtering import type_name
from .references import stated_type
from .registry import Code, Scope, Test
from .tree import Binary, Call, Index, Literal, Member, Node, TypeTest
from .types import OPEN
from .values import Context, Json, Nodes, Value, raw_of, to_json, type_of

Pair: TypeAlias = tuple[Any, str]
Select: TypeAlias = Callable[[Json], list[Pair]]
Keep: TypeAlias = Callable[[Context, Any], bool | None]

_SYSTEM = {
    "System.Boolean": "boolean",
    "System.String": "string",
    "System.Integer": "integer",
    "System.Decimal": "decimal",
    "System.Date": "date",
    "System.DateTime": "dateTime",
    "System.Time": "time",
    "System.Quantity": "Quantity",
}


@dataclass(frozen=True, slots=True)
class Branch:
    """A path that ends in one type. Shape: each step is a JSON key, a filter, or a position."""

    steps: tuple[str | Keep | int, ...]
    type: str


def find_paths(compiler: Compiler, node: Node, scope: Scope) -> tuple[Branch, ...] | None:
    """The expression as paths; None where it is more than that, or a type is known only later."""
    found = Paths(compiler).branches(node, scope) if scope.type is not None else None
    return None if found is None else tuple(found)


def compile_select(paths: tuple[Branch, ...] | None, code: Code) -> Select:
    """A union's operands are put after each other; repetitions stay."""
    if paths is None:
        return _general(code)
    parts = [_extractor(each) for each in paths]
    if len(parts) == 1:
        return parts[0]

    def select(resource: Json) -> list[Pair]:
        out: list[Pair] = []
        for part in parts:
            out += part(resource)
        return out

    return select


class Paths:
    """Reads a tree as branches; None for what only the general way can do."""

    def __init__(self, compiler: Compiler) -> None:
        self._compiler = compiler
        self._types = compiler.types

    def branches(self, node: Node, scope: Scope) -> list[Branch] | None:
        match node:
            case Member():
                return self._member(node, scope)
            case Binary(operator="|"):
                return self._union(node, scope)
            case TypeTest(operator="as"):
                return self._of_type(node.source, node.type, scope, node.at)
            case Index(index=Literal(value=number)) if type(number) is int:
                found = self.branches(node.source, scope)
                # Of several branches the position would count in each.
                return [self._then(b, number) for b in found] if found and len(found) == 1 else None
            case Call():
                return self._call(node, scope)
        return None

    def _union(self, node: Binary, scope: Scope) -> list[Branch] | None:
        out: list[Branch] = []
        for side in (node.left, node.right):
            try:
                self._compiler.code(side, scope)
            except OtherTypeError:
                continue
            found = self.branches(side, scope)
            if found is None:
                return None
            out += found
        return out

    def _member(self, node: Member, scope: Scope) -> list[Branch] | None:
        assert scope.type is not None
        if node.source is None:
            if node.name[:1].isupper() and self._types.known(node.name):
                return [Branch((), scope.type)] if self._types.is_a(scope.type, node.name) else None
            sources: list[Branch] | None = [Branch((), scope.type)]
        else:
            sources = self.branches(node.source, scope)
        if sources is None:
            return None
        out: list[Branch] = []
        for source in sources:
            steps = self._types.steps(source.type, node.name)
            if (not steps and source.type in OPEN) or source.type in self._types.primitives:
                return None
            out += [Branch((*source.steps, s.key), s.type) for s in steps]
        return out

    def _call(self, node: Call, scope: Scope) -> list[Branch] | None:
        if node.name in ("as", "ofType") and node.source is not None:
            return self._of_type(node.source, type_name(node.arguments[0]), scope, node.at)
        if node.name == "where" and node.source is not None:
            found = self.branches(node.source, scope)
            if found is None:
                return None
            return [self._then(b, self._condition(b, node.arguments[0])) for b in found]
        if node.name == "extension":
            return self._extension(node, scope)
        return None

    def _extension(self, node: Call, scope: Scope) -> list[Branch] | None:
        url = node.arguments[0]
        found = self._member(Member(node.source, "extension"), scope)
        if found is None or not isinstance(url, Literal):
            return None
        wanted = url.value
        return [self._then(b, lambda context, raw: raw.get("url") == wanted) for b in found]

    def _of_type(self, node: Node, name: str, scope: Scope, at: int) -> list[Branch] | None:
        found = self.branches(node, scope)
        wanted = self._types.specifier(name, at)
        if found is None or any(b.type in OPEN for b in found):
            return None
        keep = self._types.filter(wanted)
        return [b for b in found if keep(b.type)]

    def _condition(self, branch: Branch, node: Node) -> Keep:
        """R4 has `where(resolve() is Patient)` in 50 parameters; it needs the reference alone."""
        if (
            isinstance(node, TypeTest)
            and node.operator == "is"
            and isinstance(node.source, Call)
            and node.source.source is None
            and node.source.name == "resolve"
            and branch.type in ("Reference", "canonical", "uri")
        ):
            wanted = self._types.specifier(node.type, node.at)
            general = self._compiler.test(node, Scope(branch.type))
            return self._refers_to(wanted, general)
        return self._compiler.test(node, Scope(branch.type, (branch.type,)))

    def _refers_to(self, wanted: str, general: Test) -> Keep:
        types = self._types

        def keep(context: Context, raw: Any) -> bool | None:
            text = raw.get("reference") if type(raw) is dict else raw
            if type(text) is str and text.startswith("#"):
                return general(context, raw)
            found = stated_type(raw, types.is_concrete_resource)
            return found == wanted or types.is_a(found, wanted)

        return keep

    def _then(self, branch: Branch, step: Keep | int) -> Branch:
        return Branch((*branch.steps, step), branch.type)


def _extractor(branch: Branch) -> Select:
    steps, kind = branch.steps, branch.type
    if kind in OPEN:
        return _general_steps(steps, None)
    keys = [s for s in steps if isinstance(s, str)]
    if len(keys) == len(steps) and keys:
        return _one_key(keys[0], kind) if len(keys) == 1 else _chain(tuple(keys), kind)
    return _general_steps(steps, kind)


def _one_key(key: str, kind: str) -> Select:
    def select(resource: Json) -> list[Pair]:
        found = resource.get(key)
        if found is None:
            return []
        if type(found) is list:
            return [(each, kind) for each in found if each is not None]
        return [(found, kind)]

    return select


def _chain(keys: tuple[str, ...], kind: str) -> Select:
    first, middle, last = keys[0], keys[1:-1], keys[-1]

    def select(resource: Json) -> list[Pair]:
        found = resource.get(first)
        if found is None:
            return []
        level = found if type(found) is list else (found,)
        for key in middle:
            below: Nodes = []
            for node in level:
                if type(node) is dict:
                    found = node.get(key)
                    if type(found) is list:
                        below += found
                    elif found is not None:
                        below.append(found)
            if not below:
                return []
            level = below
        out: list[Pair] = []
        for node in level:
            if type(node) is dict:
                found = node.get(last)
                if type(found) is list:
                    out += [(each, kind) for each in found if each is not None]
                elif found is not None:
                    out.append((found, kind))
        return out

    return select


def _general_steps(steps: tuple[str | Keep | int, ...], kind: str | None) -> Select:
    def select(resource: Json) -> list[Pair]:
        level: Nodes = [resource]
        context: Context | None = None
        for step in steps:
            if isinstance(step, str):
                level = _below(level, step)
            elif isinstance(step, int):
                level = level[step : step + 1]
            else:
                context = context or Context(resource)
                level = [node for node in level if step(context, node)]
            if not level:
                return []
        if kind is None:
            return [(n, type_of(n, "Resource")) for n in level]
        return [(n, kind) for n in level]

    return select


def _below(level: Nodes, key: str) -> Nodes:
    out: Nodes = []
    for node in level:
        found = node.get(key) if type(node) is dict else None
        if type(found) is list:
            out += [each for each in found if each is not None]
        elif found is not None:
            out.append(found)
    return out


def _general(code: Code) -> Select:
    run, static = code.run, code.type

    def select(resource: Json) -> list[Pair]:
        out: list[Pair] = []
        for node in run(Context(resource), resource):
            raw = to_json(raw_of(node))
            # A stand-in for what a reference names has no content to index.
            if raw is not None and not (type(node) is Value and raw == {}):
                kind = type_of(node, static)
                out.append((raw, _SYSTEM.get(kind, kind)))
        return out

    return select


__all__ = ["Branch", "FhirPathError", "Keep", "compile_select", "find_paths"]
