"""Constraints in FHIRPath.

Spec: http://hl7.org/fhir/R4/conformance-rules.html#constraints
An expression that yields nothing fails, as the text of the specification asks; the errata of the
definitions mend those that were not meant so.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from ...fhirpath import Context, FhirPathError, compile
from ...fhirpath.values import Value
from ..findings import ERROR, INFORMATION, Check, Findings, Json, one

# Checked by code of our own, or no more than advice that every resource would get.
BUILT_IN = frozenset(("ele-1", "ext-1", "txt-1", "txt-2", "dom-2", "dom-3"))
Test = Callable[[Context, Any], bool | None]


def compile_invariants(
    constraints: Sequence[Json], type_name: str, profile: str
) -> tuple[list[Check], list[tuple[str, str]]]:
    """The checks, and those that could not be compiled as (key, reason).

    Shape: a constraint has `key`, `severity`, `expression`, and perhaps `human`.
    """
    checks: list[Check] = []
    broken: list[tuple[str, str]] = []
    for each in constraints:
        expression, key = each.get("expression"), each.get("key", "")
        if key in BUILT_IN or type(expression) is not str:
            continue
        try:
            test = _compile(expression, type_name)
        except FhirPathError as error:
            broken.append((key, str(error)))
            continue
        text = each.get("human") or expression
        severity = ERROR if each.get("severity") == "error" else "warning"
        own = "%context" in expression
        checks.append(_invariant(test, key, severity, text, profile, own))
    return checks, broken


def _compile(expression: str, type_name: str) -> Test:
    """For the type; else for any, as one of a choice's types may lack what others have."""
    try:
        return compile(expression, type_name or None).check
    except FhirPathError:
        return compile(expression, None).check


def _invariant(
    test: Test, key: str, severity: str, text: str, profile: str, own_context: bool
) -> Check:
    def check(value: Any, owner: Any, run: Any) -> Findings:
        context = run.context
        outer = context.focus
        if own_context:
            context.focus = value
        try:
            if test(context, value) is True:
                return None
        except (FhirPathError, TypeError, AttributeError, ValueError, ArithmeticError):
            # What the structure is wrong in may be nothing that the expression can walk over.
            return one("valid-invariant-run", INFORMATION, constraint=key, profile=profile)
        finally:
            context.focus = outer
        return one("valid-invariant", severity, constraint=key, text=text, profile=profile)

    return check


def with_extra(raw: Any, extra: Any, type_name: str) -> Any:
    """A primitive with its extensions, as FHIRPath sees it."""
    return Value(raw, type_name, extra) if type(extra) is dict else raw
