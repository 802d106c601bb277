"""The built wheel works outside the repository, with nothing but its dependencies beside it."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
import sysconfig
import time
import urllib.request
import venv
from pathlib import Path

import pytest

from tests.processes import free_port

ROOT = Path(__file__).parent.parent


def build(folder: Path) -> Path:
    """From a copy, since a build writes beside its sources."""
    source = folder / "source"
    source.mkdir()
    for name in ("fhir_server", "mappings", "profiles", "terminology"):
        shutil.copytree(ROOT / name, source / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, source / name)
    command = [sys.executable, "-m", "pip", "wheel", "--quiet", "--disable-pip-version-check",
               "--no-deps", "--no-build-isolation", "--no-index", "-w", str(folder),
               str(source)]  # fmt: skip
    subprocess.run(command, check=True)
    return next(folder.glob("fhir_referral_server-*.whl"))


def install(wheel: Path, folder: Path) -> Path:
    """A fresh environment that sees the dependencies of this one, but not the project itself."""
    venv.create(folder, with_pip=False)
    python = folder / "bin" / "python"
    libraries = Path(sysconfig.get_path("purelib"))
    own = Path(subprocess.check_output(
        [python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"], text=True
    ).strip())  # fmt: skip
    command = [sys.executable, "-m", "pip", "--python", str(python), "install", "--quiet",
               "--disable-pip-version-check", "--no-deps", "--no-index", str(wheel)]  # fmt: skip
    subprocess.run(command, check=True)
    # Links rather than a path file: a path file of the libraries would bring the editable project.
    for each in libraries.iterdir():
        if "fhir_referral" not in each.name and not (own / each.name).exists():
            (own / each.name).symlink_to(each)
    return folder / "bin" / "fhir-server"


def get(url: str) -> dict[str, object]:
    deadline = time.monotonic() + 60
    while True:
        try:
            with urllib.request.urlopen(url, timeout=10) as answer:
                found: dict[str, object] = json.load(answer)
                return found
        except OSError:
            assert time.monotonic() < deadline
            time.sleep(0.1)


@pytest.mark.slow
def test_the_wheel_serves_from_an_empty_folder(tmp_path: Path) -> None:
    server = install(build(tmp_path), tmp_path / "venv")
    empty = tmp_path / "empty"
    empty.mkdir()
    environment = {k: v for k, v in os.environ.items() if k != "PYTHONPATH"}
    version = subprocess.check_output([server, "version"], cwd=empty, env=environment, text=True)
    assert "FHIR 4.0.1" in version
    port = free_port()
    settings = {**environment, "PORT": str(port)}
    process = subprocess.Popen([server, "serve"], cwd=empty, env=settings,
                               stdout=subprocess.DEVNULL)  # fmt: skip
    try:
        metadata = get(f"http://127.0.0.1:{port}/fhir/metadata")
        assert metadata["resourceType"] == "CapabilityStatement"
        forms = get(f"http://127.0.0.1:{port}/forms")["forms"]
        assert {"national-up", "national-down"} <= {f["id"] for f in forms}  # type: ignore[attr-defined]
        operation = get(
            f"http://127.0.0.1:{port}/fhir/OperationDefinition/patient-referral-history"
        )
        assert operation["code"] == "referral-history"
    finally:
        process.terminate()
        assert process.wait(20) == 0
    assert sorted(p.name for p in empty.iterdir()) == ["data"]
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", port), 0.2)
