"""Functions of a string.

Spec: http://hl7.org/fhirpath/N1/#string-manipulation; encode, escape, trim, split and join are of
the next version, and R4's own tests hold them.
"""

from __future__ import annotations

import base64
import binascii
import html
import json
import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from ..arithmetic import joined
from ..errors import FhirPathError
from ..patterns import guarded, search
from ..registry import BOOLEAN, INTEGER, STRING, Code, Scope, function, scalar, scalar_code
from ..tree import Call, Literal
from ..values import Context, Nodes, raw_of, single

if TYPE_CHECKING:
    from ..compiler import Compiler


def _text(value: Any) -> str:
    if type(value) is not str:
        raise FhirPathError("expected a string")
    return value


def _number(value: Any) -> int:
    if type(value) is not int:
        raise FhirPathError("expected an integer")
    return value


def _define(name: str, type_name: str, count: int, compute: Callable[..., Any]) -> None:
    """A function of strings only."""
    scalar(name, type_name, count)(lambda *values: compute(*map(_text, values)))


_define("startsWith", BOOLEAN, 1, str.startswith)
_define("endsWith", BOOLEAN, 1, str.endswith)
_define("contains", BOOLEAN, 1, lambda text, part: part in text)
_define("upper", STRING, 0, str.upper)
_define("lower", STRING, 0, str.lower)
_define("trim", STRING, 0, str.strip)
_define("length", INTEGER, 0, len)
_define("indexOf", INTEGER, 1, str.find)
_define("lastIndexOf", INTEGER, 1, str.rfind)
_define("matchesFull", BOOLEAN, 1, lambda text, pattern: search(text, pattern, full=True))


@scalar("substring", STRING, 1, 2)
def substring(text: Any, start: Any, length: Any = None) -> str | None:
    begin = _number(start)
    if not 0 <= begin < len(_text(text)):
        return None
    return _text(text)[begin : None if length is None else begin + max(_number(length), 0)]


@scalar("replace", STRING, 2)
def replace(text: Any, part: Any, other: Any) -> str:
    pieces = _text(text).count(_text(part))
    joined(("x" * len(text), *([_text(other)] * min(pieces, 1_000_001))))
    return str(text).replace(part, other)


@function("matches", 1)
def matches(compiler: Compiler, call: Call, scope: Scope) -> Code:
    """The pattern may match anywhere.  Spec: http://hl7.org/fhirpath/N1/#matchesregex-string"""
    pattern = call.arguments[0]
    if isinstance(pattern, Literal) and type(pattern.value) is str:
        try:
            guarded("", pattern.value)  # a wrong pattern is refused while compiling
        except FhirPathError as error:
            raise FhirPathError(str(error), pattern.at) from None
    return scalar_code(compiler, call, scope, _matches, BOOLEAN)


def _matches(text: Any, pattern: Any) -> bool:
    return search(_text(text), _text(pattern))


@scalar("replaceMatches", STRING, 2)
def replace_matches(text: Any, pattern: Any, other: Any) -> str:
    """`$1` and `${name}` in the replacement stand for groups."""
    if _text(pattern) == "":
        return _text(text)
    found = guarded(_text(text), pattern)
    template = re.sub(r"\$(?:(\d)|\{(\w+)\})", r"\\g<\1\2>", _text(other).replace("\\", r"\\"))
    try:
        return joined((found.sub(template, text),))
    except (re.error, IndexError):
        raise FhirPathError("the replacement names a group that is not there") from None


@function("toChars")
def to_chars(compiler: Compiler, call: Call, scope: Scope) -> Code:
    run, at = compiler.source(call, scope).run, call.at

    def chars(context: Context, focus: Any) -> Nodes:
        found = raw_of(single(run(context, focus), at))
        return [] if found is None else list(_text(found))

    return Code(chars, STRING, (STRING,))


@function("split", 1)
def split(compiler: Compiler, call: Call, scope: Scope) -> Code:
    run, at = compiler.source(call, scope).run, call.at
    separator = compiler.code(call.arguments[0], scope).run

    def parts(context: Context, focus: Any) -> Nodes:
        text = raw_of(single(run(context, focus), at))
        by = raw_of(single(separator(context, focus), at))
        if text is None or by is None:
            return []
        return list(_text(text).split(_text(by))) if by else list(_text(text))

    return Code(parts, STRING, (STRING,))


@function("join", 0, 1)
def join(compiler: Compiler, call: Call, scope: Scope) -> Code:
    run, at = compiler.source(call, scope).run, call.at
    separator = compiler.code(call.arguments[0], scope).run if call.arguments else None

    def text(context: Context, focus: Any) -> Nodes:
        nodes = run(context, focus)
        if not nodes:
            return []
        by = raw_of(single(separator(context, focus), at)) if separator else ""
        parts = [_text(raw) for raw in map(raw_of, nodes) if raw is not None]
        joined((*parts, _text(by or "") * len(parts)), at)
        return [_text(by or "").join(parts)]

    return Code(text, STRING, (STRING,))


_ENCODE: dict[str, Callable[[bytes], str]] = {
    "hex": lambda raw: raw.hex(),
    "base64": lambda raw: base64.b64encode(raw).decode(),
    "urlbase64": lambda raw: base64.urlsafe_b64encode(raw).decode(),
}
_DECODE: dict[str, Callable[[str], bytes]] = {
    "hex": bytes.fromhex,
    "base64": lambda text: base64.b64decode(text, validate=True),
    "urlbase64": base64.urlsafe_b64decode,
}


def encode(text: str, form: str) -> str | None:
    return _ENCODE[form](text.encode()) if form in _ENCODE else None


def decode(text: str, form: str) -> str | None:
    try:
        return _DECODE[form](text).decode() if form in _DECODE else None
    except (ValueError, binascii.Error):
        return None


def escape(text: str, form: str) -> str | None:
    if form == "html":
        return html.escape(text)
    return json.dumps(text, ensure_ascii=False)[1:-1] if form == "json" else None


def unescape(text: str, form: str) -> str | None:
    if form == "html":
        return html.unescape(text)
    try:
        # A quotation mark need not be escaped here: the text is no JSON string, only its inside.
        found = json.loads('"' + re.sub(r'(?<!\\)((?:\\\\)*)"', r'\1\\"', text) + '"')
    except ValueError:
        return None
    return str(found) if form == "json" else None


_define("encode", STRING, 1, encode)
_define("decode", STRING, 1, decode)
_define("escape", STRING, 1, escape)
_define("unescape", STRING, 1, unescape)
