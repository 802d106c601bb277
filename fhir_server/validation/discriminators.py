"""Which slice an item belongs to: discriminators compiled to tests of the item.

Spec: http://hl7.org/fhir/R4/profiling.html#discriminator
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

from .findings import Json, failed
from .rules.references import target_type
from .rules.values import compile_pattern, is_stated, same, stated
from .tree import Node

if TYPE_CHECKING:
    from .compiler import Compiler
    from .run import Run

Test = Callable[[Any, "Run"], bool]
# (item, its type, run) → what stands at the path of the discriminator, with types
Values = Callable[[Any, "Run"], list[tuple[Any, str]]]
_PARTS = re.compile(r"extension\('([^']*)'\)|ofType\(([^)]*)\)|(resolve\(\))|(\$this)|([^.]+)")


class Place:
    """What a slice says of the element that a discriminator leads to."""

    __slots__ = ("node", "type_name")

    def __init__(self, node: Node, type_name: str) -> None:
        self.node, self.type_name = node, type_name


def compile_discriminator(
    compiler: Compiler, discriminator: Json, slice_: Node, type_name: str, actual: str
) -> Test | None:
    """None where the slice says nothing that the discriminator could test.

    `type_name` is what the slice says its items are, `actual` what they are found to be.
    """
    path, kind = discriminator.get("path", "$this"), discriminator.get("type", "value")
    steps = steps_of(path)
    values = _values(compiler, steps, actual)
    place = find(compiler, slice_, type_name, steps)
    if place is None:
        return None
    if kind == "exists":
        return _exists(place.node, values)
    if kind == "type":
        return _type(compiler, place, steps, values)
    if kind == "profile":
        return _profile(compiler, place.node, steps, values)
    return _value(compiler, place, values)


def steps_of(path: str) -> list[str]:
    """The steps of a discriminator's path; none for $this."""
    return [m.group() for m in _PARTS.finditer(path) if m.group() != "$this"]


def _exists(node: Node, values: Values) -> Test | None:
    if node.facts.get("max") == "0":
        return lambda item, run: not values(item, run)
    if node.facts.get("min", 0) > 0:
        return lambda item, run: bool(values(item, run))
    return None


def _type(compiler: Compiler, place: Place, steps: list[str], values: Values) -> Test | None:
    types = place.node.facts.get("type", ())
    if steps and steps[-1] == "resolve()":
        wanted = frozenset(
            compiler.type_of(url) for t in types for url in t.get("targetProfile", ())
        )
    else:
        wanted = frozenset(t.get("code", "") for t in types) or frozenset((place.type_name,))
    if not wanted:
        return None
    is_a = compiler.definitions.is_a
    return lambda item, run: any(
        any(is_a(found, each) for each in wanted) for _, found in values(item, run)
    )


def _profile(compiler: Compiler, node: Node, steps: list[str], values: Values) -> Test | None:
    key = "targetProfile" if steps and steps[-1] == "resolve()" else "profile"
    urls = [url for t in node.facts.get("type", ()) for url in t.get(key, ())]
    if not urls:
        return None
    checks = [compiler.lazy_profile(url) for url in urls]

    def conforms(item: Any, run: Run) -> bool:
        return any(
            not failed(check(value, None, run))
            for value, _ in values(item, run)
            for check in checks
        )

    return conforms


def _value(compiler: Compiler, place: Place, values: Values) -> Test | None:
    """By fixed value or pattern, of the element or of what is below it; or by its binding."""
    wanted = _expected(compiler, place)
    if wanted is None:
        return None
    return lambda item, run: any(wanted(value, run) for value, _ in values(item, run))


def _expected(compiler: Compiler, place: Place) -> Test | None:
    facts = place.node.facts
    fixed = stated(facts, "fixed")
    if is_stated(fixed):
        return lambda value, run: same(value, fixed)
    pattern = stated(facts, "pattern")
    if is_stated(pattern):
        test = compile_pattern(pattern)
        return lambda value, run: test(value)
    below = _below(compiler, place)
    if below:
        return lambda value, run: all(
            any(test(each, run) for each in _step(value, name)) for name, test in below
        )
    binding = facts.get("binding", {})
    if binding.get("strength") == "required" and "valueSet" in binding:
        check = compiler.binding(binding, place.type_name, "")
        if check is not None:
            return lambda value, run: not failed(check(value, None, run))
    return None


