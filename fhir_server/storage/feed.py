"""The feed of committed changes: what stores tell others who keep up with them.

A consumer keeps the token of the last change it has dealt with, for instance by `Store.set_note`,
and goes on from there after a restart. Each store implements `Feed`.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import AsyncIterator
from dataclasses import dataclass
from types import TracebackType
from typing import Literal, TypeAlias

from ..errors import define

ChangeKind: TypeAlias = Literal["create", "update", "delete", "purge"]
WAIT = 1.0  # seconds of one wait while iterating

define(
    "feed-token", "value", 400,
    "不是本存储的变更标记", "this is no token of the change feed of this store",
)  # fmt: skip
define(
    "feed-gone", "not-found", 410,
    "该标记之后的变更已不完整，请重新读取全部数据后再继续",
    "the changes behind this token are no longer all there: read everything again, then go on"
    " from a new token",
)  # fmt: skip
define(
    "feed-not-supported", "not-supported", 501,
    "单机 MongoDB 没有变更流，需要副本集（一个节点即可）",
    "a standalone MongoDB has no change streams: a replica set is needed, one node is enough",
)  # fmt: skip


@dataclass(slots=True, frozen=True)
class Committed:
    """One change that was committed: the resource, the version it made, and its moment.

    `purge`: the resource was forgotten for good with all its versions; `version` is 0. Units:
    `updated` in microseconds since 1970, UTC. `token`: the feed goes on behind this change.
    """

    kind: ChangeKind
    resource_type: str
    id: str
    version: int
    updated: int
    token: str


def kind_of(method: str, version: int) -> ChangeKind:
    if method == "DELETE":
        return "delete"
    return "create" if version == 1 else "update"


class Feed(ABC):
    """Committed changes in the order of their commits: none twice, none left out, whatever number
    of processes write at once.

    But a version that was purged before the feed came to it may be left out; where the resource is
    gone as a whole, its `purge` follows.
    """

    token: str  # behind what was told last; goes on by itself while nothing happens; "" unopened

    @abstractmethod
    async def open(self) -> None:
        """Find the place where it begins; without it the first `next` does.

        Errors: feed-token, feed-gone, feed-not-supported, store-down.
        """

    @abstractmethod
    async def next(self, seconds: float) -> Committed | None:
        """The next change, or None where none comes within `seconds`.

        Errors: as `open`. After store-down it may be called again: it goes on where it was.
        """

    @abstractmethod
    async def close(self) -> None: ...

    async def __aiter__(self) -> AsyncIterator[Committed]:
        """Without an end."""
        while True:
            found = await self.next(WAIT)
            if found is not None:
                yield found

    async def __aenter__(self) -> Feed:
        await self.open()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.close()


__all__ = ["ChangeKind", "Committed", "Feed", "kind_of"]
