"""Expression text to tokens.

Spec: http://hl7.org/fhirpath/N1/#lexical-elements
"""

from __future__ import annotations

import re
from typing import NamedTuple

from .errors import FhirPathError

MAX_LENGTH = 20_000  # characters of one expression; the longest of R4 has 3,100

_DATE = r"\d{4}(?:-\d\d(?:-\d\d)?)?"
_TIME = r"\d\d(?::\d\d(?::\d\d(?:\.\d+)?)?)?"
_ZONE = r"(?:Z|[+-]\d\d:\d\d)"
_TOKEN = re.compile(
    rf"""
    (?P<space>\s+|//[^\n\r]*|/\*.*?\*/)
  | (?P<moment>@T{_TIME}|@{_DATE}(?:T(?:{_TIME}{_ZONE}?)?)?)
  | (?P<number>\d+(?:\.\d+)?)
  | (?P<string>'(?:\\.|[^'\\])*'|"(?:\\.|[^"\\])*")
  | (?P<quoted>`(?:\\.|[^`\\])*`)
  | (?P<name>[A-Za-z_][A-Za-z0-9_]*)
  | (?P<variable>\$(?:this|index|total)\b)
  | (?P<operator><=|>=|!=|!~|[-+*/&|<>=~.,()\[\]{{}}%])
    """,
    re.VERBOSE | re.DOTALL,
)
_ESCAPE = re.compile(r"\\(u[0-9a-fA-F]{4}|.)", re.DOTALL)
_ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "f": "\f"}


class Token(NamedTuple):
    """`kind` is a group of the pattern above, or "end"; `text` of strings is unescaped."""

    kind: str
    text: str
    at: int


def tokens(text: str) -> list[Token]:
    """Without spaces and comments; the last is the end. Errors: FhirPathError."""
    if len(text) > MAX_LENGTH:
        raise FhirPathError(f"an expression has at most {MAX_LENGTH} characters")
    out: list[Token] = []
    at = 0
    while at < len(text):
        found = _TOKEN.match(text, at)
        if found is None:
            raise FhirPathError("unexpected character, or a string without its end", at)
        kind, raw = found.lastgroup or "", found.group()
        if kind in ("string", "quoted"):
            out.append(Token(kind, _unescape(raw[1:-1]), at))
        elif kind != "space":
            out.append(Token(kind, raw, at))
        at = found.end()
    out.append(Token("end", "", at))
    return out


def _unescape(text: str) -> str:
    if "\\" not in text:
        return text

    def one(found: re.Match[str]) -> str:
        code = found[1]
        return chr(int(code[1:], 16)) if len(code) == 5 else _ESCAPES.get(code, code)

    return _ESCAPE.sub(one, text)
