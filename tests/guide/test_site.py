"""The static site, the archive, and how much is kept in memory."""

from __future__ import annotations

import io
import json
import tarfile
from pathlib import Path

import pytest
from typer.testing import CliRunner

from fhir_server.cli import app
from fhir_server.guide import Guide, site
from fhir_server.guide.labels import base_label
from fhir_server.validation.packages import read_package
from tests.guide.conftest import content, guide

pytestmark = pytest.mark.xdist_group("guide")
XML_OF = "StructureDefinition-up-referral-request"


def test_the_command_writes_every_file_that_is_served(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    made = {name: (content(name), "") for name in guide().files}  # not a second time
    monkeypatch.setattr(Guide, "read", lambda _, name: made[name])
    result = CliRunner().invoke(app, ["guide", str(tmp_path / "a" / "guide")])
    assert result.exit_code == 0, result.output
    written = {p.name: p.read_bytes() for p in (tmp_path / "a" / "guide").iterdir()}
    assert set(written) == set(guide().files)
    assert all(content(name) == body for name, body in written.items())


def test_a_folder_that_cannot_be_written_is_said(tmp_path: Path):
    (tmp_path / "file").write_text("")
    result = CliRunner().invoke(app, ["guide", str(tmp_path / "file" / "guide")])
    assert result.exit_code == 2


def test_pages_are_the_same_each_time_they_are_made():
    again = Guide()
    for name in ("index.html", f"{XML_OF}.html", guide().archive_name, "search-index.js"):
        found = again.read(name)
        assert found is not None
        assert found[0] == content(name)


def test_what_is_kept_stays_within_its_bound(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(site, "CACHE_BYTES", 400_000)
    made = Guide()
    names = [n for n in made.files if n.startswith("StructureDefinition-") and "html" in n][:20]
    assert sum(len(content(n)) for n in names) > 800_000
    for name in names:
        made.read(name)
        assert 0 < made._size <= 400_000
        assert made._size == sum(len(body) for body, _ in made._kept.values())
    assert names[-1] in made._kept
    assert names[0] not in made._kept


def test_the_archive_is_a_package_that_the_validator_loads(tmp_path: Path):
    body = content(guide().archive_name)
    (tmp_path / "guide.tgz").write_bytes(body)
    package = read_package(tmp_path / "guide.tgz")
    assert package.name == guide().library.package["name"]
    kinds = {r["resourceType"] for r in package.resources}
    assert {"StructureDefinition", "CodeSystem"} <= kinds
    with tarfile.open(fileobj=io.BytesIO(body)) as archive:
        names = archive.getnames()
    assert len(names) == len(set(names)) == len(list(guide().library)) + 1
    assert any(n.startswith("package/example/") for n in names)


def test_downloads_are_the_files_of_the_package():
    entry = guide().library.at("StructureDefinition/up-referral-request")
    assert entry is not None
    assert json.loads(content(f"{XML_OF}.json")) == json.loads(entry.path.read_bytes())
    xml = content(f"{XML_OF}.xml").decode()
    assert xml.startswith(("<?xml", "<StructureDefinition"))
    assert '<id value="up-referral-request"/>' in xml.replace(" />", "/>")


def test_elements_of_r4_have_chinese_names():
    """Most of what the whole view shows, which no profile names."""
    missing, all_rows = set(), 0
    for entry in guide().library.of("profile"):
        for element in guide().library.read(entry)["snapshot"]["element"]:
            path = element.get("base", {}).get("path", element["path"])
            if "." in path:
                all_rows += 1
                if not base_label(path):
                    missing.add(path)
    assert all_rows > 500
    assert len(missing) < all_rows / 50, sorted(missing)
