"""A plain dict as a document in XML: one compiled writer a type.

Each writer appends pieces: an opening tag, a closing tag, a whole leaf element, a whole narrative.

Spec: http://hl7.org/fhir/R4/xml.html
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, TypeAlias

from ..errors import FhirError
from .members import COMPLEX, FHIR, NARRATIVE, PRIMITIVE, Member, Tables
from .narrative import with_namespace

Json: TypeAlias = dict[str, Any]
Pieces: TypeAlias = list[str]
# (value, tag, pieces)
Writer: TypeAlias = Callable[[Json, str, Pieces], None]
# (value, the object that holds it, pieces)
Emit: TypeAlias = Callable[[Any, Json, Pieces], None]

DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>'
# Tabs and line ends would become blanks in an attribute. U+FFFE and U+FFFF do not exist in XML.
_SPECIAL = re.compile('[&<>"\t\n\r\x00-\x1f\ufffe\uffff]').search
_ESCAPES = {
    **dict.fromkeys([*range(0x20), 0xFFFE, 0xFFFF], "\ufffd"),
    ord("&"): "&amp;", ord("<"): "&lt;", ord(">"): "&gt;", ord('"'): "&quot;",
    9: "&#9;", 10: "&#10;", 13: "&#13;",
}  # fmt: skip


def text_of(value: Any) -> str:
    """A primitive as the text of an attribute; a decimal keeps its digits."""
    if type(value) is str:
        return value.translate(_ESCAPES) if _SPECIAL(value) else value
    if type(value) is bool:
        return "true" if value else "false"
    return str(value)


class Writers:
    """The compiled writers of all types, made on first use of each."""

    def __init__(self, tables: Tables) -> None:
        self._tables = tables
        self._compiled: dict[str, Writer] = {}

    def write(self, resource: Json, *, pretty: bool) -> bytes:
        """Errors: xml-unwritable for what is no resource of R4."""
        pieces: Pieces = []
        try:
            self._resource(resource, pieces)
        except (KeyError, TypeError, AttributeError, ValueError):
            raise FhirError("xml-unwritable") from None
        name = resource["resourceType"]
        pieces[0] = pieces[0].replace(name, f'{name} xmlns="{FHIR}"', 1)
        text = _indented(pieces) if pretty else "".join(pieces)
        return (DECLARATION + text).encode("utf-8", "replace")

    def _writer(self, path: str) -> Writer:
        found = self._compiled.get(path)
        if found is None:
            found = self._compiled[path] = self._compile(path)
        return found

    def _resource(self, value: Json, pieces: Pieces) -> None:
        name = value["resourceType"]
        if f"{FHIR} {name}" not in self._tables.roots:
            raise KeyError(name)
        self._writer(name)(value, name, pieces)

    def _compile(self, path: str) -> Writer:
        emits: dict[str, tuple[int, Emit]] = {}
        for member in self._tables.of(path).values():
            emits[member.key] = (member.order, self._emit(member))
            if member.kind == PRIMITIVE:
                emits["_" + member.key] = (member.order, self._emit_sibling(member))
        attributes: tuple[str, ...] = ()
        if self._tables.has_attributes(path):
            attributes = ("id", "url") if path == "Extension" else ("id",)
        return _object(emits, attributes or ("resourceType",), as_attributes=bool(attributes))

    def _emit(self, member: Member) -> Emit:
        if member.kind == PRIMITIVE:
            element = self._lazy("Element")
            return (_primitives if member.many else _primitive)(member.key, element)
        if member.kind == NARRATIVE:
            return _narrative
        each = self._lazy(member.below) if member.kind == COMPLEX else self._wrapped
        return (_many if member.many else _one)(member.key, each)

    def _emit_sibling(self, member: Member) -> Emit:
        """`_birthDate` where there is no `birthDate`; else the value's own emit writes both."""
        emit, key, many = self._emit(member), member.key, member.many

        def write(value: Any, owner: Json, pieces: Pieces) -> None:
            if key not in owner:
                emit([None] * len(value) if many else None, owner, pieces)

        return write

    def _wrapped(self, value: Json, tag: str, pieces: Pieces) -> None:
        pieces.append(f"<{tag}>")
        self._resource(value, pieces)
        pieces.append(f"</{tag}>")

    def _lazy(self, path: str) -> Writer:
        compiled, make = self._compiled, self._writer

        def write(value: Json, tag: str, pieces: Pieces) -> None:
            (compiled.get(path) or make(path))(value, tag, pieces)

        return write


def _object(
    emits: dict[str, tuple[int, Emit]], skipped: tuple[str, ...], *, as_attributes: bool
) -> Writer:
    def write(value: Json, tag: str, pieces: Pieces) -> None:
        head, rows, last, ordered = tag, [], -1, True
        for key, each in value.items():
            if key in skipped:
                if as_attributes:
                    head += f' {key}="{text_of(each)}"'
                continue
            order, emit = emits[key]
            ordered = ordered and order >= last
            last = order
            rows.append((order, emit, each))
        if not rows:
            pieces.append(f"<{head}/>")
            return
        if not ordered:
            rows.sort(key=_order)
        pieces.append(f"<{head}>")
        for _, emit, each in rows:
            emit(each, value, pieces)
        pieces.append(f"</{tag}>")

    return write


def _order(row: tuple[int, Emit, Any]) -> int:
    return row[0]


def _one(tag: str, each: Writer) -> Emit:
    def write(value: Any, owner: Json, pieces: Pieces) -> None:
        each(value, tag, pieces)

    return write


def _many(tag: str, each: Writer) -> Emit:
    def write(value: Any, owner: Json, pieces: Pieces) -> None:
        for item in value:
            each(item, tag, pieces)

    return write


def _narrative(value: Any, owner: Json, pieces: Pieces) -> None:
    pieces.append(with_namespace(value))


def _primitive(tag: str, element: Writer) -> Emit:
    sibling = "_" + tag

    def write(value: Any, owner: Json, pieces: Pieces) -> None:
        extra = owner.get(sibling)
        if extra is None:
            pieces.append(f'<{tag} value="{text_of(value)}"/>')
        else:
            _extended(tag, value, extra, element, pieces)

    return write


def _primitives(tag: str, element: Writer) -> Emit:
    sibling = "_" + tag

    def write(value: Any, owner: Json, pieces: Pieces) -> None:
        extras = owner.get(sibling)
        for i, item in enumerate(value):
            extra = extras[i] if extras is not None and i < len(extras) else None
            if extra is None:
                pieces.append(f'<{tag} value="{text_of(item)}"/>')
            else:
                _extended(tag, item, extra, element, pieces)

    return write


def _extended(tag: str, value: Any, extra: Json, element: Writer, pieces: Pieces) -> None:
    """A primitive with an id or extensions, and maybe without a value."""
    start = len(pieces)
    element(extra, tag, pieces)
    if value is not None:
        head = pieces[start]
        pieces[start] = f'<{tag} value="{text_of(value)}"{head[len(tag) + 1 :]}'


def _indented(pieces: Pieces) -> str:
    """One element a line; the narrative is left alone, its white space may matter."""
    lines, depth = [""], 0
    for piece in pieces:
        if piece.startswith("</"):
            depth -= 1
        lines.append("  " * depth + piece)
        if not piece.startswith(("</", "<div")) and not piece.endswith("/>"):
            depth += 1
    return "\n".join(lines) + "\n"
