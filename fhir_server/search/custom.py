"""A search parameter of a client's own, checked before anything depends on it.

Spec: http://hl7.org/fhir/R4/searchparameter.html
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from .. import fhirpath
from ..conformance.search_parameter import ROOTS, broken, is_expression, too_long, unusable
from ..definitions import SearchParameter
from ..errors import Issue, define
from ..model.json import canonical
from .converters import converters_for
from .parameters import KINDS, OWN, SPECIAL, Registry

Json = dict[str, Any]
Custom = Mapping[str, SearchParameter]
TYPES = tuple(kind for kind in KINDS if kind != "special")
PARTS = ("token", "string", "reference", "date", "uri", "number", "quantity")
CONVERTERS = converters_for("")

define(
    "parameter-code", "value", 422,
    "应以字母开头，只含字母、数字、- 和 _，至多 64 个字符",
    "must begin with a letter and hold only letters, digits, - and _, at most 64 of them",
)  # fmt: skip
define(
    "parameter-taken", "duplicate", 422,
    "{resource_type} 已有同名的检索参数", "{resource_type} has a search parameter of this code",
)  # fmt: skip
define(
    "parameter-duplicate", "duplicate", 422,
    "另一个启用的 SearchParameter 已用此 url", "another active SearchParameter has this url",
)  # fmt: skip
define(
    "parameter-kind", "not-supported", 422,
    "应为 {expected} 之一", "must be one of {expected}",
)  # fmt: skip
define(
    "parameter-result", "invalid", 422,
    "表达式在 {resource_type} 上的结果不能按 {kind} 检索；应为 {expected}",
    "what it finds on {resource_type} cannot be searched as {kind}; expected {expected}",
)  # fmt: skip
define(
    "parameter-component", "invalid", 422,
    "组合参数须有 2 至 3 个组成部分，各为已有的 {expected} 类检索参数",
    "a composite needs 2 or 3 components, each a search parameter that exists, of type {expected}",
)  # fmt: skip

_CODE = re.compile(r"[A-Za-z][A-Za-z0-9_\-]{0,63}").fullmatch


def parameter_of(resource: Json) -> SearchParameter:
    """The facts of a SearchParameter resource whose structure is right."""
    return SearchParameter(
        code=resource["code"],
        type=resource["type"],
        base=tuple(dict.fromkeys(resource["base"])),
        expression=resource.get("expression", ""),
        # Without a restriction it may point to anything.
        target=_targets(resource.get("target", [])),
        url=resource["url"],
        component=tuple(
            (each["definition"].partition("|")[0], each["expression"])
            for each in resource.get("component", ())
        )
        if resource["type"] == "composite"
        else (),
    )


def _targets(stated: list[str]) -> tuple[str, ...]:
    """() where it may point to anything."""
    return () if set(stated) & ROOTS.keys() else tuple(dict.fromkeys(stated))


def _fhir(type_name: str) -> str:
    """`System.DateTime` is indexed as a dateTime."""
    name = type_name.removeprefix("System.")
    return name if name in (type_name, "Quantity") else name[:1].lower() + name[1:]


def fingerprint(each: SearchParameter, custom: Custom) -> str:
    """Equal where the index entries are. A part of a composite is indexed as what it names."""
    parts = [custom[named].type for named, _ in each.component if named in custom]
    facts = [each.code, each.type, each.base, each.expression, each.target, each.component, parts]
    return canonical(facts)


def restates(registry: Registry, resource: Json) -> bool:
    """Is it a parameter of R4, or derived from one with its code and type? Then it is there."""
    if registry.is_published(resource["url"]):
        return True
    source = registry.named(resource.get("derivedFrom", "").partition("|")[0], {})
    return (
        source is not None
        and (source.code, source.type) == (resource["code"], resource["type"])
        and set(resource["base"]) <= set(source.base)
    )


def duplicate() -> Issue:
    return Issue("parameter-duplicate", "SearchParameter.url")


def check_parameter(registry: Registry, custom: Custom, resource: Json) -> list[Issue]:
    """All that keeps a SearchParameter from being used beside the `custom` ones.

    Errors: parameter-code, parameter-taken, parameter-kind, parameter-no-expression,
    parameter-expression, parameter-result, parameter-component.
    """
    each = parameter_of(resource)
    issues = []
    if resource.get("xpathUsage", "normal") != "normal":
        at = "SearchParameter.xpathUsage"
        issues.append(Issue("parameter-kind", at, {"expected": "normal"}))
    if not _CODE(each.code):
        issues.append(Issue("parameter-code", "SearchParameter.code"))
    issues += _check_taken(registry, custom, each)
    if each.type not in TYPES:
        expected = ", ".join(TYPES)
        return [*issues, Issue("parameter-kind", "SearchParameter.type", {"expected": expected})]
    if not is_expression(each.expression):
        return [*issues, too_long()]
    if each.type == "composite" and not _components(registry, custom, each):
        expected = ", ".join(PARTS)
        at = "SearchParameter.component"
        return [*issues, Issue("parameter-component", at, {"expected": expected})]
    for base in each.base:
        issues += _check_base(registry, custom, each, base)
    return issues


def _check_taken(registry: Registry, custom: Custom, each: SearchParameter) -> Iterator[Issue]:
    others = [other for other in custom.values() if other.url != each.url]
    for place, base in enumerate(each.base):
        taken = (
            each.code in OWN
            or each.code in SPECIAL
            or any(
                registry.published(t, each.code) is not None
                or any(o.code == each.code and t in registry.types_of(o) for o in others)
                for t in registry.types_of(replace(each, base=(base,)))
            )
        )
        if taken:
            at = "SearchParameter.code" if not place else f"SearchParameter.base[{place}]"
            yield Issue("parameter-taken", at, {"resource_type": base})


def _components(registry: Registry, custom: Custom, each: SearchParameter) -> bool:
    found = [registry.named(url, custom) for url, _ in each.component]
    known = all(other is not None and other.type in PARTS for other in found)
    return known and 2 <= len(found) <= 3


def _check_base(
    registry: Registry, custom: Custom, each: SearchParameter, base: str
) -> Iterator[Issue]:
    """Errors: parameter-expression, parameter-result."""
    example = ROOTS.get(base, base)
    found = unusable(each.expression, base)
    if found is not None:
        yield found
        return
    types = fhirpath.compile(each.expression, example).types
    if each.type == "composite":
        try:
            registry.components(each, example, custom)
        except fhirpath.FhirPathError as error:
            yield broken(base, error, "SearchParameter.component")
            return
    possible = CONVERTERS.get(each.type)
    known = [_fhir(t) for t in types if t]
    if possible and known and not any(t in possible for t in known):
        wanted: Json = {
            "resource_type": base, "kind": each.type, "expected": ", ".join(possible)
        }  # fmt: skip
        yield Issue("parameter-result", "SearchParameter.expression", wanted)
