"""The files of a release: a folder, or a zip as it was downloaded."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from .tables import TableError

# Some RF2 terms, and LOINC definitions, are longer than the module's limit of 128 KB.
csv.field_size_limit(16 * 1024 * 1024)


class Release:
    """Files by a pattern of their name. Errors: TableError for what is neither folder nor zip."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._archive: zipfile.ZipFile | None = None
        if path.is_dir():
            self._names = [str(p.relative_to(path)) for p in sorted(path.rglob("*")) if p.is_file()]
            return
        try:
            self._archive = zipfile.ZipFile(path)
        except (OSError, zipfile.BadZipFile):
            raise TableError(
                f"{path.name}: 应为目录或 zip 文件 / must be a folder or a zip file"
            ) from None
        self._names = sorted(self._archive.namelist())

    def names(self, pattern: str) -> list[str]:
        """Those whose last part matches as a whole."""
        wanted = re.compile(pattern, re.IGNORECASE)
        return [n for n in self._names if wanted.fullmatch(n.replace("\\", "/").rpartition("/")[2])]

    def one(self, pattern: str, what: str) -> str:
        """Errors: TableError where there is none."""
        found = self.names(pattern)
        if not found:
            raise TableError(f"{self.path.name}: 缺少文件 / lacks the file {what}")
        return found[0]

    @contextmanager
    def open(self, name: str) -> Iterator[IO[str]]:
        if self._archive is not None:
            with (
                self._archive.open(name) as raw,
                io.TextIOWrapper(raw, "utf-8-sig", "replace", newline="") as text,
            ):
                yield text
        else:
            with (self.path / name).open(
                encoding="utf-8-sig", errors="replace", newline=""
            ) as text:
                yield text

    def tabbed(self, name: str) -> Iterator[list[str]]:
        """Lines of an RF2 file without the first; nothing is quoted there."""
        with self.open(name) as text:
            next(text, None)
            for line in text:
                yield line.rstrip("\r\n").split("\t")

    def records(self, name: str) -> Iterator[dict[str, str]]:
        """Rows of a CSV file by the names of its first line."""
        with self.open(name) as text:
            yield from csv.DictReader(text)
