"""`fhir-server mongodb shard`. Spec: docs/deploy.md, storage/mongodb/sharding.py"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from ..definitions import r4
from ..storage.base import Store
from ..storage.mongodb import MongoStore
from ..storage.mongodb.sharding import GROWING, steps
from .stores import opened


def known(resource_type: str) -> bool:
    return r4().is_resource(resource_type)


def _mongo(store: Store) -> MongoStore:
    assert isinstance(store, MongoStore)
    return store


def print_steps(store: Store, types: Sequence[str], say: Callable[[str], None]) -> None:
    for each in steps(_mongo(store).database, types):
        say(each.shell)


async def run_steps(store: Store, types: Sequence[str], tell: Callable[[str], None]) -> None:
    """Errors: store-no-shards, store-down."""
    found = _mongo(store)
    async with opened(found):
        await found.shard(types, tell)


__all__ = ["GROWING", "known", "print_steps", "run_steps"]
