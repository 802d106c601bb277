"""A store opened by a command that works on it directly, without a server."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from ..errors import FhirError
from ..storage.base import Store


class NoStore(Exception):
    """There is no such file. The text names it."""


def path_of(address: str) -> Path:
    """The file of a SQLite store."""
    return Path(address.removeprefix("sqlite:").removeprefix("//"))


def check_present(address: str) -> None:
    """Reading must not make a file that is not there. Errors: NoStore."""
    if address.startswith("sqlite:"):
        path = path_of(address)
        if not path.is_file():
            raise NoStore(f"没有此文件 / no such file: {path}")


@asynccontextmanager
async def opened(store: Store) -> AsyncIterator[Store]:
    """Errors: store-down, also where a server would start and wait."""
    await store.open()
    try:
        await store.ready()
        yield store
    finally:
        await store.close()


def explain(error: FhirError) -> str:
    """Both languages on one line."""
    return f"{error.issues[0].text('zh')} / {error.issues[0].text('en')}"
