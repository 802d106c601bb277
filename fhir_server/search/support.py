"""What a plan asks of a store, by the names in `Store.capabilities`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ..errors import FhirError
from ..storage.base import Store
from ..storage.plan import AnyOf, Chain, Clause, Has, Match, Not, Plan
from .parameters import Parameter


def check_supported(store: Store, plan: Plan) -> None:
    """Before a store is asked what it would answer wrongly. Errors: store-not-supported."""
    if all(type(each) is Match and each.kind in store.kinds for each in plan.where) and not (
        plan.sort or plan.backward or not plan.resource_type
    ):
        return  # nearly all searches; every store has Match
    wanted = {type(each).__name__ for each in _walk(plan.where)}
    wanted |= {"Sort"} if plan.sort else set()
    wanted |= {"types"} if not plan.resource_type else set()
    wanted |= {"backward"} if plan.backward else set()
    kinds = {each.kind for each in _walk(plan.where) if isinstance(each, Match)}
    kinds |= {each.kind for each in plan.sort if each.kind}
    if wanted - store.capabilities or kinds - store.kinds:
        raise FhirError("store-not-supported")


def supports(store: Store, parameter: Parameter) -> bool:
    """Can the store find by it?"""
    near = parameter.kind == "position"
    return parameter.kind in store.kinds and (not near or "Near" in store.capabilities)


def common(store: Store) -> dict[str, bool]:
    """Which of the parameters of every type it can serve; see `parameters.SPECIAL`."""
    text, has = "text" in store.kinds, "Has" in store.capabilities
    return {
        "_text": text,
        "_content": text,
        "_filter": {"Not", "AnyOf"} <= store.capabilities,
        "_has": has,
        "_in": has,
        "_list": has,
    }


def _walk(clauses: Iterable[Clause]) -> Iterator[Clause]:
    for each in clauses:
        yield each
        if isinstance(each, AnyOf):
            for group in each.groups:
                yield from _walk(group)
        elif isinstance(each, Chain | Has | Not):
            yield from _walk(each.where)
