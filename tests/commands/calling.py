"""The command line without a process of its own, where only its answer matters."""

from __future__ import annotations

import subprocess
from pathlib import Path

from typer.testing import CliRunner

from fhir_server.cli import app


def call(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    """As `run` of test_cli."""
    result = CliRunner().invoke(app, list(map(str, arguments)))
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return subprocess.CompletedProcess([], result.exit_code, result.stdout, result.stderr)
