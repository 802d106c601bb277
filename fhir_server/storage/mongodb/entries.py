"""Index entries as the small documents of `index.<kind>`. Spec: storage/plan.py, docs/mongodb.md"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import Any

from ..plan import KINDS

Json = dict[str, Any]
# A word is compared in full where a search verifies it; in `grams` only its beginning stands, lest
# a document with one endless word becomes an endless index key.
GRAM = 64
PARTS = ("p0", "p1", "p2")  # MongoDB indexes no field whose name is a number


def entry_of(kind: str, row: Sequence[Any]) -> Json:
    """One entry. Shape of `row`: the code, then the fields of its kind."""
    if kind == "composite":
        return _composite(row)
    entry = dict(zip(("code", *KINDS[kind]), row, strict=True))
    if kind == "position":
        latitude, longitude = row[1], row[2]
        # A 2dsphere index refuses a document with a place that is not on Earth.
        if -90 <= latitude <= 90 and -180 <= longitude <= 180:
            point = [float(longitude), float(latitude)]
            entry["point"] = {"type": "Point", "coordinates": point}
    elif kind == "text":
        entry["grams"] = grams(row[1])
    return entry


def _composite(row: Sequence[Any]) -> Json:
    entry = {"code": row[0], "parts": parts_of([part[0] for part in row[1:]])}
    for name, (kind, *values) in zip(PARTS, row[1:], strict=False):
        entry[name] = dict(zip(KINDS[kind], values, strict=True))
    return entry


def parts_of(kinds: Sequence[str]) -> str:
    """The kinds of the parts of a composite as one value to compare."""
    return " ".join(kinds)


def grams(words: str) -> list[str]:
    """The words and the pairs of neighbours, each once, in order of appearance."""
    every = [word[:GRAM] for word in words.split(" ") if word]
    pairs = [" ".join(each) for each in pairwise(every)]
    return list(dict.fromkeys([*every, *pairs]))


def phrase_of(words: str) -> Json:
    """The conditions on an entry of kind text in which these words are neighbours in this order.

    The pairs are found by the index; where they alone do not prove the phrase, the words do.
    """
    every = words.split(" ")
    if not all(every):
        return {"grams": {"$in": []}}  # not words: nothing holds them
    short = [word[:GRAM] for word in every]
    pairs = [" ".join(each) for each in pairwise(short)]
    wanted = pairs or short
    condition: Json = {"grams": {"$all": wanted}}
    if len(every) > 2 or short != every:
        condition["words"] = {"$regex": pattern(f" {words} ")}
    return condition


def pattern(text: str) -> str:
    """A regular expression that finds the text literally."""
    return re.escape(text).replace("\0", "\\x00")
