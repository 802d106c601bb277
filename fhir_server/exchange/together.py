"""Several calls of a store at once, a bounded number of them."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import TypeVar

Result = TypeVar("Result")


async def together(
    calls: Sequence[Callable[[], Awaitable[Result]]], at_once: int
) -> list[Result | BaseException]:
    """The results, or what was raised, in the order of the calls."""
    gate = asyncio.Semaphore(at_once)

    async def run(call: Callable[[], Awaitable[Result]]) -> Result:
        async with gate:
            return await call()

    return await asyncio.gather(*map(run, calls), return_exceptions=True)


async def all_of(calls: Sequence[Callable[[], Awaitable[Result]]], at_once: int) -> list[Result]:
    """Errors: the first, in the order of the calls, that any of them raised."""
    out: list[Result] = []
    for each in await together(calls, at_once):
        if isinstance(each, BaseException):
            raise each
        out.append(each)
    return out
