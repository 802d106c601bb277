"""`_filter` as clauses. Spec: http://hl7.org/fhir/R4/search_filter.html"""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING

from ..errors import FhirError, define
from ..storage.plan import AnyOf, Clause, Match, Not, Operator, Test
from .chains import follow
from .filter import Comparison, Logic, Negation, Step, Tree, parse_filter
from .parameters import OWN, SPECIAL, Parameter
from .terms import ValueSetCodes
from .text import Tests
from .values import coded_tests, date_bounds, string_tests

if TYPE_CHECKING:
    from .clauses import Clauses

define(
    "search-operator",
    "not-supported",
    400,
    "_filter 中此参数不支持该运算符；可用：{expected}",
    "this parameter does not support the operator in _filter; available: {expected}",
)
ORDERED = ("gt", "lt", "ge", "le")
PREFIXED = ("eq", "ne", *ORDERED, "ap", "sa", "eb")
ALLOWED: dict[str, tuple[str, ...]] = {
    "string": ("eq", "ne", "co", "sw", "ew", *ORDERED, "pr"),
    "token": ("eq", "ne", "co", "sw", "ew", "ss", "sb", "in", "pr"),
    "date": (*PREFIXED, "po", "pr"),
    "number": (*PREFIXED, "pr"),
    "quantity": (*PREFIXED, "pr"),
    "uri": ("eq", "ne", "co", "sw", "ew", "ss", "sb", "pr"),
    "reference": ("eq", "ne", "re", "pr"),
    "composite": ("eq", "ne", "pr"),
    "position": ("eq", "pr"),
}
_ON_TEXT: dict[str, Operator] = {"eq": "=", "ne": "!=", "co": "contains", "sw": "starts",
    "ew": "ends", "gt": ">", "lt": "<", "ge": ">=", "le": "<="}  # fmt: skip
_INVERSE: dict[Operator, Operator] = {"=": "!=", "!=": "=", "<": ">=", ">=": "<", ">": "<=",
    "<=": ">"}  # fmt: skip
MAX_ALTERNATIVES = 64


def clause_of(clauses: Clauses, resource_type: str, text: str) -> Clause:
    """Errors: search-filter, search-operator, and as any search."""
    return _clause(clauses, resource_type, parse_filter(text))


def _clause(clauses: Clauses, resource_type: str, tree: Tree) -> Clause:
    if isinstance(tree, Negation):
        return Not((_clause(clauses, resource_type, tree.inner),))
    if isinstance(tree, Logic):
        parts = tuple(_clause(clauses, resource_type, each) for each in tree.parts)
        return AnyOf((parts,)) if tree.operator == "and" else AnyOf(tuple((p,) for p in parts))
    return _path(clauses, resource_type, tree.path, tree)


def _path(clauses: Clauses, resource_type: str, path: tuple[Step, ...], tree: Comparison) -> Clause:
    """`subject.name`, `subject[active eq true].name`: each step but the last is a reference."""
    step, rest = path[0], path[1:]
    name, _, target = step.name.partition(":")
    if not rest:
        return _compare(clauses, resource_type, name, tree)
    parameter = clauses.parameter(resource_type, name)

    def inner(target_type: str) -> tuple[Clause, ...]:
        where = step.where
        own = (_clause(clauses, target_type, where),) if where is not None else ()
        return (*own, _path(clauses, target_type, rest, tree))

    return follow(clauses, parameter, target, inner)


def _compare(clauses: Clauses, resource_type: str, name: str, tree: Comparison) -> Clause:
    code = "_id" if name == "id" else name
    if code in OWN or code in SPECIAL:
        return _common(clauses, resource_type, code, tree)
    parameter = clauses.parameter(resource_type, code)
    if tree.operator not in ALLOWED[parameter.kind]:
        expected = " ".join(ALLOWED[parameter.kind])
        raise FhirError("search-operator", code, expected=expected)
    if tree.operator == "pr":
        return clauses.match(parameter, "missing", [_opposite(code, tree.value)])
    if parameter.kind == "position":
        return clauses.match(parameter, "", [tree.value])
    tests = _tests(clauses, parameter, tree.operator, tree.value)
    parts = tuple(part.kind for part in parameter.parts)
    return Match(code, parameter.kind, tests, parts=parts)


def _common(clauses: Clauses, resource_type: str, code: str, tree: Comparison) -> Clause:
    allowed = {"_lastUpdated": PREFIXED, "_id": ("eq", "ne")}.get(code, ("eq", "co"))
    if tree.operator not in allowed or code == "_filter":
        raise FhirError("search-operator", code, expected=" ".join(allowed))
    if code == "_id":
        return clauses.clause(
            resource_type, "_id" if tree.operator == "eq" else "_id:not", _escaped(tree.value)
        )
    if code == "_lastUpdated":
        return clauses.clause(resource_type, code, tree.operator + _escaped(tree.value))
    return clauses.clause(resource_type, code, _escaped(tree.value).replace(",", "\\,"))


def _opposite(code: str, value: str) -> str:
    if value not in ("true", "false"):
        raise FhirError("search-value", code, expected="true, false")
    return "false" if value == "true" else "true"


def _escaped(value: str) -> str:
    return value.replace("\\", "\\\\")


def _tests(clauses: Clauses, parameter: Parameter, operator: str, value: str) -> Tests:
    """Some item of the element satisfies the operator; `ne`: some item is another."""
    kind, escaped = parameter.kind, _escaped(value)
    if kind == "string":
        folded = string_tests(parameter, "", escaped)[0][0].value
        return ((Test("folded", _ON_TEXT[operator], folded),),)
    if kind in ("date", "number", "quantity"):
        if operator == "po":
            _, low, high = date_bounds(parameter.code, "eq" + value)
            return ((Test("low", "<", high), Test("high", ">", low)),)
        return clauses.tests(parameter, "", operator + escaped)
    if operator in ("co", "sw", "ew"):
        return ((Test("value", _ON_TEXT[operator], value),),)
    if operator == "in":
        codes = clauses.terms.codes(ValueSetCodes(value))
        return coded_tests(parameter, dict(codes))
    if operator in ("ss", "sb"):
        return clauses.tests(parameter, "below" if operator == "ss" else "above", escaped)
    found = clauses.tests(parameter, "", escaped)
    return _unequal(parameter, found) if operator == "ne" else found


def _unequal(parameter: Parameter, tests: Tests) -> Tests:
    """The entries that the tests do not hold for."""
    if parameter.kind == "reference":
        # The alternatives of a bare id differ in the type alone.
        tests = (tuple(t for t in tests[0] if t.field != "type"),) if len(tests) > 1 else tests
    inverse = [[Test(t.field, _INVERSE[t.operator], t.value) for t in group] for group in tests]
    out = tuple(product(*inverse))
    if len(out) > MAX_ALTERNATIVES:
        raise FhirError("search-operator", parameter.code, expected="eq, not (… eq …)")
    return out
