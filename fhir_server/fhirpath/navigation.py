"""Steps from a node to its elements, as closures made for the step.

Spec: http://hl7.org/fhirpath/N1/#path-selection; http://hl7.org/fhir/R4/json.html#primitive
"""

from __future__ import annotations

from typing import Any

from .registry import Code, Run
from .types import Step, Types
from .values import Context, Nodes, Value, type_of


def member(source: Code, step: Step, primitive: bool) -> Code:
    """An element of one type, reached from nodes whose type is known."""
    if primitive:
        run = (
            _first_primitive(step.key, step.type) if source.focus else _primitive(source.run, step)
        )
    else:
        run = _first_complex(step.key) if source.focus else _complex(source.run, step.key)
    return Code(run, step.type, (step.type,))


def _first_complex(key: str) -> Run:
    def run(context: Context, focus: Any) -> Nodes:
        if type(focus) is Value:
            focus = focus.raw
        if type(focus) is not dict:
            return []
        found = focus.get(key)
        if found is None:
            return []
        return found if type(found) is list else [found]

    return run


def _complex(source: Run, key: str) -> Run:
    def run(context: Context, focus: Any) -> Nodes:
        out: Nodes = []
        for node in source(context, focus):
            if type(node) is Value:
                node = node.raw
            if type(node) is dict:
                found = node.get(key)
                if type(found) is list:
                    out += found
                elif found is not None:
                    out.append(found)
        return out

    return run


def _first_primitive(key: str, type_name: str) -> Run:
    sibling = "_" + key

    def run(context: Context, focus: Any) -> Nodes:
        if type(focus) is Value:
            focus = focus.raw
        if type(focus) is not dict:
            return []
        found = focus.get(key)
        if sibling in focus:
            return pair(found, focus[sibling], type_name)
        if found is None:
            return []
        return found if type(found) is list else [found]

    return run


def _primitive(source: Run, step: Step) -> Run:
    key, sibling, type_name = step.key, "_" + step.key, step.type

    def run(context: Context, focus: Any) -> Nodes:
        out: Nodes = []
        for node in source(context, focus):
            if type(node) is Value:
                node = node.raw
            if type(node) is dict:
                found = node.get(key)
                if sibling in node:
                    out += pair(found, node[sibling], type_name)
                elif type(found) is list:
                    out += found
                elif found is not None:
                    out.append(found)
        return out

    return run


def pair(found: Any, extra: Any, type_name: str) -> Nodes:
    """Primitive values with their `_sibling` objects; each array may be shorter or hold null."""
    if type(found) is not list and type(extra) is not list:
        return [Value(found, type_name, extra)] if found is not None or extra else []
    values = found if type(found) is list else [found]
    extras = extra if type(extra) is list else [extra]
    out: Nodes = []
    for i in range(max(len(values), len(extras))):
        value = values[i] if i < len(values) else None
        other = extras[i] if i < len(extras) else None
        if other is not None or value is not None:
            out.append(Value(value, type_name, other))
    return out


def choice(source: Code, steps: tuple[Step, ...], types: Types) -> Code:
    """An element such as value[x]; the node carries the type found."""
    rows = tuple((s.key, "_" + s.key, s.type, s.type in types.primitives) for s in steps)
    run_source = source.run

    def run(context: Context, focus: Any) -> Nodes:
        out: Nodes = []
        for node in run_source(context, focus):
            raw = node.raw if type(node) is Value else node
            if type(raw) is not dict:
                continue
            for key, sibling, type_name, primitive in rows:
                if key in raw:
                    out += typed(raw[key], raw.get(sibling) if primitive else None, type_name)
                    break
                if primitive and sibling in raw:
                    out += pair(None, raw[sibling], type_name)
                    break
        return out

    return Code(run, None, tuple(s.type for s in steps))


def typed(found: Any, extra: Any, type_name: str) -> Nodes:
    """The values of a property, each with its type."""
    if extra is not None:
        return pair(found, extra, type_name)
    if type(found) is list:
        return [Value(each, type_name) for each in found if each is not None]
    return [] if found is None else [Value(found, type_name)]


def on_primitive(source: Code, step: Step) -> Code:
    """`id` and `extension` of a primitive, which its `_sibling` holds."""
    key, run_source = step.key, source.run

    def run(context: Context, focus: Any) -> Nodes:
        out: Nodes = []
        for node in run_source(context, focus):
            if type(node) is Value and node.extra:
                found = node.extra.get(key)
                if type(found) is list:
                    out += found
                elif found is not None:
                    out.append(found)
        return out

    return Code(run, step.type, (step.type,))


def dynamic(source: Code, name: str, types: Types) -> Code:
    """An element of nodes whose type is known at run time only."""
    run_source, static = source.run, source.type

    def run(context: Context, focus: Any) -> Nodes:
        out: Nodes = []
        for node in run_source(context, focus):
            kind = type_of(node, static)
            is_value = type(node) is Value
            raw = node.raw if is_value else node
            holder = raw if type(raw) is dict else node.extra if is_value else None
            if holder is not None:
                for key, type_name, _ in types.steps(kind, name):
                    extra = holder.get("_" + key) if type_name in types.primitives else None
                    out += typed(holder.get(key), extra, type_name)
        return out

    return Code(run)


def children(node: Any, static: str | None, types: Types) -> Nodes:
    """All elements of a node, with their types.  Spec: http://hl7.org/fhirpath/N1/#children"""
    kind = type_of(node, static)
    is_value = type(node) is Value
    raw = node.raw if is_value else node
    holder = raw if type(raw) is dict else node.extra if is_value else None
    if not holder:
        return []
    keys = types.keys(kind)
    out: Nodes = []
    for key, found in holder.items():
        if key.startswith("_"):
            if key[1:] not in holder and key[1:] in keys:
                out += pair(None, found, keys[key[1:]])
        elif key in keys:
            type_name = keys[key]
            extra = holder.get("_" + key) if type_name in types.primitives else None
            out += typed(found, extra, type_name)
    return out
