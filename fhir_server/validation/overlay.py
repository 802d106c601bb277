"""What a profile adds to the base type: checks of the elements it names, and of no others.

The base check has run before, so an overlay only looks at what the profile restricts.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ..definitions import Element
from .findings import Check, Finding, Findings, Json, below, failed, one
from .rules.codes import stated_bindings
from .rules.invariants import compile_invariants, with_extra
from .rules.references import compile_aggregation, compile_targets
from .rules.values import compile_values
from .slicing import Slicing, bounds, compile_slicing
from .tree import Node

if TYPE_CHECKING:
    from .compiler import Compiler
    from .run import Run


@dataclass(frozen=True, slots=True)
class Key:
    """One JSON name of an element. `allowed`: may it be of this type? `check`: of each value."""

    name: str
    sibling: str
    allowed: bool
    check: Check | None
    slicing: Slicing | None


@dataclass(frozen=True, slots=True)
class Member:
    """What a profile says of one element of an object."""

    name: str
    many: bool
    keys: tuple[Key, ...]
    min: int
    max: int | None
    types: str
    needed: tuple[tuple[str, str], ...]  # slices of a choice which must be there, with their key
    profile: str

    def check(self, owner: Json, run: Run) -> Findings:
        found: Findings = None
        count = 0
        for key in self.keys:
            items, extras = _items(owner, key, self.many)
            count += len(items)
            if items and not key.allowed:
                wrong = one("valid-type", at="." + self.name, expected=self.types,
                            profile=self.profile)  # fmt: skip
                found = [*(found or ()), *wrong]
            if key.check is not None:
                for i, value in enumerate(items):
                    inside = key.check(value, extras[i] if extras else None, run)
                    if inside is not None:
                        at = f".{self.name}[{i}]" if self.many else "." + self.name
                        found = [*(found or ()), *below(at, inside)]
            if key.slicing is not None:
                inside = key.slicing.check(
                    [(i, v) for i, v in enumerate(items) if v is not None], run
                )
                if inside is not None:
                    found = [*(found or ()), *below("." + self.name, inside)]
        wrong_count = self._count(count, owner)
        return [*(found or ()), *wrong_count] if wrong_count else found

    def _count(self, count: int, owner: Json) -> list[Finding]:
        at, found = "." + self.name, []
        if count < self.min:
            found += one("valid-min", at=at, min=self.min, profile=self.profile)
        if self.max is not None and count > self.max:
            code = "valid-max" if self.max else "valid-forbidden"
            found += one(code, at=at, max=self.max, profile=self.profile)
        for name, key in self.needed:
            if key not in owner and "_" + key not in owner:
                found += one("valid-slice-min", at=at, slice=name, min=1, profile=self.profile)
        return found


def _items(owner: Json, key: Key, many: bool) -> tuple[list[Any], list[Any]]:
    """The values of a name and their siblings, paired; one list for an element that repeats."""
    value, extra = owner.get(key.name), owner.get(key.sibling)
    if value is None and extra is None:
        return [], []
    if not many:
        return [value], [extra]
    values = value if type(value) is list else []
    extras = extra if type(extra) is list else []
    size = max(len(values), len(extras))
    if not extras:
        return values, []
    pad = [None] * size
    return [*values, *pad][:size], [*extras, *pad][:size]


def overlay_object(compiler: Compiler, node: Node, type_name: str, profile: str) -> Check | None:
    """What the children of a node say of an object of a type."""
    definition = compiler.definitions.type(type_name)
    if definition is None or not node.children:
        return None
    members = []
    for name, child in node.children.items():
        element = definition.elements.get(name)
        if element is not None:
            member = _member(compiler, child, element, type_name, profile)
            if member is not None:
                members.append(member)
    if not members:
        return None
    checks = tuple(member.check for member in members)

    def check(value: Any, owner: Any, run: Run) -> Findings:
        if type(value) is not dict:
            return None
        found: Findings = None
        for each in checks:
            inside = each(value, run)
            if inside is not None:
                found = [*(found or ()), *inside]
        return found

    return check


def _member(
    compiler: Compiler, node: Node, element: Element, owner: str, profile: str
) -> Member | None:
    facts = node.facts
    low, high = bounds(facts) if "min" in facts or "max" in facts else (element.min, element.max)
    if "min" not in facts:
        low = element.min
    if "max" not in facts:
        high = element.max
    # What the base asks for anyway is not asked for twice.
    low = 0 if low <= element.min else low
    high = None if high == element.max else high
    codes = {t.get("code") for t in facts.get("type", ())}
    by_type = {_slice_key(compiler, n, each, element): (n, each) for n, each in node.slices.items()}
    keys, needed = [], []
    for key, ref in element.json_names():
        allowed = not element.choice or not codes or ref.code in codes
        named = by_type.get(key) if element.choice else None
        check = _both(
            compiler.overlay_value(node, ref.code, profile, element, owner) if allowed else None,
            compiler.overlay_value(named[1], ref.code, profile, element, owner) if named else None,
        )
        slicing = None if element.choice else compile_slicing(compiler, node, ref.code, profile)
        if named and bounds(named[1].facts)[0] > 0:
            needed.append((named[0], key))
        if named and named[1].facts.get("max") == "0":
            allowed = False
        keys.append(Key(key, "_" + key, allowed, check, slicing))
    idle = low == 0 and high is None and not needed
    if idle and not any(k.check or k.slicing or not k.allowed for k in keys):
        return None
    kept = keys if not idle else [k for k in keys if k.check or k.slicing or not k.allowed]
    shown = " ".join(sorted(str(c) for c in codes))
    return Member(element.name, element.many, tuple(kept), low, high, shown, tuple(needed), profile)


def _slice_key(compiler: Compiler, name: str, node: Node, element: Element) -> str:
    """The JSON name that a slice of a choice is about; "" where it does not name one type."""
    codes = {t.get("code") for t in node.facts.get("type", ())}
    return next((k for k, ref in element.json_names() if codes == {ref.code} or k == name), "")


def _both(first: Check | None, second: Check | None) -> Check | None:
    if first is None or second is None:
        return first or second

    def check(value: Any, owner: Any, run: Run) -> Findings:
        left, right = first(value, owner, run), second(value, owner, run)
        return [*(left or ()), *(right or ())] or None

    return check


def overlay_value(
    compiler: Compiler,
    node: Node,
    type_name: str,
    profile: str,
    element: Element | None,
    owner: str,
) -> Check | None:
    """What a node says of one value of a type."""
    facts = node.facts
    checks = compile_values(facts, type_name, profile)
    binding = facts.get("binding")
    if binding and not _as_base(binding, element):
        check = compiler.binding(binding, type_name, profile)
        if check is not None:
            checks.append(check)
    checks += _type_checks(compiler, facts, type_name, profile, element)
    checks += _invariants(compiler, node, type_name, profile, owner, element)
    inside = overlay_object(compiler, node, type_name, profile)
    if inside is not None:
        checks.append(inside)
    return sequence(checks)


def sequence(checks: list[Check]) -> Check | None:
    """All of some checks as one; None for none."""
    if len(checks) < 2:
        return checks[0] if checks else None
    kept = tuple(checks)

    def check(value: Any, owner: Any, run: Run) -> Findings:
        found: Findings = None
        for each in kept:
            inside = each(value, owner, run)
            if inside is not None:
                found = [*(found or ()), *inside]
        return found

    return check


def _as_base(binding: Json, element: Element | None) -> bool:
    url = str(binding.get("valueSet", "")).partition("|")[0]
    if "extension" in binding and len(stated_bindings(binding)) > 1:
        return False
    return element is not None and (binding.get("strength"), url) == (
        element.strength,
        element.value_set,
    )


def _type_checks(
    compiler: Compiler, facts: Json, type_name: str, profile: str, element: Element | None
) -> list[Check]:
    out: list[Check] = []
    entries = [t for t in facts.get("type", ()) if t.get("code") == type_name]
    if type_name == "Reference" and entries:
        urls = [u for t in entries for u in t.get("targetProfile", ())]
        known = {compiler.type_of(u) for u in urls}
        # A profile that is not known here may be of any type.
        targets = [] if "" in known else sorted(known)
        base = (
            next((r.targets for r in element.types if r.code == type_name), ()) if element else ()
        )
        if set(targets) != set(base):
            check = compile_targets(targets, compiler.definitions.is_resource, profile)
            if check is not None:
                out.append(check)
        modes = sorted({m for t in entries for m in t.get("aggregation", ())})
        aggregation = compile_aggregation(modes, profile)
        if aggregation is not None:
            out.append(aggregation)
        out += _target_profiles(compiler, urls, profile)
        return out
    is_resource = compiler.definitions.kinds.get(type_name) == "resource"
    stated = entries or (facts.get("type", ()) if is_resource else ())
    urls = [u for t in stated for u in t.get("profile", ())]
    if urls and not (type_name == "Extension" and all(compiler.knows(u) for u in urls)):
        out.append(_any_profile(compiler, urls, profile))
    if is_resource and stated:
        codes = sorted({t.get("code", "") for t in stated} - {"Resource", "DomainResource"})
        if codes:
            out.append(_resource_types(codes, profile))
    return out


def _resource_types(codes: list[str], profile: str) -> Check:
    def check(value: Any, owner: Any, run: Run) -> Findings:
        if type(value) is not dict or value.get("resourceType") in codes:
            return None
        return one("valid-type", expected=" ".join(codes), profile=profile)

    return check


def _any_profile(compiler: Compiler, urls: list[str], profile: str) -> Check:
    """One profile: its findings. Several: one of them must hold."""
    checks = [compiler.lazy_profile(url) for url in urls]
    if len(checks) == 1:
        return checks[0]

    def check(value: Any, owner: Any, run: Run) -> Findings:
        if value is None or any(not failed(each(value, owner, run)) for each in checks):
            return None
        return one("valid-profile-any", expected=" ".join(urls), profile=profile)

    return check


def _target_profiles(compiler: Compiler, urls: list[str], profile: str) -> list[Check]:
    """A target inside the resource or its Bundle must conform to one of the profiles."""
    own = [u for u in urls if not compiler.is_base(u)]
    if not own or len(own) < len(urls):
        return []
    checks = [(url, compiler.lazy_profile(url)) for url in own]

    def check(value: Any, owner: Any, run: Run) -> Findings:
        target = compiler.resolve(value, run)
        if target is None:
            return None
        for url, each in checks:
            key = (id(target), url)
            if key in run.asked:
                return None
            run.asked.add(key)
            try:
                if not failed(each(target, None, run)):
                    return None
            finally:
                run.asked.discard(key)
        return one("valid-profile-any", expected=" ".join(own), profile=profile)

    return [check]


def _invariants(
    compiler: Compiler,
    node: Node,
    type_name: str,
    profile: str,
    owner: str,
    element: Element | None,
) -> list[Check]:
    constraints = node.facts.get("constraint", ())
    if not constraints:
        return []
    known = compiler.base_keys(type_name) | {i.key for i in (element.invariants if element else ())}
    own = [c for c in constraints if c.get("key") not in known]
    checks, broken = compile_invariants(own, type_name, profile)
    compiler.broken += [(profile, *each) for each in broken]
    if type_name not in compiler.definitions.primitives:
        return [_present(c) for c in checks]
    return [_with_extra(c, type_name) for c in checks]


def _present(check: Check) -> Check:
    return lambda value, owner, run: None if value is None else check(value, owner, run)


def _with_extra(check: Check, type_name: str) -> Check:
    return lambda value, extra, run: check(with_extra(value, extra, type_name), extra, run)
