"""Chains and reverse chains of any depth.

Spec: http://hl7.org/fhir/R4/search.html#chaining, #has
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from ..errors import FhirError, define
from ..storage.plan import AnyOf, Chain, Clause, Has
from .limits import MAX_DEPTH, over
from .parameters import Parameter

if TYPE_CHECKING:
    from .clauses import Clauses

define(
    "search-has",
    "not-supported",
    400,
    "反向链式检索应为 _has:源类型:引用参数:参数",
    "a reverse chain must be _has:SourceType:reference-parameter:parameter",
)
# An untyped chain leaves out the types for which the rest makes no sense.
_SKIPPED = frozenset({"search-unknown", "search-modifier", "search-chain", "search-has"})


def chain(
    clauses: Clauses, parameter: Parameter, target: str, rest: str, text: str, depth: int
) -> Clause:
    """`subject.name=…`, `subject:Patient.general-practitioner.name=…`. Errors: search-chain."""
    if depth >= MAX_DEPTH:
        raise over("steps", MAX_DEPTH, parameter.code)
    return follow(clauses, parameter, target, lambda t: (clauses.clause(t, rest, text, depth + 1),))


def follow(
    clauses: Clauses,
    parameter: Parameter,
    target: str,
    inner: Callable[[str], tuple[Clause, ...]],
) -> Clause:
    """A chain to each possible target for which `inner` makes clauses.

    Errors: search-chain, search-modifier, and those of `inner` where it fails for every target.
    """
    if parameter.kind != "reference":
        raise FhirError("search-chain", parameter.code)
    possible = clauses.targets(parameter)
    if target and target not in possible:
        raise FhirError("search-modifier", parameter.code, expected=" ".join(possible))
    found: list[Clause] = []
    first: FhirError | None = None
    for each in (target,) if target else possible:
        clauses.budget.branch(parameter.code)
        try:
            found.append(Chain(parameter.code, each, inner(each)))
        except FhirError as error:
            if error.code not in _SKIPPED:
                raise
            first = first or error
    if not found:
        raise first or FhirError("search-chain", parameter.code)
    return found[0] if len(found) == 1 else AnyOf(tuple((c,) for c in found))


def has(clauses: Clauses, resource_type: str, name: str, text: str, depth: int) -> Clause:
    """`_has:Observation:patient:code=…`; what follows may be a chain or a `_has` again."""
    parts = name.split(":", 3)
    if len(parts) != 4 or not clauses.definitions.is_resource(parts[1]):
        raise FhirError("search-has", "_has")
    if depth >= MAX_DEPTH:
        raise over("steps", MAX_DEPTH, "_has")
    _, source, code, rest = parts
    parameter = clauses.parameter(source, code)
    points_here = resource_type == "Resource" or resource_type in clauses.targets(parameter)
    if parameter.kind != "reference" or not points_here:
        raise FhirError("search-has", "_has")
    clauses.budget.branch("_has")
    return Has(source, code, (clauses.clause(source, rest, text, depth + 1),))
