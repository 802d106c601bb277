"""The public conformance cases, which are not in this repository."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
SUITES = Path(os.environ.get("FHIR_SERVER_TEST_SUITES", ROOT.parent / "shared" / "suites"))


def folder(name: str) -> Path:
    """A folder of cases; skips, loudly, where they are missing."""
    found = SUITES / name
    if not found.is_dir():
        pytest.skip(f"no public cases at {found}: set FHIR_SERVER_TEST_SUITES")
    return found
