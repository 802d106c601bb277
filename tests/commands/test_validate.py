"""`fhir-server validate`: reports, places and exit codes."""

from __future__ import annotations

import io
import json
import tarfile
import xml.etree.ElementTree as ET
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from fhir_server.cli import app
from fhir_server.validation.positions import XmlPositions, locate_json
from tests.validation.profiles import at, profile

RUN = CliRunner()
GOOD = '{"resourceType": "Patient", "name": [{"text": "张三"}]}'
BAD = '{"resourceType": "Patient",\n "birthDate": "2026-02-30"}'
NAMED = profile("named", "Patient", at("Patient.name", min=1))
XML = '<Patient xmlns="http://hl7.org/fhir">\n <name>\n  <given value="a"/></name>\n' \
      ' <birthDate value="2026-02-30"/></Patient>'  # fmt: skip


def call(*arguments: object, text: str | None = None) -> tuple[int, str]:
    done = RUN.invoke(app, ["validate", *map(str, arguments)], input=text)
    return done.exit_code, done.stdout


def write(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.write_text(text, "utf-8")
    return path


CODES = [  # name, content, exit code
    ("good.json", GOOD, 0),
    ("bad.json", BAD, 1),
    ("bad.xml", XML, 1),
    ("lines.ndjson", f"{GOOD}\n" + BAD.replace("\n", " ") + "\n", 1),
    ("broken.json", '{"resourceType": "Patient"', 2),
    ("broken.xml", "<Patient", 2),
]


@pytest.mark.parametrize(("name", "content", "code"), CODES)
def test_exit_codes(tmp_path: Path, name: str, content: str, code: int) -> None:
    assert call(write(tmp_path, name, content))[0] == code


WRONG_CALLS = [
    ["nowhere.json"],
    ["{good}", "--profile", "nowhere.json"],
    ["{good}", "--with", "nowhere"],
    ["{good}", "--package", "{good}"],
    ["{good}", "--unknown-extensions", "perhaps"],
]


@pytest.mark.parametrize("arguments", WRONG_CALLS, ids=" ".join)
def test_a_wrong_call_is_two(tmp_path: Path, arguments: list[str]) -> None:
    good = write(tmp_path, "good.json", GOOD)
    assert call(good)[0] == 0
    assert call(*(a.format(good=good) for a in arguments))[0] == 2


def test_json_says_where_in_both_languages_and_no_value(tmp_path: Path) -> None:
    code, text = call(write(tmp_path, "bad.json", BAD), "--format", "json")
    found = json.loads(text)
    issue = next(i for i in found["files"][0]["issues"] if i["severity"] == "error")
    assert (code, issue["expression"]) == (1, "Patient.birthDate")
    assert (issue["line"], issue["column"]) == (2, 15)
    assert issue["text"] == "值不合 date 的格式"
    assert issue["text_en"] == "the value is not a valid date"
    assert "02-30" not in text
    assert found["summary"]["error"] == 1


def test_sarif(tmp_path: Path) -> None:
    """Spec: SARIF 2.1.0, section 3.27"""
    _, text = call(write(tmp_path, "bad.json", BAD), "--format", "sarif")
    run = json.loads(text)["runs"][0]
    rows = [r for r in run["results"] if r["level"] == "error"]
    place = rows[0]["locations"][0]
    assert place["physicalLocation"]["region"] == {"startLine": 2, "startColumn": 15}
    assert place["logicalLocations"] == [{"fullyQualifiedName": "Patient.birthDate"}]
    assert {r["ruleId"] for r in run["results"]} <= {
        r["id"] for r in run["tool"]["driver"]["rules"]
    }


def test_junit(tmp_path: Path) -> None:
    files = [write(tmp_path, "good.json", GOOD), write(tmp_path, "bad.json", BAD)]
    _, text = call(*files, "--format", "junit")
    suite = ET.fromstring(text)[0]
    assert (suite.get("tests"), suite.get("failures"), suite.get("errors")) == ("2", "1", "0")
    assert [len(case.findall("failure")) for case in suite] == [0, 1]


def test_a_folder_in_several_processes_is_as_in_one(tmp_path: Path) -> None:
    for n in range(20):
        write(tmp_path, f"{n:02d}.json", BAD if n % 3 else GOOD)
    alone = call(tmp_path, "--format", "json", "--jobs", 1)
    assert alone[0] == 1
    assert call(tmp_path, "--format", "json", "--jobs", 2) == alone


def test_standard_input() -> None:
    assert call("-", text=GOOD)[0] == 0
    assert call("-", text=f"{GOOD}\n{GOOD}\n")[0] == 0
    assert call("-", text=BAD)[0] == 1


def package(folder: Path, resource: Any, version: str = "4.0.1") -> Path:
    path = folder / "guide.tgz"
    manifest = {"name": "a.guide", "version": "1.0.0", "fhirVersions": [version],
                "dependencies": {"hl7.fhir.r4.core": "4.0.1", "b.guide": "1.0.0"}}  # fmt: skip
    with tarfile.open(path, "w:gz") as archive:
        for name, value in (("package.json", manifest), ("StructureDefinition-a.json", resource)):
            data = json.dumps(value).encode()
            member = tarfile.TarInfo(f"package/{name}")
            member.size = len(data)
            archive.addfile(member, io.BytesIO(data))
    return path


def test_profiles_by_file_folder_and_package(tmp_path: Path) -> None:
    nameless = write(tmp_path, "nameless.json", '{"resourceType": "Patient", "active": true}')
    (tmp_path / "known").mkdir()
    file = write(tmp_path / "known", "named.json", json.dumps(NAMED))
    assert call(nameless)[0] == 0
    assert call(nameless, "--profile", file)[0] == 1
    assert call(nameless, "--with", file.parent, "--profile", NAMED["url"])[0] == 1
    assert call(nameless, "--package", package(tmp_path, NAMED), "--profile", NAMED["url"])[0] == 1
    assert call(nameless, "--profile", NAMED["url"])[0] == 1  # it is not known: an error, too
    good = write(tmp_path, "good.json", GOOD)
    assert call(good, "--profile", file)[0] == 0


def test_a_package_of_another_version_is_refused(tmp_path: Path) -> None:
    good = write(tmp_path, "good.json", GOOD)
    assert call(good, "--package", package(tmp_path, NAMED, "5.0.0"))[0] == 2


PLACES = [  # expression, line, column in XML; a choice and an index
    ("Patient.name[0].given[0]", 3, 3),
    ("Patient.birthDate", 4, 2),
    ("Patient.name[0].family", 2, 2),  # what is missing: the nearest that is there
]


@pytest.mark.parametrize(("expression", "line", "column"), PLACES)
def test_places_in_xml(expression: str, line: int, column: int) -> None:
    assert XmlPositions(XML.encode()).locate(expression) == (line, column)


def test_places_of_a_choice_in_json() -> None:
    text = '{"resourceType": "Observation", "x": [{"a": "]}"}],\n "valueQuantity": {"value": 1}}'
    assert locate_json(text, "Observation.value.value") == (2, 29)
