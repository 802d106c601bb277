"""XHTML of a narrative: well-formed, only basic formatting, and not empty.

Spec: http://hl7.org/fhir/R4/narrative.html (txt-1, txt-2)
"""

from __future__ import annotations

from typing import Any
from xml.parsers import expat

from ..findings import Findings, one

_NAMESPACE = "http://www.w3.org/1999/xhtml"
ELEMENTS = frozenset(
    [
        "p",
        "br",
        "div",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "a",
        "span",
        "b",
        "em",
        "i",
        "strong",
        "small",
        "big",
        "tt",
        "dfn",
        "q",
        "var",
        "abbr",
        "acronym",
        "cite",
        "blockquote",
        "hr",
        "ul",
        "ol",
        "li",
        "dl",
        "dt",
        "dd",
        "pre",
        "table",
        "caption",
        "colgroup",
        "col",
        "thead",
        "tr",
        "tfoot",
        "tbody",
        "th",
        "td",
        "code",
        "samp",
        "img",
        "map",
        "area",
        "address",
        "ins",
        "del",
        "sub",
        "sup",
        "u",
        "s",
    ]
)
ATTRIBUTES = frozenset(
    [
        "title",
        "style",
        "class",
        "id",
        "lang",
        "dir",
        "accesskey",
        "tabindex",
        "span",
        "width",
        "align",
        "valign",
        "char",
        "charoff",
        "abbr",
        "axis",
        "headers",
        "scope",
        "rowspan",
        "colspan",
        "cite",
        "datetime",
        "href",
        "charset",
        "type",
        "name",
        "hreflang",
        "rel",
        "rev",
        "shape",
        "coords",
        "src",
        "alt",
        "longdesc",
        "height",
        "usemap",
        "ismap",
        "start",
        "value",
        "summary",
        "border",
        "frame",
        "rules",
        "cellspacing",
        "cellpadding",
        "nowrap",
        "bgcolor",
        "xml:lang",
    ]
)
_SCHEMES = ("javascript:", "vbscript:", "data:text")


def check_narrative(value: Any, owner: Any, run: Any) -> Findings:
    """None for what is no text or not well-formed: the format of xhtml says that."""
    if type(value) is not str:
        return None
    wrong, empty = _look(value)
    if wrong:
        return one("valid-narrative")
    return one("valid-narrative-empty") if empty else None


def _look(text: str) -> tuple[bool, bool]:
    """(holds what is not allowed, holds nothing to see)"""
    seen = [False, True]

    def start(name: str, attributes: dict[str, str]) -> None:
        namespace, _, plain = name.rpartition(" ")
        if namespace != _NAMESPACE or plain not in ELEMENTS:
            seen[0] = True
        if plain == "img":
            seen[1] = False
        for key, content in attributes.items():
            known = key.rpartition(" ")[2] in ("lang", "space") or key in ATTRIBUTES
            if not known or content.strip().lower().startswith(_SCHEMES):
                seen[0] = True

    def data(content: str) -> None:
        if content.strip():
            seen[1] = False

    parser = expat.ParserCreate(namespace_separator=" ")
    parser.StartElementHandler = start
    parser.CharacterDataHandler = data
    try:
        parser.Parse(text, True)
    except (expat.ExpatError, ValueError, UnicodeEncodeError):
        return False, False
    return seen[0], seen[1]
