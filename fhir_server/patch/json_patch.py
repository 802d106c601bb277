"""JSON Patch on a copy: all operations or none.

Spec: https://www.rfc-editor.org/rfc/rfc6902 with the pointers of rfc6901, and
http://hl7.org/fhir/R4/http.html#patch. FHIR has no empty arrays or objects, so those that an
operation emptied are left out of the result.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, TypeAlias

from ..errors import FhirError
from ..fhirpath.compare import same_json
from .bounds import MAX_OPERATIONS, MAX_VALUES, Json, check_same, copied, count_values, too_large

_ARRAY_INDEX = re.compile(r"0|[1-9][0-9]{0,8}").fullmatch
_POINTER = re.compile(r"(?:/(?:[^~/]|~[01])*)*", re.DOTALL).fullmatch
Tokens: TypeAlias = tuple[str, ...]


def apply_json_patch(resource: Json, operations: Any) -> Json:
    """The patched resource; neither argument is changed.

    Errors: patch-document, patch-operation, patch-member, patch-pointer, patch-target, patch-index,
    patch-inside, patch-root, patch-test, patch-immutable, patch-too-large; `at` is the operation,
    as "[1].path".
    """
    return check_same(resource, patched(resource, operations))


def patched(document: Any, operations: Any) -> Any:
    """RFC 6902 on any JSON document."""
    if type(operations) is not list:
        raise FhirError("patch-document", expected="a JSON array of operations (RFC 6902)")
    if len(operations) > MAX_OPERATIONS:
        raise too_large()
    state = _State(copied(document))
    for index, operation in enumerate(operations):
        state.apply(operation, f"[{index}]")
    return state.finished()


class _State:
    """The document while operations are applied to it."""

    def __init__(self, document: Any) -> None:
        self._root = document
        self._values = count_values(document)
        self._shrunk: dict[int, Any] = {}  # containers that lost a member, by identity

    def apply(self, operation: Any, at: str) -> None:
        if type(operation) is not dict:
            raise FhirError("patch-document", at, expected="an object for each operation")
        name = operation.get("op")
        run = _OPERATIONS.get(name) if type(name) is str else None
        if run is None:
            raise FhirError("patch-operation", f"{at}.op", expected=", ".join(_OPERATIONS))
        run(self, operation, at)

    def finished(self) -> Any:
        """Without the containers that were emptied."""
        if any(not each for each in self._shrunk.values()):
            count_values(self._root)  # before the recursion
            self._prune(self._root)
        return self._root

    def _prune(self, node: Any) -> None:
        for key, each in list(node.items() if type(node) is dict else enumerate(node)):
            if type(each) is dict or type(each) is list:
                self._prune(each)
                if not each and id(each) in self._shrunk:
                    if type(node) is dict:
                        del node[key]
                    else:
                        node[key] = _GONE
                    self._shrunk[id(node)] = node
        if type(node) is list:
            node[:] = [each for each in node if each is not _GONE]

    # Operations

    def add(self, operation: Json, at: str) -> None:
        self._insert(_pointer(operation, "path", at), self._new(operation, at), f"{at}.path")

    def remove(self, operation: Json, at: str) -> None:
        self._take(_pointer(operation, "path", at), f"{at}.path")

    def replace(self, operation: Json, at: str) -> None:
        tokens, value = _pointer(operation, "path", at), self._new(operation, at)
        if not tokens:
            self._root = value
            return
        parent, key = self._place(tokens, f"{at}.path")
        parent[key] = value

    def move(self, operation: Json, at: str) -> None:
        source, target = _pointer(operation, "from", at), _pointer(operation, "path", at)
        if source == target:
            self._find(source, f"{at}.from")
            return
        if target[: len(source)] == source:
            raise FhirError("patch-inside", f"{at}.path")
        self._insert(target, self._take(source, f"{at}.from"), f"{at}.path")

    def copy(self, operation: Json, at: str) -> None:
        source, target = _pointer(operation, "from", at), _pointer(operation, "path", at)
        found = self._find(source, f"{at}.from")
        self._grow(found)
        self._insert(target, copied(found), f"{at}.path")

    def test(self, operation: Json, at: str) -> None:
        tokens = _pointer(operation, "path", at)
        if "value" not in operation:
            raise FhirError("patch-member", at, name="value", expected="any JSON value")
        if not same_json(self._find(tokens, f"{at}.path"), operation["value"]):
            raise FhirError("patch-test", at)

    # Places

    def _new(self, operation: Json, at: str) -> Any:
        if "value" not in operation:
            raise FhirError("patch-member", at, name="value", expected="any JSON value")
        self._grow(operation["value"])
        return copied(operation["value"])

    def _grow(self, value: Any) -> None:
        # Copies of copies double; and a deep value copied into itself doubles its depth.
        self._values += count_values(value)
        if self._values > MAX_VALUES:
            raise too_large()

    def _find(self, tokens: Tokens, at: str) -> Any:
        node = self._root
        for token in tokens:
            node = node[_key(node, token, at)]
        return node

    def _place(self, tokens: Tokens, at: str) -> tuple[Any, Any]:
        parent = self._find(tokens[:-1], at)
        return parent, _key(parent, tokens[-1], at)

    def _insert(self, tokens: Tokens, value: Any, at: str) -> None:
        if not tokens:
            self._root = value
            return
        parent, last = self._find(tokens[:-1], at), tokens[-1]
        if type(parent) is dict:
            parent[last] = value
        elif type(parent) is list:
            parent.insert(_new_index(parent, last, at), value)
        else:
            raise FhirError("patch-target", at, name="path")

    def _take(self, tokens: Tokens, at: str) -> Any:
        if not tokens:
            raise FhirError("patch-root", at)
        parent, key = self._place(tokens, at)
        self._shrunk[id(parent)] = parent
        return parent.pop(key)


_GONE = object()
_OPERATIONS: dict[str, Callable[[_State, Json, str], None]] = {
    "add": _State.add,
    "remove": _State.remove,
    "replace": _State.replace,
    "move": _State.move,
    "copy": _State.copy,
    "test": _State.test,
}


def _pointer(operation: Json, name: str, at: str) -> Tokens:
    text = operation.get(name)
    if text is None:
        raise FhirError("patch-member", at, name=name, expected="a JSON Pointer")
    if type(text) is not str or not _POINTER(text):
        raise FhirError("patch-pointer", f"{at}.{name}", name=name)
    return tuple(t.replace("~1", "/").replace("~0", "~") for t in text.split("/")[1:])


def _key(node: Any, token: str, at: str) -> Any:
    """The key or index of an existing member. Errors: patch-target."""
    if type(node) is dict and token in node:
        return token
    if type(node) is list and _ARRAY_INDEX(token) and int(token) < len(node):
        return int(token)
    raise FhirError("patch-target", at, name=at.rpartition(".")[2])


def _new_index(items: list[Any], last: str, at: str) -> int:
    if last == "-":
        return len(items)
    if not _ARRAY_INDEX(last) or int(last) > len(items):
        raise FhirError("patch-index", at, name="path", most=len(items))
    return int(last)
