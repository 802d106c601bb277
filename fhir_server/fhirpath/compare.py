"""Equality, equivalence and order of nodes; each takes the nodes with their static types.

Spec: http://hl7.org/fhirpath/N1/#equality and #comparison
"""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from typing import Any, TypeAlias

from .errors import FhirPathError
from .moment import Moment, compare_moments
from .quantity import CALENDAR, Quantity, compare_quantities, mixes_calendars, quantity_of
from .values import Nodes, Value, system

Static: TypeAlias = str | None
_NUMBERS = (int, Decimal)


def equal(left: Any, right: Any, left_type: Static, right_type: Static) -> bool | None:
    """None where the precision of dates, or the calendars of quantities, leave it open."""
    a, b = system(left, left_type), system(right, right_type)
    kind, other = type(a), type(b)
    if kind is Moment or other is Moment:
        return _equal_moments(a, b)
    if kind is Quantity or other is Quantity:
        return _equal_quantities(a, b)
    if a is None and b is None:  # primitives with extensions only
        return bool(_extra(left) == _extra(right))
    if kind is bool or other is bool:
        return a is b
    return bool(same_json(a, b))


def _extra(node: Any) -> Any:
    return node.extra if type(node) is Value else None


def _equal_moments(a: Any, b: Any) -> bool | None:
    if type(a) is not type(b) or (a.kind == "Time") is not (b.kind == "Time"):
        return False
    found = compare_moments(a, b)
    return None if found is None else found == 0


def _equal_quantities(a: Any, b: Any) -> bool | None:
    left, right = quantity_of(a), quantity_of(b)
    if left is None or right is None:
        return False
    found = compare_quantities(left, right)
    if found is None:
        return None if mixes_calendars(left, right) else False
    return found == 0


def same_json(a: Any, b: Any) -> bool:
    """Deep equality; true is not 1, but 1 is 1.0."""
    if type(a) is dict and type(b) is dict:
        return a.keys() == b.keys() and all(same_json(a[k], b[k]) for k in a)
    if type(a) is list and type(b) is list:
        return len(a) == len(b) and all(map(same_json, a, b))
    return (type(a) is bool) is (type(b) is bool) and bool(a == b)


def all_equal(left: Nodes, right: Nodes, left_type: Static, right_type: Static) -> bool | None:
    """The operator `=` on collections: as many items, in the same order."""
    if not left or not right:
        return None
    if len(left) != len(right):
        return False
    answer: bool | None = True
    for a, b in zip(left, right, strict=True):
        found = equal(a, b, left_type, right_type)
        if found is False:
            return False
        if found is None:
            answer = None
    return answer


def equivalent(left: Any, right: Any, left_type: Static, right_type: Static) -> bool:
    """The operator `~` on two items."""
    a, b = system(left, left_type), system(right, right_type)
    if type(a) is str and type(b) is str:
        return " ".join(a.casefold().split()) == " ".join(b.casefold().split())
    if type(a) is Moment and type(b) is Moment:
        return compare_moments(a, b) == 0
    if type(a) is Quantity or type(b) is Quantity:
        return _equivalent_quantities(a, b)
    if type(a) in _NUMBERS and type(b) in _NUMBERS:
        return _close(Decimal(a), Decimal(b))
    if type(a) is dict and type(b) is dict:
        return _equivalent_json(a, b)
    return (type(a) is bool) is (type(b) is bool) and bool(a == b)


def _equivalent_quantities(a: Any, b: Any) -> bool:
    left, right = quantity_of(a), quantity_of(b)
    if left is None or right is None:
        return False
    if mixes_calendars(left, right):  # for equivalence a year is a year
        left, right = _definite(left), _definite(right)
    x, y = left.canonical(), right.canonical()
    return x.dimensions == y.dimensions and _close(x.factor, y.factor)


def _definite(quantity: Quantity) -> Quantity:
    return Quantity(quantity.value, CALENDAR.get(quantity.unit, quantity.unit))


def _close(a: Decimal, b: Decimal) -> bool:
    """Equal when rounded to the precision of the less precise one."""
    places = max(_exponent(a), _exponent(b))
    step = Decimal(1).scaleb(places)
    return a.quantize(step, ROUND_HALF_UP) == b.quantize(step, ROUND_HALF_UP)


def _exponent(number: Decimal) -> int:
    exponent = number.normalize().as_tuple().exponent
    return exponent if isinstance(exponent, int) else 0


def _equivalent_json(a: Any, b: Any) -> bool:
    if type(a) is dict and type(b) is dict:
        return a.keys() == b.keys() and all(_equivalent_json(a[k], b[k]) for k in a)
    if type(a) is list and type(b) is list:
        return _match_all(a, b, _equivalent_json)
    return equivalent(a, b, None, None)


def all_equivalent(left: Nodes, right: Nodes, left_type: Static, right_type: Static) -> bool:
    """The operator `~` on collections: as many items, in any order."""
    return _match_all(left, right, lambda a, b: equivalent(a, b, left_type, right_type))


def _match_all(left: Nodes, right: Nodes, same: Any) -> bool:
    if len(left) != len(right):
        return False
    rest = list(right)
    for a in left:
        found = next((i for i, b in enumerate(rest) if same(a, b)), None)
        if found is None:
            return False
        del rest[found]
    return True


def order(left: Any, right: Any, left_type: Static, right_type: Static, at: int = -1) -> int | None:
    """-1, 0 or 1; None where it is open. Errors: FhirPathError for types without an order."""
    a, b = system(left, left_type), system(right, right_type)
    if a is None or b is None:
        return None
    kind, other = type(a), type(b)
    if (kind in _NUMBERS and other in _NUMBERS) or (kind is str and other is str):
        return int(a > b) - int(a < b)
    if kind is Moment or other is Moment:
        return _order_moments(a, b, at)
    if kind in (Quantity, dict) or other in (Quantity, dict):
        x, y = quantity_of(a), quantity_of(b)
        if x is not None and y is not None:
            return compare_quantities(x, y)
    raise FhirPathError("expected two values of one ordered type", at)


def _order_moments(a: Any, b: Any, at: int) -> int | None:
    if type(a) is not type(b) or (a.kind == "Time") is not (b.kind == "Time"):
        raise FhirPathError("expected two dates or two times", at)
    return compare_moments(a, b)
