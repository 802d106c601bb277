"""Structural validation, compiled from the definitions: one nested closure a type.

It checks unknown elements, JSON types, cardinality, choices, the pairing of primitives with their
`_siblings`, primitive formats, and codes of required bindings. A check returns None where all is
well, so that the good path allocates nothing; paths are put together only while findings travel
upwards.

Spec: http://hl7.org/fhir/R4/json.html and http://hl7.org/fhir/R4/datatypes.html
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, TypeAlias

from ..definitions import Definitions, Element, TypeRef
from ..errors import Issue
from .primitives import CHECKS, Check

Json: TypeAlias = dict[str, Any]
# Where below the checked value (".name[0]"), error code, arguments of its text.
Finding: TypeAlias = tuple[str, str, dict[str, object]]
Findings: TypeAlias = list[Finding] | None
# (value, the object that holds it) → findings
Checker: TypeAlias = Callable[[Any, Json], Findings]

MAX_ISSUES = 100
_NAME = re.compile(r"_?[A-Za-z][A-Za-z0-9]{0,63}").fullmatch


class Structure:
    """The compiled structural checks of all R4 types, made on first use of each type."""

    def __init__(self, definitions: Definitions) -> None:
        self._definitions = definitions
        self._compiled: dict[str, Checker] = {}

    def check(self, resource: Json, resource_type: str) -> list[Issue]:
        """All findings in a resource, at most MAX_ISSUES of them, in FHIRPath locations.

        Shape: the resource as decoded from JSON, with `resourceType` equal to `resource_type`.
        """
        found = self.checker(resource_type)(resource, resource)
        if not found:
            return []
        issues = [Issue(code, resource_type + at, args) for at, code, args in found[:MAX_ISSUES]]
        if len(found) > MAX_ISSUES:
            issues.append(Issue("structure-many", resource_type, {"limit": MAX_ISSUES}))
        return issues

    def checker(self, path: str) -> Checker:
        """The compiled check of a type or nested path; made when first needed: types recur."""
        found = self._compiled.get(path)
        if found is None:
            found = self._compiled[path] = self._compile_type(path)
        return found

    def _lazy(self, path: str) -> Checker:
        compiled = self._compiled
        make = self.checker

        def check(value: Any, owner: Json) -> Findings:
            return (compiled.get(path) or make(path))(value, owner)

        return check

    def _compile_type(self, path: str) -> Checker:
        definition = self._definitions.type(path)
        if definition is None:
            raise KeyError(path)
        if path in ("Resource", "DomainResource"):
            return self._resource
        is_resource = self._definitions.is_resource(path)
        members: dict[str, tuple[Checker, str, str]] = {}
        if is_resource:
            members["resourceType"] = (_resource_type(path), "", "resourceType")
        for element in definition.elements.values():
            group = element.name if element.choice else ""
            for key, ref in element.json_names():
                members[key] = (self._member(element, ref, key), group, element.name)
                if ref.code in self._definitions.primitives:
                    sibling = self._sibling(element, key)
                    members["_" + key] = (sibling, group and "_" + group, element.name)
        required = tuple(
            (e.name, tuple(x for k, _ in e.json_names() for x in (k, "_" + k)), e.min)
            for e in definition.elements.values()
            if e.min > 0
        )
        return _object(path, members, required)

    def _resource(self, value: Any, owner: Json) -> Findings:
        """A contained resource or one inside a Bundle or Parameters."""
        if type(value) is not dict:
            return [("", "structure-type", {"expected": "object"})]
        name = value.get("resourceType")
        if type(name) is not str or not self._definitions.is_resource(name):
            return [("", "structure-resource", {})]
        return self.checker(name)(value, owner)

    def _member(self, element: Element, ref: TypeRef, key: str) -> Checker:
        if ref.code in self._definitions.primitives:
            check = CHECKS[ref.code]
            wrong: tuple[str, str] = ("structure-primitive", ref.code)
            if element.strength == "required" and ref.code == "code":
                codes = self._definitions.codes(element.value_set)
                if codes is not None:
                    return _code(codes, element.value_set, element.many, "_" + key)
            if element.many:
                return _primitives(check, wrong, "_" + key, element.max)
            return _primitive(check, wrong)
        each = self._lazy(ref.code)
        return _objects(each, element.max) if element.many else each

    def _sibling(self, element: Element, key: str) -> Checker:
        each = self._lazy("Element")
        return _siblings(each, key) if element.many else each


def _resource_type(expected: str) -> Checker:
    def check(value: Any, owner: Json) -> Findings:
        return None if value == expected else [("", "type-mismatch", {"expected": expected})]

    return check


def _object(
    path: str,
    members: dict[str, tuple[Checker, str, str]],
    required: tuple[tuple[str, tuple[str, ...], int], ...],
) -> Checker:
    get = members.get

    def check(value: Any, owner: Json) -> Findings:
        if type(value) is not dict:
            return [("", "structure-type", {"expected": "object"})]
        if not value:
            return [("", "structure-empty", {})]
        found: Findings = None
        choice = ""
        for key, each in value.items():
            member = get(key)
            if member is None:
                where = "." + key if _NAME(key) else ""
                found = [*(found or ()), (where, "structure-unknown", {"parent": path})]
                continue
            checker, group, name = member
            below = checker(each, value)
            if below is not None:
                found = found or []
                found.extend((f".{name}{at}", code, args) for at, code, args in below)
            if group:
                if choice == group:
                    args: dict[str, object] = {"element": name + "[x]"}
                    found = [*(found or ()), ("." + name, "structure-choice", args)]
                choice = group
        for name, keys, least in required:
            if keys[0] not in value and not any(key in value for key in keys):
                missing: dict[str, object] = {"min": least}
                found = [*(found or ()), ("." + name, "structure-required", missing)]
        return found

    return check


def _primitive(valid: Check, wrong: tuple[str, str]) -> Checker:
    code, expected = wrong

    def check(value: Any, owner: Json) -> Findings:
        return None if valid(value) else [("", code, {"expected": expected})]

    return check


def _primitives(valid: Check, wrong: tuple[str, str], sibling: str, most: int | None) -> Checker:
    code, expected = wrong

    def check(value: Any, owner: Json) -> Findings:
        if type(value) is not list:
            return [("", "structure-type", {"expected": "array"})]
        if not value:
            return [("", "structure-empty", {})]
        found: list[Finding] = []
        for i, each in enumerate(value):
            if each is None:
                pair = owner.get(sibling)
                if not (type(pair) is list and i < len(pair) and pair[i] is not None):
                    found.append((f"[{i}]", "structure-null", {}))
            elif not valid(each):
                found.append((f"[{i}]", code, {"expected": expected}))
        if most is not None and len(value) > most:
            found.append(("", "structure-max", {"max": most}))
        return found or None

    return check


def _code(codes: frozenset[str], value_set: str, many: bool, sibling: str) -> Checker:
    def valid(value: Any) -> bool:
        return type(value) is str and value in codes

    wrong = ("structure-code", value_set)
    return _primitives(valid, wrong, sibling, None) if many else _primitive(valid, wrong)


def _siblings(each: Checker, key: str) -> Checker:
    """`_given: [null, {...}]`, the ids and extensions of the items of `given`."""

    def check(value: Any, owner: Json) -> Findings:
        if type(value) is not list:
            return [("", "structure-type", {"expected": "array"})]
        found: list[Finding] = []
        values = owner.get(key)
        if type(values) is list and len(values) != len(value):
            found.append(("", "structure-length", {}))
        if not any(item is not None for item in value):
            found.append(("", "structure-empty", {}))
        for i, item in enumerate(value):
            if item is not None:
                found.extend((f"[{i}]{at}", c, args) for at, c, args in each(item, owner) or ())
        return found or None

    return check


def _objects(each: Checker, most: int | None) -> Checker:
    def check(value: Any, owner: Json) -> Findings:
        if type(value) is not list:
            return [("", "structure-type", {"expected": "array"})]
        if not value:
            return [("", "structure-empty", {})]
        found: Findings = None
        for i, item in enumerate(value):
            below = each(item, owner)
            if below is not None:
                found = found or []
                found.extend((f"[{i}]{at}", code, args) for at, code, args in below)
        if most is not None and len(value) > most:
            found = [*(found or ()), ("", "structure-max", {"max": most})]
        return found

    return check
