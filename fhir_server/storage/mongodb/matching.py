"""Conditions on index entries as a MongoDB filter.

Each index entry is a small document in the array of its kind, so one `$elemMatch` is one entry:
without it, `low` of one entry and `high` of another could together satisfy what no entry does.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

from ..plan import EARTH_RADIUS, Match, Near, Test, Updated
from .entries import parts_of, pattern, phrase_of

Json = dict[str, Any]
OPERATORS = {"=": "$eq", "!=": "$ne", "<": "$lt", "<=": "$lte", ">": "$gt", ">=": "$gte"}
EVERYTHING: Json = {}
NOTHING: Json = {"_id": {"$in": []}}
LAST = 0x10FFFF  # the last code point


def lower_match(clause: Match) -> Json:
    path = f"index.{clause.kind}"
    own: Json = {"code": clause.code}
    if clause.kind == "composite":
        own["parts"] = parts_of(clause.parts)
    groups = [{path: {"$elemMatch": {**own, **group}}} for group in _groups(clause)]
    if clause.negate:
        return {"$nor": groups} if groups else EVERYTHING
    return some(groups)


def lower_near(clause: Near) -> Json:
    radius = min(clause.metres / EARTH_RADIUS, math.pi)
    sphere = {"$centerSphere": [[clause.longitude, clause.latitude], radius]}
    entry = {"code": clause.code, "point": {"$geoWithin": sphere}}
    return {"index.position": {"$elemMatch": entry}}


def lower_updated(clause: Updated) -> Json:
    return some([_fields(group, lambda _: "updated") for group in clause.any_of])


def _groups(clause: Match) -> list[Json]:
    """Shape: the conditions of each alternative on an index entry."""
    tests = [group[0] for group in clause.any_of if len(group) == 1]
    if (
        len(tests) == len(clause.any_of) > 1
        and {t.operator for t in tests} == {"="}
        and len({t.field for t in tests}) == 1
    ):
        # `status=active,completed`: one condition rather than a branch for each value.
        return [{_path(tests[0]): {"$in": [t.value for t in tests]}}]
    return [_fields(group, _path) for group in clause.any_of]


def _path(test: Test) -> str:
    """The field of a part of a composite, `0.low`, lies in a document named `p0`."""
    return f"p{test.field}" if "." in test.field else test.field


def some(filters: list[Json]) -> Json:
    if not filters:
        return NOTHING
    return filters[0] if len(filters) == 1 else {"$or": filters}


def every(filters: list[Json]) -> Json:
    real = [each for each in filters if each]
    if not real:
        return EVERYTHING
    return real[0] if len(real) == 1 else {"$and": real}


def _fields(group: Sequence[Test], path: Callable[[Test], str]) -> Json:
    """All tests of a group; two that use one operator on one field go under `$and`."""
    out: Json = {}
    clash: list[Json] = []
    for test in group:
        for field, condition in _conditions(test, path(test)).items():
            known = out.setdefault(field, {})
            if known.keys() & condition.keys():
                clash.append({field: condition})
            else:
                known.update(condition)
    return {**out, "$and": clash} if clash else out


def _conditions(test: Test, field: str) -> dict[str, Json]:
    """Shape: field to its condition."""
    if test.operator in OPERATORS:
        return {field: {OPERATORS[test.operator]: test.value}}
    if test.operator == "in":
        assert isinstance(test.value, tuple)
        return {field: {"$in": list(test.value)}}
    text = str(test.value)
    if test.operator == "within":
        return phrase_of(text)
    if test.operator == "starts":
        # A range is served by an index and takes any text literally.
        end = after_prefix(text)
        return {field: {"$gte": text, **({"$lt": end} if end else {})}}
    # The end of the text; `$` would also match before a last line feed.
    end = r"(?![\s\S])" if test.operator == "ends" else ""
    return {field: {"$regex": pattern(text) + end}}


def after_prefix(text: str) -> str:
    """The least text behind all that begin with this one; "" where there is none."""
    while text:
        number = ord(text[-1]) + 1
        if number <= LAST:
            # Surrogates are not characters; UTF-8 orders the rest by their number.
            return text[:-1] + chr(0xE000 if 0xD800 <= number <= 0xDFFF else number)
        text = text[:-1]
    return ""
