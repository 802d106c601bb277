"""Documents for those who run it, and the files in deploy/, name what is there."""

from __future__ import annotations

import re
import shlex
import tomllib
from pathlib import Path
from typing import Any

import pytest
import typer

from fhir_server.cli import app
from fhir_server.settings import Settings

ROOT = Path(__file__).parent.parent
PAGES = sorted([*(ROOT / "docs").rglob("*.md"), *(ROOT / "deploy").iterdir(), *ROOT.glob("*.md")])
COMMAND = re.compile(r"(?<![\w/.-])fhir-server ((?:[a-z]+)(?: [^`\n#|>]*)?)")


def test_every_variable_is_a_setting() -> None:
    known = {f"FHIR_SERVER_{name.upper()}" for name in Settings.model_fields}
    found = {
        (page.name, name)
        for page in PAGES
        for name in re.findall(r"FHIR_SERVER_(?!TEST_)[A-Z_]*[A-Z]", page.read_text("utf-8"))
    }
    assert len({name for _, name in found}) > 10
    assert {(page, name) for page, name in found if name not in known} == set()


def called(text: str) -> list[list[str]]:
    """The command lines of a page that begin with a word after `fhir-server`."""
    blocks = re.findall(r"```sh\n(.*?)```", text, re.DOTALL) + re.findall(r"`([^`\n]+)`", text)
    found = []
    for block in blocks:
        for match in COMMAND.finditer(block):
            words = match[1].split("  ")[0].replace("…", "").strip()
            if "|" not in block or "serve |" not in block:
                found.append(shlex.split(words.replace("$(date +%F)", "today")))
    return found


@pytest.mark.parametrize("page", [ROOT / "docs" / name for name in ("deploy.md", "changes.md")])
def test_every_command_line_can_be_parsed(page: Path) -> None:
    group: Any = typer.main.get_command(app)
    lines = called(page.read_text("utf-8"))
    assert len(lines) > 3
    for words in lines:
        command, rest = group, list(words)
        while rest and hasattr(command, "commands") and rest[0] in command.commands:
            command = command.commands[rest.pop(0)]
        assert not hasattr(command, "commands"), words
        known = {name for each in command.params for name in (*each.opts, *each.secondary_opts)}
        for word in rest:
            assert not word.startswith("--") or word in known, words


def test_the_unit_starts_what_is_installed() -> None:
    unit = (ROOT / "deploy" / "fhir-server.service").read_text("utf-8")
    scripts = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["scripts"]
    (start,) = re.findall(r"^ExecStart=/opt/fhir-server/bin/(\S+) serve$", unit, re.MULTILINE)
    assert start in scripts
    assert "KillSignal=SIGTERM" in unit


def test_the_proxy_fits_the_settings() -> None:
    proxy = (ROOT / "deploy" / "nginx.conf").read_text("utf-8")
    settings = Settings()
    (size,) = re.findall(r"client_max_body_size (\d+)m;", proxy)
    assert int(size) * 1024 * 1024 == settings.max_body_bytes
    (wait,) = re.findall(r"proxy_read_timeout (\d+)s;", proxy)
    assert int(wait) > settings.search_seconds
    assert proxy.count("{") == proxy.count("}")
