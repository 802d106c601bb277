"""Commands that work on a store directly, without a server."""

from __future__ import annotations

import asyncio
import contextlib
import os
import sys
from collections.abc import Coroutine
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer
from pydantic import ValidationError
from rich.console import Console

from .commands.stores import NoStore, check_present, explain
from .errors import FhirError
from .settings import Settings
from .storage.base import Store

if TYPE_CHECKING:
    from .commands.copied_index import CopiedIndex

errors = Console(stderr=True)
StoreOption = Annotated[
    str | None, typer.Option("--store", help="sqlite:PATH or mongodb://… (as FHIR_SERVER_STORE).")
]


def fail(text: str, code: int = 1) -> NoReturn:
    """Say what is wrong and end. Exit code 1: the work failed; 2: it was called wrongly."""
    errors.print(text, style="red", markup=False, highlight=False, soft_wrap=True)
    raise typer.Exit(code)


def settings_from(given: dict[str, Any]) -> Settings:
    """The environment's settings, but for what was given and is not None."""
    try:
        return Settings(**{k: v for k, v in given.items() if v is not None})
    except ValidationError as error:
        lines = [f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors()]
        fail("设置有误 / wrong setting: " + "; ".join(lines), 2)


def present(store: str | None) -> Settings:
    """Settings of a store that is there already."""
    settings = settings_from({"store": store})
    try:
        check_present(settings.store)
    except NoStore as error:
        fail(str(error), 2)
    return settings


def store_of(settings: Settings, *, words: bool = False, patient: bool = True) -> Store:
    from .backends import build_store  # late: most commands need none

    return build_store(settings, words=words, patient=patient)


def run(work: Coroutine[Any, Any, Any]) -> Any:
    """Ctrl-C is a clean end; so is a reader of the output who has enough."""
    try:
        return asyncio.run(work)
    except FhirError as error:
        fail(explain(error))
    except KeyboardInterrupt:
        raise typer.Exit(130) from None
    except BrokenPipeError:
        with contextlib.suppress(OSError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise typer.Exit(0) from None


def say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def changes(
    store: StoreOption = None,
    after: Annotated[str, typer.Option(help="Begin behind this token; else now.")] = "",
    keep: Annotated[
        str, typer.Option(help="Name under which the store keeps how far this consumer came.")
    ] = "",
    follow: Annotated[
        bool, typer.Option("--follow/--no-follow", help="Wait for more, or end when none comes.")
    ] = True,
    resources: Annotated[bool, typer.Option("--resources", help="With the resources.")] = False,
    now: Annotated[bool, typer.Option("--now", help="Print the token of this moment.")] = False,
) -> None:
    """输出变更流（NDJSON）。Print each committed change as one line of JSON."""
    from .commands.changes import Printer, Taken, position, print_changes

    opened = store_of(present(store), patient=False)
    if now:
        say(run(position(opened)))
        return
    printer = Printer(opened, say, lambda text: errors.print(text, markup=False), keep, resources)
    try:
        run(print_changes(printer, after, follow=follow))
    except Taken:
        fail(f"另一进程正在使用此名称 / another process uses this name: {keep}")


def copy(
    source: Annotated[str, typer.Argument(metavar="FROM", help="sqlite:PATH or mongodb://…")],
    target: Annotated[str, typer.Argument(metavar="TO", help="An empty store, or one to go on.")],
    compare: Annotated[
        bool, typer.Option("--compare", help="Read both whole and compare each version.")
    ] = False,
    page: Annotated[int, typer.Option(min=1, max=5000, help="Versions written at once.")] = 500,
) -> None:
    """复制存储。Copy a store with all versions into another; again after a stop, it goes on."""
    from .commands.copying import Refused, copy_store

    settings = present(source), settings_from({"store": target})
    stores = store_of(settings[0]), store_of(settings[1], words=True)
    names = settings[0].store, settings[1].store
    work = copy_store(stores, names, _index(settings[1]), errors, compare=compare, page=page)
    try:
        differs = run(work)
    except Refused as error:
        fail(str(error), 2)
    if differs:
        fail(f"来源与目标不一致 / source and target differ: {differs}")
    say("源与目标一致 / source and target agree")


def _index(settings: Settings) -> CopiedIndex:
    from .app import build_service
    from .commands.copied_index import CopiedIndex

    return CopiedIndex(build_service(settings, store_of(settings)))


def backup(
    target: Annotated[Path, typer.Argument(metavar="FILE", help="The copy, or a folder for it.")],
    store: StoreOption = None,
) -> None:
    """备份 SQLite 文件。Copy the SQLite file while servers use it; the copy is checked."""
    from .commands.backing_up import back_up

    settings = present(store)
    if not settings.store.startswith("sqlite:"):
        fail("MongoDB 请用 mongodump / for MongoDB use mongodump (docs/deploy.md)", 2)
    try:
        say(back_up(settings.store, target, errors))
    except FileExistsError:
        fail(f"文件已存在 / the file is there already: {target}", 2)
    except FhirError as error:
        fail(explain(error))


def export(
    folder: Annotated[Path, typer.Argument(help="Gets one file a resource type.")],
    store: StoreOption = None,
    resource_type: Annotated[
        list[str] | None, typer.Option("--type", help="These types only.")
    ] = None,
) -> None:
    """导出当前资源（NDJSON）。Write the current resources as NDJSON."""
    from .commands.exporting import export_all

    found = store_of(present(store))
    try:
        counts = run(export_all(found, folder, resource_type or (), errors))
    except ValueError as error:
        fail(f"不是 R4 资源类型 / no resource type of R4: {error}", 2)
    except OSError:
        fail(f"无法写入 / cannot write: {folder}", 2)
    for each, count in counts.items():
        say(f"{each} {count}")


mongodb = typer.Typer(
    help="MongoDB 专用命令。Commands for a MongoDB store.",
    no_args_is_help=True,
    rich_markup_mode=None,
)


@mongodb.callback()
def _mongodb() -> None: ...


@mongodb.command()
def shard(
    store: StoreOption = None,
    resource_type: Annotated[
        list[str] | None, typer.Option("--type", help="These types, not those that grow.")
    ] = None,
    carry_out: Annotated[bool, typer.Option("--run", help="Run them, on a mongos.")] = False,
) -> None:
    """分片命令。Print the commands that shard the collections, for mongosh; or run them."""
    from .commands.sharding import GROWING, known, print_steps, run_steps

    settings = settings_from({"store": store})
    if settings.store.startswith("sqlite:"):
        fail("应为 MongoDB 存储 / expected a MongoDB store: --store mongodb://…", 2)
    types = resource_type or list(GROWING)
    unknown = [each for each in types if not known(each)]
    if unknown:
        fail(f"不是 R4 资源类型 / no resource type of R4: {', '.join(unknown)}", 2)
    if carry_out:
        run(run_steps(store_of(settings), types, lambda text: errors.print(text, markup=False)))
        say("已分片 / sharded")
    else:
        print_steps(store_of(settings), types, say)


def add_to(app: typer.Typer) -> None:
    """In the order of the help."""
    app.command()(changes)
    app.command()(copy)
    app.command()(backup)
    app.command()(export)
    app.add_typer(mongodb, name="mongodb")
