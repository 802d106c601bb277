"""The commands `terminology load | list | remove`."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from .cli_store import errors, fail, settings_from
from .terminology.loaders import KINDS

app = typer.Typer(
    help="载入 ICD-10、SNOMED CT、LOINC 等代码系统。\n\nLoad code systems that cannot be shipped.",
    no_args_is_help=True,
    rich_markup_mode=None,
)
# typer wants an enumeration for a choice.
KindName = StrEnum("KindName", {name.replace("-", "_"): name for name in KINDS})  # type: ignore[misc]
File = Annotated[
    Path | None, typer.Option("--file", help="Terminology file (as FHIR_SERVER_TERMINOLOGY_FILE).")
]


def _path(file: Path | None) -> Path:
    return file or Path(settings_from({}).terminology_file)


@app.command()
def load(
    kind: Annotated[KindName, typer.Argument(help="What it is.")],
    files: Annotated[
        list[Path], typer.Argument(help="XLSX, XLS, CSV; a folder or zip of a release.")
    ],
    url: Annotated[str, typer.Option(help="Canonical url, instead of that of the kind.")] = "",
    version: Annotated[str, typer.Option(help="Version, instead of that of the kind.")] = "",
    title: Annotated[str, typer.Option(help="Title, instead of that of the kind.")] = "",
    file: File = None,
) -> None:
    """载入代码系统，取代同一版本。Load a code system in place of the same version of it."""
    from .commands import terminology
    from .terminology.loaders import Options

    try:
        done = terminology.load(
            _path(file), kind.value, files, Options(url, version, title), errors
        )
    except terminology.LoadError as error:
        fail(str(error), 2 if error.usage else 1)
    typer.echo(f"{done.header.url}|{done.header.version}")
    typer.echo(
        f"已载入 / loaded {done.count}；跳过 / skipped {done.skipped}；"
        f"{done.seconds:.1f} s；{_path(file)}"
    )


@app.command("list")
def list_systems(file: File = None) -> None:
    """列出已载入的代码系统。List the code systems that are loaded."""
    from .commands import terminology

    try:
        rows = terminology.rows(_path(file))
    except terminology.LoadError as error:
        fail(str(error))
    if not rows:
        typer.echo(f"没有已载入的代码系统 / nothing is loaded: {_path(file)}")
        return
    table = Table(title=str(_path(file)), title_justify="left")
    for head in ("url", "版本 version", "类 kind", "代码数 codes", "载入时间 loaded", "标题 title"):
        table.add_column(head, overflow="fold")
    for each in rows:
        title = str(each.header.get("title", ""))
        table.add_row(each.url, each.version, each.kind, f"{each.count:,}", each.loaded[:19], title)
    Console().print(table)


@app.command()
def remove(
    url: Annotated[str, typer.Argument(help="Canonical url, perhaps with |version.")],
    file: File = None,
) -> None:
    """移除代码系统。Take a code system away; without |version all its versions."""
    from .commands import terminology

    try:
        count = terminology.remove(_path(file), url)
    except terminology.LoadError as error:
        fail(str(error))
    if not count:
        fail("没有此代码系统 / no such code system is loaded", 2)
    typer.echo(f"已移除 / removed {count}")
