"""Searches compiled with what the terminology says; the one match of conditional criteria."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar
from urllib.parse import parse_qsl, urlsplit

from ..errors import FhirError
from ..search import Query, Terms, TermsNeeded, check_supported
from ..search.query import EDGE
from ..storage.base import Guard, Stored
from ..storage.plan import Clause, Plan
from .call import Service
from .including import Key, key

MAX_TERMS = 50  # value sets and codes that one search may ask about
STALE = ("search-unknown", "search-pending", "search-sort", "search-include-names")
Result = TypeVar("Result")


async def with_terms(service: Service, compile: Callable[[Terms], Result]) -> Result:
    """Compile, and again whenever the terminology had to be asked.

    Errors: search-too-costly, those of the terminology and of `compile`.
    """
    terms, looked = Terms(), False
    for _ in range(MAX_TERMS):
        try:
            return compile(terms)
        except TermsNeeded as needed:
            await terms.learn(needed.request, service.terminology)
        except FhirError as error:
            # Another process may have a parameter that this one has not heard of yet, or be
            # farther with its entries.
            if error.code not in STALE or looked:
                raise
            looked = True
            if not await service.upkeep.refresh() and error.code != "search-pending":
                raise
    raise FhirError("search-too-costly")


async def compile_search(
    service: Service,
    resource_type: str,
    pairs: list[tuple[str, str]],
    *,
    lenient: bool = False,
    types: tuple[str, ...] = (),
    where: tuple[Clause, ...] = (),
) -> Query:
    """Errors: as `Compiler.compile`, those of the terminology, store-not-supported."""
    query = await with_terms(
        service,
        lambda terms: service.compiler.compile(
            resource_type, pairs, lenient=lenient, terms=terms, types=types, where=where
        ),
    )
    check_supported(service.store, query.plan)
    return query


def criteria_pairs(resource_type: str, text: str) -> list[Key]:
    """The parameters of `identifier=x`, `?identifier=x`, `Patient?identifier=x` or a full URL.

    Errors: criteria-empty, type-mismatch.
    """
    try:
        parts = urlsplit(text.strip())
    except ValueError:  # what stands for a host is none
        raise FhirError("criteria-empty", resource_type) from None
    query = parts.query
    if not query and "?" not in text:
        query, named = text.strip(), ""
    else:
        named = parts.path.rstrip("/").rpartition("/")[2]
    if named and named != resource_type:
        raise FhirError("type-mismatch", expected=resource_type)
    pairs = parse_qsl(query, keep_blank_values=True)
    if not pairs:
        raise FhirError("criteria-empty", resource_type)
    return pairs


async def matching(
    service: Service, resource_type: str, pairs: Sequence[Key], limit: int
) -> tuple[list[Stored], Guard]:
    """What conditional criteria match, and the guard that keeps anything from appearing.

    An unknown parameter is refused however the client wants it handled, and so is one without a
    value: ignoring either would widen what is written.
    Errors: criteria-empty, criteria-value, and as for search.
    """
    pairs = [pair for pair in pairs if pair[0] not in EDGE]
    if not all(value.strip() for _, value in pairs):
        raise FhirError("criteria-value", resource_type)
    where = await with_terms(
        service, lambda terms: service.compiler.criteria(resource_type, pairs, terms)
    )
    plan = Plan(resource_type, where, limit=limit, fresh=True)
    check_supported(service.store, plan)
    guard = Guard(f"{resource_type}?" + "&".join(f"{n}={v}" for n, v in sorted(pairs)), plan)
    return (await service.store.search(plan)).matches, guard


async def find_one(
    service: Service, resource_type: str, pairs: Sequence[Key]
) -> tuple[Stored | None, Guard]:
    """The one match of conditional criteria, and the guard that keeps a second from appearing.

    Spec: http://hl7.org/fhir/R4/http.html#ccreate. Errors: duplicate-found, and as `matching`.
    """
    found, guard = await matching(service, resource_type, pairs, 2)
    if len(found) > 1:
        raise FhirError("duplicate-found", resource_type)
    return (found[0] if found else None), guard


__all__ = [
    "Key",
    "compile_search",
    "criteria_pairs",
    "find_one",
    "key",
    "matching",
    "with_terms",
]
