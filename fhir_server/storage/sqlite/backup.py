"""A copy of the file while it is in use. Spec: https://www.sqlite.org/backup.html"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable
from pathlib import Path

from ...errors import FhirError, define
from .feed import renew_epoch
from .schema import failure_of

PAGES = 1000  # copied between two looks at the progress


define(
    "store-damaged", "exception", 500,
    "数据库文件已损坏，请恢复最近的备份",
    "the database file is damaged: put back the last backup",
)  # fmt: skip


def back_up(source: Path, target: Path, tell: Callable[[int, int], None]) -> int:
    """The state of the file at one moment, checked, on the disk before its name is there; its size
    in bytes. Servers go on reading and writing. `tell` hears pages done, of how many.

    Errors: store-damaged, store-down, store-full.
    """
    partial = target.with_name(target.name + ".partial")
    partial.unlink(missing_ok=True)
    try:
        _copy(source, partial, tell)
        with open(partial, "rb") as written:
            os.fsync(written.fileno())
        os.replace(partial, target)
        _sync(target.parent)
    except sqlite3.Error as error:
        raise failure_of(error) from error
    except OSError as error:
        raise FhirError("store-full" if error.errno == 28 else "store-down") from error
    finally:
        partial.unlink(missing_ok=True)
    return target.stat().st_size


def _copy(source: Path, partial: Path, tell: Callable[[int, int], None]) -> None:
    old = sqlite3.connect(f"{source.resolve().as_uri()}?mode=ro", uri=True, isolation_level=None)
    new = sqlite3.connect(partial, isolation_level=None)
    try:
        # As long as this is open, writers do not change what is copied, and it need not begin anew.
        old.execute("BEGIN")
        old.execute("SELECT count(*) FROM note").fetchone()
        old.backup(new, pages=PAGES, progress=lambda _, left, all: tell(all - left, all))
        # One file, nothing beside it.
        new.execute("PRAGMA journal_mode = DELETE")
        if new.execute("PRAGMA quick_check(1)").fetchone()[0] != "ok":
            raise FhirError("store-damaged")
        # Put back, the file goes another way than the one it was copied from; what kept up with
        # that has to notice.
        renew_epoch(new)
    finally:
        new.close()
        old.close()


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
