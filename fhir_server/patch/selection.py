"""The part of XPath that selects a node of a resource.

`f:Patient/f:name[2]/f:given[1]/@value`, `f:Patient/f:identifier[f:system/@value='urn:x']`: child
steps with a position or a comparison, at the end an attribute, `text()` or `comment()`.

Spec: https://www.rfc-editor.org/rfc/rfc5261 section 4.1
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, NamedTuple, TypeAlias
from xml.dom import Node, minidom

from ..errors import FhirError

MAX_LENGTH = 2000
PREFIXES = {"f": "http://hl7.org/fhir", "h": "http://www.w3.org/1999/xhtml"}
_TYPES = {"text()": (Node.TEXT_NODE, Node.CDATA_SECTION_NODE), "comment()": (Node.COMMENT_NODE,)}
_NAME = r"(?:[A-Za-z_][\w.-]*:)?(?:[A-Za-z_][\w.-]*|\*)"
_LITERAL = r"""(?:"[^"]*"|'[^']*')"""
_VALUE = rf"(?:{_NAME}/)*(?:@?{_NAME}|text\(\)|\.)"
_PREDICATE = rf"\[\s*(?:\d{{1,6}}|{_VALUE}\s*=\s*{_LITERAL})\s*\]"
_STEP = rf"(?:@?{_NAME}|text\(\)|comment\(\))(?:{_PREDICATE})*"
_PATH = re.compile(rf"\s*/?{_STEP}(?:/{_STEP})*\s*").fullmatch
_steps = re.compile(rf"({_STEP})(?:/|\s*$)").findall
_predicates = re.compile(_PREDICATE).findall
_comparison = re.compile(rf"\[\s*({_VALUE})\s*=\s*({_LITERAL})\s*\]").fullmatch


class Attribute(NamedTuple):
    """An attribute, which minidom knows only by its owner."""

    owner: minidom.Element
    name: str


# minidom's nodes, of whose children its types do not know enough.
Dom: TypeAlias = Any
Found: TypeAlias = Dom | Attribute


def select(document: minidom.Document, path: str, operation: minidom.Element, at: str) -> Found:
    """The one node that a path leads to. Prefixes are those in scope at the operation; `f` and
    `h` are known without.

    Errors: patch-selection, patch-target, patch-several.
    """
    if len(path) > MAX_LENGTH or not _PATH(path):
        raise FhirError("patch-selection", at)
    found: Sequence[Found] = [document]
    for step in _steps(path.strip().removeprefix("/")):
        found = [each for node in found for each in _step(node, step, operation, at)]
    if not found:
        raise FhirError("patch-target", at, name="sel")
    if len(found) > 1:
        raise FhirError("patch-several", at)
    return found[0]


def _step(node: Found, step: str, operation: minidom.Element, at: str) -> list[Found]:
    if isinstance(node, Attribute):
        return []
    test, predicates = step.partition("[")[0], _predicates(step)
    if test.startswith("@"):
        named = isinstance(node, minidom.Element) and node.hasAttribute(test[1:])
        return [Attribute(node, test[1:])] if named else []
    found = _children(node, test, operation, at)
    for each in predicates:
        inner = each[1:-1].strip()
        if inner.isdigit():
            found = found[int(inner) - 1 : int(inner)] if int(inner) else []
        else:
            found = [one for one in found if _holds(one, each, operation, at)]
    return list(found)


def _children(node: Dom, test: str, operation: minidom.Element, at: str) -> list[Dom]:
    if test in _TYPES:
        return [each for each in node.childNodes if each.nodeType in _TYPES[test]]
    prefix, _, local = test.rpartition(":")
    namespace = _namespace(prefix, operation, at)
    return [
        each
        for each in node.childNodes
        if isinstance(each, minidom.Element)
        and local in ("*", each.localName)
        and (each.namespaceURI == namespace or (local == "*" and not prefix))
    ]


def _namespace(prefix: str, operation: minidom.Element, at: str) -> str | None:
    name = f"xmlns:{prefix}" if prefix else "xmlns"
    scope: Dom | None = operation
    while isinstance(scope, minidom.Element):
        if scope.hasAttribute(name):
            return scope.getAttribute(name) or None
        scope = scope.parentNode
    if prefix and prefix not in PREFIXES:
        raise FhirError("patch-selection", at)
    return PREFIXES.get(prefix)


def _holds(node: Dom, predicate: str, operation: minidom.Element, at: str) -> bool:
    parsed = _comparison(predicate)
    assert parsed is not None
    path, wanted = parsed[1], parsed[2][1:-1]
    if path == ".":
        return _string(node) == wanted
    found: list[Found] = [node]
    for step in path.split("/"):
        found = [each for one in found for each in _step(one, step, operation, at)]
    return any(_string(each) == wanted for each in found)


def _string(node: Found) -> str:
    """Its string value, as XPath calls it."""
    if isinstance(node, Attribute):
        return node.owner.getAttribute(node.name)
    if node.nodeType in _TYPES["text()"]:
        return str(node.data)
    return "".join(map(_string, node.childNodes))
