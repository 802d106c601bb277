"""The base types compiled from the definitions: one nested closure a type, made on first use.

Spec: http://hl7.org/fhir/R4/json.html and http://hl7.org/fhir/R4/datatypes.html
"""

from __future__ import annotations

from typing import Any, Protocol

from ..definitions import Definitions, Element, Type, TypeRef
from .findings import Check, Findings, one
from .objects import (
    Member,
    check_complex,
    check_object,
    check_objects,
    check_primitive,
    check_primitives,
    check_sibling,
    check_siblings,
)
from .primitives import CHECKS, TEXTS


class Rules(Protocol):
    """What holds beyond the structure."""

    def of_type(self, path: str) -> list[Check]:
        """Of every value of a type."""

    def of_element(self, path: str, element: Element, ref: TypeRef) -> list[Check]:
        """Of every value of an element, besides what holds of its type."""

    def item(self, path: str, element: Element, ref: TypeRef) -> Check | None:
        """The check of a value that is not just that of its type, as of an extension."""

    def resource(self, value: Any, owner: Any, run: Any) -> Findings:
        """A resource of any type."""


class Base:
    """Checks of all R4 types by name or nested path; without rules of the structure alone."""

    def __init__(self, definitions: Definitions, rules: Rules | None = None) -> None:
        self._definitions, self._rules = definitions, rules
        self._made: dict[str, Check] = {}

    def check(self, path: str) -> Check:
        found = self._made.get(path)
        if found is None:
            found = self._made[path] = self._make(path)
        return found

    def lazy(self, path: str) -> Check:
        """Made at the first value: types recur, and most are never met."""
        made, make = self._made, self.check

        def check(value: Any, owner: Any, run: Any) -> Findings:
            return (made.get(path) or make(path))(value, owner, run)

        return check

    def _make(self, path: str) -> Check:
        definition = self._definitions.type(path)
        if definition is None:
            raise KeyError(path)
        if path in ("Resource", "DomainResource"):
            return self._resource if self._rules is None else self._rules.resource
        required = tuple(
            (e.name, tuple(x for k, _ in e.json_names() for x in (k, "_" + k)), e.min)
            for e in definition.elements.values()
            if e.min > 0
        )
        rules = tuple(self._rules.of_type(path)) if self._rules is not None else ()
        return check_object(path, lambda key: self._member(definition, key), required, rules)

    def _resource(self, value: Any, owner: Any, run: Any) -> Findings:
        name = value.get("resourceType") if type(value) is dict else None
        if type(name) is not str or not self._definitions.is_resource(name):
            return one("structure-resource")
        return self.check(name)(value, owner, run)

    def _member(self, definition: Type, key: str) -> Member | None:
        """How the property `key` of a type is checked; None where the type has none of the name."""
        path = definition.path
        if key == "resourceType" and self._definitions.is_resource(path):
            return Member(_resource_type(path), "", key, path.__eq__)
        sibling = key.startswith("_")
        found = definition.keys.get(key[1:] if sibling else key)
        if found is None:
            return None
        element, ref = found
        group = element.name if element.choice else ""
        primitive = ref.code in self._definitions.primitives
        rules: tuple[Check, ...] = ()
        if self._rules is not None:
            rules = tuple(self._rules.of_element(path, element, ref))
        if sibling:
            if not primitive:
                return None
            each = self.check("Element")
            pair = check_siblings if element.many else None
            check = pair(each, key[1:]) if pair else check_sibling(each, key[1:], rules)
            return Member(check, group and "_" + group, element.name)
        if primitive:
            return self._primitive(element, ref, key, group, rules)
        item = self._rules.item(path, element, ref) if self._rules is not None else None
        each = check_complex(item or self.lazy(ref.code), rules)
        check = check_objects(each, element.max) if element.many else each
        return Member(check, group, element.name)

    def _primitive(
        self, element: Element, ref: TypeRef, key: str, group: str, rules: tuple[Check, ...]
    ) -> Member:
        valid, text = CHECKS[ref.code], TEXTS.get(ref.code)
        wrong, most = ("structure-primitive", ref.code), element.max
        codes = listed_codes(self._definitions, element, ref)
        if codes is not None:
            valid, text = (lambda value: type(value) is str and value in codes), codes.__contains__
            wrong, most = ("structure-code", element.value_set), None
        if element.many:
            check = check_primitives(valid, wrong, "_" + key, most, rules)
            return Member(check, group, element.name)
        check = check_primitive(valid, wrong, "_" + key, rules)
        return Member(check, group, element.name, None if group or rules else text)


def listed_codes(definitions: Definitions, element: Element, ref: TypeRef) -> frozenset[str] | None:
    """The codes of a required binding that the definitions list; None where it is another one."""
    if element.strength != "required" or ref.code != "code":
        return None
    return definitions.codes(element.value_set)


def _resource_type(expected: str) -> Check:
    def check(value: Any, owner: Any, run: Any) -> Findings:
        return None if value == expected else one("type-mismatch", expected=expected)

    return check
