"""The compiled package is what the sources say, and loads as a FHIR package."""

from __future__ import annotations

import json
import shutil
import tomllib
from pathlib import Path

import pytest

from fhir_server.model import canonical
from fhir_server.validation.packages import read_package
from tests.profiles.package import (
    PACKAGE,
    PROFILES,
    ROOT,
    Json,
    claimed,
    conformance,
    instances,
    profiles,
)
from tools import build_profiles as build

DEFINITIONS = [r for r in conformance() if r["resourceType"] == "StructureDefinition"]
LOCK = json.loads(build.LOCK.read_bytes())


def test_package_was_compiled_from_these_sources():
    """Where it fails: make profiles."""
    assert build.sources_digest() == LOCK["sources"]
    assert build.files_digest(build.read_committed()) == LOCK["package"]


@pytest.mark.timeout(300)
def test_sushi_compiles_the_sources_into_this_package():
    """Where SUSHI is set up (by `make profiles`); elsewhere the digests stand for it."""
    program = build.CACHE / "node_modules" / "fsh-sushi" / "dist" / "app.js"
    core = build.CACHE / "home" / ".fhir" / "packages" / build.CORE / "package" / "package.json"
    if not program.is_file() or not core.is_file() or shutil.which("node") is None:
        assert build.files_digest(build.read_committed()) == LOCK["package"]
        return
    files = build.build_package(build.run_sushi(program))
    assert files == build.read_committed()


def test_base_and_package_id_are_those_of_the_server():
    assert build.setting("canonical") == canonical.BASE
    assert build.setting("id") == canonical.PACKAGE_ID
    assert build.setting("fhirVersion") == "4.0.1"


def test_folder_loads_as_a_package():
    package = read_package(PROFILES)
    assert (package.name, package.version) == (canonical.PACKAGE_ID, build.setting("version"))
    assert {r["id"] for r in package.resources} == {r["id"] for r in conformance()}


def test_archive_loads_as_a_package_and_is_the_same_for_the_same_files(tmp_path: Path):
    files = build.read_committed()
    for name in ("a.tgz", "b.tgz"):
        build.write_archive(files, tmp_path / name)
    assert (tmp_path / "a.tgz").read_bytes() == (tmp_path / "b.tgz").read_bytes()
    assert len(read_package(tmp_path / "a.tgz").resources) == len(conformance())


def test_index_names_every_file():
    for folder in (PACKAGE, PACKAGE / "example"):
        rows = json.loads((folder / ".index.json").read_bytes())["files"]
        named = [row["filename"] for row in rows]
        assert sorted(named) == sorted(path.name for path in folder.glob("*-*.json"))


def both_languages(text: str) -> bool:
    """Chinese first, then English, parted by " / "."""
    zh, mark, en = text.rpartition(" / ")
    return bool(mark) and any("\u4e00" <= c <= "\u9fff" for c in zh) and en[:1].isascii()


@pytest.mark.parametrize("resource", conformance(), ids=lambda r: r["id"])
def test_texts_are_in_both_languages(resource: Json):
    for key in ("title", "description"):
        if resource["resourceType"] != "SearchParameter" or key in resource:
            assert both_languages(resource[key])
    for element in resource.get("differential", {}).get("element", ()):
        for key in ("short", "definition"):
            if key in element and element["path"].count(".") > 0:
                assert both_languages(element[key]), element["id"]
        for each in element.get("constraint", ()):
            assert both_languages(each["human"]), each["key"]


@pytest.mark.parametrize("definition", DEFINITIONS, ids=lambda r: r["id"])
def test_what_is_constrained_is_said_in_both_languages(definition: Json):
    """Each element that a profile says something of has a label and a meaning of its own; extension
    elements that hold slices have those of the slices."""
    said = {e["id"]: e for e in definition["snapshot"]["element"]}
    for element in definition["differential"]["element"]:
        if "." in element["id"] and not element["path"].endswith("xtension"):
            found = said[element["id"]]
            if found["max"] != "0":
                assert both_languages(found["short"]), element["id"]
                assert both_languages(found["definition"]), element["id"]


@pytest.mark.parametrize("profile", profiles().values(), ids=lambda r: r["id"])
def test_profile_has_two_examples_or_is_abstract(profile: Json):
    claims = [r for r in instances().values() if profile["id"] in claimed(r)]
    assert profile["abstract"] or len(claims) >= 2


def test_nothing_in_the_package_has_the_date_of_its_build():
    """What is dated has its date from the sources."""
    dated = {r["resourceType"] for r in conformance() if "date" in r}
    assert dated <= {"CapabilityStatement"}
    assert all(r["version"] == build.setting("version") for r in conformance())
    assert all(r["url"].startswith(canonical.BASE + "/") for r in conformance())


def test_mappings_to_forms_name_the_boxes_of_the_forms():
    """Shape of a map: "part box label", as in mappings/<form>/form.toml."""
    boxes: dict[str, set[str]] = {}
    for path in (ROOT / "mappings").glob("*/form.toml"):
        form = tomllib.loads(path.read_text("utf-8"))
        rows = form.get("field", ())
        boxes[form["id"]] = {f"{r['part']} {r['box']} {r['label']}" for r in rows}
        boxes[form["id"]].add(form["title"])
    named: dict[str, set[str]] = {form: set() for form in ("national-up", "national-down")}
    for profile in profiles().values():
        for element in profile["differential"]["element"]:
            for each in element.get("mapping", ()):
                if each["identity"] in named:
                    named[each["identity"]].add(each["map"])
    for form, maps in named.items():
        assert maps == boxes[form], form


def test_value_sets_that_profiles_bind_to_are_in_the_terminology():
    paths = (ROOT / "terminology" / "ValueSet").glob("*.json")
    held = {json.loads(path.read_bytes())["url"] for path in paths}
    bound = {
        element["binding"]["valueSet"]
        for resource in conformance()
        for element in resource.get("differential", {}).get("element", ())
        if "binding" in element
    }
    assert {url for url in bound if url.startswith(canonical.BASE)} <= held
