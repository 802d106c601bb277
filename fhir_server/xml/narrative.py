"""The XHTML of a narrative between a JSON string and an XML document.

Spec: http://hl7.org/fhir/R4/narrative.html#xhtml
"""

from __future__ import annotations

import re
from xml.etree import ElementTree
from xml.sax.saxutils import quoteattr

from .members import XHTML

_ATTRIBUTES = r"""(?:\s+[^\s=<>"'/]+\s*=\s*(?:"[^"]*"|'[^']*'))*"""
_OPENING = re.compile(rf"<div({_ATTRIBUTES})\s*/?>").match
_DECLARES = re.compile(r"\sxmlns\s*=").search
_PREFIXED = re.compile(r"[<\s]/?[A-Za-z_][\w.\-]*:[A-Za-z_]").search


def with_namespace(div: str) -> str:
    """A narrative of a JSON resource, fit for an XML document: the root names its namespace."""
    text = div.strip()
    opening = _OPENING(text)
    if opening is None or _DECLARES(opening[1]):
        return text
    return f'<div xmlns="{XHTML}"{text[4:]}'


def self_contained(div: str, prefixes: dict[str, str]) -> str:
    """The source of a narrative that was cut out of a document.

    It is kept to the letter where it stands alone. Where it relies on a namespace that an element
    around it declares, it is written anew. Shape: `prefixes` of the document, prefix → namespace.
    """
    opening = _OPENING(div)
    declares = opening is not None and _DECLARES(opening[1]) is not None
    if declares and not (prefixes and _PREFIXED(div)):
        return div
    scope = "".join(f" xmlns:{name}={quoteattr(uri)}" for name, uri in prefixes.items())
    # The document has been parsed without a DTD, so this part of it holds no entity either.
    root = ElementTree.fromstring(f'<x xmlns="{XHTML}"{scope}>{div}</x>')[0]  # noqa: S314
    for node in root.iter():
        node.tag = node.tag.rpartition("}")[2]
        for name in [n for n in node.attrib if n.startswith("{")]:
            value = node.attrib.pop(name)
            node.attrib["xml:" + name.rpartition("}")[2]] = value
    root.attrib = {"xmlns": XHTML, **root.attrib}
    root.tail = None
    return ElementTree.tostring(root, encoding="unicode")
