"""The binary operators and the sign.

Spec: http://hl7.org/fhirpath/N1/#operations
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from .arithmetic import calculate, joined, negate, text_of
from .compare import all_equal, all_equivalent, order
from .errors import FhirPathError, OtherTypeError
from .registry import BOOLEAN, STRING, Code, Scope, Test, boolean
from .sets import Members, union
from .tree import Binary
from .values import TEMPORAL, Context, Nodes, Value, box, single, system

if TYPE_CHECKING:
    from .compiler import Compiler

LOGIC = ("and", "or", "xor", "implies")
ORDERS = {"<": (-1,), ">": (1,), "<=": (-1, 0), ">=": (0, 1)}


def binary(compiler: Compiler, node: Binary, scope: Scope) -> Code:
    """Errors: FhirPathError."""
    operator, at = node.operator, node.at
    if operator == "|":
        return _union(compiler, node, scope)
    left, right = compiler.code(node.left, scope), compiler.code(node.right, scope)
    if operator in LOGIC:
        return boolean(_logic(operator, left.condition(at), right.condition(at)))
    if operator in ("=", "!="):
        return boolean(_equality(left, right, operator == "="))
    if operator in ("~", "!~"):
        return boolean(_equivalence(left, right, operator == "~"))
    if operator in ORDERS:
        return boolean(_order(left, right, ORDERS[operator], at))
    if operator == "in":
        return boolean(membership(left, right, at))
    if operator == "contains":
        return boolean(membership(right, left, at))
    if operator == "&":
        return _concatenation(left, right, at)
    return _arithmetic(operator, left, right, at)


def _union(compiler: Compiler, node: Binary, scope: Scope) -> Code:
    """An operand on another resource type is left out while compiling.

    A search parameter for many types, such as `Patient.name | Person.name`, is compiled for one.
    """
    sides: list[Code] = []
    other: OtherTypeError | None = None
    for side in (node.left, node.right):
        try:
            sides.append(compiler.code(side, scope))
        except OtherTypeError as error:
            other = error
    if not sides:
        assert other is not None
        raise other
    return sides[0] if other else unite(*sides)


def unite(left: Code, right: Code) -> Code:
    """Both sides without repetitions."""
    a, b, a_type, b_type = left.run, right.run, left.type, right.type
    if a_type == b_type:
        return Code(lambda c, f: union(a(c, f), b(c, f), a_type), a_type, left.types)
    types = tuple(dict.fromkeys(left.types + right.types)) if left.types and right.types else ()

    def run(context: Context, focus: Any) -> Nodes:
        return union(box(a(context, focus), a_type), box(b(context, focus), b_type), None)

    return Code(run, None, types)


def _logic(operator: str, left: Test, right: Test) -> Test:
    """Three-valued.  Spec: http://hl7.org/fhirpath/N1/#boolean-logic"""
    return {"and": _and, "or": _or, "xor": _xor, "implies": _implies}[operator](left, right)


def _and(left: Test, right: Test) -> Test:
    def test(context: Context, focus: Any) -> bool | None:
        a = left(context, focus)
        if a is False:
            return False
        b = right(context, focus)
        if b is False:
            return False
        return True if a and b else None

    return test


def _or(left: Test, right: Test) -> Test:
    def test(context: Context, focus: Any) -> bool | None:
        a = left(context, focus)
        if a:
            return True
        b = right(context, focus)
        if b:
            return True
        return False if a is False and b is False else None

    return test


def _xor(left: Test, right: Test) -> Test:
    def test(context: Context, focus: Any) -> bool | None:
        a, b = left(context, focus), right(context, focus)
        return None if a is None or b is None else a is not b

    return test


def _implies(left: Test, right: Test) -> Test:
    def test(context: Context, focus: Any) -> bool | None:
        a = left(context, focus)
        if a is False:
            return True
        b = right(context, focus)
        if b:
            return True
        return None if a is None or b is None else False

    return test


