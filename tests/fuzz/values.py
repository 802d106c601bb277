"""What a broken or hostile client sends: values, trees and bytes, drawn by a seeded generator."""

from __future__ import annotations

import copy
import gzip
import json
import random
from collections.abc import Callable
from typing import Any

# In every value that is sent, and in no answer to a bad request: it may be a patient's.
CANARY = "Zq9canary"
UNKNOWN = "unknown"  # names may come back: they are places, not values
RAW = "@raw:"  # a string with this prefix becomes its rest, unquoted
NUMBERS = ("1E400", "-1E400", "1E-400", "-0", "0.0000000000000000000000000001", "1" + "0" * 400,
           "9007199254740993", "01", "+1", "NaN", "Infinity", "1.", ".5", "0x10")  # fmt: skip
STRINGS = (
    "", " ", CANARY, CANARY + "\x00", CANARY + "\ud800", "\ufeff" + CANARY, "\u202e" + CANARY,
    CANARY * 3000, "𠮷" + CANARY, f"<script>{CANARY}</script>", f"{{{CANARY}}}", f"{CANARY}%s%(a)s",
    f"../../{CANARY}", f"Patient/{CANARY}", f"urn:uuid:{CANARY}", f"http://[{CANARY}", "$",
    f"'; DROP TABLE resource; --{CANARY}", "2026-13-45", f"2026-11-25T{CANARY}", "0000", "-1",
    "9" * 400, f"Patient?name={CANARY}", f"#{CANARY}", f"<div>{CANARY}", "a" * 65,
)  # fmt: skip


def nested(rng: random.Random) -> Any:
    """Deeper than anybody needs."""
    depth = rng.choice((60, 70, 300, 3000))
    opening, closing = rng.choice((("[", "]"), ('{"a":', "}"), ('{"extension":[', "]}")))
    return RAW + opening * depth + "1" + closing * depth


def bad_value(rng: random.Random) -> Any:
    return rng.choice(
        (
            None, True, 0, -1, 10**20, 1.5, [], {}, [[]], [None], {"": ""}, {"extension": []},
            {"resourceType": CANARY}, [CANARY, 1], {"unknown": CANARY}, RAW + rng.choice(NUMBERS),
            nested(rng), rng.choice(STRINGS), rng.choice(STRINGS), rng.choice(STRINGS),
        )
    )  # fmt: skip


Place = tuple[Any, Any]  # an object or array and a key or index in it


def places(tree: Any) -> list[Place]:
    """Every place in a tree."""
    found: list[Place] = []
    todo = [tree]
    while todo:
        each = todo.pop()
        keys = list(each) if isinstance(each, dict) else range(len(each))
        found += [(each, key) for key in keys]
        todo += [each[key] for key in keys if isinstance(each[key], dict | list)]
    return found


def mutated(rng: random.Random, tree: Any) -> Any:
    """A copy with one to three places changed, each in a way that a client may get wrong."""
    tree = copy.deepcopy(tree)
    for _ in range(rng.choice((1, 1, 2, 3))):
        spots = places(tree)
        if not spots:
            return bad_value(rng)
        holder, key = rng.choice(spots)
        _change(rng, holder, key)
    return tree


def _change(rng: random.Random, holder: Any, key: Any) -> None:
    how = rng.randrange(8)
    if how == 0:
        del holder[key]
    elif how == 1 and isinstance(holder, dict):
        holder[rng.choice((str(key) + "x", "_" + str(key), "", "unknown", "id", "extension"))] = (
            bad_value(rng)
        )
    elif how == 2:
        holder[key] = [holder[key]]
    elif how == 3:
        holder[key] = {"value": holder[key]}
    elif how == 4 and isinstance(holder, list):
        holder.extend([holder[key]] * rng.choice((1, 50)))
    elif how == 5 and isinstance(holder, dict):
        holder[rng.choice(("resourceType", "meta", "contained", "text", "_id"))] = bad_value(rng)
    else:
        holder[key] = bad_value(rng)


def to_json(rng: random.Random, tree: Any) -> bytes:
    """The tree as JSON, with what only text can hold: raw numbers and a key that occurs twice."""
    text = json.dumps(
        tree,
        default=lambda number: f"{RAW}{number}",
        ensure_ascii=rng.random() < 0.7 or _lone(tree),
    )
    while f'"{RAW}' in text:
        head, _, rest = text.partition(f'"{RAW}')
        raw, _, tail = _to_quote(rest)
        text = head + raw + tail
    if rng.random() < 0.03 and text.startswith("{"):
        text = '{"resourceType":"Patient",' + text[1:]
    return text.encode("utf-8", "surrogatepass")


def _lone(tree: Any) -> bool:
    return "\ud800" in repr(tree) or "\\ud800" in repr(tree)


def _to_quote(rest: str) -> tuple[str, str, str]:
    """Up to the first quote that is not escaped."""
    at = 0
    while rest[at] != '"':
        at += 2 if rest[at] == "\\" else 1
    return rest[:at].replace('\\"', '"'), '"', rest[at + 1 :]


Spoil = Callable[[random.Random, bytes], bytes]


def _flip(rng: random.Random, body: bytes) -> bytes:
    out = bytearray(body)
    for _ in range(rng.choice((1, 3, 20))):
        if out:
            out[rng.randrange(len(out))] = rng.randrange(256)
    return bytes(out)


SPOILS: tuple[Spoil, ...] = (
    lambda rng, body: body[: rng.randrange(len(body) + 1)],
    _flip,
    lambda _, body: b"\xef\xbb\xbf" + body,
    lambda _, body: body.decode("utf-8", "replace").encode("utf-16", "replace"),
    lambda _, body: body.decode("utf-8", "replace").encode("gb18030", "replace"),
    lambda _, body: body + b"\x00",
    lambda _, body: body + body,
    lambda _, body: b"",
    lambda _, body: b" \n\t",
    lambda _, body: gzip.compress(body),
    lambda rng, body: gzip.compress(body)[: rng.randrange(1, 40)],
    lambda _, body: b"\x1f\x8b" + body,
    lambda rng, _: rng.randbytes(rng.choice((1, 100, 5000))),
)


def spoiled(rng: random.Random, body: bytes) -> bytes:
    return rng.choice(SPOILS)(rng, body)
