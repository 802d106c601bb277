"""The command `validate`."""

from __future__ import annotations

import os
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import Progress

from .cli_store import errors, fail


class Format(StrEnum):
    """What the report looks like."""

    text = "text"
    json = "json"
    sarif = "sarif"
    junit = "junit"


def validate(
    files: Annotated[
        list[str], typer.Argument(help="Files or folders (.json, .xml, .ndjson); - is the input.")
    ],
    profile: Annotated[
        list[str] | None,
        typer.Option(help="Canonical or file of a profile to check against besides meta.profile."),
    ] = None,
    known: Annotated[
        list[Path] | None,
        typer.Option("--with", help="File or folder of profiles, value sets, questionnaires."),
    ] = None,
    package: Annotated[
        list[Path] | None, typer.Option(help="FHIR package (.tgz, or its unpacked folder).")
    ] = None,
    output: Annotated[Format, typer.Option("--format", help="The report.")] = Format.text,
    unknown_extensions: Annotated[
        str, typer.Option(help="How an unknown extension counts: information or error.")
    ] = "information",
    jobs: Annotated[int, typer.Option(min=1, max=64, help="Processes.")] = os.cpu_count() or 1,
) -> None:
    """校验资源。Validate resources: exit code 0 no error, 1 errors, 2 wrong call or unreadable."""
    from .commands import reports
    from .commands.validate import UsageError, check_all, prepare, sources

    if unknown_extensions not in ("information", "error"):
        fail("--unknown-extensions 应为 / must be information | error", 2)
    try:
        setup, lost = prepare(profile or [], known or [], package or [], unknown_extensions)
        found = list(sources(files))
    except UsageError as error:
        fail(str(error), 2)
    if lost:
        errors.print(f"未给出的依赖 / dependencies not given: {', '.join(lost)}", style="yellow")
    if not found:
        fail("没有可校验的文件 / nothing to validate", 2)
    with Progress(console=errors, transient=True, disable=len(found) < 2) as progress:
        task = progress.add_task("校验 / validating", total=len(found))
        results = check_all(setup, found, jobs, lambda: progress.advance(task))
    if output is Format.text:
        reports.print_text(results, Console())
    else:
        typer.echo(reports.FORMATS[output.value](results))
    if any(each.unreadable[0] for each in results):
        raise typer.Exit(2)
    raise typer.Exit(0 if all(each.valid for each in results) else 1)
