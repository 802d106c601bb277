"""Code systems into the embedded terminology file, and out of it."""

from __future__ import annotations

import time
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console

from ..terminology.file import FileError, Header, TermFile
from ..terminology.file import load as write
from ..terminology.file import remove as take_away
from ..terminology.file.reading import Listed
from ..terminology.loaders import KINDS, Options
from ..terminology.loaders.tables import TableError
from .progress import bar


class LoadError(Exception):
    """In Chinese and English. `usage`: the files or options are wrong."""

    def __init__(self, text: str, *, usage: bool = False) -> None:
        super().__init__(text)
        self.usage = usage


@dataclass(frozen=True, slots=True)
class Loaded:
    """Units: `seconds` from reading the files to the commit."""

    header: Header
    count: int
    skipped: int
    seconds: float


def load(
    path: Path, kind: str, files: Sequence[Path], options: Options, console: Console
) -> Loaded:
    """Errors: LoadError."""
    began = time.monotonic()
    try:
        source = KINDS[kind].read(files, options)
        with bar(console) as progress:
            task = progress.add_task("载入 / loading", total=source.total or None)
            count = write(
                path, source.header, source.rows, lambda done: progress.advance(task, done)
            )
    except TableError as error:
        raise LoadError(str(error), usage=True) from error
    except FileError as error:
        raise LoadError(str(error)) from error
    return Loaded(source.header, count, source.skipped(), time.monotonic() - began)


def rows(path: Path) -> list[Listed]:
    """Errors: LoadError."""
    try:
        with closing(TermFile(path)) as file:
            return file.rows()
    except FileError as error:
        raise LoadError(str(error)) from error


def remove(path: Path, canonical: str) -> int:
    """Errors: LoadError."""
    url, _, version = canonical.partition("|")
    try:
        return take_away(path, url, version)
    except FileError as error:
        raise LoadError(str(error)) from error
