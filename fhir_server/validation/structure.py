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
from typing import Any, NamedTuple, TypeAlias

from ..definitions import Definitions, Element, Type, TypeRef
from ..errors import Issue
from .primitives import CHECKS, TEXTS, Check

Json: TypeAlias = dict[str, Any]
# Where below the checked value (".name[0]"), error code, arguments of its text.
Finding: TypeAlias = tuple[str, str, dict[str, object]]
Findings: TypeAlias = list[Finding] | None
# (value, the object that holds it) → findings
Checker: TypeAlias = Callable[[Any, Json], Findings]

MAX_ISSUES = 100
_NAME = re.compile(r"_?[A-Za-z][A-Za-z0-9]{0,63}").fullmatch


class Structure:
    """The compiled structural checks of all R4 types, made on first use of each element."""

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

    def _compile_type(self, path: str) -> Checker:
        definition = self._definitions.type(path)
        if definition is None:
            raise KeyError(path)
        if path in ("Resource", "DomainResource"):
            return self._resource
        required = tuple(
            (e.name, tuple(x for k, _ in e.json_names() for x in (k, "_" + k)), e.min)
            for e in definition.elements.values()
            if e.min > 0
        )
        return _object(path, lambda key: self._member(definition, key), required)

    def _resource(self, value: Any, owner: Json) -> Findings:
        """A contained resource or one inside a Bundle or Parameters."""
        if type(value) is not dict:
            return [("", "structure-type", {"expected": "object"})]
        name = value.get("resourceType")
        if type(name) is not str or not self._definitions.is_resource(name):
            return [("", "structure-resource", {})]
        return self.checker(name)(value, owner)

    def _member(self, definition: Type, key: str) -> Member | None:
        """How the property `key` of a type is checked; None where the type has none of the name."""
        if key == "resourceType" and self._definitions.is_resource(definition.path):
            return Member(_resource_type(definition.path), "", key, definition.path.__eq__)
        sibling = key.startswith("_")
        found = definition.keys.get(key[1:] if sibling else key)
        if found is None:
            return None
        element, ref = found
        group = element.name if element.choice else ""
        if sibling:
            if ref.code not in self._definitions.primitives:
                return None
            each = self.checker("Element")
            check = _siblings(each, key[1:]) if element.many else each
            return Member(check, group and "_" + group, element.name)
        if ref.code in self._definitions.primitives:
            return self._primitive(element, ref, key, group)
        each = self.checker(ref.code)
        return Member(_objects(each, element.max) if element.many else each, group, element.name)

    def _primitive(self, element: Element, ref: TypeRef, key: str, group: str) -> Member:
        valid, text = CHECKS[ref.code], TEXTS.get(ref.code)
        wrong, most = ("structure-primitive", ref.code), element.max
        if element.strength == "required" and ref.code == "code":
            codes = self._definitions.codes(element.value_set)
            if codes is not None:
                valid, text = _one_of(codes), codes.__contains__
                wrong, most = ("structure-code", element.value_set), None
        if element.many:
            return Member(_primitives(valid, wrong, "_" + key, most), group, element.name)
        return Member(_primitive(valid, wrong), group, element.name, None if group else text)


class Member(NamedTuple):
    """The check of one property.

    `group` is the choice it belongs to; `text`, where there is one, alone decides on a string.
    """

    check: Checker
    group: str
    name: str
    text: Check | None = None


def _resource_type(expected: str) -> Checker:
    def check(value: Any, owner: Json) -> Findings:
        return None if value == expected else [("", "type-mismatch", {"expected": expected})]

    return check


def _one_of(codes: frozenset[str]) -> Check:
    return lambda value: type(value) is str and value in codes


def _object(
    path: str,
    member_of: Callable[[str], Member | None],
    required: tuple[tuple[str, tuple[str, ...], int], ...],
) -> Checker:
    members: dict[str, Member] = {}
    # Most properties of most resources are plain strings: for them one look-up and one test do.
    texts: dict[str, Check] = {}
    member_at, text_at = members.get, texts.get

    def learn(key: str) -> Member | None:
        member = member_of(key)
        if member is not None:
            members[key] = member
            if member.text is not None:
                texts[key] = member.text
        return member

    def check(value: Any, owner: Json) -> Findings:
        if type(value) is not dict:
            return [("", "structure-type", {"expected": "object"})]
        if not value:
            return [("", "structure-empty", {})]
        found: Findings = None
        choice = ""
        for key, each in value.items():
            test = text_at(key)
            if test is not None and type(each) is str and test(each):
                continue
            member = member_at(key) or learn(key)
            if member is None:
                where = "." + key if _NAME(key) else ""
                found = [*(found or ()), (where, "structure-unknown", {"parent": path})]
                continue
            checker, group, name, _ = member
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
