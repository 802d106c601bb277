"""`fhir-server terminology load | list | remove`: what they print, and exit codes."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from fhir_server.cli import app
from tests.terminology.icd_sample import CLINICAL, clinical, write_csv

ICD = "urn:oid:2.16.156.10011.2.3.3.11"


def run(*arguments: str) -> tuple[int, str]:
    done = CliRunner().invoke(app, ["terminology", *arguments])
    return done.exit_code, done.output


def test_load_list_remove(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FHIR_SERVER_TERMINOLOGY_FILE", str(tmp_path / "terms.db"))
    monkeypatch.setenv("COLUMNS", "300")
    table = tmp_path / "icd.csv"
    write_csv(table, CLINICAL, clinical(50))
    assert run("list")[0] == 0
    code, said = run("load", "icd10-clinical", str(table))
    assert code == 0, said
    assert f"{ICD}|2.0" in said
    assert "loaded 50" in said
    code, said = run("load", "icd10-clinical", str(table), "--version", "2.1", "--title", "试用")
    assert code == 0, said
    code, said = run("list")
    assert code == 0
    assert "2.1" in said
    assert "试用" in said
    code, said = run("remove", f"{ICD}|2.0")
    assert (code, "removed 1" in said) == (0, True)
    code, said = run("remove", ICD)
    assert (code, "removed 1" in said) == (0, True)
    assert run("remove", ICD)[0] == 2


def test_wrong_calls(tmp_path: Path) -> None:
    file = ["--file", str(tmp_path / "terms.db")]
    table = tmp_path / "other.csv"
    write_csv(table, ("甲", "乙"), [("1", "2")])
    for arguments, word in (
        (["load", "icd10-clinical", str(table)], "no header found"),
        (["load", "icd10-clinical", str(tmp_path / "none.xlsx")], "no such file"),
        (["load", "generic", str(table)], "--url"),
        (["load", "icd11", str(table)], "icd10-clinical"),
    ):
        code, said = run(*arguments, *file)
        assert code == 2, said
        assert word in said
    broken = tmp_path / "broken.db"
    broken.write_bytes(b"no database at all, but long enough for a header" * 50)
    assert run("list", "--file", str(broken))[0] == 1
    empty = tmp_path / "empty.csv"
    write_csv(empty, CLINICAL, [])
    assert run("load", "icd10-clinical", str(empty), *file)[0] == 1
