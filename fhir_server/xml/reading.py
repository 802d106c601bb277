"""A document in XML as a plain dict, in one pass over the parser's events.

The parser is expat of the standard library. It is told nothing about entities: a DTD is refused at
its first character, so that neither external entities nor bombs can exist.

Why not lxml: it loses the letter of a narrative and the column of an error, and would save little:
the walk of its tree takes 0.05 ms for 2 KB before anything is mapped; all of this takes 0.09.
Writing through its tree takes three times as long as joining strings.

Spec: http://hl7.org/fhir/R4/xml.html
"""

from __future__ import annotations

import re
from typing import Any, TypeAlias
from xml.parsers import expat

from ..errors import FhirError, Issue
from ..model.json import MAX_DEPTH
from . import failures as failures  # the rows of its errors
from .members import COMPLEX, FHIR, NARRATIVE, PRIMITIVE, ROOT, XHTML, Member, Members, Tables
from .narrative import self_contained

Json: TypeAlias = dict[str, Any]
# What is put aside while a child is read: the object, its children, its own member, the text of
# its value, the keys of its arrays that have extensions, its depth.
Frame: TypeAlias = tuple[Json, Members, Member | None, str | None, list[str] | None, int]

SCHEMA_LOCATION = "http://www.w3.org/2001/XMLSchema-instance schemaLocation"
XML_SPACE = "http://www.w3.org/XML/1998/namespace"
MAX_NARRATIVE = 200  # levels of XHTML
ENCODINGS = frozenset({"utf-8", "us-ascii"})
_NAME = re.compile(rb"<([^\s/>]+)").match
_PLAIN = re.compile(r"[A-Za-z][A-Za-z0-9]{0,63}").fullmatch
_UNDEFINED = expat.errors.codes[expat.errors.XML_ERROR_UNDEFINED_ENTITY]


