"""Resources that hang together: what one refers to, what refers to it, chains of referrals."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

from ..errors import FhirError
from ..model.references import Target, parse_reference, references_in
from ..storage.base import Stored
from .call import Json, Service
from .searching import Key, key

MAX_STEPS = 10  # referrals based on referrals based on …
Accept = Callable[[Stored, Target], bool]


def targets(resource: Json, base_url: str = "") -> list[Target]:
    """The resources of this server that a resource refers to anywhere, each once, in order.

    Contained resources count as part of it; logical references and other servers' are left out.
    """
    return _local(references_in(resource), base_url)


def targets_of(found: Stored, base_url: str = "") -> list[Target]:
    """The same for what a store gave."""
    return _local(found.references, base_url)


def _local(texts: Iterable[str], base_url: str) -> list[Target]:
    found = (parse_reference(text, base_url) for text in dict.fromkeys(texts))
    return list(dict.fromkeys(each for each in found if each is not None and each.id))


async def forward(
    service: Service, seeds: Sequence[Stored], accept: Accept, *, base: str, limit: int
) -> list[Stored]:
    """What the seeds refer to, and what that refers to, as far as `accept` follows.

    Errors: search-too-costly beyond `limit`.
    """
    seen = {key(each) for each in seeds}
    out: list[Stored] = []
    front: Sequence[Stored] = seeds
    while front:
        wanted = {
            (t.type, t.id): None
            for each in front
            for t in targets_of(each, base)
            if (t.type, t.id) not in seen and accept(each, t)
        }
        seen.update(wanted)
        if len(seen) > limit + len(seeds):
            raise FhirError("search-too-costly")
        front = sorted(await service.store.many(list(wanted)), key=key)
        out += front
    return out


def pointing(
    service: Service, target: str, *, without: Iterable[str] = ()
) -> dict[str, tuple[str, ...]]:
    """Which reference parameters of which types may point to a type. Shape: {"Task": ("focus",)}"""
    left_out = frozenset(without)
    found = service.registry.pointing(target)
    return {source: codes for source, codes in found.items() if source not in left_out}


async def backward(
    service: Service,
    params: Mapping[str, Sequence[str]],
    of: Sequence[Key],
    *,
    limit: int,
    without: Iterable[Key] = (),
) -> list[Stored]:
    """The resources that point to one of `of`, by type and id. Errors: search-too-costly."""
    if not of or not params:
        return []
    seen = set(without)
    found = await service.store.pointers(params, of, limit=limit + len(seen) + 1)
    fresh = [k for k in found if k not in seen]
    if len(fresh) > limit:
        raise FhirError("search-too-costly")
    return sorted(await service.store.many(fresh), key=key)


async def chain(service: Service, requests: Sequence[Stored], *, limit: int) -> list[Stored]:
    """The other referrals of the up-down chains of some: what they are based on or replace, and
    what is based on them or replaces them. Errors: search-too-costly."""
    seen = {key(each) for each in requests}
    out: list[Stored] = []
    front: Sequence[Stored] = requests
    for _ in range(MAX_STEPS):
        above = {k: None for each in front for k in _above(service, each) if k not in seen}
        found = await service.store.many(list(above))
        ways = {"ServiceRequest": ("based-on", "replaces")}
        found += await backward(service, ways, [key(e) for e in front], limit=limit, without=seen)
        front = sorted({key(each): each for each in found}.values(), key=key)
        seen.update(map(key, front))
        out += front
        if not front:
            break
        if len(out) > limit:
            raise FhirError("search-too-costly")
    return out


def _above(service: Service, request: Stored) -> list[Key]:
    known = service.registry.of("ServiceRequest")
    return [
        k
        for code in ("based-on", "replaces")
        for k in service.indexer.references(request.resource, known[code])
        if k[0] == "ServiceRequest"
    ]
