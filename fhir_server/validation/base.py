"""The base types compiled from the definitions: one nested closure a type, made on first use.

Spec: http://hl7.org/fhir/R4/json.html and http://hl7.org/fhir/R4/datatypes.html
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from ..definitions import Definitions, Element, TypeRef
from .findings import Check, Finding, Findings, Json, below, one
from .primitives import CHECKS
from .rules.codes import compile_coding
from .rules.invariants import compile_invariants, with_extra
from .rules.narrative import check_narrative
from .rules.references import check_contained, compile_targets, unused

if TYPE_CHECKING:
    from .compiler import Compiler
    from .run import Run

Member = tuple[Check, str, str]  # check, group of a choice, name of the element
_NAME = re.compile(r"_?[A-Za-z][A-Za-z0-9]{0,63}").fullmatch


class Base:
    """Checks of all R4 types by name or nested path."""

    def __init__(self, compiler: Compiler) -> None:
        self._compiler = compiler
        self._definitions: Definitions = compiler.definitions
        self._made: dict[str, Check] = {}

    def check(self, path: str) -> Check:
        found = self._made.get(path)
        if found is None:
            found = self._made[path] = self._make(path)
        return found

    def lazy(self, path: str) -> Check:
        """Made at the first value: types recur, and most are never met."""
        made, make = self._made, self.check

        def check(value: Any, owner: Any, run: Run) -> Findings:
            return (made.get(path) or make(path))(value, owner, run)

        return check

    def _make(self, path: str) -> Check:
        definition = self._definitions.type(path)
        if definition is None:
            raise KeyError(path)
        if path in ("Resource", "DomainResource"):
            return self._compiler.resource
        members: dict[str, Member] = {}
        if self._definitions.is_resource(path):
            members["resourceType"] = (_resource_type(path), "", "resourceType")
        for element in definition.elements.values():
            self._add(members, path, element)
        required = tuple(
            (e.name, tuple(x for k, _ in e.json_names() for x in (k, "_" + k)), e.min)
            for e in definition.elements.values()
            if e.min > 0
        )
        return _object(path, members, required, tuple(self._own_rules(path)))

    def _add(self, members: dict[str, Member], path: str, element: Element) -> None:
        group = element.name if element.choice else ""
        for key, ref in element.json_names():
            primitive = ref.code in self._definitions.primitives
            rules = tuple(self._rules(path, element, ref))
            if primitive:
                check = _primitive_member(element, ref.code, "_" + key, rules)
                sibling = self.lazy("Element")
                members["_" + key] = (
                    _siblings(sibling, key) if element.many else _sibling(sibling, key, rules),
                    group and "_" + group, element.name,
                )  # fmt: skip
            else:
                each = _complex(self._item(path, element, ref), rules)
                check = _objects(each, element.max) if element.many else each
            members[key] = (check, group, element.name)

    def _item(self, path: str, element: Element, ref: TypeRef) -> Check:
        if ref.code == "Extension":
            return self._compiler.extension(path, element.name)
        if element.name == "contained":
            return self._compiler.contained
        return self.lazy(ref.code)

    def _rules(self, path: str, element: Element, ref: TypeRef) -> list[Check]:
        """What an element says of each of its values, beyond their type."""
        out: list[Check] = []
        if element.strength:
            binding = {"strength": element.strength, "valueSet": element.value_set}
            check = self._compiler.binding(binding, ref.code, "")
            if check is not None:
                out.append(check)
        if ref.code == "Reference":
            targets = compile_targets(ref.targets, self._definitions.is_resource, "")
            if targets is not None:
                out.append(targets)
        constraints = [_constraint(i) for i in element.invariants]
        checks, broken = compile_invariants(constraints, ref.code, "")
        self._compiler.broken += [(f"{path}.{element.name}", *each) for each in broken]
        return (
            out + [_primitive_rule(c, ref.code) for c in checks]
            if _is_primitive(self._definitions, ref.code)
            else out + checks
        )

    def _own_rules(self, path: str) -> list[Check]:
        """What holds of every value of a type."""
        out: list[Check] = []
        if path == "Reference":
            out.append(check_contained)
        elif path == "Coding":
            out.append(compile_coding(self._compiler.terms))
        elif path == "Narrative":
            out.append(_in_div)
        elif path == "Extension":
            out.append(_value_or_extension)
        elif path == "Attachment":
            out.append(_attachment_size)
        definition = self._definitions.type(path)
        assert definition is not None
        held = list(definition.invariants)
        if self._definitions.is_resource(path):
            out.append(_contained_rules)
        base = self._definitions.base_of(path) if "." not in path else ""
        while base and base not in ("Resource", "DomainResource", "Element", "BackboneElement"):
            above = self._definitions.type(base)
            held += [i for i in (above.invariants if above else ()) if i not in held]
            base = self._definitions.base_of(base)
        if self._definitions.is_resource(path) and self._definitions.is_a(path, "DomainResource"):
            above = self._definitions.type("DomainResource")
            known = {i.key for i in held}
            held += [i for i in (above.invariants if above else ()) if i.key not in known]
        checks, broken = compile_invariants([_constraint(i) for i in held], path, "")
        self._compiler.broken += [(path, *each) for each in broken]
        return out + checks


def _is_primitive(definitions: Definitions, code: str) -> bool:
    return code in definitions.primitives


def _constraint(invariant: Any) -> Json:
    return {
        "key": invariant.key,
        "severity": invariant.severity,
        "expression": invariant.expression,
    }


def _primitive_rule(check: Check, type_name: str) -> Check:
    """An invariant sees a primitive together with its extensions."""

    def rule(value: Any, extra: Any, run: Run) -> Findings:
        return check(with_extra(value, extra, type_name), extra, run)

    return rule


def _resource_type(expected: str) -> Check:
    def check(value: Any, owner: Any, run: Run) -> Findings:
        return None if value == expected else one("type-mismatch", expected=expected)

    return check


def _object(
    path: str,
    members: dict[str, Member],
    required: tuple[tuple[str, tuple[str, ...], int], ...],
    rules: tuple[Check, ...],
) -> Check:
    get = members.get

    def check(value: Any, owner: Any, run: Run) -> Findings:
        if type(value) is not dict:
            return one("structure-type", expected="object")
        if not value:
            return one("structure-empty")
        found: Findings = None
        choice = ""
        for key, each in value.items():
            member = get(key)
            if member is None:
                where = "." + key if _NAME(key) else ""
                found = [*(found or ()), *one("structure-unknown", at=where, parent=path)]
                continue
            checker, group, name = member
            inside = checker(each, value, run)
            if inside is not None:
                found = [*(found or ()), *below("." + name, inside)]
            if group:
                if choice == group:
                    wrong = one("structure-choice", at="." + name, element=name + "[x]")
                    found = [*(found or ()), *wrong]
                choice = group
        for name, keys, least in required:
            if keys[0] not in value and not any(key in value for key in keys):
                found = [*(found or ()), *one("structure-required", at="." + name, min=least)]
        for rule in rules:
            wrong_here = rule(value, owner, run)
            if wrong_here is not None:
                found = [*(found or ()), *wrong_here]
        return found

    return check


def _primitive_member(
    element: Element, type_name: str, sibling: str, rules: tuple[Check, ...]
) -> Check:
    valid = CHECKS[type_name]
    if not element.many:
        if not rules:
            return lambda value, owner, run: (
                None if valid(value) else one("structure-primitive", expected=type_name)
            )

        def single(value: Any, owner: Any, run: Run) -> Findings:
            if not valid(value):
                return one("structure-primitive", expected=type_name)
            return _all(rules, value, owner.get(sibling), run)

        return single
    return _primitives(valid, type_name, sibling, element.max, rules)


def _primitives(
    valid: Callable[[Any], bool],
    type_name: str,
    sibling: str,
    most: int | None,
    rules: tuple[Check, ...],
) -> Check:
    def check(value: Any, owner: Any, run: Run) -> Findings:
        if type(value) is not list:
            return one("structure-type", expected="array")
        if not value:
            return one("structure-empty")
        found: list[Finding] = []
        pair = owner.get(sibling)
        for i, each in enumerate(value):
            extra = pair[i] if type(pair) is list and i < len(pair) else None
            if each is None:
                if extra is None:
                    found += one("structure-null", at=f"[{i}]")
            elif not valid(each):
                found += one("structure-primitive", at=f"[{i}]", expected=type_name)
            elif rules:
                found += below(f"[{i}]", _all(rules, each, extra, run) or [])
        if most is not None and len(value) > most:
            found += one("structure-max", max=most)
        return found or None

    return check


def _all(rules: Sequence[Check], value: Any, owner: Any, run: Run) -> Findings:
    found: Findings = None
    for rule in rules:
        wrong = rule(value, owner, run)
        if wrong is not None:
            found = [*(found or ()), *wrong]
    return found


def _sibling(each: Check, key: str, rules: tuple[Check, ...]) -> Check:
    """`_birthDate: {...}`: id and extensions of a primitive; of one without a value, its rules."""

    def check(value: Any, owner: Any, run: Run) -> Findings:
        found = each(value, owner, run)
        if key not in owner and rules and type(value) is dict:
            wrong = _all(rules, None, value, run)
            found = [*(found or ()), *wrong] if wrong else found
        return found

    return check


def _siblings(each: Check, key: str) -> Check:
    """`_given: [null, {...}]`, the ids and extensions of the items of `given`."""

    def check(value: Any, owner: Any, run: Run) -> Findings:
        if type(value) is not list:
            return one("structure-type", expected="array")
        found: list[Finding] = []
        values = owner.get(key)
        if type(values) is list and len(values) != len(value):
            found += one("structure-length")
        if not any(item is not None for item in value):
            found += one("structure-empty")
        for i, item in enumerate(value):
            if item is not None:
                found += below(f"[{i}]", each(item, owner, run) or [])
        return found or None

    return check


def _complex(each: Check, rules: tuple[Check, ...]) -> Check:
    if not rules:
        return each

    def check(value: Any, owner: Any, run: Run) -> Findings:
        found = each(value, owner, run)
        if type(value) is dict:
            wrong = _all(rules, value, owner, run)
            found = [*(found or ()), *wrong] if wrong else found
        return found

    return check


def _objects(each: Check, most: int | None) -> Check:
    def check(value: Any, owner: Any, run: Run) -> Findings:
        if type(value) is not list:
            return one("structure-type", expected="array")
        if not value:
            return one("structure-empty")
        found: Findings = None
        for i, item in enumerate(value):
            inside = each(item, owner, run)
            if inside is not None:
                found = [*(found or ()), *below(f"[{i}]", inside)]
        if most is not None and len(value) > most:
            found = [*(found or ()), *one("structure-max", max=most)]
        return found

    return check


def _in_div(value: Any, owner: Any, run: Run) -> Findings:
    found = check_narrative(value.get("div"), owner, run)
    return below(".div", found) if found else None


def _value_or_extension(value: Any, owner: Any, run: Run) -> Findings:
    """ext-1: an extension has a value or extensions, not both."""
    has_value = any(key.startswith(("value", "_value")) for key in value)
    if has_value is not ("extension" in value):
        return None
    text = "extension.exists() != value.exists()"
    return one("valid-invariant", constraint="ext-1", text=text)


def _attachment_size(value: Any, owner: Any, run: Run) -> Findings:
    """The bytes of `data` are as many as `size` says. Spec: datatypes.html#Attachment"""
    size, data = value.get("size"), value.get("data")
    if type(size) is not int or type(data) is not str or not CHECKS["base64Binary"](data):
        return None
    text = "".join(data.split())
    found = len(text) // 4 * 3 - text[-2:].count("=")
    return None if found == size else one("valid-base64-size", at=".size", expected=found)


def _contained_rules(value: Any, owner: Any, run: Run) -> Findings:
    held = value.get("contained")
    if type(held) is not list:
        return None
    found: list[Finding] = []
    for i, each in enumerate(held):
        if type(each) is dict:
            if "id" not in each:
                found += one("valid-contained-id", at=f".contained[{i}]")
            if "contained" in each:
                found += one("valid-contained-nested", at=f".contained[{i}].contained")
    found += [
        each
        for i in unused(value)
        for each in one("valid-contained-unused", at=f".contained[{i}]", constraint="dom-3")
    ]
    return found or None
