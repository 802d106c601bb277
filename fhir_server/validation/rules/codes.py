"""Bindings to value sets, and codes that their code system does not have.

Spec: http://hl7.org/fhir/R4/terminologies.html#strength
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ..findings import ERROR, INFORMATION, WARNING, Check, Findings, Json, one
from ..membership import Member, Terms

# strength → message, severity
STRENGTHS: Mapping[str, tuple[str, str]] = {
    "required": ("valid-required-code", ERROR),
    "extensible": ("valid-extensible-code", WARNING),
    "preferred": ("valid-preferred-code", INFORMATION),
}
CODED = frozenset(("code", "string", "uri", "Coding", "CodeableConcept", "Quantity", "Age",
                   "Count", "Distance", "Duration", "SimpleQuantity"))  # fmt: skip
Pair = tuple[str | None, str]


def compile_binding(
    strength: str, value_set: str, type_name: str, terms: Terms, profile: str
) -> Check | None:
    """None where the strength asks for nothing, or the type has no codes.

    The value set is looked up at the first value, since most elements of most resources are empty.
    """
    if strength not in STRENGTHS or type_name not in CODED or not value_set:
        return None
    code, severity = STRENGTHS[strength]
    held: list[Member | None] = []
    pairs = _PAIRS.get(type_name, _of_quantity)

    def check(value: Any, owner: Any, run: Any) -> Findings:
        if value is None:
            return None
        if not held:
            held.append(terms.member(value_set))
        member = held[0]
        unknown = member is None
        if member is not None:
            for system, each in pairs(value):
                found = member(system, each)
                if found:
                    return None
                unknown = unknown or found is None
        if unknown:
            return _unchecked(strength, value_set, profile)
        if type_name == "CodeableConcept" and severity != ERROR and not value.get("coding"):
            return None  # text alone says that nothing in the set applies
        return one(code, severity, expected=value_set, profile=profile)

    return check


_ADDITIONAL = (
    "http://hl7.org/fhir/5.0/StructureDefinition/extension-ElementDefinition.binding.additional",
    "http://hl7.org/fhir/tools/StructureDefinition/additional-binding",
)
_MAXIMUM = "http://hl7.org/fhir/StructureDefinition/elementdefinition-maxValueSet"


def stated_bindings(binding: Json) -> list[tuple[str, str]]:
    """(strength, value set): the binding, its maximum, and additional ones of later editions."""
    out = [(str(binding.get("strength", "")), str(binding.get("valueSet", "")))]
    for each in binding.get("extension", ()):
        if each.get("url") == _MAXIMUM:
            out.append(("required", str(each.get("valueCanonical", ""))))
        elif each.get("url") in _ADDITIONAL:
            parts = {p.get("url"): p for p in each.get("extension", ())}
            if "usage" in parts:
                continue  # it holds in some context only
            purpose = str(parts.get("purpose", {}).get("valueCode", ""))
            value_set = str(parts.get("valueSet", {}).get("valueCanonical", ""))
            out.append(("required" if purpose == "maximum" else purpose, value_set))
    return out


def _unchecked(strength: str, value_set: str, profile: str) -> Findings:
    if strength != "required":
        return None
    return one("valid-unknown-set", INFORMATION, expected=value_set, profile=profile)


def _of_code(value: Any) -> Iterator[Pair]:
    if type(value) is str:
        yield None, value


def _of_coding(value: Any) -> Iterator[Pair]:
    if type(value) is dict and type(value.get("code")) is str:
        yield value.get("system") or "", value["code"]


def _of_concept(value: Any) -> Iterator[Pair]:
    held = value.get("coding") if type(value) is dict else None
    if type(held) is list:
        for each in held:
            yield from _of_coding(each)


def _of_quantity(value: Any) -> Iterator[Pair]:
    return _of_coding(value)


_PAIRS = {
    "code": _of_code,
    "string": _of_code,
    "uri": _of_code,
    "Coding": _of_coding,
    "CodeableConcept": _of_concept,
}


def compile_coding(terms: Terms) -> Check:
    """Of every Coding: does its code system have the code, and this display for it?"""

    def check(value: Any, owner: Any, run: Any) -> Findings:
        if type(value) is not dict:
            return None
        system, code = value.get("system"), value.get("code")
        if type(system) is not str or type(code) is not str:
            return None
        known = terms.is_code(system, code)
        if known is False:
            return one("valid-unknown-code", at=".code", expected=system)
        display = value.get("display")
        if known and type(display) is str and not terms.is_display(system, code, display):
            severity = ERROR if is_latin(display) else WARNING
            return one("valid-display", severity, at=".display", expected=system)
        return None

    return check


def is_latin(display: str) -> bool:
    """Could it be meant as the display of an English code system? A Chinese one is a translation,
    which nothing here can judge: that is a warning.
    """
    return all(ord(character) < 0x250 for character in display)