def _below(compiler: Compiler, place: Place) -> list[tuple[str, Test]]:
    out: list[tuple[str, Test]] = []
    for name, child in place.node.children.items():
        element, _ = compiler.grower.element(place.type_name, name)
        child_type = compiler.grower.type_below(element, child) if element is not None else ""
        parts = [child, *(s for s in child.slices.values() if s.facts.get("min", 0) > 0)]
        for part in parts:
            test = _expected(compiler, Place(part, child_type))
            if test is not None:
                out.append((name, test))
    return out


def find(compiler: Compiler, node: Node, type_name: str, steps: list[str]) -> Place | None:
    """Where a path leads in what a slice says, through the profiles of its types."""
    if not steps or steps[0] == "resolve()":
        return Place(node, type_name)
    step, rest = steps[0], steps[1:]
    match = _PARTS.fullmatch(step)
    if match is not None and match[2]:
        return find(compiler, node, match[2], rest)
    if match is not None and match[1] is not None:
        return _extension(compiler, node, match[1], rest)
    element, _ = compiler.grower.element(type_name, step)
    child = node.children.get(step.removesuffix("[x]"))
    if element is not None and child is not None:
        below = compiler.grower.type_below(element, child)
        found = find(compiler, child, below, rest)
        if found is not None:
            return found
    for each in node.facts.get("type", ()):
        for url in each.get("profile", ()):
            tree = compiler.tree(url)
            if tree is not None:
                found = find(compiler, tree, compiler.type_of(url), steps)
                if found is not None:
                    return found
            elif step == "url" and each.get("code") == "Extension":
                return Place(Node({"fixedUri": url.partition("|")[0]}), "uri")
    return None


def _extension(compiler: Compiler, node: Node, url: str, rest: list[str]) -> Place | None:
    held = node.children.get("extension")
    for each in held.slices.values() if held is not None else ():
        urls = [
            u.partition("|")[0] for t in each.facts.get("type", ()) for u in t.get("profile", ())
        ]
        if url in urls:
            return find(compiler, each, "Extension", rest)
    return None


def _values(compiler: Compiler, steps: list[str], type_name: str) -> Values:
    def values(item: Any, run: Run) -> list[tuple[Any, str]]:
        current = [(item, _own_type(item, type_name))]
        for step in steps:
            current = [
                pair for value, of in current for pair in _follow(compiler, value, of, step, run)
            ]
        return current

    return values


def _own_type(value: Any, static: str) -> str:
    if type(value) is dict and type(value.get("resourceType")) is str:
        return str(value["resourceType"])
    return static


def _follow(
    compiler: Compiler, value: Any, of: str, step: str, run: Run
) -> Iterator[tuple[Any, str]]:
    match = _PARTS.fullmatch(step)
    if match is not None and match[2]:
        if compiler.definitions.is_a(of, match[2]):
            yield value, of
    elif step == "resolve()":
        found = compiler.resolve(value, run)
        if found is not None:
            yield found, _own_type(found, "Resource")
        else:
            name = target_type(value, run, compiler.definitions.is_resource)
            if name is not None:
                yield {"resourceType": name}, name
    elif type(value) is not dict:
        return
    elif match is not None and match[1] is not None:
        for each in _step(value, "extension"):
            if type(each) is dict and each.get("url") == match[1]:
                yield each, "Extension"
    else:
        yield from _children(compiler, value, of, step)


def _children(compiler: Compiler, value: Json, of: str, step: str) -> Iterator[tuple[Any, str]]:
    element, _ = compiler.grower.element(of, step)
    if element is None:
        return
    for key, ref in element.json_names():
        for each in _step(value, key):
            yield each, _own_type(each, ref.code)


def _step(value: Any, name: str) -> list[Any]:
    """The items below a name, of a choice those of any type."""
    if type(value) is not dict:
        return []
    found = value.get(name)
    if found is None:
        found = next(
            (v for k, v in value.items() if k.startswith(name) and k[len(name) :][:1].isupper()),
            None,
        )
    if found is None:
        return []
    return found if type(found) is list else [found]
