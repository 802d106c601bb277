"""FHIRPath Patch: operations of a Parameters resource, all or none.

Spec: http://hl7.org/fhir/R4/fhirpatch.html
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from ..definitions import Element, r4
from ..errors import FhirError
from ..fhirpath import FhirPathError, Value, parse
from ..fhirpath.tree import Member
from .bounds import Json, check_same
from .content import fill, find_element, put
from .instructions import Content, Instruction, read_instructions
from .places import Document, Place, definition_of


def apply_fhirpath_patch(resource: Json, parameters: Any) -> Json:
    """The patched resource; neither argument is changed.

    Errors: patch-document, patch-operation, patch-member, patch-expression, patch-target,
    patch-several, patch-computed, patch-root, patch-list, patch-index, patch-element, patch-exists,
    patch-type, patch-immutable, patch-too-large; `at` is the operation, as
    "Parameters.parameter[1]".
    """
    document = Document(resource)
    for each in read_instructions(parameters):
        _RUN[each.type](document, each)
    return check_same(resource, document.finished())


def _add(document: Document, step: Instruction) -> None:
    owner, definition = _owner(document, step.path, step.at)
    element = find_element(definition, step.name, step.at)
    put(owner, definition, element, fill(element, _value(step), step.at), step.at)


def _owner(document: Document, path: str, at: str) -> tuple[Json, Any]:
    """The one object a path leads to, with its type; for a primitive, its extensions' holder."""
    found = document.evaluate(path, at)
    value = _only(found, at)
    owner = value.raw if type(value.raw) is dict else value.extra
    definition = definition_of(value.raw if type(value.raw) is dict else {}, value.type)
    if type(owner) is not dict or definition is None:
        raise FhirError("patch-computed", at)
    if owner is not document.root and id(owner) not in document.index():
        raise FhirError("patch-computed", at)
    if type(value.raw) is not dict:  # a primitive itself has no further element to add
        definition = r4().type("Element")
    return owner, definition


def _only(found: list[Value], at: str) -> Value:
    if not found:
        raise FhirError("patch-target", at, name="path")
    if len(found) > 1:
        raise FhirError("patch-several", at)
    return found[0]


def _value(step: Instruction) -> Content:
    assert step.value is not None  # read_instructions has seen to it
    return step.value


def _delete(document: Document, step: Instruction) -> None:
    found = document.places(step.path, step.at)
    if len(found) > 1:
        raise FhirError("patch-several", step.at)
    if found:  # "if found": nothing there is no error
        _take_out(found[0])
        _prune(document, found[0].owner)


def _take_out(place: Place) -> None:
    for key in (place.key, "_" + place.key):
        if key not in place.owner:
            continue
        if place.index is not None:
            del place.owner[key][place.index]
        if place.index is None or not place.owner[key]:
            del place.owner[key]


def _prune(document: Document, owner: Json) -> None:
    """FHIR has no empty objects: what a deletion emptied goes too."""
    known = document.index()
    while not owner and owner is not document.root:
        place = known.get(id(owner))
        if place is None or _has_value(place):
            return
        _take_out(place)
        owner = place.owner


def _has_value(place: Place) -> bool:
    """Does the primitive whose extensions were deleted still have a value?"""
    found = place.owner.get(place.key)
    if type(found) is list and place.index is not None:
        found = found[place.index] if place.index < len(found) else None
    return found is not None and type(found) is not dict


def _replace(document: Document, step: Instruction) -> None:
    found = document.places(step.path, step.at)
    if not found:
        raise FhirError("patch-target", step.at, name="path")
    if len(found) > 1:
        raise FhirError("patch-several", step.at)
    place = found[0]
    definition = r4().type(place.owner_type)
    assert definition is not None  # it was found by its definition
    element = definition.keys[place.key][0]
    filled = fill(element, _value(step), step.at)
    if place.index is None:
        _take_out(place)
        put(place.owner, definition, element, filled, step.at)
        return
    place.owner[place.key][place.index] = filled.raw
    if filled.extra is not None:
        place.owner["_" + place.key][place.index] = filled.extra


class _List(NamedTuple):
    """A repeating element: the arrays that hold its values and, if primitive, their siblings."""

    owner: Json
    element: Element
    key: str

    def arrays(self) -> list[list[Any]]:
        return [self.owner[k] for k in (self.key, "_" + self.key) if k in self.owner]

    def size(self) -> int:
        return max(map(len, self.arrays()), default=0)


def _list(document: Document, step: Instruction) -> _List:
    """The list a path names. Errors: patch-list, and those of its owner."""
    try:
        node = parse(step.path)
    except FhirPathError as error:
        raise FhirError("patch-expression", step.at, reason=str(error)) from None
    if not isinstance(node, Member):
        raise FhirError("patch-list", step.at)
    before = "$this" if node.source is None else step.path[: node.at].rstrip().removesuffix(".")
    owner, definition = _owner(document, before, step.at)
    element = find_element(definition, node.name, step.at)
    if not element.many:
        raise FhirError("patch-list", step.at)
    return _List(owner, element, element.name)


def _insert(document: Document, step: Instruction) -> None:
    target = _list(document, step)
    filled = fill(target.element, _value(step), step.at)
    size = target.size()
    if not 0 <= step.index <= size:
        raise FhirError("patch-index", step.at, name="index", most=size)
    target.owner.setdefault(target.key, []).insert(step.index, filled.raw)
    if filled.extra is not None:
        target.owner.setdefault("_" + target.key, []).insert(step.index, filled.extra)


def _move(document: Document, step: Instruction) -> None:
    target = _list(document, step)
    most = target.size() - 1
    if most < 0:
        raise FhirError("patch-target", step.at, name="path")
    for name, index in (("source", step.source), ("destination", step.destination)):
        if not 0 <= index <= most:
            raise FhirError("patch-index", step.at, name=name, most=most)
    for array in target.arrays():
        array.insert(step.destination, array.pop(step.source))


_RUN: dict[str, Callable[[Document, Instruction], None]] = {
    "add": _add,
    "insert": _insert,
    "delete": _delete,
    "replace": _replace,
    "move": _move,
}
