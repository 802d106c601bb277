"""FHIRPath text to a syntax tree.

Spec: http://hl7.org/fhirpath/N1/ (grammar), with the operator precedence of section 6.8
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeAlias

MAX_LENGTH = 10_000  # characters of one expression
MAX_DEPTH = 100  # nesting; expressions come with uploaded profiles too


class FhirPathError(ValueError):
    """An expression that cannot be used; the text says where, and holds no data."""


@dataclass(frozen=True, slots=True)
class Literal:
    """A constant. `type`: boolean, string, number, date, quantity."""

    type: str
    value: object


@dataclass(frozen=True, slots=True)
class Member:
    """`source.name`, or `name` alone; also `$this`, `$index` and `%name`."""

    source: Node | None
    name: str


@dataclass(frozen=True, slots=True)
class Call:
    """`source.name(arguments)`."""

    source: Node | None
    name: str
    arguments: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Index:
    source: Node
    index: Node


@dataclass(frozen=True, slots=True)
class Binary:
    operator: str
    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class TypeTest:
    """`source is Type`, `source as Type`."""

    operator: str
    source: Node
    type: str


Node: TypeAlias = Literal | Member | Call | Index | Binary | TypeTest

_TOKEN = re.compile(
    r"""
    (?P<space>\s+|//[^\n]*|/\*.*?\*/)
  | (?P<date>@T?\d[\d\-:.TZ+]*)
  | (?P<number>\d+(?:\.\d+)?)
  | (?P<string>'(?:\\.|[^'\\])*')
  | (?P<quoted>`(?:\\.|[^`\\])*`)
  | (?P<name>[A-Za-z_][A-Za-z0-9_]*)
  | (?P<special>\$(?:this|index|total)|%(?:[A-Za-z_][A-Za-z0-9_\-]*|`[^`]*`|'[^']*'))
  | (?P<operator><=|>=|!=|!~|[-+*/&|<>=~.,()\[\]{}])
    """,
    re.VERBOSE | re.DOTALL,
)
_PRECEDENCE = {
    **dict.fromkeys(("*", "/", "div", "mod"), 11),
    **dict.fromkeys(("+", "-", "&"), 10),
    **dict.fromkeys(("is", "as"), 9),
    "|": 8,
    **dict.fromkeys((">", "<", ">=", "<="), 7),
    **dict.fromkeys(("=", "~", "!=", "!~"), 6),
    **dict.fromkeys(("in", "contains"), 5),
    "and": 4,
    **dict.fromkeys(("xor", "or"), 3),
    "implies": 2,
}
_ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "f": "\f"}


def _tokens(text: str) -> list[tuple[str, str, int]]:
    out, at = [], 0
    while at < len(text):
        found = _TOKEN.match(text, at)
        if found is None:
            raise FhirPathError(f"unexpected character at {at}")
        if found.lastgroup != "space":
            out.append((found.lastgroup or "", found.group(), at))
        at = found.end()
    out.append(("end", "", at))
    return out


def _unescape(text: str) -> str:
    def one(found: re.Match[str]) -> str:
        code = found[1]
        return chr(int(code[1:], 16)) if len(code) == 5 else _ESCAPES.get(code, code)

    return re.sub(r"\\(u[0-9a-fA-F]{4}|.)", one, text, flags=re.DOTALL)


class _Parser:
    def __init__(self, text: str) -> None:
        self._tokens = _tokens(text)
        self._at = 0
        self._depth = 0

    def _peek(self) -> tuple[str, str, int]:
        return self._tokens[self._at]

    def _next(self) -> tuple[str, str, int]:
        self._at += 1
        return self._tokens[self._at - 1]

    def _is(self, operator: str) -> bool:
        kind, text, _ = self._peek()
        return kind == "operator" and text == operator

    def _expect(self, operator: str) -> None:
        kind, text, at = self._next()
        if kind != "operator" or text != operator:
            raise FhirPathError(f"expected {operator} at {at}")

    def parse(self) -> Node:
        node = self.expression(0)
        kind, _, at = self._peek()
        if kind != "end":
            raise FhirPathError(f"unexpected text at {at}")
        return node

    def expression(self, least: int) -> Node:
        self._depth += 1
        if self._depth > MAX_DEPTH:
            raise FhirPathError(f"nested deeper than {MAX_DEPTH}")
        left = self.postfix(self.term())
        while True:
            kind, text, _ = self._peek()
            power = _PRECEDENCE.get(text, 0) if kind in ("operator", "name") else 0
            if power <= least:
                self._depth -= 1
                return left
            self._next()
            if text in ("is", "as"):
                left = TypeTest(text, left, self.type_name())
            else:
                left = Binary(text, left, self.expression(power))

    def type_name(self) -> str:
        name = self.identifier()
        if self._is("."):
            self._next()
            name += "." + self.identifier()
        return name

    def identifier(self) -> str:
        kind, text, at = self._next()
        if kind == "name":
            return text
        if kind == "quoted":
            return _unescape(text[1:-1])
        raise FhirPathError(f"expected a name at {at}")

    def term(self) -> Node:
        kind, text, at = self._next()
        if kind == "operator" and text == "(":
            node = self.expression(0)
            self._expect(")")
            return node
        if kind == "string":
            return Literal("string", _unescape(text[1:-1]))
        if kind == "number":
            return Literal("number", text)
        if kind == "date":
            return Literal("date", text[1:])
        if kind == "special":
            return Member(None, text)
        if kind == "name" and text in ("true", "false"):
            return Literal("boolean", text == "true")
        if kind in ("name", "quoted"):
            self._at -= 1
            return self.invocation(None)
        raise FhirPathError(f"unexpected text at {at}")

    def invocation(self, source: Node | None) -> Node:
        name = self.identifier()
        if not self._is("("):
            return Member(source, name)
        self._next()
        arguments: list[Node] = []
        while not self._is(")"):
            if arguments:
                self._expect(",")
            arguments.append(self.expression(0))
        self._next()
        return Call(source, name, tuple(arguments))

    def postfix(self, node: Node) -> Node:
        while True:
            if self._is("."):
                self._next()
                node = self.invocation(node)
            elif self._is("["):
                self._next()
                node = Index(node, self.expression(0))
                self._expect("]")
            else:
                return node


@lru_cache(4096)
def parse(text: str) -> Node:
    """Errors: FhirPathError with the position."""
    if len(text) > MAX_LENGTH:
        raise FhirPathError(f"longer than {MAX_LENGTH} characters")
    return _Parser(text).parse()
