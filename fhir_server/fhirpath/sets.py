"""Collections as sets. Hashing keeps them linear: a value set expansion has thousands of items.

Spec: http://hl7.org/fhirpath/N1/#combining and #distinct-collection
"""

from __future__ import annotations

from collections.abc import Hashable
from decimal import Decimal
from typing import Any

from .compare import Static, equal
from .moment import Moment
from .quantity import Quantity
from .values import TEMPORAL, Nodes, Value, system


class Members:
    """Items to look up by the operator `=`; an open answer counts as "not equal"."""

    def __init__(self, nodes: Nodes = (), static: Static = None) -> None:  # type: ignore[assignment]
        self._keys: set[Hashable] = set()
        # Moments and quantities of different text may be equal, so they have no key.
        self._others: list[tuple[Any, Static]] = []
        for node in nodes:
            self.add(node, static)

    def add(self, node: Any, static: Static) -> bool:
        """Was it new?"""
        key = _key(node, static)
        if key is not None:
            before = len(self._keys)
            self._keys.add(key)
            return len(self._keys) > before
        if self._among_others(node, static):
            return False
        self._others.append((node, static))
        return True

    def has(self, node: Any, static: Static) -> bool:
        key = _key(node, static)
        return self._among_others(node, static) if key is None else key in self._keys

    def _among_others(self, node: Any, static: Static) -> bool:
        return any(equal(node, other, static, kind) for other, kind in self._others)


def _key(node: Any, static: Static) -> Hashable | None:
    value = system(node, static)
    if type(value) is Moment or type(value) is Quantity:
        return None
    if value is None:
        return ("extra", frozen(node.extra if type(node) is Value else None))
    return frozen(value)


def frozen(raw: Any) -> Hashable:
    """Equal exactly where `same_json` says so."""
    kind = type(raw)
    if kind is dict:
        return ("object", frozenset((k, frozen(v)) for k, v in raw.items()))
    if kind is list:
        return ("array", tuple(frozen(v) for v in raw))
    if kind is bool or raw is None:
        return ("boolean", raw)
    return ("number", raw) if kind in (int, Decimal) else (kind.__name__, raw)


def distinct(nodes: Nodes, static: Static) -> Nodes:
    """The nodes without repetitions, in order."""
    if len(nodes) < 2:
        return nodes
    if static not in TEMPORAL and all(type(n) is str for n in nodes):
        return list(dict.fromkeys(nodes))
    seen = Members()
    return [node for node in nodes if seen.add(node, static)]


def union(left: Nodes, right: Nodes, static: Static) -> Nodes:
    """Both without repetitions; the nodes of either side have the type `static`."""
    return distinct([*left, *right], static) if left or right else []