class Document:
    """One body while it is read. The fields are those of the element that is open."""

    __slots__ = (
        "_begin", "_body", "_inner", "_level", "_member", "_members", "_out", "_pairs", "_parser",
        "_prefixes", "_stack", "_tables", "_value",
    )  # fmt: skip

    def __init__(self, body: bytes, tables: Tables) -> None:
        self._body, self._tables = body, tables
        self._stack: list[Frame] = []
        self._out: Json = {}
        self._members: Members = tables.roots
        self._member: Member | None = None
        self._value: str | None = None
        self._pairs: list[str] | None = None
        self._level = 0
        self._begin = self._inner = 0
        self._prefixes: dict[str, str] = {}
        self._parser = expat.ParserCreate("utf-8", " ")

    def parse(self) -> Json:
        """The resource. Errors: json-empty, xml-*."""
        if not self._body or self._body.isspace():
            raise FhirError("json-empty")
        try:
            self._body.decode()
            if b"\0" in self._body:  # UTF-16, which the parser would recognise by itself
                raise FhirError("xml-not-utf8")
        except UnicodeDecodeError:
            raise FhirError("xml-not-utf8") from None
        parser = self._parser
        parser.buffer_text = True
        parser.XmlDeclHandler = self._declaration
        parser.StartDoctypeDeclHandler = self._doctype
        parser.ProcessingInstructionHandler = self._instruction
        parser.StartNamespaceDeclHandler = self._namespace
        self._outside()
        try:
            parser.Parse(self._body, True)
        except expat.ExpatError as error:
            code = "xml-entity" if error.code == _UNDEFINED else "xml-invalid"
            raise FhirError(code, line=error.lineno, column=error.offset + 1) from None
        result: Json = self._out[""]
        return result

    def _outside(self) -> None:
        parser = self._parser
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._text

    # --- FHIR elements

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        member = self._members.get(tag)
        if member is None:
            raise self._unknown(tag)
        kind, out = member.kind, self._out
        frame = (out, self._members, self._member, self._value, self._pairs, self._level)
        if kind == PRIMITIVE:
            self._value = attributes.pop("value", None)
            if attributes:
                self._check(attributes, ("id",), "value, id")
            self._members = self._tables.of("Element")
            self._level += 1
        elif kind == NARRATIVE:
            self._open_narrative(member, attributes)
            return
        else:
            self._level += 2 if member.many else 1
            if self._level > MAX_DEPTH:
                raise FhirError("xml-too-deep", limit=MAX_DEPTH)
            if kind == COMPLEX:
                self._open(member, attributes, out)
            elif kind == ROOT:
                if out:
                    raise self._error("xml-resource")
                self._check(attributes, (), "-")
                attributes["resourceType"] = member.below
                out[""] = attributes
                self._members = self._tables.of(member.below)
            else:
                self._check(attributes, (), "-")
                self._members = self._tables.roots
        self._stack.append(frame)
        self._out, self._member, self._pairs = attributes, member, None

    def _open(self, member: Member, attributes: Json, out: Json) -> None:
        """A complex element: its dict is in its place before its content is read."""
        if attributes:
            if member.below == "Extension":
                self._check(attributes, ("id", "url"), "id, url")
            else:
                self._check(attributes, ("id",), "id")
        if member.many:
            values = out.get(member.key)
            if values is None:
                out[member.key] = [attributes]
            else:
                values.append(attributes)
        elif member.key in out:
            raise self._error("xml-repeated", member)
        else:
            out[member.key] = attributes
        self._members = self._tables.of(member.below)

    def _end(self, _: str) -> None:
        found, member, value = self._out, self._member, self._value
        if self._pairs:
            _settle(found, self._pairs)
        assert member is not None
        if not found and (member.kind != PRIMITIVE or value is None):
            raise self._error("xml-empty" if member.kind == PRIMITIVE else _empty(member))
        frame = self._stack.pop()
        self._out, self._members, self._member, self._value, self._pairs, self._level = frame
        if member.kind == PRIMITIVE:
            if value is not None and member.parse is not None:
                self._close(member, member.parse(value), found)
            else:
                self._close(member, value, found)
        elif member.kind not in (COMPLEX, ROOT):
            self._place(member, found[""])

    def _close(self, member: Member, value: Any, extra: Json) -> None:
        """A primitive: its value, and its id and extensions under `_key`."""
        out, key = self._out, member.key
        if not member.many:
            if key in out or "_" + key in out:
                raise self._error("xml-repeated", member)
            if value is not None:
                out[key] = value
            if extra:
                out["_" + key] = extra
            return
        values = out.setdefault(key, [])
        values.append(value)
        if extra:
            extras = out.get("_" + key)
            if extras is None:
                extras = out["_" + key] = []
                self._pairs = [*(self._pairs or ()), key]
            extras.extend([None] * (len(values) - 1 - len(extras)))
            extras.append(extra)

    def _place(self, member: Member, value: Any) -> None:
        out, key = self._out, member.key
        if member.many:
            out.setdefault(key, []).append(value)
        elif key in out:
            raise self._error("xml-repeated", member)
        else:
            out[key] = value

    # --- the narrative, whose text is kept as it was sent

    def _open_narrative(self, member: Member, attributes: dict[str, str]) -> None:
        self._begin, self._inner = self._parser.CurrentByteIndex, 0
        parser = self._parser
        parser.StartElementHandler = self._inside
        parser.EndElementHandler = self._outside_again
        parser.CharacterDataHandler = None
        self._inside(XHTML + " div", attributes)
        if member.key in self._out:
            raise self._error("xml-repeated", member)

    def _inside(self, tag: str, attributes: dict[str, str]) -> None:
        self._inner += 1
        if self._inner > MAX_NARRATIVE:
            raise FhirError("xml-too-deep", limit=MAX_NARRATIVE)
        if tag.partition(" ")[0] != XHTML:
            raise self._error("xml-namespace", expected=XHTML)
        for name in attributes:
            if " " in name and not name.startswith(XML_SPACE):
                raise self._error("xml-attribute", expected="XHTML")

    def _outside_again(self, _: str) -> None:
        self._inner -= 1
        if self._inner:
            return
        body, begin, end = self._body, self._begin, self._parser.CurrentByteIndex
        # The index is before `</div>`; an empty `<div/>` has no such tag and ends at the index.
        name = _NAME(body, begin)
        if name is not None and body.startswith(b"</" + name[1], end):
            end = body.index(b">", end) + 1
        text = body[begin:end].decode().replace("\r\n", "\n")
        self._out["div"] = self_contained(text, self._prefixes)
        self._outside()

    # --- what does not belong into a resource

    def _namespace(self, prefix: str | None, uri: str | None) -> None:
        if prefix and uri and not self._inner:
            self._prefixes[prefix] = uri

    def _text(self, text: str) -> None:
        if not text.isspace():
            raise self._error("xml-text")

    def _declaration(self, version: str, encoding: str | None, standalone: int) -> None:
        if encoding and encoding.lower() not in ENCODINGS:
            raise FhirError("xml-not-utf8")

    def _doctype(self, *_: object) -> None:
        raise self._error("xml-doctype")

    def _instruction(self, *_: object) -> None:
        if self._stack:  # one before the root, such as a style sheet, does no harm
            raise self._error("xml-instruction")

    def _check(self, attributes: dict[str, str], allowed: tuple[str, ...], expected: str) -> None:
        attributes.pop(SCHEMA_LOCATION, None)
        for name in attributes:
            if name not in allowed:
                raise self._error("xml-attribute", expected=expected)

    def _unknown(self, tag: str) -> FhirError:
        space = tag.rpartition(" ")[0]
        if self._members is self._tables.roots:
            return self._error("xml-resource" if space == FHIR else "xml-namespace", expected=FHIR)
        in_text = self._member is not None and self._member.below == "Narrative"
        wanted = XHTML if in_text and tag.endswith("div") else FHIR
        if space != wanted:
            return self._error("xml-namespace", expected=wanted)
        error = self._error("xml-unknown", parent=self._member.below if self._member else "-")
        name = tag.rpartition(" ")[2]
        if _PLAIN(name):
            issue = error.issues[0]
            error.issues[0] = Issue(issue.code, f"{issue.at}.{name}", issue.args)
        return error

    def _error(self, code: str, member: Member | None = None, **args: object) -> FhirError:
        parser = self._parser
        args |= {"line": parser.CurrentLineNumber, "column": parser.CurrentColumnNumber + 1}
        at = self._location() + (f".{member.name}" if member is not None else "")
        return FhirError(code, at, **args)

    def _location(self) -> str:
        """The FHIRPath location of the open element."""
        parts: list[str] = []
        owners = [frame[0] for frame in self._stack]
        members = [*(frame[2] for frame in self._stack), self._member]
        for owner, member in zip(owners, members[1:], strict=True):
            if member is None or (member.kind == ROOT and parts):
                continue
            index = ""
            if member.many:
                count = len(owner.get(member.key, ()))
                index = f"[{count - 1 if member.kind == COMPLEX else count}]"
            parts.append(member.name + index)
        return ".".join(parts)


def _empty(member: Member) -> str:
    return "xml-empty" if member.kind == COMPLEX else "xml-resource"


def _settle(out: Json, keys: list[str]) -> None:
    """Arrays of values and of their extensions get the same length; one of nulls alone goes."""
    for key in keys:
        values, extras = out[key], out["_" + key]
        extras.extend([None] * (len(values) - len(extras)))
        if all(value is None for value in values):
            del out[key]
