"""What a Reference or a canonical may lead to.

Spec: http://hl7.org/fhir/R4/references.html
Not supported: the profile of a target outside the Bundle; it would have to be fetched.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any

from ..findings import Check, Findings, Json, one

_LITERAL = re.compile(
    r"(?:^|/)([A-Z][A-Za-z]+)/[A-Za-z0-9\-.]{1,64}(?:/_history/[A-Za-z0-9\-.]{1,64})?(?:#.*)?$"
).search


def compile_targets(
    targets: Sequence[str], is_resource: Callable[[str], bool], profile: str
) -> Check | None:
    """The types that a reference may be to; the list is of type names."""
    if not targets or "Resource" in targets:
        return None
    allowed = frozenset(targets)
    shown = " ".join(sorted(allowed))

    def check(value: Any, owner: Any, run: Any) -> Findings:
        found = target_type(value, run, is_resource)
        if found is None or found in allowed:
            return None
        return one("valid-target", expected=shown, profile=profile)

    return check


def target_type(value: Any, run: Any, is_resource: Callable[[str], bool]) -> str | None:
    """The type of the target, as far as the reference or the Bundle says; None where neither."""
    if type(value) is not dict:
        return None
    reference = value.get("reference")
    if type(reference) is str:
        if reference.startswith("#"):
            held = run.contained(reference[1:])
            return held.get("resourceType") if held is not None else None
        found = _LITERAL(reference)
        if found is not None and is_resource(found[1]):
            return found[1]
        target = run.compiler.find_in_bundle(reference, run)
        if target is not None:
            name = target.get("resourceType")
            return name if type(name) is str else None
    stated = value.get("type")
    return stated if type(stated) is str and is_resource(stated) else None


def compile_aggregation(modes: Sequence[str], profile: str) -> Check | None:
    """How a reference may be held: contained, bundled or referenced."""
    if not modes:
        return None
    allowed = frozenset(modes)
    shown = " ".join(sorted(allowed))

    def check(value: Any, owner: Any, run: Any) -> Findings:
        reference = value.get("reference") if type(value) is dict else None
        if type(reference) is not str:
            return None
        if reference.startswith("#"):
            mode = "contained"
        elif run.compiler.find_in_bundle(reference, run) is not None:
            mode = "bundled"
        else:
            mode = "referenced"
        if mode in allowed or (mode == "bundled" and "referenced" in allowed):
            return None
        return one("valid-aggregation", expected=shown, profile=profile)

    return check


def check_contained(value: Any, owner: Any, run: Any) -> Findings:
    """A `#id` needs a contained resource of that id."""
    reference = value.get("reference") if type(value) is dict else None
    if type(reference) is not str or not reference.startswith("#"):
        return None
    if run.contained(reference[1:]) is not None:
        return None
    return one("valid-contained-missing", at=".reference")


def unused(resource: Json) -> list[int]:
    """Contained resources that nothing refers to, by their index.

    Spec: http://hl7.org/fhir/R4/domainresource.html (dom-3). A `#id` counts in a Reference, a
    canonical, a uri or a url; a contained resource that refers to its container counts as used.
    """
    used: set[str] = set()
    back: set[int] = set()
    held = resource["contained"]
    for name, value in resource.items():
        if name != "contained":
            _collect(value, used)
    for i, each in enumerate(held):
        inside: set[str] = set()
        _collect(each, inside)
        used |= inside
        if "" in inside:
            back.add(i)
    return [
        i
        for i, each in enumerate(held)
        if type(each) is dict and each.get("id") not in used and i not in back
    ]


def _collect(value: Any, into: set[str]) -> None:
    waiting = [value]
    while waiting:
        each = waiting.pop()
        if type(each) is str:
            if each.startswith("#"):
                into.add(each[1:])
        elif type(each) is dict:
            waiting += each.values()
        elif type(each) is list:
            waiting += each
