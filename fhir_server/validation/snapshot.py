"""A snapshot from a differential: every element of the type, with what the profile says of it.

Spec: http://hl7.org/fhir/R4/profiling.html#snapshot
Not supported: the prose of base elements (short, definition, comment), which is not at hand; the
profile's own is kept.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ..definitions import Definitions, Element, Invariant
from .compiler import CORE, Compiler
from .tree import Node, TreeError

Json = dict[str, Any]
MAX_ELEMENTS = 20_000


class SnapshotError(ValueError):
    """A profile without a snapshot of its own that cannot be given one; the text says why."""


def generate(compiler: Compiler, sd: Json) -> Json:
    """The StructureDefinition with its snapshot. Errors: SnapshotError."""
    try:
        base = compiler.tree(str(sd.get("baseDefinition", "")))
        if base is None:
            raise SnapshotError(f"the base {sd.get('baseDefinition')} is not known here")
        elements = sd.get("differential", {}).get("element", ())
        tree = compiler.grower.grow(base, str(sd["type"]), elements)
    except (TreeError, KeyError, TypeError, AttributeError) as error:
        raise SnapshotError(str(error) if isinstance(error, TreeError) else "structure") from None
    writer = _Writer(compiler)
    out = []
    for element in writer.of_type(sd["type"], tree, sd["type"], sd["type"]):
        out.append(element)
        if len(out) > MAX_ELEMENTS:
            raise SnapshotError(f"it has more than {MAX_ELEMENTS} elements")
    rest = {k: v for k, v in sd.items() if k not in ("snapshot", "differential")}
    snapshot = {"snapshot": {"element": out}}
    return {**rest, **snapshot, **{k: sd[k] for k in ("differential",) if k in sd}}


class _Writer:
    def __init__(self, compiler: Compiler) -> None:
        self._compiler = compiler
        self._definitions: Definitions = compiler.definitions

    def of_type(self, type_name: str, node: Node, path: str, id: str) -> Iterator[Json]:
        """The root of a type and all below it."""
        definition = self._definitions.type(type_name)
        if definition is None:
            raise SnapshotError(f"unknown type {type_name}")
        root: Json = {
            "id": id, "path": path, "min": 0, "max": "*",
            "base": {"path": type_name, "min": 0, "max": "*"},
        }  # fmt: skip
        yield _over(root, node, _constraints(definition.invariants, type_name))
        yield from self._children(type_name, node, path, id)

    def _children(self, type_name: str, node: Node, path: str, id: str) -> Iterator[Json]:
        definition = self._definitions.type(type_name)
        if definition is None:
            return
        for element in definition.elements.values():
            name = element.name + ("[x]" if element.choice else "")
            child = node.children.get(element.name) or Node()
            plain = self._plain(type_name, element)
            yield from self._element(
                element, plain, child, type_name, f"{path}.{name}", f"{id}.{name}"
            )

    def _element(
        self, element: Element, plain: Json, node: Node, owner: str, path: str, id: str
    ) -> Iterator[Json]:
        own = _constraints(element.invariants, owner)
        yield _over({"id": id, "path": path, **plain}, node, own)
        below = self._compiler.grower.type_below(element, node)
        nested = below == f"{owner}.{element.name}" and not element.content
        if nested or node.children:
            yield from self._children(below, node, path, id)
        yield from self._slices(element, plain, node, owner, path, id)

    def _slices(
        self,
        element: Element,
        plain: Json,
        node: Node,
        owner: str,
        path: str,
        id: str,
        name: str = "",
    ) -> Iterator[Json]:
        for key, each in node.slices.items():
            full = f"{name}/{key}" if name else key
            slice_id = f"{id.partition(':')[0] if name else id}:{full}"
            start = {"id": slice_id, "path": path, "sliceName": full, **plain, "min": 0}
            inherited = {k: v for k, v in node.facts.items() if k not in ("slicing", "min")}
            yield _over({**start, **inherited}, each, _constraints(element.invariants, owner))
            below = self._compiler.grower.type_below(element, each)
            nested = below == f"{owner}.{element.name}" and not element.content
            if nested or each.children:
                yield from self._children(below, _merged(node, each), path, slice_id)
            yield from self._slices(element, plain, each, owner, path, id, full)

    def _plain(self, owner: str, element: Element) -> Json:
        """What the base says of an element."""
        top = "*" if element.max is None else str(element.max)
        out: Json = {
            "min": element.min, "max": top,
            "base": {"path": f"{owner}.{element.name}" + ("[x]" if element.choice else ""),
                     "min": element.min, "max": top},
        }  # fmt: skip
        if element.content:
            out["contentReference"] = "#" + element.types[0].code
        else:
            out["type"] = [self._type(ref.code, ref.targets) for ref in element.types]
        if element.max_length is not None:
            out["maxLength"] = element.max_length
        if element.strength:
            out["binding"] = {"strength": element.strength, "valueSet": element.value_set}
        if element.modifier:
            out["isModifier"] = True
        if element.summary:
            out["isSummary"] = True
        return out

    def _type(self, code: str, targets: tuple[str, ...]) -> Json:
        if "." in code:
            return {"code": self._definitions.base_of(code) or "BackboneElement"}
        out: Json = {"code": code}
        if targets:
            out["targetProfile"] = [CORE + each for each in targets]
        return out


def _merged(node: Node, slice_: Node) -> Node:
    """What holds in a slice: what the element says of all items, and what the slice adds."""
    out = node.copy()
    for name, child in slice_.children.items():
        held = out.child(name)
        held.merge(child.facts)
        out.children[name] = _merged(held, child)
        for key, each in child.slices.items():
            out.children[name].slices[key] = each
    out.slices = {}
    return out


def _constraints(invariants: tuple[Invariant, ...], source: str) -> list[Json]:
    return [
        {"key": i.key, "severity": i.severity, "human": i.key, "expression": i.expression,
         "source": CORE + source.partition(".")[0]}
        for i in invariants
    ]  # fmt: skip


def _over(element: Json, node: Node, constraints: list[Json]) -> Json:
    """An element of the base with what a node says of it."""
    facts = {k: v for k, v in node.facts.items() if k != "constraint"}
    if "type" in facts:
        element = {k: v for k, v in element.items() if k != "contentReference"}
    held = {c["key"]: c for c in element.pop("constraint", [])}
    held.update({c["key"]: c for c in constraints})
    held.update({str(c.get("key")): c for c in node.facts.get("constraint", ())})
    out = {**element, **facts}
    if held:
        out["constraint"] = list(held.values())
    return out
