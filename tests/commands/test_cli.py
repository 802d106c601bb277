"""The command line, as processes and against a running server."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from fhir.resources.R4B import get_fhir_model_class

from fhir_server.commands.client import Client
from fhir_server.commands.demo import STATES, Consortium
from fhir_server.definitions import r4
from fhir_server.mapping.converters import convert_resident_id
from fhir_server.validation.structure import Structure
from tests.http.test_forms import UP
from tests.processes import Server

Json = dict[str, Any]
pytestmark = pytest.mark.xdist_group("commands")


def run(*arguments: str | Path, folder: Path | None = None) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "fhir_server.cli", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, cwd=folder, timeout=120)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("cli")
    with Server(store=f"sqlite:{folder / 'fhir.db'}") as running:
        yield running


def test_version_and_help() -> None:
    assert "FHIR 4.0.1" in run("version").stdout
    shown = run("--help").stdout
    for command in (
        "serve",
        "convert",
        "load",
        "demo",
        "version",
        "changes",
        "copy",
        "backup",
        "export",
    ):
        assert command in shown
        assert run(command, "--help").returncode == 0


WRONG = [
    (["nothing"], 2, "No such command"),
    (["convert", "none", "x.json"], 2, "national-up"),
    (["convert", "national-up", "none.json"], 2, "none.json"),
    (["load", "none.json"], 2, "none.json"),
    (["demo", "--url", "nowhere"], 2, "http://"),
    (["demo", "--url", "http://127.0.0.1:9/fhir"], 1, "make serve"),
    (["serve", "--store", "oracle:x"], 2, "store"),
    (["serve", "--port", "99999"], 2, "port"),
]


@pytest.mark.parametrize(("arguments", "code", "text"), WRONG)
def test_wrong_calls(arguments: list[str], code: int, text: str, tmp_path: Path) -> None:
    result = run(*arguments, folder=tmp_path)
    assert result.returncode == code
    assert text in result.stderr
    assert "Traceback" not in result.stderr


def test_convert_and_back(tmp_path: Path) -> None:
    form, bundle = tmp_path / "form.json", tmp_path / "bundle.json"
    form.write_text(json.dumps(UP), "utf-8")
    made = run("convert", "national-up", form)
    assert made.returncode == 0, made.stderr
    assert json.loads(made.stdout)["type"] == "transaction"
    bundle.write_text(made.stdout, "utf-8")
    back = run("convert", "national-up", bundle, "--back")
    assert json.loads(back.stdout) == UP


def test_convert_names_wrong_fields(tmp_path: Path) -> None:
    form = tmp_path / "form.json"
    form.write_text(json.dumps({**UP, "年月日": "x", "性别": "x"}), "utf-8")
    result = run("convert", "national-up", form)
    assert (result.returncode, result.stdout) == (1, "")
    assert "年月日" in result.stderr
    assert "性别" in result.stderr


def test_load(server: Server, tmp_path: Path) -> None:
    lines = [{"resourceType": "Patient", "id": f"n{n}"} for n in range(250)]
    (tmp_path / "a.ndjson").write_text("\n".join(map(json.dumps, lines)) + "\n")
    (tmp_path / "b.json").write_text(json.dumps({"resourceType": "Patient", "id": "single"}))
    (tmp_path / "c.json").write_text(json.dumps(
        {"resourceType": "Bundle", "type": "collection",
         "entry": [{"resource": {"resourceType": "Organization", "id": "o", "name": "x"}}]}
    ))  # fmt: skip
    state = tmp_path / "state"
    first = run("load", tmp_path, "--url", server.fhir, "--state", state)
    assert first.returncode == 0, first.stderr
    assert "loaded 252" in first.stdout
    again = run("load", tmp_path, "--url", server.fhir, "--state", state)
    assert "loaded 0" in again.stdout, "what is done is not sent again"
    with Client(server.fhir) as client:
        assert client.send("GET", "Patient/n249")[0] == 200
        assert client.send("GET", "Organization/o")[0] == 200


def test_load_names_what_was_refused(server: Server, tmp_path: Path) -> None:
    lines = ['{"resourceType":"Patient","id":"good"}', '{"resourceType":"Patient","foo":1}']
    (tmp_path / "a.ndjson").write_text("\n".join(lines))
    result = run("load", tmp_path / "a.ndjson", "--url", server.fhir)
    assert result.returncode == 1
    assert "Patient.foo" in result.stderr
    assert "loaded 1" in result.stdout
    (tmp_path / "b.ndjson").write_text('{"resourceType":"Patient"}\nnot json\n')
    broken = run("load", tmp_path / "b.ndjson", "--url", server.fhir)
    assert broken.returncode == 2
    assert "b.ndjson:2" in broken.stderr


def test_demo(server: Server) -> None:
    for _ in range(2):
        result = run("demo", "--url", server.fhir)
        assert result.returncode == 0, result.stderr
    with Client(server.fhir) as client:
        _, found = client.send("GET", "Task?_count=0")
        assert found["total"] >= 120
        statuses = {status for status, _, _ in STATES}
        for status in statuses:
            _, found = client.send("GET", f"Task?status={status}&_count=0")
            assert found["total"] > 0, status
        _, page = client.send("GET", "ServiceRequest?category=down-referral&_count=1")
        patient = page["entry"][0]["resource"]["subject"]["reference"]
        _, history = client.send("GET", f"{patient}/$referral-history")
        kinds = {e["resource"]["resourceType"] for e in history["entry"]}
        assert {"ServiceRequest", "Task", "Condition"} <= kinds


def test_demo_resources_are_valid_and_every_state_is_there() -> None:
    resources = Consortium(1, date(2026, 11, 24)).resources
    structure = Structure(r4())
    for each in resources:
        assert structure.check(each, each["resourceType"]) == []
        get_fhir_model_class(each["resourceType"]).model_validate(each)
    tasks = [r for r in resources if r["resourceType"] == "Task"]
    seen = {(t["status"], t["businessStatus"]["coding"][0]["code"]) for t in tasks}
    assert {(status, code) for status, code, _ in STATES} <= seen
    requests = {r["id"]: r for r in resources if r["resourceType"] == "ServiceRequest"}
    assert len(requests) >= 120
    for request in requests.values():
        for origin in request.get("basedOn", ()):
            assert origin["reference"].split("/")[1] in requests
    patients = [r for r in resources if r["resourceType"] == "Patient"]
    assert len(patients) == 40
    for patient in patients:
        number = patient["identifier"][0]["value"]
        assert convert_resident_id(number) == number
    assert Consortium(1, date(2026, 11, 24)).resources == resources
