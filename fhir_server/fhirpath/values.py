"""What closures pass to each other: nodes, and the context of one evaluation.

A node is a raw JSON value where its FHIR type is known when the expression is compiled, or a
`Value` that carries its type. A primitive with a `_sibling` (id, extensions) is always a `Value`.
Results of operators and literals are plain Python values of a System type: bool, int, Decimal, str,
`Moment`, `Quantity`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from typing import Any, TypeAlias

from .errors import FhirPathError
from .moment import Moment, parse_date, parse_time
from .quantity import Quantity, quantity_of

Json: TypeAlias = dict[str, Any]
Nodes: TypeAlias = list[Any]

TEMPORAL = frozenset(("date", "dateTime", "instant", "time"))
QUANTITIES = frozenset(
    ("Quantity", "Age", "Count", "Distance", "Duration", "SimpleQuantity", "MoneyQuantity")
)
_SYSTEM = {
    bool: "System.Boolean",
    str: "System.String",
    int: "System.Integer",
    Decimal: "System.Decimal",
    Quantity: "System.Quantity",
}


class Value:
    """A node with its type. `raw` is None for a primitive that has extensions only.

    Shape: `type` is a FHIR type, a nested path such as "Patient.contact", or "System.Boolean";
    `extra` is the `_sibling` object of a primitive.
    """

    __slots__ = ("extra", "raw", "type")

    def __init__(self, raw: Any, type: str, extra: Json | None = None) -> None:
        self.raw, self.type, self.extra = raw, type, extra

    def __repr__(self) -> str:
        return f"Value({self.type})"

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Value):
            return NotImplemented
        return (self.raw, self.type, self.extra) == (other.raw, other.type, other.extra)

    def __hash__(self) -> int:
        return hash(self.type)

    def json(self) -> Any:
        """The value as JSON holds it; a moment is its text, a System.Quantity a FHIR Quantity."""
        return to_json(self.raw)


class Context:
    """One evaluation: what `%resource` and the like mean, and the variables of loops."""

    __slots__ = ("focus", "index", "now", "resource", "root", "total", "variables")

    def __init__(
        self,
        resource: Any,
        root: Any = None,
        focus: Any = None,
        variables: Mapping[str, Any] | None = None,
    ) -> None:
        self.resource = resource
        self.root = resource if root is None else root
        self.focus = resource if focus is None else focus
        self.variables = variables or {}
        self.index = 0
        self.total: Nodes = []
        self.now: Moment | None = None

    def callback(self, name: str) -> Callable[..., Any] | None:
        """A function the caller supplies in the environment, such as `resolve`."""
        found = self.variables.get(name)
        return found if callable(found) else None


def raw_of(node: Any) -> Any:
    return node.raw if type(node) is Value else node


def type_of(node: Any, static: str | None) -> str:
    """FHIR or System type of a node. A raw resource says itself what it is."""
    kind = type(node)
    if kind is Value:
        return node.type  # type: ignore[no-any-return]
    if kind is dict and "resourceType" in node:
        return str(node["resourceType"])
    if static is not None:
        return static
    if kind is Moment:
        return "System." + str(node.kind)
    return _SYSTEM.get(kind, "Element")


def system(node: Any, static: str | None) -> Any:
    """A node as a System value where FHIR defines the conversion; else its raw JSON.

    Spec: http://hl7.org/fhir/R4/fhirpath.html#types
    """
    if type(node) is Value:
        static, node = node.type, node.raw
    if static in TEMPORAL:
        if type(node) is str:
            return _moment(node, static) or node
    elif static in QUANTITIES and type(node) is dict:
        return quantity_of(node) or node
    return node


def _moment(text: str, type_name: str) -> Moment | None:
    if type_name == "time":
        return parse_time(text)
    found = parse_date(text)
    if found is not None and type_name != "date" and found.kind == "Date":
        # A dateTime may hold a day only; its boundaries are still those of a dateTime.
        return Moment("DateTime", found.parts, None, found.text)
    return found


def single(nodes: Nodes, at: int = -1) -> Any:
    """The only node, or None. Errors: FhirPathError for several."""
    if not nodes:
        return None
    if len(nodes) > 1:
        raise FhirPathError("expected one item, found several", at)
    return nodes[0]


def truth(nodes: Nodes, at: int = -1) -> bool | None:
    """Singleton evaluation: one item that is no boolean counts as true.

    Spec: http://hl7.org/fhirpath/N1/#singleton-evaluation-of-collections
    """
    if not nodes:
        return None
    if len(nodes) > 1:
        raise FhirPathError("expected one item, found several", at)
    raw = raw_of(nodes[0])
    return raw if raw is True or raw is False else True


def box(nodes: Iterable[Any], static: str | None) -> Nodes:
    """Nodes that carry their type: what leaves the reach of a static FHIR type."""
    if static is None or static.startswith("System."):
        return list(nodes)
    return [n if type(n) is Value else Value(n, type_of(n, static)) for n in nodes]


def to_json(raw: Any) -> Any:
    if type(raw) is Moment:
        return raw.text
    if type(raw) is Quantity:
        code = {"unit": raw.unit, "system": "http://unitsofmeasure.org", "code": raw.unit}
        return {"value": raw.value, **({"unit": raw.unit} if raw.calendar else code)}
    return raw
