"""Where in a resource the results of a FHIRPath are.

A result that is an object is found again by its identity. A primitive has none, so in the working
copy each one is paired with a `_sibling` object of its own, which FHIRPath hands through; those
that stay empty are taken out at the end.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ..definitions import Type, r4
from ..errors import FhirError
from ..fhirpath import FhirPathError, Value, compile
from .bounds import MAX_VALUES, Json, copied, count_values, too_large


@dataclass(frozen=True, slots=True)
class Place:
    """An element: its owner with the owner's type, its JSON key, and the index in a list."""

    owner: Json
    owner_type: str
    key: str
    index: int | None


class Document:
    """The working copy of a resource."""

    def __init__(self, resource: Json) -> None:
        self.root: Json = copied(resource)
        self.type = str(resource.get("resourceType", ""))
        self._values = count_values(resource)
        self._work = 0
        pair_up(self.root, self.type)

    def evaluate(self, path: str, at: str) -> list[Value]:
        """Errors: patch-expression, patch-too-large."""
        self._work += self._values
        if self._work > MAX_VALUES:  # many operations on a large resource
            raise too_large()
        try:
            return compile(path, self.type).evaluate(self.root)
        except FhirPathError as error:
            raise FhirError("patch-expression", at, reason=str(error)) from None

    def places(self, path: str, at: str) -> list[Place]:
        """Errors: also patch-computed for what is no element, patch-root for the resource."""
        found = self.evaluate(path, at)
        if not found:
            return []
        known = self.index()
        out = []
        for value in found:
            if value.raw is self.root:
                raise FhirError("patch-root", at)
            place = known.get(id(value.raw if type(value.raw) is dict else value.extra))
            if place is None:
                raise FhirError("patch-computed", at)
            out.append(place)
        return out

    def index(self) -> dict[int, Place]:
        """The place of each object and of each primitive's sibling, by identity."""
        out: dict[int, Place] = {}
        _index(self.root, self.type, out)
        return out

    def finished(self) -> Json:
        unpair(self.root)
        return self.root


def definition_of(node: Json, type_name: str) -> Type | None:
    """The type of an object; a resource says its own."""
    own = node.get("resourceType")
    return r4().type(own if type(own) is str else type_name)


def is_primitive(type_name: str) -> bool:
    return type_name in r4().primitives


def pair_up(node: Json, type_name: str) -> None:
    """Give each primitive below an object a sibling of its own."""
    definition = definition_of(node, type_name)
    if definition is None:
        return
    for key in [k.removeprefix("_") for k in node]:
        if key not in definition.keys:
            continue
        code = definition.keys[key][1].code
        if is_primitive(code):
            _pair(node, key)
            extras = node["_" + key]
            for each in extras if type(extras) is list else [extras]:
                pair_up(each, "Element")
        else:
            value = node.get(key)
            for each in value if type(value) is list else [value]:
                if type(each) is dict:
                    pair_up(each, code)


def _pair(node: Json, key: str) -> None:
    value, extra = node.get(key), node.get("_" + key)
    if type(value) is not list and type(extra) is not list:
        node["_" + key] = extra if type(extra) is dict else {}
        return
    values = value if type(value) is list else []
    extras = extra if type(extra) is list else []
    count = max(len(values), len(extras))
    values += [None] * (count - len(values))
    node[key] = values
    node["_" + key] = [
        extras[i] if i < len(extras) and type(extras[i]) is dict else {} for i in range(count)
    ]


def unpair(node: Any) -> None:
    """Take out the siblings that stayed empty."""
    if type(node) is list:
        for each in node:
            unpair(each)
    if type(node) is not dict:
        return
    for key, value in list(node.items()):
        unpair(value)
        if not key.startswith("_"):
            continue
        if type(value) is list:
            node[key] = [each or None for each in value]
            if not any(node[key]):
                del node[key]
        elif value == {}:
            del node[key]
    for key, value in list(node.items()):
        if type(value) is list and value and all(each is None for each in value):
            del node[key]


def _index(node: Json, type_name: str, out: dict[int, Place]) -> None:
    definition = definition_of(node, type_name)
    if definition is None:
        return
    own = definition.path
    for key, value in node.items():
        name = key.removeprefix("_")
        if name not in definition.keys or (key == name and is_primitive(_code(definition, key))):
            continue
        below = "Element" if key != name else _code(definition, key)
        for index, each in enumerate(value if type(value) is list else [value]):
            if type(each) is dict:
                out[id(each)] = Place(node, own, name, index if type(value) is list else None)
                if each:
                    _index(each, below, out)


def _code(definition: Type, key: str) -> str:
    return definition.keys[key][1].code
