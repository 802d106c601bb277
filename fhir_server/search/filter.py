"""The text of `_filter` as a tree. Spec: http://hl7.org/fhir/R4/search_filter.html"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TypeAlias

import msgspec

from ..errors import FhirError, define

define(
    "search-filter",
    "value",
    400,
    "_filter 在第 {position} 个字符处应为 {expected}",
    "_filter must have {expected} at character {position}",
)
OPERATORS = (
    "eq", "ne", "co", "sw", "ew", "gt", "lt", "ge", "le", "ap", "sa", "eb", "pr", "po", "ss", "sb",
    "in", "re",
)  # fmt: skip
MAX_LENGTH = 8000
MAX_NESTING = 20
_SPACE = re.compile(r"\s*")
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_\-]*(?::[A-Za-z]+)?")
_WORD = re.compile(r"[a-z]+")
_STRING = re.compile(r'"(?:[^"\\]|\\.)*"')
_TOKEN = re.compile(r"[^\s)\]]+")


@dataclass(frozen=True, slots=True)
class Step:
    """A parameter; of a reference maybe with the type of its target and a filter on it."""

    name: str
    where: Tree | None = None


@dataclass(frozen=True, slots=True)
class Comparison:
    path: tuple[Step, ...]
    operator: str
    value: str


@dataclass(frozen=True, slots=True)
class Logic:
    """All of the parts, or any of them."""

    operator: str  # and, or
    parts: tuple[Tree, ...]


@dataclass(frozen=True, slots=True)
class Negation:
    inner: Tree


Tree: TypeAlias = Comparison | Logic | Negation


def parse_filter(text: str) -> Tree:
    """Errors: search-filter."""
    parser = _Parser(text[:MAX_LENGTH])
    if len(text) > MAX_LENGTH:
        parser.at = MAX_LENGTH
        raise parser.error("its end")
    tree = parser.filter(0)
    parser.space()
    if parser.at < len(text):
        raise parser.error("and, or")
    return tree


class _Parser:
    def __init__(self, text: str) -> None:
        self.text, self.at = text, 0

    def error(self, expected: str) -> FhirError:
        return FhirError("search-filter", "_filter", position=self.at + 1, expected=expected)

    def space(self) -> None:
        found = _SPACE.match(self.text, self.at)
        self.at = found.end() if found else self.at

    def take(self, pattern: re.Pattern[str], expected: str) -> str:
        self.space()
        found = pattern.match(self.text, self.at)
        if found is None:
            raise self.error(expected)
        self.at = found.end()
        return found.group()

    def skip(self, text: str) -> bool:
        self.space()
        if self.text.startswith(text, self.at):
            self.at += len(text)
            return True
        return False

    def word(self, *words: str) -> str:
        """One of the words if it comes next, followed by what ends a word; else ""."""
        self.space()
        found = _WORD.match(self.text, self.at)
        if found is None or found.group() not in words:
            return ""
        after = self.text[found.end() : found.end() + 1]
        if after and not after.isspace() and after != "(":
            return ""
        self.at = found.end()
        return found.group()

    def filter(self, depth: int) -> Tree:
        """R4 gives `and` no precedence over `or`: from the left. Each change between the two is a
        level, as parentheses are."""
        self._level(depth)
        parts, before = [self._term(depth)], ""
        while operator := self.word("and", "or"):
            if before and operator != before:
                parts, depth = [Logic(before, tuple(parts))], depth + 1
                self._level(depth)
            before = operator
            parts.append(self._term(depth))
        return Logic(before, tuple(parts)) if before else parts[0]

    def _level(self, depth: int) -> None:
        if depth > MAX_NESTING:
            raise self.error(f"at most {MAX_NESTING} levels of parentheses")

    def _term(self, depth: int) -> Tree:
        if self.skip("("):
            return self._closed(depth)
        start = self.at
        if self.word("not"):
            if self.skip("("):
                return Negation(self._closed(depth))
            self.at = start
        return self._comparison(depth)

    def _closed(self, depth: int) -> Tree:
        inner = self.filter(depth + 1)
        if not self.skip(")"):
            raise self.error(")")
        return inner

    def _comparison(self, depth: int) -> Comparison:
        path = [self._step(depth)]
        while self.text.startswith(".", self.at):
            self.at += 1
            path.append(self._step(depth))
        if path[-1].where is not None:
            raise self.error(".")
        operator = self.word(*OPERATORS)
        if not operator:
            raise self.error(" ".join(OPERATORS))
        return Comparison(tuple(path), operator, self._value())

    def _step(self, depth: int) -> Step:
        name = self.take(_NAME, "a parameter")
        if not self.text.startswith("[", self.at):
            return Step(name)
        self.at += 1
        where = self.filter(depth + 1)
        if not self.skip("]"):
            raise self.error("]")
        return Step(name, where)

    def _value(self) -> str:
        self.space()
        if self.text.startswith('"', self.at):
            start = self.at
            raw = self.take(_STRING, "a closing quote")
            try:
                return msgspec.json.decode(raw.encode(), type=str)
            except (msgspec.DecodeError, UnicodeEncodeError):
                self.at = start
                raise self.error("a JSON string") from None
        return self.take(_TOKEN, "a value")
