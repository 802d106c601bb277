"""A profile as a tree of what it says beyond the base type: sparse, merged over its ancestors.

Spec: http://hl7.org/fhir/R4/profiling.html and http://hl7.org/fhir/R4/elementdefinition.html
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from ..definitions import Definitions, Element

Json: TypeAlias = dict[str, Any]

# Parts of an ElementDefinition which say where it stands, not what holds there.
_PLACE = frozenset(("id", "path", "sliceName", "base", "contentReference", "sliceIsConstraining"))


@dataclass(slots=True)
class Node:
    """One element of a profile, or one slice of it.

    Shape: `facts` is an ElementDefinition without its place, later profiles over earlier ones, but
    for `constraint`, which collects; `children` by element name without [x]; `slices` by name, a
    slice of a slice below it.
    """

    facts: Json = field(default_factory=dict)
    children: dict[str, Node] = field(default_factory=dict)
    slices: dict[str, Node] = field(default_factory=dict)

    def copy(self) -> Node:
        return Node(
            dict(self.facts),
            {name: node.copy() for name, node in self.children.items()},
            {name: node.copy() for name, node in self.slices.items()},
        )

    def child(self, name: str) -> Node:
        return self.children.setdefault(name, Node())

    def slice(self, name: str) -> Node:
        """By name, with slashes for a slice of a slice; made where it is new."""
        node = self
        for part in name.split("/"):
            node = node.slices.setdefault(part, Node())
        return node

    def merge(self, element: Json) -> None:
        facts = {key: value for key, value in element.items() if key not in _PLACE}
        own = facts.pop("constraint", ())
        for prefix in ("fixed", "pattern", "minValue", "maxValue"):
            # A choice: what a derived profile states takes the place of the other spelling.
            if any(key.startswith(prefix) for key in facts):
                self.facts = {k: v for k, v in self.facts.items() if not k.startswith(prefix)}
        self.facts.update(facts)
        if own:
            held = {c.get("key"): c for c in self.facts.get("constraint", ())}
            held.update({c.get("key"): c for c in own})
            self.facts["constraint"] = list(held.values())


class TreeError(ValueError):
    """A profile that cannot be read. The text says which element, and what is wrong with it."""


class Grower:
    """Puts the elements of StructureDefinitions into trees."""

    def __init__(self, definitions: Definitions) -> None:
        self._definitions = definitions

    def grow(self, base: Node | None, root_type: str, elements: Sequence[Json]) -> Node:
        """A copy of the base with the elements merged in, in their order.

        Errors: TreeError for an element without a path, outside the type, or a lost slice.
        """
        tree = base.copy() if base is not None else Node()
        stack: list[tuple[str, str]] = []  # path with the slice names so far, for missing ids
        for element in elements:
            path = element.get("path")
            if type(path) is not str or path.partition(".")[0] != root_type:
                raise TreeError(f"an element has a path that does not begin with {root_type}")
            self._place(tree, root_type, steps_of_element(element, stack)).merge(element)
        return tree

    def _place(self, tree: Node, type_name: str, steps: list[tuple[str, str]]) -> Node:
        node, current = tree, type_name
        if steps and steps[0][1]:
            node = node.slice(steps[0][1])
        for name, slice_name in steps[1:]:
            element, given = self.element(current, name)
            if element is None:
                raise TreeError(f"{type_name}: no element {name} in {current or 'this place'}")
            node = node.child(element.name)
            wanted = slice_name or given
            if wanted:
                node = node.slice(wanted)
                if given and "type" not in node.facts:
                    node.facts["type"] = [{"code": self.element_type(element, name)}]
            current = self.type_below(element, node)
        return node

    def element(self, type_name: str, name: str) -> tuple[Element | None, str]:
        """The element of a name, with the slice that a spelling like valueQuantity stands for."""
        definition = self._definitions.type(type_name)
        if definition is None:
            return None, ""
        plain = name.removesuffix("[x]")
        found = definition.elements.get(plain)
        if found is not None:
            return found, ""
        pair = definition.keys.get(name)
        return (pair[0], name) if pair is not None else (None, "")

    def element_type(self, element: Element, key: str) -> str:
        return next(ref.code for name, ref in element.json_names() if name == key)

    def type_below(self, element: Element, node: Node) -> str:
        """The type whose elements the children of a node are; "" where that is not one type."""
        stated = [t.get("code", "") for t in node.facts.get("type", ())]
        own = [ref.code for ref in element.types]
        if len(own) == 1 and (not stated or own[0].count(".") or own[0] in _OPEN):
            return str(stated[0]) if stated and own[0] in _OPEN else own[0]
        if len(set(stated)) == 1 and ":" not in stated[0]:
            return str(stated[0])
        return own[0] if len(own) == 1 else "Element"


_OPEN = frozenset(("Resource", "DomainResource"))


def steps_of_element(element: Json, stack: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Names with slice names, from the id, or from the path and what stood before it."""
    path: str = element["path"]
    names = path.split(".")
    identifier = element.get("id")
    if type(identifier) is str and identifier.count(".") == len(names) - 1:
        parts = [part.partition(":") for part in identifier.split(".")]
        out = [(name, part[2]) for name, part in zip(names, parts, strict=True)]
        if element.get("sliceName") and not out[-1][1]:
            out[-1] = (out[-1][0], element["sliceName"])
    else:
        out = [
            (name, stack[i][1] if i < len(stack) and _same(stack, names, i) else "")
            for i, name in enumerate(names[:-1])
        ]
        out.append((names[-1], element.get("sliceName", "")))
    stack[:] = out
    return out


def _same(stack: list[tuple[str, str]], names: list[str], upto: int) -> bool:
    return [name for name, _ in stack[: upto + 1]] == names[: upto + 1]
