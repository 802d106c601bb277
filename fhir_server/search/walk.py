"""All parameters of one resource type in one walk through a resource.

Most search parameters are plain paths, and many share the beginning of theirs. So the paths become
one tree, and what a resource costs follows from what it holds, not from what could be searched.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from ..fhirpath import Branch, Context, Keep
from ..fhirpath.types import OPEN
from .converters import Convert, Json, Out

# (a JSON value that is there, or a list of them; the resource's context; the entries so far)
Visit: TypeAlias = Callable[[Any, Context, Out], None]


@dataclass(slots=True)
class Place:
    """Where paths lead to: what to make of a value there, and where to look below it."""

    leaves: list[tuple[Convert, str]] = field(default_factory=list)
    keys: dict[str, Place] = field(default_factory=dict)
    filters: list[tuple[Keep, Place]] = field(default_factory=list)

    def add(self, branch: Branch, convert: Convert, code: str) -> None:
        place = self
        for step in branch.steps:
            if isinstance(step, str):
                place = place.keys.setdefault(step, Place())
            elif not isinstance(step, int):
                below = Place()
                place.filters.append((step, below))
                place = below
        place.leaves.append((convert, code))


def is_plain(branches: Sequence[Branch] | None) -> bool:
    """Can the branches be part of a walk? A position counts over all that a path finds, and the
    type of a contained resource is known only there.
    """
    if branches is None or any(branch.type in OPEN for branch in branches):
        return False
    return not any(isinstance(step, int) for branch in branches for step in branch.steps)


def compile_walk(place: Place) -> Visit:
    if len(place.leaves) == 1 and not place.keys and not place.filters:
        return _one_leaf(*place.leaves[0])
    leaves = tuple(place.leaves)
    keys = tuple((key, compile_walk(below)) for key, below in place.keys.items())
    filters = tuple((keep, compile_walk(below)) for keep, below in place.filters)

    def visit(value: Any, context: Context, out: Out) -> None:
        if type(value) is list:
            for each in value:
                if each is not None:
                    visit(each, context, out)
            return
        for convert, code in leaves:
            convert(out, code, value)
        if keys and type(value) is dict:
            for key, below in keys:
                found = value.get(key)
                if found is not None:
                    below(found, context, out)
        for keep, below in filters:
            if keep(context, value):
                below(value, context, out)

    return visit


def compile_top(place: Place) -> Callable[[Json, Out], None]:
    """The walk of whole resources: a type has more keys to look for than a resource has."""
    rest = compile_walk(Place(place.leaves, {}, place.filters))
    below_key = {key: compile_walk(below) for key, below in place.keys.items()}.get
    whole = bool(place.leaves or place.filters)

    def visit(resource: Json, out: Out) -> None:
        context = Context(resource)
        if whole:
            rest(resource, context, out)
        for key, value in resource.items():
            below = below_key(key)
            if below is not None and value is not None:
                below(value, context, out)

    return visit


def _one_leaf(convert: Convert, code: str) -> Visit:
    def visit(value: Any, context: Context, out: Out) -> None:
        if type(value) is list:
            for each in value:
                if each is not None:
                    convert(out, code, each)
        else:
            convert(out, code, value)

    return visit
