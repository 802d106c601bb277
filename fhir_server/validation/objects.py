"""Objects, arrays and primitives of FHIR JSON as closures that know no particular type.

Spec: http://hl7.org/fhir/R4/json.html
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from .findings import Check, Finding, Findings, below, one

Valid = Callable[[Any], bool]
_NAME = re.compile(r"_?[A-Za-z][A-Za-z0-9]{0,63}").fullmatch


class Member(NamedTuple):
    """The check of one property.

    `group` is the choice it belongs to; `text`, where there is one, alone decides on a string.
    """

    check: Check
    group: str
    name: str
    text: Valid | None = None


def check_object(
    path: str,
    member_of: Callable[[str], Member | None],
    required: tuple[tuple[str, tuple[str, ...], int], ...],
    rules: tuple[Check, ...] = (),
) -> Check:
    """An object of a type: its properties, what must be there, and rules on it as a whole.

    `member_of` is asked once a property; `required` are (name, JSON names, least).
    """
    members: dict[str, Member] = {}
    # Most properties of most resources are plain strings: for them one look-up and one test do.
    texts: dict[str, Valid] = {}
    member_at, text_at = members.get, texts.get

    def learn(key: str) -> Member | None:
        member = member_of(key)
        if member is not None:
            members[key] = member
            if member.text is not None:
                texts[key] = member.text
        return member

    def check(value: Any, owner: Any, run: Any) -> Findings:
        if type(value) is not dict:
            return one("structure-type", expected="object")
        if not value:
            return one("structure-empty")
        found: Findings = None
        choice = ""
        for key, each in value.items():
            test = text_at(key)
            if test is not None and type(each) is str and test(each):
                continue
            member = member_at(key) or learn(key)
            if member is None:
                where = "." + key if _NAME(key) else ""
                found = [*(found or ()), *one("structure-unknown", at=where, parent=path)]
                continue
            checker, group, name, _ = member
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
            inside = rule(value, owner, run)
            if inside is not None:
                found = [*(found or ()), *inside]
        return found

    return check


def every(rules: Sequence[Check], value: Any, owner: Any, run: Any) -> Findings:
    """The findings of all rules on one value."""
    found: Findings = None
    for rule in rules:
        wrong = rule(value, owner, run)
        if wrong is not None:
            found = [*(found or ()), *wrong]
    return found


def check_primitive(
    valid: Valid, wrong: tuple[str, str], sibling: str, rules: tuple[Check, ...] = ()
) -> Check:
    """One primitive. `wrong` is the message with what it expects; `sibling` the name with `_`."""
    code, expected = wrong

    def check(value: Any, owner: Any, run: Any) -> Findings:
        if not valid(value):
            return one(code, expected=expected)
        return every(rules, value, owner.get(sibling), run) if rules else None

    return check


def check_primitives(
    valid: Valid,
    wrong: tuple[str, str],
    sibling: str,
    most: int | None,
    rules: tuple[Check, ...] = (),
) -> Check:
    """An array of primitives, null where only the sibling has something."""
    code, expected = wrong

    def check(value: Any, owner: Any, run: Any) -> Findings:
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
                found += one(code, at=f"[{i}]", expected=expected)
            elif rules:
                found += below(f"[{i}]", every(rules, each, extra, run) or [])
        if most is not None and len(value) > most:
            found += one("structure-max", max=most)
        return found or None

    return check


def check_sibling(each: Check, key: str, rules: tuple[Check, ...]) -> Check:
    """`_birthDate: {...}`: id and extensions of a primitive; of one without a value, its rules."""
    if not rules:
        return each

    def check(value: Any, owner: Any, run: Any) -> Findings:
        found = each(value, owner, run)
        if key not in owner and type(value) is dict:
            wrong = every(rules, None, value, run)
            found = [*(found or ()), *wrong] if wrong else found
        return found

    return check


def check_siblings(each: Check, key: str) -> Check:
    """`_given: [null, {...}]`, the ids and extensions of the items of `given`."""

    def check(value: Any, owner: Any, run: Any) -> Findings:
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


def check_complex(each: Check, rules: tuple[Check, ...]) -> Check:
    """One value of a complex type, with what its element adds."""
    if not rules:
        return each

    def check(value: Any, owner: Any, run: Any) -> Findings:
        found = each(value, owner, run)
        if type(value) is dict:
            wrong = every(rules, value, owner, run)
            found = [*(found or ()), *wrong] if wrong else found
        return found

    return check


def check_objects(each: Check, most: int | None) -> Check:
    """An array of objects."""

    def check(value: Any, owner: Any, run: Any) -> Findings:
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
