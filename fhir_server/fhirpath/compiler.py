"""A syntax tree to closures with static types.

An expression compiles to branches: a branch is a closure from a node to a list of raw JSON values
that all have one FHIR type, known at compile time. A choice element has one branch a type, so that
`(Observation.value as Quantity)` is decided here and costs nothing later. Conditions compile to
closures that give True, False or None (empty).

Spec: http://hl7.org/fhirpath/N1/ and http://hl7.org/fhir/R4/fhirpath.html
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, TypeAlias

from ..definitions import Definitions
from ..model.references import parse_reference
from .parser import Binary, Call, FhirPathError, Index, Literal, Member, Node, TypeTest

Values: TypeAlias = list[Any]
Get: TypeAlias = Callable[[Any], Values]
Condition: TypeAlias = Callable[[Any], bool | None]

RESOLVED = "Resource"  # what resolve() gives: known by the type its reference names


@dataclass(frozen=True, slots=True)
class Branch:
    """Values of one FHIR type. `reference`: the values are references of which resolve() asked."""

    get: Get
    type: str
    resolved: bool = False


def _this(node: Any) -> Values:
    return [node]


class Compiler:
    """Compiles for one root type."""

    def __init__(self, definitions: Definitions, root: str) -> None:
        self._definitions = definitions
        self._root = root

    def branches(self, node: Node, here: Branch) -> list[Branch]:
        """Errors: FhirPathError for what is not supported."""
        if isinstance(node, Member):
            return self._member(node, here)
        if isinstance(node, Call):
            return self._call(node, here)
        if isinstance(node, Binary) and node.operator == "|":
            return self.branches(node.left, here) + self.branches(node.right, here)
        if isinstance(node, TypeTest) and node.operator == "as":
            return self._of_type(self.branches(node.source, here), node.type)
        if isinstance(node, Index) and isinstance(node.index, Literal):
            number = int(str(node.index.value))
            return [
                Branch(_slice(b.get, number, number + 1), b.type)
                for b in self.branches(node.source, here)
            ]
        condition = self.condition(node, here)

        def boolean(value: Any) -> Values:
            found = condition(value)
            return [] if found is None else [found]

        return [Branch(boolean, "boolean")]

    def _member(self, node: Member, here: Branch) -> list[Branch]:
        if node.name == "$this":
            return [here]
        if node.source is None:
            if node.name[:1].isupper() and node.name in self._definitions.kinds:
                return [here] if self._definitions.is_a(self._root, node.name) else []
            sources = [here]
        else:
            sources = self.branches(node.source, here)
        return [out for source in sources for out in self._step(source, node.name)]

    def _step(self, source: Branch, name: str) -> list[Branch]:
        if source.resolved:
            return []
        if source.type in ("Resource", "DomainResource"):
            raise FhirPathError(f"the type of {name} is not known here")
        if source.type in self._definitions.primitives:
            return []
        definition = self._definitions.type(source.type)
        element = definition.elements.get(name) if definition else None
        if element is None:
            return []
        return [
            Branch(_key(source.get, key, element.many), ref.code)
            for key, ref in element.json_names()
        ]

    def _call(self, node: Call, here: Branch) -> list[Branch]:
        sources = [here] if node.source is None else self.branches(node.source, here)
        name = node.name
        if name == "where":
            return [self._where(b, node.arguments[0]) for b in sources]
        if name in ("as", "ofType"):
            return self._of_type(sources, _type_name(node.arguments[0]))
        if name == "resolve":
            return [Branch(b.get, b.type, resolved=True) for b in sources if b.type == "Reference"]
        if name == "first":
            return [Branch(_slice(b.get, 0, 1), b.type) for b in sources]
        if name == "extension":
            url = _constant(node.arguments[0])
            steps = [out for b in sources for out in self._step(b, "extension")]
            return [Branch(_filter(b.get, lambda v: v.get("url") == url), b.type) for b in steps]
        condition = self.condition(node, here)
        return [Branch(lambda v: [found] if (found := condition(v)) is not None else [], "boolean")]

    def _where(self, branch: Branch, argument: Node) -> Branch:
        condition = self.condition(argument, Branch(_this, branch.type, branch.resolved))
        return Branch(_filter(branch.get, lambda v: condition(v) is True), branch.type)

    def _of_type(self, branches: list[Branch], name: str) -> list[Branch]:
        name = name.removeprefix("FHIR.").removeprefix("System.")
        if name not in self._definitions.kinds:
            raise FhirPathError(f"unknown type {name[:40]}")
        return [b for b in branches if self._definitions.is_a(b.type, name)]

    def condition(self, node: Node, here: Branch) -> Condition:
        """A boolean with three values. Errors: FhirPathError."""
        if isinstance(node, Binary) and node.operator in ("and", "or"):
            return _logic(
                node.operator, self.condition(node.left, here), self.condition(node.right, here)
            )
        if isinstance(node, Binary) and node.operator in ("=", "!="):
            return self._equality(node, here)
        if isinstance(node, TypeTest) and node.operator == "is":
            return self._is(node, here)
        if isinstance(node, Call):
            return self._test(node, here)
        if isinstance(node, Member):
            found = self.branches(node, here)
            return lambda v: next((x for b in found for x in b.get(v)), None)
        raise FhirPathError("this operator is not supported")

    def _test(self, node: Call, here: Branch) -> Condition:
        if node.name in ("exists", "empty"):
            sources = [here] if node.source is None else self.branches(node.source, here)
            if node.arguments:
                sources = [self._where(b, node.arguments[0]) for b in sources]
            wanted = node.name == "exists"
            return lambda v: any(b.get(v) for b in sources) is wanted
        if node.name == "not" and node.source is not None:
            inner = self.condition(node.source, here)
            return lambda v: None if (found := inner(v)) is None else not found
        if node.name == "hasExtension":
            member = Call(node.source, "extension", node.arguments)
            return self._test(Call(member, "exists", ()), here)
        raise FhirPathError(f"the function {node.name[:40]}() is not supported")

    def _is(self, node: TypeTest, here: Branch) -> Condition:
        branches = self.branches(node.source, here)
        name = node.type.removeprefix("FHIR.")
        definitions = self._definitions

        def test(value: Any) -> bool | None:
            for branch in branches:
                for each in branch.get(value):
                    kind = _target_type(each) if branch.resolved else branch.type
                    return definitions.is_a(kind, name)
            return None

        return test

    def _equality(self, node: Binary, here: Branch) -> Condition:
        left, right = self._operand(node.left, here), self._operand(node.right, here)
        equal = node.operator == "="

        def test(value: Any) -> bool | None:
            a, b = left(value), right(value)
            if not a or not b:
                return None
            return (a == b) is equal

        return test

    def _operand(self, node: Node, here: Branch) -> Get:
        if isinstance(node, Literal):
            constant = [Decimal(str(node.value)) if node.type == "number" else node.value]
            return lambda _: constant
        branches = self.branches(node, here)
        return lambda v: [x for b in branches for x in b.get(v)]


def _key(source: Get, key: str, many: bool) -> Get:
    """One step of a path. The first step from the root is the common case and has no loop."""
    if source is _this:
        if many:
            return lambda node: [v for v in node.get(key, ()) if v is not None]
        return lambda node: [node[key]] if key in node else []

    def step(node: Any) -> Values:
        out: Values = []
        for each in source(node):
            value = each.get(key)
            if value is not None:
                if many:
                    out.extend(v for v in value if v is not None)
                else:
                    out.append(value)
        return out

    return step


def _filter(source: Get, keep: Callable[[Any], bool]) -> Get:
    return lambda node: [v for v in source(node) if keep(v)]


def _slice(source: Get, start: int, stop: int) -> Get:
    return lambda node: source(node)[start:stop]


def _logic(operator: str, left: Condition, right: Condition) -> Condition:
    decisive = operator == "or"

    def test(value: Any) -> bool | None:
        a = left(value)
        if a is decisive:
            return decisive
        b = right(value)
        if b is decisive:
            return decisive
        return None if a is None or b is None else not decisive

    return test


def _target_type(reference: Any) -> str:
    """The resource type a Reference names, without looking the resource up; "" if it does not."""
    stated = reference.get("type")
    if stated:
        return str(stated).rpartition("/")[2]
    text = reference.get("reference", "")
    target = parse_reference(text) if text else None
    if target is None:
        return ""
    if target.type:
        return target.type
    parts = target.url.split("/")
    return parts[-2] if len(parts) > 1 and parts[-2][:1].isupper() else ""


def _type_name(node: Node) -> str:
    if isinstance(node, Member):
        return f"{node.source.name}.{node.name}" if isinstance(node.source, Member) else node.name
    raise FhirPathError("expected a type name")


def _constant(node: Node) -> object:
    if isinstance(node, Literal):
        return node.value
    raise FhirPathError("expected a constant")
