"""`fhir-server backup`. Spec: docs/deploy.md"""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from rich.console import Console

from ..storage.sqlite.backup import back_up as copy_file
from .progress import bar
from .stores import path_of


def back_up(address: str, target: Path, console: Console) -> str:
    """The path of the copy. A folder gets a file whose name is the moment.

    Errors: FileExistsError, store-damaged, store-down, store-full.
    """
    if target.is_dir():
        target = target / f"fhir-{datetime.now(UTC):%Y%m%dT%H%M%SZ}.db"
    if target.exists():
        raise FileExistsError
    with bar(console) as progress:
        task = progress.add_task("备份 Copying", total=None)
        copy_file(
            path_of(address),
            target,
            lambda done, all: progress.update(task, completed=done, total=all),
        )
    return str(target)
