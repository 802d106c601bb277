"""The package on the command line, as an EHR vendor uses it in CI."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from fhir_server.cli import app
from tests.profiles.package import PACKAGE, PROFILES, ROOT

NAMES = ("Patient-patient-zhang.json", "ServiceRequest-up-referral-child.json", ".index.json")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in NAMES:
        shutil.copy(PACKAGE / "example" / name, tmp_path)
    return tmp_path


def validate(folder: Path) -> tuple[int, str]:
    known = ["--package", str(PROFILES), "--with", str(ROOT / "terminology")]
    done = CliRunner().invoke(app, ["validate", str(folder), *known, "--format", "json"])
    return done.exit_code, done.stdout


def test_examples_are_valid_on_the_command_line(folder: Path):
    code, _ = validate(folder)
    assert code == 0


def test_a_wrong_check_character_is_found_with_its_text_in_both_languages(folder: Path):
    path = folder / NAMES[0]
    patient = json.loads(path.read_bytes())
    patient["identifier"][0]["value"] = "990102196803120029"
    path.write_text(json.dumps(patient), "utf-8")
    code, report = validate(folder)
    assert code == 1
    assert "cn-resident-id" in report
    assert "GB 11643" in report
    assert "990102196803120029" not in report
