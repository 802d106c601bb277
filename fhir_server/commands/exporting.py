"""`fhir-server export`: the current resources as NDJSON, one file a type. Spec: docs/deploy.md"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeAlias

from rich.console import Console

from ..definitions import r4
from ..errors import FhirError
from ..model.dates import instant, now
from ..model.json import encode, pretty
from ..storage.base import Store
from ..storage.plan import Plan
from .progress import bar
from .stores import opened

Json = dict[str, Any]
Tell: TypeAlias = Callable[[str, int], object]
PAGE = 500
MANIFEST = "export.json"


async def export_all(
    store: Store, folder: Path, types: Sequence[str], console: Console
) -> dict[str, int]:
    """How many of each type; all types where none is named.

    Errors: ValueError, which names what is no type.
    """
    for each in types:
        if not r4().is_resource(each):
            raise ValueError(each)
    with bar(console) as progress:
        task = progress.add_task("导出 Exporting", total=None)
        manifest = await export(
            store,
            folder,
            types or sorted(r4().resource_types),
            lambda text, count: progress.update(task, description=text, completed=count),
        )
    return {each["type"]: each["count"] for each in manifest["output"]}


async def export(store: Store, folder: Path, types: Sequence[str], tell: Tell) -> Json:
    """Write the files and their list; the list comes last, so where it is, all is there.

    Shape of the list: as the manifest of a bulk export, with `token`, from which the change feed
    tells what happened since (absent where the store has none).
    """
    async with opened(store):
        manifest: Json = {"transactionTime": instant(now()), "output": []}
        try:
            async with store.changes() as feed:
                manifest["token"] = feed.token
        except FhirError as error:
            if error.code != "feed-not-supported":
                raise
        _prepare(folder)
        for each in types:
            count = await _export_type(store, folder, each, tell)
            if count:
                entry = {"type": each, "url": f"{each}.ndjson", "count": count}
                manifest["output"].append(entry)
        (folder / MANIFEST).write_bytes(pretty(encode(manifest)) + b"\n")
    return manifest


def _prepare(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / MANIFEST).unlink(missing_ok=True)


async def _export_type(store: Store, folder: Path, resource_type: str, tell: Tell) -> int:
    """How many there are; no file where there is none."""
    plan, count = Plan(resource_type, limit=PAGE), 0
    path = folder / f"{resource_type}.ndjson"
    path.unlink(missing_ok=True)
    while True:
        page = await store.search(plan)
        if page.matches:
            with path.open("ab") as out:
                out.writelines(each.body + b"\n" for each in page.matches)
            count += len(page.matches)
            tell(resource_type, count)
        if page.after is None:
            return count
        plan = replace(plan, after=page.after)
