"""Line and column of what an expression names, in the text that was checked.

The text is only looked at where there are issues. Units: lines and columns count from 1, columns
in characters.
"""

from __future__ import annotations

import re
from typing import Any, NamedTuple
from xml.parsers import expat

_STEP = re.compile(r"([A-Za-z_][A-Za-z0-9_]*)(?:\[(\d+)\])?")
_SPACE = re.compile(r"[ \t\r\n]*").match
_STRING = re.compile(r'"(?:[^"\\]|\\.)*"', re.DOTALL).match
_SCALAR = re.compile(r"[^\s,\]}\[{:]+").match


class Position(NamedTuple):
    line: int
    column: int


def steps_of(expression: str) -> list[tuple[str, int | None]]:
    """`Patient.name[0].given[1]` as [("name", 0), ("given", 1)]."""
    found = [(m[1], int(m[2]) if m[2] else None) for m in _STEP.finditer(expression)]
    return found[1:]


def locate_json(text: str, expression: str) -> Position:
    """The nearest place that is there, when the expression names something that is missing."""
    at = _value(text, 0)
    for name, index in steps_of(expression):
        below = _member(text, at, name)
        if below is None:
            break
        at = below
        if text[at : at + 1] == "[":
            item = _item(text, at, index or 0)
            if item is None:
                break
            at = item
    return _position(text, at)


def _position(text: str, at: int) -> Position:
    return Position(text.count("\n", 0, at) + 1, at - (text.rfind("\n", 0, at) + 1) + 1)


def _value(text: str, at: int) -> int:
    match = _SPACE(text, at)
    return match.end() if match is not None else at


def _skip(text: str, at: int) -> int:
    """The end of the value at a place."""
    depth = 0
    while at < len(text):
        character = text[at]
        if character == '"':
            match = _STRING(text, at)
            at = match.end() if match is not None else len(text)
        elif character in "{[":
            depth += 1
            at += 1
        elif character in "}]":
            depth -= 1
            at += 1
        elif character in ",: \t\r\n":
            at += 1
            continue
        else:
            match = _SCALAR(text, at)
            at = match.end() if match is not None else at + 1
        if depth <= 0:
            return at
    return at


def _member(text: str, at: int, name: str) -> int | None:
    """The value of a property: of the name, of a choice of it, or of its sibling."""
    if text[at : at + 1] != "{":
        return None
    at = _value(text, at + 1)
    sibling: int | None = None
    while text[at : at + 1] == '"':
        match = _STRING(text, at)
        if match is None:
            return sibling
        key = text[at + 1 : match.end() - 1]
        colon = _value(text, match.end())
        value = _value(text, colon + 1)
        if key == name or (key.startswith(name) and key[len(name)].isupper()):
            return value
        if key.startswith("_" + name):
            sibling = value
        at = _value(text, _skip(text, value))
        if text[at : at + 1] != ",":
            return sibling
        at = _value(text, at + 1)
    return sibling


def _item(text: str, at: int, index: int) -> int | None:
    at = _value(text, at + 1)
    while text[at : at + 1] not in ("]", ""):
        if index == 0:
            return at
        index -= 1
        at = _value(text, _skip(text, at))
        if text[at : at + 1] != ",":
            return None
        at = _value(text, at + 1)
    return None


class XmlPositions:
    """All elements of a document by path; of a document that is no XML, none."""

    def __init__(self, data: bytes) -> None:
        self._rows: dict[tuple[tuple[str, int], ...], Position] = {}
        self._parser = expat.ParserCreate(namespace_separator=" ")
        self._path: list[tuple[str, int]] = []
        self._counts: list[dict[str, int]] = [{}]
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        try:
            self._parser.Parse(data, True)
        except (expat.ExpatError, ValueError):
            self._rows.clear()

    def _start(self, name: str, attributes: dict[str, Any]) -> None:
        plain = name.rpartition(" ")[2]
        counts = self._counts[-1]
        index = counts.get(plain, 0)
        counts[plain] = index + 1
        # An element named after a resource type stands for its holder.
        inside = not plain[:1].isupper()
        self._path.append((plain if inside else "", index))
        self._counts.append({})
        key = tuple(step for step in self._path if step[0])
        position = Position(self._parser.CurrentLineNumber, self._parser.CurrentColumnNumber + 1)
        self._rows.setdefault(key, position)

    def _end(self, name: str) -> None:
        self._path.pop()
        self._counts.pop()

    def locate(self, expression: str) -> Position | None:
        steps = [(name, index or 0) for name, index in steps_of(expression)]
        rows = self._rows
        key: tuple[tuple[str, int], ...] = ()
        for name, index in steps:
            below = (*key, (name, index))
            if below not in rows:
                choices = (k for k in rows if len(k) == len(below) and k[: len(key)] == key)
                found = next((k for k in choices if _chosen(k[-1][0], name)), None)
                if found is None:
                    break
                below = found
            key = below
        return rows.get(key)


def _chosen(key: str, name: str) -> bool:
    return key.startswith(name) and key[len(name) : len(name) + 1].isupper()
