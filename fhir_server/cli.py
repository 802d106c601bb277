"""The command line. Commands that work on a store without a server are in cli_store.py."""

from __future__ import annotations

import platform
from pathlib import Path
from typing import Annotated, Any, NoReturn

import typer
from rich.table import Table

from . import __version__, cli_store, cli_terminology, cli_validate
from .cli_store import errors, fail, settings_from
from .errors import FhirError
from .settings import Settings

app = typer.Typer(
    name="fhir-server",
    help="双向转诊 FHIR R4 服务器。\n\nFHIR R4 server for referrals in medical consortiums.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
DEFAULT_URL = "http://127.0.0.1:8080/fhir"
Url = Annotated[str, typer.Option("--url", help="FHIR address of the server.")]


@app.command()
def serve(
    host: Annotated[str | None, typer.Option(help="Address to listen on.")] = None,
    port: Annotated[int | None, typer.Option(help="Port to listen on.")] = None,
    store: Annotated[
        str | None, typer.Option(help="sqlite:PATH or mongodb://… (as FHIR_SERVER_STORE).")
    ] = None,
) -> None:
    """启动服务器。Start the server; Ctrl-C or SIGTERM ends it."""
    settings = settings_from({"host": host, "port": port, "store": store})
    from .app import run  # late: the other commands need no web server

    shown = "127.0.0.1" if settings.host in ("0.0.0.0", "::") else settings.host  # noqa: S104
    site = f"http://{shown}:{settings.port}"
    _say(f"双向转诊 FHIR 服务器 {__version__}")
    _say(f"  FHIR   {settings.public_url or site + '/fhir'}")
    _say(f"  首页 / home page   {site}/")
    _say("  示例数据 / sample data   make demo")
    _say("  结束 / stop   Ctrl-C")
    try:
        run(settings)
    except FhirError as error:
        fail(f"{error.issues[0].text('zh')} / {error.issues[0].text('en')}")


def _say(text: str) -> None:
    typer.echo(text)


@app.command()
def convert(
    form: Annotated[str, typer.Argument(help="Id of the form, such as national-up.")],
    file: Annotated[
        Path, typer.Argument(help="Filled form (.json, .csv, .xlsx); a Bundle with --back.")
    ],
    back: Annotated[bool, typer.Option("--back", help="From a Bundle to the filled form.")] = False,
) -> None:
    """转换纸质表单。Convert a filled paper form to a FHIR Bundle on standard output, or back."""
    from .commands import convert as run
    from .mapping import FormErrors

    try:
        found = run.form_of(form, Settings().form_folders)
        values = [run.to_values(found, file)] if back else run.to_bundles(found, file)
    except run.UnknownForm as error:
        fail(f"没有表单 {form}；可用 / no such form; available: {error}", 2)
    except OSError:
        fail(f"无法读取文件 / cannot read the file: {file}", 2)
    except run.RowErrors as error:
        _wrong_fields(error.errors)
    except FormErrors as error:
        _wrong_fields([(0, each) for each in error.errors])
    except FhirError as error:
        fail(f"{error.issues[0].text('zh')} / {error.issues[0].text('en')}")
    typer.echo(run.text_of(values))


def _wrong_fields(found: list[tuple[int, Any]]) -> NoReturn:
    table = Table(title="填写有误 / wrong fields", title_justify="left")
    for head in ("行 row", "栏目 field", "位置 box", "应为 expected"):
        table.add_column(head, overflow="fold")
    for row, each in found:
        table.add_row(str(row or ""), each.field, each.box, f"{each.message}\n{each.message_en}")
    errors.print(table)
    raise typer.Exit(1)


@app.command()
def load(
    files: Annotated[list[Path], typer.Argument(help="Bundles, NDJSON, resources, or folders.")],
    url: Url = DEFAULT_URL,
    state: Annotated[
        Path | None, typer.Option(help="File that remembers what is done, to resume from.")
    ] = None,
    jobs: Annotated[int, typer.Option(min=1, max=64, help="Requests at once.")] = 4,
) -> None:
    """载入资源。Load Bundles, NDJSON and resources into a running server."""
    from .commands.client import Client, Unreachable
    from .commands.load import BadFile
    from .commands.load import load as run

    try:
        kept = state or files[0].with_name(files[0].name + ".loaded")
        loader = run(Client(url), files, state=kept, jobs=jobs, console=errors)
    except BadFile as error:
        fail(str(error), 2)
    except ValueError as error:
        fail(str(error), 2)
    except Unreachable:
        fail(f"没有服务器应答 / no server answers at {url}；先运行 / run first: make serve")
    for each in loader.failures[:50]:
        errors.print(each, style="red", markup=False, highlight=False, soft_wrap=True)
    _say(f"已载入 / loaded {loader.loaded}；失败 / failed {len(loader.failures)}")
    raise typer.Exit(1 if loader.failures else 0)


@app.command()
def demo(
    url: Url = DEFAULT_URL,
    seed: Annotated[int, typer.Option(help="Another seed makes other patients.")] = 1,
) -> None:
    """载入示例医共体。Load a small consortium with about 120 referrals into a running server."""
    from .commands.client import Client, Unreachable
    from .commands.demo import run

    try:
        counts, failures = run(Client(url), seed, errors)
    except ValueError as error:
        fail(str(error), 2)
    except Unreachable:
        fail(f"没有服务器应答 / no server answers at {url}；先运行 / run first: make serve")
    for each in failures[:20]:
        errors.print(each, style="red", markup=False, highlight=False, soft_wrap=True)
    _say("  ".join(f"{kind} {count}" for kind, count in counts.items()))
    raise typer.Exit(1 if failures else 0)


@app.command()
def guide(
    folder: Annotated[Path, typer.Argument(help="Folder to write into; made if it is not there.")],
) -> None:
    """写出实施指南的静态网站。Write the implementation guide as a static site."""
    from .guide import Guide

    try:
        count = Guide(Settings().form_folders).write(folder)
    except OSError:
        fail(f"无法写入 / cannot write: {folder}", 2)
    _say(f"{folder / 'index.html'}  ({count})")


@app.command()
def version() -> None:
    """显示版本。Show the version."""
    from .definitions import FHIR_VERSION

    _say(f"fhir-referral-server {__version__}")
    _say(f"FHIR {FHIR_VERSION}")
    _say(f"Python {platform.python_version()}")
    _say("stores: sqlite, mongodb")


cli_store.add_to(app)
app.command()(cli_validate.validate)
app.add_typer(cli_terminology.app, name="terminology")


def main() -> None:
    """The entry point of the package."""
    app()


if __name__ == "__main__":
    main()
