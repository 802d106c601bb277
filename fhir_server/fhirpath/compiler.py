"""A syntax tree to closures, checked against the types of the elements.

Spec: http://hl7.org/fhirpath/N1/ and http://hl7.org/fhir/R4/fhirpath.html
"""

from __future__ import annotations

from typing import Any

from . import functions  # noqa: F401  # fills the table
from .errors import FhirPathError, OtherTypeError
from .navigation import choice, dynamic, member, on_primitive
from .operators import binary, negative
from .registry import FUNCTIONS, STRING, Code, Scope, Test, boolean
from .tree import Binary, Call, Index, Literal, Member, Node, TypeTest, Unary, Variable
from .types import OPEN, Step, Types
from .values import Context, Nodes, raw_of, single, type_of

_CONSTANTS = {
    "ucum": "http://unitsofmeasure.org",
    "sct": "http://snomed.info/sct",
    "loinc": "http://loinc.org",
}
_PREFIXES = {
    "vs-": "http://hl7.org/fhir/ValueSet/",
    "ext-": "http://hl7.org/fhir/StructureDefinition/",
}


def this(context: Context, focus: Any) -> Nodes:
    """The focus as a collection."""
    return [] if focus is None else [focus]


def nothing(context: Context, focus: Any) -> Nodes:
    return []


