"""XML Patch on a document: all operations or none.

Spec: https://www.rfc-editor.org/rfc/rfc5261 and http://hl7.org/fhir/R4/http.html#patch
Not supported: processing instructions, which a resource has none of; changing a namespace.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from xml.dom import Node, minidom
from xml.parsers import expat

from ..errors import FhirError
from .bounds import MAX_OPERATIONS, too_large
from .selection import Attribute, Dom, Found, select

XMLNS = "http://www.w3.org/2000/xmlns/"
_TEXTS = (Node.TEXT_NODE, Node.CDATA_SECTION_NODE)
_KINDS = {Node.ELEMENT_NODE: "element", Node.COMMENT_NODE: "comment", Node.TEXT_NODE: "text"}
EXPECTED = "XML with the operations add, replace and remove (RFC 5261)"


def apply_xml_patch(document: bytes, patch: bytes) -> bytes:
    """The patched document.

    Errors: patch-document, patch-operation, patch-member, patch-selection, patch-target,
    patch-several, patch-root, patch-exists, patch-type, patch-too-large; `at` is the operation, as
    "add[2]".
    """
    try:
        return _patched(_parse(document), _operations(_parse(patch)))
    except RecursionError:
        raise too_large() from None


def _patched(target: minidom.Document, operations: list[Dom]) -> bytes:
    for index, operation in enumerate(operations):
        name = operation.localName or ""
        at = f"{name}[{index}]"
        run = _RUN.get(name)
        if run is None:
            raise FhirError("patch-operation", f"[{index}]", expected=", ".join(_RUN))
        selection = operation.getAttribute("sel")
        if not selection:
            raise FhirError("patch-member", at, name="sel", expected="XPath")
        found = select(target, selection, operation, at)
        run(target, operation, found, at)
    out: bytes = target.toxml(encoding="utf-8")
    return out


def _parse(body: bytes) -> minidom.Document:
    """Errors: patch-document, also for a DTD, so that there are no entities."""
    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = _refuse
    try:
        parser.Parse(body, True)
        return minidom.parseString(body)  # noqa: S318  # no DTD, so no entities
    except (expat.ExpatError, ValueError, LookupError):
        raise FhirError("patch-document", expected=EXPECTED) from None


def _refuse(*_: object) -> None:
    raise FhirError("patch-document", expected=EXPECTED)


def _operations(patch: minidom.Document) -> list[Dom]:
    root = patch.documentElement
    assert root is not None
    found = [each for each in root.childNodes if isinstance(each, minidom.Element)]
    if not found:
        raise FhirError("patch-document", expected=EXPECTED)
    if len(found) > MAX_OPERATIONS:
        raise too_large()
    return found


def _add(target: minidom.Document, operation: Dom, found: Found, at: str) -> None:
    kind, place = operation.getAttribute("type"), operation.getAttribute("pos")
    if isinstance(found, Attribute):
        raise FhirError("patch-type", at, expected="element")
    if kind:
        _add_attribute(found, kind, _text(operation), at)
        return
    nodes = _imported(target, operation, found)
    parent = found.parentNode
    if place in ("before", "after"):
        if found is target.documentElement or parent is None:
            raise FhirError("patch-root", at)
        behind = found if place == "before" else found.nextSibling
        for node in nodes:
            parent.insertBefore(node, behind)
        return
    if not isinstance(found, minidom.Element):
        raise FhirError("patch-type", at, expected="element")
    if place not in ("", "prepend"):
        raise FhirError("patch-member", at, name="pos", expected="before, after, prepend")
    first = found.firstChild if place == "prepend" else None
    for node in nodes:
        found.insertBefore(node, first)


def _add_attribute(found: Dom, kind: str, value: str, at: str) -> None:
    if not isinstance(found, minidom.Element):
        raise FhirError("patch-type", at, expected="element")
    if kind.startswith("namespace::"):
        name = "xmlns:" + kind.removeprefix("namespace::")
    elif kind.startswith("@"):
        name = kind[1:]
    else:
        raise FhirError("patch-member", at, name="type", expected="@name")
    if found.hasAttribute(name):
        raise FhirError("patch-exists", at)
    found.setAttribute(name, value)


def _replace(target: minidom.Document, operation: Dom, found: Found, at: str) -> None:
    if isinstance(found, Attribute):
        found.owner.setAttribute(found.name, _text(operation))
        return
    if found.nodeType in _TEXTS:
        found.data = _text(operation)
        return
    nodes = [n for n in _imported(target, operation, found) if not _is_blank(n)]
    if len(nodes) != 1 or nodes[0].nodeType != found.nodeType:
        raise FhirError("patch-type", at, expected=_KINDS.get(found.nodeType, "node"))
    assert found.parentNode is not None
    found.parentNode.replaceChild(nodes[0], found)


def _remove(target: minidom.Document, operation: Dom, found: Found, at: str) -> None:
    if isinstance(found, Attribute):
        found.owner.removeAttribute(found.name)
        return
    parent = found.parentNode
    if found is target.documentElement or parent is None:
        raise FhirError("patch-root", at)
    blanks = operation.getAttribute("ws")
    for name, beside in (("before", found.previousSibling), ("after", found.nextSibling)):
        if blanks in (name, "both") and beside is not None and _is_blank(beside):
            parent.removeChild(beside)
    parent.removeChild(found)


_RUN: dict[str, Callable[[minidom.Document, Dom, Found, str], None]] = {
    "add": _add,
    "replace": _replace,
    "remove": _remove,
}


def _text(operation: Dom) -> str:
    return "".join(n.data for n in operation.childNodes if n.nodeType in _TEXTS)


def _is_blank(node: Dom) -> bool:
    return node.nodeType in _TEXTS and not node.data.strip()


def _imported(target: minidom.Document, operation: Dom, beside: Dom) -> list[Dom]:
    """The content of an operation as nodes of the target, their namespaces declared."""
    out: list[Dom] = []
    for each in operation.childNodes:
        node = target.importNode(each, deep=True)
        if isinstance(node, minidom.Element):
            for prefix, namespace in set(_namespaces(node)):
                name = f"xmlns:{prefix}" if prefix else "xmlns"
                if not node.hasAttribute(name):
                    node.setAttributeNS(XMLNS, name, namespace)
        out.append(node)
    return out


def _namespaces(element: minidom.Element) -> Iterator[tuple[str, str]]:
    """Prefixes and namespaces that an element and those in it use and do not declare."""
    if element.namespaceURI:
        yield element.prefix or "", element.namespaceURI
    for each in element.childNodes:
        if isinstance(each, minidom.Element) and not each.hasAttribute("xmlns"):
            yield from _namespaces(each)
