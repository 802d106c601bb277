"""The README's session runs as it is printed. What changes from run to run is made equal first."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.processes import Server

README = Path(__file__).parent.parent / "README.md"
VOLATILE = [
    (re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"), "<id>"),
    (re.compile(r"\d{4}-\d\d-\d\dT[\d:.]+Z"), "<instant>"),
]


def steps(text: str) -> list[tuple[str, str]]:
    """(command, printed output) of the `console` blocks; a command goes on to the end of its
    here-document."""
    out: list[tuple[str, str]] = []
    for block in re.findall(r"```console\n(.*?)```", text, re.DOTALL):
        for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
            first, _, rest = part.partition("\n")
            found = re.search(r"<<'(\w+)'", first)
            if found:
                body, _, rest = rest.partition(f"\n{found[1]}\n")
                first = f"{first}\n{body}\n{found[1]}"
            out.append((first, rest.rstrip("\n")))
    return out


def stable(text: str) -> str:
    for pattern, name in VOLATILE:
        text = pattern.sub(name, text)
    return text.replace("\r", "")


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("curl") is None, reason="the README's session uses curl")
def test_the_session_runs_as_printed(tmp_path: Path) -> None:
    session = steps(README.read_text("utf-8"))
    assert len(session) >= 8
    with Server(store=f"sqlite:{tmp_path / 'fhir.db'}") as server:
        script, marks = "", []
        for i, (command, _) in enumerate(session):
            here = command.replace("http://127.0.0.1:8080", server.site)
            script += f"{here}\necho '--- {i}'\n"
            marks.append(f"--- {i}\n")
        run = subprocess.run(["bash", "-c", script], cwd=tmp_path, capture_output=True, text=True,
                             timeout=60, check=True)  # fmt: skip
    rest = run.stdout.replace(server.site, "http://127.0.0.1:8080")
    for (command, expected), mark in zip(session, marks, strict=True):
        printed, _, rest = rest.partition(mark)
        assert stable(printed).rstrip("\n") == stable(expected), command


def test_a_wrong_output_would_be_seen() -> None:
    text = "```console\n$ echo a\nb\n$ cat > x <<'E'\n1\nE\n$ echo c\nc\n```\n"
    assert steps(text) == [("echo a", "b"), ("cat > x <<'E'\n1\nE", ""), ("echo c", "c")]