class Compiler:
    """Compiles for one type of the root; None for any."""

    def __init__(self, types: Types, root: str | None) -> None:
        self.types = types
        self.root = root

    def code(self, node: Node, scope: Scope) -> Code:
        """Errors: FhirPathError for what has no meaning on these types."""
        match node:
            case Literal():
                return self._literal(node)
            case Member():
                return self._member(node, scope)
            case Call():
                return self._call(node, scope)
            case Variable():
                return self._variable(node, scope)
            case Index():
                return self._index(node, scope)
            case Unary():
                operand = self.code(node.operand, scope)
                return negative(operand, node.at) if node.operator == "-" else operand
            case TypeTest():
                wanted = self.types.specifier(node.type, node.at)
                if node.operator == "is":
                    return self.is_type(self.code(node.source, scope), wanted, node.at)
                return self.as_type(node.source, wanted, scope, node.at)
            case Binary():
                return binary(self, node, scope)

    def test(self, node: Node, scope: Scope) -> Test:
        """A condition: True, False, or None for empty."""
        return self.code(node, scope).condition(node.at)

    def source(self, call: Call, scope: Scope) -> Code:
        """What a function is called on: the focus unless written."""
        return self.here(scope) if call.source is None else self.code(call.source, scope)

    def here(self, scope: Scope) -> Code:
        return Code(this, scope.type, scope.types, focus=True)

    def _literal(self, node: Literal) -> Code:
        if node.type == "":
            return Code(nothing, None, ())
        nodes = [node.value]
        kind = "System." + node.type
        return Code(lambda context, focus: nodes, kind, (kind,), constant=node.value)

    def _variable(self, node: Variable, scope: Scope) -> Code:
        name = node.name
        if name == "$this":
            return self.here(scope)
        if name == "$index":
            return Code(lambda context, focus: [context.index], "System.Integer")
        if name == "$total":
            return Code(lambda context, focus: context.total)
        if name == "%resource":
            return Code(lambda context, focus: [context.resource], "Resource")
        if name == "%rootResource":
            return Code(lambda context, focus: [context.root], "Resource")
        if name == "%context":
            return Code(lambda context, focus: [context.focus], self.root)
        return self._environment(node)

    def _environment(self, node: Variable) -> Code:
        name, at = node.name[1:], node.at
        constant = _CONSTANTS.get(name)
        for prefix, base in _PREFIXES.items():
            if name.startswith(prefix):
                constant = base + name.removeprefix(prefix)
        if constant is not None:
            nodes = [constant]
            return Code(lambda context, focus: nodes, STRING, (STRING,), constant=constant)

        def run(context: Context, focus: Any) -> Nodes:
            if name not in context.variables:
                raise FhirPathError("this variable is not defined", at)
            found = context.variables[name]
            return found if isinstance(found, list) else [found]

        return Code(run)

    def _call(self, node: Call, scope: Scope) -> Code:
        found = FUNCTIONS.get(node.name)
        if found is None:
            raise FhirPathError("there is no such function", node.at)
        count = len(node.arguments)
        if not found.least <= count <= found.most:
            text = f"expected {found.least} to {found.most} arguments, found {count}"
            raise FhirPathError(text, node.at)
        return found.build(self, node, scope)

    def _index(self, node: Index, scope: Scope) -> Code:
        source, index = self.code(node.source, scope), self.code(node.index, scope)
        run, number, at = source.run, index.run, node.at

        def pick(context: Context, focus: Any) -> Nodes:
            i = raw_of(single(number(context, focus), at))
            if i is None:
                return []
            if type(i) is not int:
                raise FhirPathError("expected an integer as index", at)
            nodes = run(context, focus)
            return [nodes[i]] if 0 <= i < len(nodes) else []

        return source.like(pick)

    # Members

    def _member(self, node: Member, scope: Scope) -> Code:
        if node.source is None:
            if self._names_type(node.name, scope):
                return self._root(node, scope)
            return self.step(self.here(scope), node.name, node.at)
        return self.step(self.code(node.source, scope), node.name, node.at)

    def _names_type(self, name: str, scope: Scope) -> bool:
        # A path may begin with the name of a type; no element begins with a capital letter.
        return name[:1].isupper() and self.types.known(name)

    def _root(self, node: Member, scope: Scope) -> Code:
        name, types = node.name, self.types
        if scope.type is not None and types.is_a(scope.type, name):
            return self.here(scope)
        if scope.type is None or (scope.type in OPEN and types.is_a(name, scope.type)):
            return self.of_type(self.here(scope), name, node.at)
        raise OtherTypeError("the path begins with another type", node.at)

    def step(self, source: Code, name: str, at: int) -> Code:
        """An element of the source. Errors: FhirPathError where its type has no such element."""
        types, type_name = self.types, source.type
        if type_name is None:
            if source.types and not any(t in OPEN or types.steps(t, name) for t in source.types):
                raise FhirPathError("none of the types here has such an element", at)
            return dynamic(source, name, types)
        steps = types.steps(type_name, name)
        if not steps:
            if type_name in OPEN:
                return dynamic(source, name, types)
            raise FhirPathError(f"{type_name} has no such element", at)
        if type_name in types.primitives:
            return on_primitive(source, steps[0])
        if len(steps) > 1:
            return choice(source, steps, types)
        return member(source, steps[0], steps[0].type in types.primitives)

    # Types

    def is_type(self, source: Code, wanted: str, at: int) -> Code:
        run, static, check = source.run, source.type, self.types.test(wanted)

        def test(context: Context, focus: Any) -> bool | None:
            found = single(run(context, focus), at)
            return None if found is None else check(type_of(found, static))

        return boolean(test)

    def as_type(self, node: Node, wanted: str, scope: Scope, at: int) -> Code:
        """`node as wanted`, by the one property it can be where that is known."""
        found = self.choice_of(node, wanted, scope)
        return found or self.of_type(self.code(node, scope), wanted, at)

    def of_type(self, source: Code, wanted: str, at: int) -> Code:
        """`as` and `ofType` alike: R4's search parameters use `as` on collections."""
        run, static, check = source.run, source.type, self.types.filter(wanted)

        def keep(context: Context, focus: Any) -> Nodes:
            return [n for n in run(context, focus) if check(type_of(n, static))]

        concrete = wanted not in OPEN
        return Code(keep, wanted if concrete else static, (wanted,) if concrete else source.types)

    def choice_of(self, node: Node, wanted: str, scope: Scope) -> Code | None:
        """`value as Quantity` as the one property it can be; None where that is not known."""
        if not isinstance(node, Member) or (node.source is None and node.name[:1].isupper()):
            return None
        source = self.here(scope) if node.source is None else self.code(node.source, scope)
        if source.type is None:
            return None
        steps = self.types.steps(source.type, node.name)
        found: list[Step] = [s for s in steps if s.type == wanted]
        if len(steps) < 2 or not found:
            return None
        return member(source, found[0], found[0].type in self.types.primitives)
