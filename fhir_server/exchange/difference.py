"""The way from one resource to another as FHIRPath Patch.

Spec: http://hl7.org/fhir/R4/fhirpatch.html
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from typing import Any, NamedTuple

from ..definitions import Definitions, Type, TypeRef
from ..model.json import canonical
from .call import Json

# Beyond this a list is compared place by place: aligning it would take too long.
MAX_CELLS = 250_000
OPEN = "Parameters.parameter"  # its value[x] names the types that a patch can carry as one value


class Item(NamedTuple):
    """One value of an element: `value` None where only the extensions (`more`) are there."""

    value: Any
    more: Any
    type: TypeRef

    @property
    def same_as(self) -> str:
        return self.type.code + canonical([self.value, self.more])


@dataclass
class Difference:
    """Collects the operations; `skip` are elements of the root that stay out of it."""

    definitions: Definitions
    skip: frozenset[str] = frozenset()
    operations: list[Json] = field(default_factory=list)

    def compare(self, old: Json, new: Json, path: str, type_: str) -> None:
        """Operations that make `new` of `old`, for the object at a path of simple steps."""
        definition = self.definitions.type(type_)
        assert definition is not None
        before, after = _items(definition, old), _items(definition, new)
        skip = self.skip if "." not in path else frozenset()
        gone = [name for name in before if name not in after and name not in skip]
        for name, items in after.items():
            if name in skip:
                continue
            here = f"{path}.{name}"
            if definition.elements[name].many:
                self._list(before.get(name, []), items, path, name)
            elif name not in before:
                self._add(path, name, items[0])
            elif before[name][0].same_as != items[0].same_as:
                self._changed(before[name][0], items[0], here)
        # Last, so that no object is empty in between.
        for name in gone:
            if definition.elements[name].many:
                for i in reversed(range(len(before[name]))):
                    self._operation("delete", f"{path}.{name}[{i}]")
            else:
                self._operation("delete", f"{path}.{name}")

    def _list(self, old: list[Item], new: list[Item], path: str, name: str) -> None:
        length, drop = len(old), []
        for at, (kind, a, b) in enumerate(_align(old, new)):
            here = f"{path}.{name}[{at}]"
            if kind == "insert":
                if at == length:
                    self._add(path, name, new[b])
                else:
                    self._operation("insert", f"{path}.{name}", new[b], index=at)
                length += 1
            elif kind == "change":
                self._changed(old[a], new[b], here)
            elif kind == "delete":
                drop.append(at)
        for i in reversed(drop):
            self._operation("delete", f"{path}.{name}[{i}]")

    def _changed(self, old: Item, new: Item, here: str) -> None:
        deep = type(old.value) is dict and type(new.value) is dict and old.type == new.type
        if deep and "resourceType" not in old.value and "resourceType" not in new.value:
            self.compare(old.value, new.value, here, new.type.code)
        else:
            self._operation("replace", here, new)

    def _add(self, path: str, name: str, item: Item) -> None:
        self._operation("add", path, item, name=name)

    def _operation(
        self, kind: str, path: str, item: Item | None = None, *, name: str = "", index: int = -1
    ) -> None:
        part: list[Json] = [
            {"name": "type", "valueCode": kind},
            {"name": "path", "valueString": path},
        ]
        if name:
            part.append({"name": "name", "valueString": name})
        if index >= 0:
            part.append({"name": "index", "valueInteger": index})
        if item is not None:
            part.append(self._value("value", item))
        self.operations.append({"name": "operation", "part": part})

    def _value(self, name: str, item: Item) -> Json:
        """A value as a part; what value[x] cannot hold is spelled out in parts of its own."""
        code = "string" if item.type.code == "xhtml" else item.type.code
        key = "value" + code[:1].upper() + code[1:]
        open_ = self.definitions.type(OPEN)
        assert open_ is not None
        if type(item.value) is dict and "resourceType" in item.value:
            return {"name": name, "resource": item.value}
        if key in open_.keys:
            out = {"name": name}
            if item.value is not None:
                out[key] = item.value
            if item.more is not None:
                out["_" + key] = item.more
            return out
        definition = self.definitions.type(code)
        assert definition is not None
        parts = [
            self._value(each, one)
            for each, items in _items(definition, item.value).items()
            for one in items
        ]
        return {"name": name, "part": parts}


def _items(definition: Type, value: Json) -> dict[str, list[Item]]:
    """The elements of an object by name, each as a list of its values."""
    out: dict[str, list[Item]] = {}
    for raw in value:
        key = raw.removeprefix("_")
        found = definition.keys.get(key)
        if found is None or found[0].name in out:  # resourceType, or the sibling of a primitive
            continue
        element, ref = found
        values, more = value.get(key), value.get("_" + key)
        if not element.many:
            out[element.name] = [Item(values, more, ref)]
            continue
        values = values if values is not None else [None] * len(more or ())
        extra = more if more is not None else [None] * len(values)
        pairs = zip(values, extra, strict=False)
        out[element.name] = [Item(v, m, ref) for v, m in pairs]
    return out


def _align(old: Sequence[Item], new: Sequence[Item]) -> list[tuple[str, int, int]]:
    """Steps through the two lists: keep, change, insert, delete; places in old and new."""
    a, b = [each.same_as for each in old], [each.same_as for each in new]
    first = 0
    while first < min(len(a), len(b)) and a[first] == b[first]:
        first += 1
    last = 0
    while last < min(len(a), len(b)) - first and a[-1 - last] == b[-1 - last]:
        last += 1
    out = [("keep", i, i) for i in range(first)]
    middle = (len(a) - first - last, len(b) - first - last)
    if middle[0] * middle[1] > MAX_CELLS:
        out += _pair(first, first + middle[0], first, first + middle[1])
    else:
        matcher = SequenceMatcher(
            None, a[first : len(a) - last], b[first : len(b) - last], autojunk=False
        )
        for tag, i, j, k, m in matcher.get_opcodes():
            if tag == "equal":
                out += [("keep", first + i + n, first + k + n) for n in range(j - i)]
            else:
                out += _pair(first + i, first + j, first + k, first + m)
    return out + [("keep", len(a) - last + i, len(b) - last + i) for i in range(last)]


def _pair(i: int, j: int, k: int, m: int) -> list[tuple[str, int, int]]:
    """Between two places that are alike: what can be changed is, the rest comes or goes."""
    both = min(j - i, m - k)
    out = [("change", i + n, k + n) for n in range(both)]
    out += [("insert", -1, k + n) for n in range(both, m - k)]
    return out + [("delete", i + n, -1) for n in range(both, j - i)]


def difference(
    definitions: Definitions, old: Json, new: Json, *, skip: frozenset[str] = frozenset()
) -> Json:
    """A Parameters resource that patches `old` into `new`, both of one type."""
    found = Difference(definitions, skip)
    root = new["resourceType"]
    found.compare(old, new, root, root)
    out: Json = {"resourceType": "Parameters"}
    if found.operations:
        out["parameter"] = found.operations
    return out
