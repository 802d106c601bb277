"""What the specification asks of base types beyond their structure.

Bindings, reference targets and invariants from the definitions; and what no invariant says: codes
of code systems, narratives, contained resources, sizes of attachments.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..definitions import Element, Invariant, TypeRef
from .base import listed_codes
from .findings import Check, Finding, Findings, Json, below, one
from .primitives import CHECKS
from .rules.codes import compile_coding
from .rules.extensions import compile_extension
from .rules.invariants import compile_invariants, with_extra
from .rules.narrative import check_narrative
from .rules.references import check_contained, compile_targets, unused

if TYPE_CHECKING:
    from .compiler import Compiler

# Types whose invariants and elements every derived type has.
_ROOTS = frozenset(("Resource", "Element", "BackboneElement"))


class BaseRules:
    """The rules of the base definitions for one compiler."""

    def __init__(self, compiler: Compiler) -> None:
        self._compiler = compiler
        self._definitions = compiler.definitions

    def resource(self, value: Any, owner: Any, run: Any) -> Findings:
        return self._compiler.resource(value, owner, run)

    def item(self, path: str, element: Element, ref: TypeRef) -> Check | None:
        if ref.code == "Extension":
            return compile_extension(self._compiler, path, element.name)
        return self._compiler.contained if element.name == "contained" else None

    def of_element(self, path: str, element: Element, ref: TypeRef) -> list[Check]:
        out: list[Check] = []
        if element.strength and listed_codes(self._definitions, element, ref) is None:
            binding = {"strength": element.strength, "valueSet": element.value_set}
            check = self._compiler.binding(binding, ref.code, "")
            out += [check] if check is not None else []
        if ref.code == "Reference":
            targets = compile_targets(ref.targets, self._definitions.is_resource, "")
            out += [targets] if targets is not None else []
        checks = self._invariants(element.invariants, ref.code, f"{path}.{element.name}")
        if ref.code in self._definitions.primitives:
            return out + [_primitive_rule(check, ref.code) for check in checks]
        return out + checks

    def of_type(self, path: str) -> list[Check]:
        out: list[Check] = []
        own = _OWN.get(path)
        if own is not None:
            out.append(own)
        if path == "Coding":
            out.append(compile_coding(self._compiler.terms))
        if self._definitions.is_resource(path):
            out.append(_contained)
        held: dict[str, Invariant] = {}
        name = path
        while name and name not in _ROOTS:
            definition = self._definitions.type(name)
            for each in definition.invariants if definition is not None else ():
                held.setdefault(each.key, each)
            name = self._definitions.base_of(name) if "." not in name else ""
        return out + self._invariants(tuple(held.values()), path, path)

    def _invariants(
        self, invariants: tuple[Invariant, ...], type_name: str, where: str
    ) -> list[Check]:
        rows = [
            {"key": i.key, "severity": i.severity, "expression": i.expression} for i in invariants
        ]
        checks, broken = compile_invariants(rows, type_name, "")
        self._compiler.broken += [(where, *each) for each in broken]
        return checks


def _primitive_rule(check: Check, type_name: str) -> Check:
    """An invariant sees a primitive together with its extensions."""

    def rule(value: Any, extra: Any, run: Any) -> Findings:
        return check(with_extra(value, extra, type_name), extra, run)

    return rule


def _narrative(value: Any, owner: Any, run: Any) -> Findings:
    found = check_narrative(value.get("div"), owner, run)
    return below(".div", found) if found else None


def _value_or_extension(value: Any, owner: Any, run: Any) -> Findings:
    """ext-1: an extension has a value or extensions, not both."""
    has_value = any(key.startswith(("value", "_value")) for key in value)
    if has_value is not ("extension" in value):
        return None
    text = "extension.exists() != value.exists()"
    return one("valid-invariant", constraint="ext-1", text=text)


def _attachment(value: Any, owner: Any, run: Any) -> Findings:
    """The bytes of `data` are as many as `size` says. Spec: datatypes.html#Attachment"""
    size, data = value.get("size"), value.get("data")
    if type(size) is not int or type(data) is not str or not CHECKS["base64Binary"](data):
        return None
    found = decoded_size(data)
    return None if found == size else one("valid-base64-size", at=".size", expected=found)


def decoded_size(base64: str) -> int:
    """The number of bytes that valid base64 text stands for."""
    text = "".join(base64.split())
    return len(text) // 4 * 3 - text[-2:].count("=")


def _contained(value: Json, owner: Any, run: Any) -> Findings:
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
    for i in unused(value):
        found += one("valid-contained-unused", at=f".contained[{i}]", constraint="dom-3")
    return found or None


_OWN = {
    "Reference": check_contained,
    "Narrative": _narrative,
    "Extension": _value_or_extension,
    "Attachment": _attachment,
}
