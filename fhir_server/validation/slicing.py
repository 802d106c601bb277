"""Slices: to which each item belongs, how many there are, and in which order.

Spec: http://hl7.org/fhir/R4/profiling.html#slicing
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from .discriminators import Test, compile_discriminator
from .findings import Check, Finding, Findings, Json, one
from .tree import Node

if TYPE_CHECKING:
    from .compiler import Compiler
    from .run import Run


@dataclass(frozen=True, slots=True)
class Slice:
    """One slice. `tests`: all must hold; `check` is what it says of its items, None for nothing."""

    name: str
    tests: tuple[Test, ...]
    check: Check | None
    min: int
    max: int | None
    inner: Slicing | None


@dataclass(frozen=True, slots=True)
class Slicing:
    """How the items of one element are sliced; `rest` is the check of the @default slice."""

    slices: tuple[Slice, ...]
    rules: str
    ordered: bool
    profile: str
    rest: Check | None = None

    def check(self, items: Sequence[Any], run: Run) -> Findings:
        """Findings of the items, with their indexes, and of the element as a whole.

        Shape: `items` are (index, value) pairs.
        """
        found: list[Finding] = []
        groups: dict[str, list[tuple[int, Any]]] = {each.name: [] for each in self.slices}
        names = [each.name for each in self.slices]
        last, loose = -1, False
        for index, value in items:
            place = self._place(value, run)
            if place < 0:
                self._unsliced(index, value, run, found)
                loose = True
                continue
            if self.ordered and place < last:
                found += one("valid-slice-order", at=f"[{index}]", expected=" ".join(names),
                             profile=self.profile)  # fmt: skip
            if loose and self.rules == "openAtEnd":
                found += one("valid-slice-end", at=f"[{index}]", profile=self.profile)
            last = max(last, place)
            groups[names[place]].append((index, value))
        for each in self.slices:
            found += self._slice(each, groups[each.name], run)
        return found or None

    def _place(self, value: Any, run: Run) -> int:
        for i, each in enumerate(self.slices):
            if all(test(value, run) for test in each.tests):
                return i
        return -1

    def _unsliced(self, index: int, value: Any, run: Run, found: list[Finding]) -> None:
        if self.rest is not None:
            found += _at(index, self.rest(value, None, run))
        elif self.rules == "closed":
            names = " ".join(each.name for each in self.slices)
            found += one("valid-slice-closed", at=f"[{index}]", expected=names,
                         profile=self.profile)  # fmt: skip

    def _slice(self, of: Slice, items: list[tuple[int, Any]], run: Run) -> list[Finding]:
        found: list[Finding] = []
        if of.check is not None:
            for index, value in items:
                found += _at(index, of.check(value, None, run))
        if len(items) < of.min:
            found += one("valid-slice-min", slice=of.name, min=of.min, profile=self.profile)
        if of.max is not None and len(items) > of.max:
            found += one("valid-slice-max", slice=of.name, max=of.max, profile=self.profile)
        if of.inner is not None:
            found += of.inner.check(items, run) or []
        return found


def _at(index: int, found: Findings) -> list[Finding]:
    return [(f"[{index}]{at}", code, args, severity) for at, code, args, severity in found or ()]


def compile_slicing(
    compiler: Compiler, node: Node, type_name: str, profile: str, outer: Json | None = None
) -> Slicing | None:
    """None for an element without slices, or whose slices cannot be told apart."""
    if not node.slices:
        return None
    # A slice of a slice may be told apart by a slicing of its own, or by that of the element.
    slicing: Json = node.facts.get("slicing") or outer or {}
    if type_name == "Extension" and not slicing:
        slicing = {"discriminator": [{"type": "value", "path": "url"}]}
    discriminators = slicing.get("discriminator", ())
    slices: list[Slice] = []
    rest: Check | None = None
    for name, each in node.slices.items():
        below = compiler.slice_type(each, type_name)
        check = compiler.overlay_value(each, below, profile)
        if name == "@default":
            rest = check or _nothing
            continue
        tests = _tests(compiler, discriminators, each, below, type_name)
        if tests is None:
            continue
        low, high = bounds(each.facts)
        inner = compile_slicing(compiler, each, below, profile, slicing)
        slices.append(Slice(name, tests, check, low, high, inner))
    if not slices:
        return None
    rules = slicing.get("rules", "open")
    return Slicing(tuple(slices), rules, bool(slicing.get("ordered")), profile, rest)


def _tests(
    compiler: Compiler, discriminators: Sequence[Json], node: Node, of: str, actual: str
) -> tuple[Test, ...] | None:
    tests = [compile_discriminator(compiler, d, node, of, actual) for d in discriminators]
    # A discriminator that says nothing for this slice tells nothing apart; the others must.
    kept = tuple(test for test in tests if test is not None)
    return kept or None


def _nothing(value: Any, owner: Any, run: Run) -> Findings:
    return None


def bounds(facts: Json) -> tuple[int, int | None]:
    """min and max as numbers; None for *."""
    low = facts.get("min", 0)
    high = facts.get("max", "*")
    most = None if high == "*" or not str(high).isdecimal() else int(high)
    return (low if type(low) is int else 0), most
