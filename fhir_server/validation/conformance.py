"""Profiles and search parameters as resources: are they usable, and do they keep to their base?

Spec: http://hl7.org/fhir/R4/profiling.html#limitations and searchparameter.html
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from ..conformance import search_parameter
from ..fhirpath import FhirPathError, compile
from .discriminators import steps_of
from .findings import ERROR, WARNING, Finding, Findings, Json, one
from .rules.values import is_stated, same, stated
from .slicing import bounds
from .tree import Node, TreeError, steps_of_element

if TYPE_CHECKING:
    from .compiler import Compiler
    from .run import Run


def check_definition(compiler: Compiler, resource: Json, run: Run) -> Findings:
    """A StructureDefinition that constrains: its tree grows, and it only narrows its base."""
    if resource.get("derivation") != "constraint" or type(resource.get("type")) is not str:
        return None
    base = str(resource.get("baseDefinition", ""))
    if not compiler.knows(base):
        return one("profile-base-unknown", WARNING, at=".baseDefinition", expected=base)
    view = resource.get("differential")
    elements = view.get("element") if type(view) is dict else None
    if type(elements) is not list or not all(type(e) is dict for e in elements):
        return None
    above = compiler.tree(base)
    if above is None:
        return one("profile-broken", at=".baseDefinition", reason=compiler.reason(base))
    try:
        tree = compiler.grower.grow(above, resource["type"], elements)
    except (TreeError, TypeError, AttributeError, KeyError, ValueError) as error:
        reason = str(error) if isinstance(error, TreeError) else "structure"
        return one("profile-broken", at=".differential", reason=reason)
    found: list[Finding] = []
    for i, element, node, base_node, owner in _each(compiler, tree, above, resource, elements):
        at = f".differential.element[{i}]"
        found += _narrows(compiler, element, base_node, owner, at)
        found += _discriminators(compiler, element, node, owner, at)
    return found + _expressions(compiler, elements) or None


def _each(
    compiler: Compiler, tree: Node, above: Node, resource: Json, elements: list[Json]
) -> Iterator[tuple[int, Json, Node, Node | None, str]]:
    """Each element with its node, the node of the base, and the type that holds it."""
    stack: list[tuple[str, str]] = []
    for i, element in enumerate(elements):
        steps = steps_of_element(element, stack)
        node, base, owner = tree, above, ""
        current = resource["type"]
        found_base: Node | None = base
        for name, slice_name in steps[1:]:
            fact, given = compiler.grower.element(current, name)
            if fact is None:
                return
            owner = current
            node = node.children.get(fact.name) or Node()
            found_base = found_base.children.get(fact.name) if found_base is not None else None
            for part in (slice_name or given).split("/") if slice_name or given else ():
                node = node.slices.get(part) or Node()
                found_base = found_base.slices.get(part) if found_base is not None else None
            current = compiler.grower.type_below(fact, node)
        yield i, element, node, found_base, owner


def _narrows(
    compiler: Compiler, element: Json, base: Node | None, owner: str, at: str
) -> list[Finding]:
    found: list[Finding] = []
    name = str(element["path"]).rpartition(".")[2]
    fact, given = compiler.grower.element(owner, name) if owner else (None, "")
    facts = base.facts if base is not None else {}
    if fact is not None and "sliceName" not in element and not given:
        low, high = fact.min, fact.max
        if "min" in facts or "max" in facts:
            stated_low, stated_high = bounds(facts)
            low = stated_low if "min" in facts else low
            high = stated_high if "max" in facts else high
        own_low, own_high = bounds({"min": low, **element})
        if "max" not in element:
            own_high = high
        if own_low < low or (high is not None and (own_high is None or own_high > high)):
            shown = f"{low}..{'*' if high is None else high}"
            found += one("profile-cardinality", at=at, expected=shown)
        allowed = {ref.code for ref in fact.types}
        stated_types = {t.get("code") for t in element.get("type", ())}
        if stated_types and not _within(compiler, stated_types, allowed):
            found += one("profile-types", at=at + ".type", expected=" ".join(sorted(allowed)))
    for prefix in ("fixed",):
        own, held = stated(element, prefix), stated(facts, prefix)
        if is_stated(own) and is_stated(held) and not same(own, held):
            found += one("profile-fixed", at=at)
    return found


def _within(compiler: Compiler, codes: set[Any], allowed: set[str]) -> bool:
    """Each is one of the types, derived from one, or a name for a part of the type itself."""
    for code in codes:
        if code in allowed or not isinstance(code, str) or ":" in code:
            continue
        if code in ("BackboneElement", "Element") and any("." in each for each in allowed):
            continue
        if not any(compiler.definitions.is_a(code, each) for each in allowed):
            return False
    return True


def _discriminators(
    compiler: Compiler, element: Json, node: Node, owner: str, at: str
) -> list[Finding]:
    slicing = element.get("slicing")
    if type(slicing) is not dict or not owner:
        return []
    fact, _ = compiler.grower.element(owner, str(element["path"]).rpartition(".")[2])
    below = compiler.grower.type_below(fact, node) if fact is not None else ""
    if compiler.definitions.type(below) is None or below in ("Element", "Resource"):
        return []
    found: list[Finding] = []
    for i, each in enumerate(slicing.get("discriminator", ())):
        steps = steps_of(str(each.get("path", "$this")))
        first = steps[0] if steps else ""
        if not first or "(" in first:
            continue
        if compiler.grower.element(below, first)[0] is None:
            where = f"{at}.slicing.discriminator[{i}].path"
            found += one("profile-discriminator", at=where, expected=below)
    return found


def _expressions(compiler: Compiler, elements: list[Json]) -> list[Finding]:
    found: list[Finding] = []
    for i, element in enumerate(elements):
        for j, each in enumerate(element.get("constraint", ())):
            expression = each.get("expression")
            if type(expression) is not str:
                continue
            try:
                compile(expression, None)
            except FhirPathError as error:
                at = f".differential.element[{i}].constraint[{j}].expression"
                found += one("profile-constraint", at=at, constraint=str(each.get("key", "")),
                             reason=str(error))  # fmt: skip
    return found


def check_parameter(compiler: Compiler, resource: Json, run: Run) -> Findings:
    """A SearchParameter by itself; what a server that goes by it asks for besides, it says."""
    found = [
        (each.at.removeprefix("SearchParameter"), each.code, each.args, ERROR)
        for each in search_parameter.check(compiler.definitions, resource)
    ]
    return found or None
