"""`fhir-server changes` beside a server that writes."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from fhir_server.commands.client import Client
from tests.commands.calling import call
from tests.commands.test_cli import run
from tests.processes import Server
from tests.stores import Mongo, new_database

pytestmark = pytest.mark.xdist_group("commands")


@pytest.fixture(params=["sqlite", "mongodb"])
def server(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[Server, str]]:
    if request.param == "sqlite":
        store = f"sqlite:{tmp_path / 'fhir.db'}"
        with Server(store=store) as running:
            yield running, store
        return
    mongo: Mongo = request.getfixturevalue("mongo")
    database = new_database()
    store = mongo.uri.replace("/?", f"/{database}?")
    with Server(store=store) as running:
        yield running, store
    mongo.drop(database)


def lines(text: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in text.splitlines()]


def names(found: list[dict[str, Any]]) -> list[tuple[str, str, int]]:
    return [(each["kind"], f"{each['type']}/{each['id']}", each["version"]) for each in found]


@pytest.mark.parametrize("server", ["sqlite"], indirect=True)
def test_changes_from_a_token_and_by_a_kept_name(server: tuple[Server, str]) -> None:
    running, store = server
    token = call("changes", "--store", store, "--now").stdout.strip()
    kept = ("changes", "--store", store, "--no-follow", "--keep", "platform")
    assert call(*kept).stdout == ""  # it begins now
    with Client(running.fhir) as client:
        patient = {"resourceType": "Patient", "id": "a", "gender": "female"}
        assert client.send("PUT", "Patient/a", patient)[0] == 201
        assert client.send("PUT", "Patient/a", {**patient, "gender": "male"})[0] == 200
        assert client.send("DELETE", "Patient/a")[0] in (200, 204)
    once = ("changes", "--store", store, "--no-follow", "--after")
    found = lines(call(*once, token, "--resources").stdout)
    written = [("create", "Patient/a", 1), ("update", "Patient/a", 2), ("delete", "Patient/a", 3)]
    assert names(found) == written
    assert found[0]["resource"]["gender"] == "female"
    assert found[1]["resource"]["meta"]["lastUpdated"] == found[1]["time"]
    assert "resource" not in found[2]
    assert names(lines(call(*once, found[0]["token"]).stdout)) == written[1:]
    assert names(lines(call(*kept).stdout)) == written
    assert call(*kept).stdout == "", "what was told is not told again"


def test_following_until_it_is_ended(server: tuple[Server, str]) -> None:
    running, store = server
    command = [sys.executable, "-m", "fhir_server.cli", "changes", "--store", store]
    token = run("changes", "--store", store, "--now").stdout.strip()
    with subprocess.Popen([*command, "--after", token], stdout=subprocess.PIPE) as following:
        assert following.stdout is not None
        with Client(running.fhir) as client:
            for n in range(3):
                assert client.send("POST", "Patient", {"resourceType": "Patient"})[0] == 201
                assert json.loads(following.stdout.readline())["kind"] == "create", n
        following.terminate()


def test_wrong_calls(
    tmp_path: Path, mongo_standalone: Mongo, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FHIR_SERVER_MONGODB_TIMEOUT_MS", "2000")
    missing = call("changes", "--store", f"sqlite:{tmp_path / 'none.db'}")
    assert (missing.returncode, "none.db" in missing.stderr) == (2, True)
    assert not (tmp_path / "none.db").exists()
    alone = call("changes", "--store", mongo_standalone.uri, "--no-follow")
    assert (alone.returncode, "replica set" in alone.stderr) == (1, True)
    away = run("changes", "--store", "mongodb://127.0.0.1:9/x", "--no-follow")
    assert (away.returncode, "Traceback" in away.stderr) == (1, False)