def _equality(left: Code, right: Code, wanted: bool) -> Test:
    if left.type == BOOLEAN and right.type == BOOLEAN:
        return _equal_conditions(left.condition(), right.condition(), wanted)
    a, b, a_type, b_type = left.run, right.run, left.type, right.type
    if type(right.constant) is str and a_type is not None and a_type not in TEMPORAL:
        return _equals_text(left, right.constant, wanted)

    def test(context: Context, focus: Any) -> bool | None:
        found = all_equal(a(context, focus), b(context, focus), a_type, b_type)
        return None if found is None else found is wanted

    return test


def _equal_conditions(left: Test, right: Test, wanted: bool) -> Test:
    def test(context: Context, focus: Any) -> bool | None:
        a, b = left(context, focus), right(context, focus)
        return None if a is None or b is None else (a is b) is wanted

    return test


def _equals_text(left: Code, text: str, wanted: bool) -> Test:
    """The common `system = 'http://…'`, without the general comparison."""
    run = left.run

    def test(context: Context, focus: Any) -> bool | None:
        nodes = run(context, focus)
        if not nodes:
            return None
        first = nodes[0]
        raw = first.raw if type(first) is Value else first
        return (len(nodes) == 1 and raw == text) is wanted

    return test


def _equivalence(left: Code, right: Code, wanted: bool) -> Test:
    a, b, a_type, b_type = left.run, right.run, left.type, right.type
    return lambda c, f: all_equivalent(a(c, f), b(c, f), a_type, b_type) is wanted


def _order(left: Code, right: Code, wanted: tuple[int, ...], at: int) -> Test:
    a, b, a_type, b_type = left.run, right.run, left.type, right.type
    same_dates = a_type == b_type and a_type in TEMPORAL

    def test(context: Context, focus: Any) -> bool | None:
        first = a(context, focus)
        second = b(context, focus)
        if not first or not second:
            return None
        x, y = single(first, at), single(second, at)
        if same_dates and type(x) is str and type(y) is str and x == y:
            return 0 in wanted
        found = order(x, y, a_type, b_type, at)
        return None if found is None else found in wanted

    return test


def membership(item: Code, collection: Code, at: int) -> Test:
    a, b, a_type, b_type = item.run, collection.run, item.type, collection.type

    def test(context: Context, focus: Any) -> bool | None:
        found = single(a(context, focus), at)
        return None if found is None else Members(b(context, focus), b_type).has(found, a_type)

    return test


def _concatenation(left: Code, right: Code, at: int) -> Code:
    a, b, a_type, b_type = left.run, right.run, left.type, right.type

    def run(context: Context, focus: Any) -> Nodes:
        x = system(single(a(context, focus), at), a_type)
        y = system(single(b(context, focus), at), b_type)
        texts = ("" if x is None else text_of(x, at), "" if y is None else text_of(y, at))
        return [joined(texts, at)]

    return Code(run, STRING, (STRING,))


def _arithmetic(operator: str, left: Code, right: Code, at: int) -> Code:
    a, b, a_type, b_type = left.run, right.run, left.type, right.type
    _check_operands(operator, left, right, at)

    def run(context: Context, focus: Any) -> Nodes:
        x = system(single(a(context, focus), at), a_type)
        y = system(single(b(context, focus), at), b_type)
        if x is None or y is None:
            return []
        found = calculate(operator, x, y, at)
        return [] if found is None else [found]

    return Code(run)


def _check_operands(operator: str, left: Code, right: Code, at: int) -> None:
    wrong: Callable[[str | None], bool] = lambda t: t in (BOOLEAN, "boolean")  # noqa: E731
    if wrong(left.type) or wrong(right.type):
        raise FhirPathError(f"{operator} does not take booleans", at)


def negative(operand: Code, at: int) -> Code:
    """Errors: FhirPathError for what is no number or quantity."""
    run, static = operand.run, operand.type
    if static == BOOLEAN:
        raise FhirPathError("expected a number or a quantity", at)

    def sign(context: Context, focus: Any) -> Nodes:
        value = system(single(run(context, focus), at), static)
        return [] if value is None else [negate(value, at)]

    kind = static if static is not None and static.startswith("System.") else None
    return Code(sign, kind, (kind,) if kind else ())
