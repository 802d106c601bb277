"""JSON in and out. A resource is a plain dict; a decimal is a Decimal that keeps its digits."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

import jiter
import msgspec

from ..errors import FhirError

MAX_DEPTH = 64  # levels of objects and arrays in one resource; R4's own examples stay below 20

_encoder = msgspec.json.Encoder(decimal_format="number")
_sorted = msgspec.json.Encoder(decimal_format="number", order="sorted")
_decoder = msgspec.json.Decoder(float_hook=Decimal)
encode = _encoder.encode
decode_stored = _decoder.decode  # only for what this server itself encoded

_WHERE = re.compile(r"at line (\d+) column (\d+)")
_LONE = re.compile(rb"\\u00(?:0[0-8bcefBCEF]|1[0-9a-fA-F])")
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f]")


def canonical(value: Any) -> str:
    """JSON text with sorted keys: equal for equal values."""
    return _sorted.encode(value).decode()


def pretty(body: bytes) -> bytes:
    """The same JSON, indented; numbers keep their digits."""
    return msgspec.json.format(body, indent=2)


def utf8(body: bytes) -> str:
    """Errors: json-not-utf8."""
    try:
        return body.decode()
    except UnicodeDecodeError:
        raise FhirError("json-not-utf8") from None


def decode(body: bytes, *, control: bool = False) -> Any:
    """Strict decoding of what a client sent. `control`: its strings may hold control characters.

    Errors: json-empty, json-not-utf8, json-invalid, json-duplicate, json-too-deep, json-control.
    """
    if not body or body.isspace():
        raise FhirError("json-empty")
    try:
        value = jiter.from_json(
            body, allow_inf_nan=False, catch_duplicate_keys=True, float_mode="decimal"
        )
    except ValueError as error:
        raise _explain(body, str(error)) from None
    if not control and _LONE.search(body) and _has_control(value):
        raise FhirError("json-control")
    _check_depth(body, value)
    return value


def decode_object(body: bytes) -> dict[str, Any]:
    """Errors: as `decode`, and json-not-object."""
    value = decode(body)
    if type(value) is not dict:
        raise FhirError("json-not-object")
    return value


def _explain(body: bytes, message: str) -> FhirError:
    try:
        body.decode()
    except UnicodeDecodeError:
        return FhirError("json-not-utf8")
    found = _WHERE.search(message)
    line, column = (int(found[1]), int(found[2])) if found else (1, 1)
    if message.startswith("recursion limit"):
        return FhirError("json-too-deep", limit=MAX_DEPTH)
    code = "json-duplicate" if "uplicate key" in message else "json-invalid"
    return FhirError(code, line=line, column=column)


def _has_control(value: Any) -> bool:
    if type(value) is str:
        return _CONTROL.search(value) is not None
    if type(value) is dict:
        return any(_has_control(key) or _has_control(each) for key, each in value.items())
    return type(value) is list and any(map(_has_control, value))


def _check_depth(body: bytes, value: Any) -> None:
    # Fewer brackets than the limit cannot nest deeper; that settles most bodies in one pass.
    if body.count(b"{") + body.count(b"[") <= MAX_DEPTH:
        return
    level, depth = [value], 0
    while level:
        depth += 1
        if depth > MAX_DEPTH + 1:
            raise FhirError("json-too-deep", limit=MAX_DEPTH)
        level = [e for e in below(level) if type(e) is dict or type(e) is list]


def below(level: list[Any]) -> list[Any]:
    """What the objects and arrays of one level of a tree hold: the next level."""
    out: list[Any] = []
    for each in level:
        if type(each) is dict:
            out.extend(each.values())
        elif type(each) is list:
            out.extend(each)
    return out
