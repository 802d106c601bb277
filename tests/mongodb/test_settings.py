"""What the settings of MongoDB make of a connection. Spec: docs/settings.md, docs/mongodb.md"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pymongo
import pytest
from pydantic import ValidationError

from fhir_server.backends import build_store
from fhir_server.settings import Settings
from fhir_server.storage.base import HistoryPlan, Store
from fhir_server.storage.mongodb import Connection, MongoStore
from fhir_server.storage.mongodb.driver import DRIVERS, connect, settle
from fhir_server.storage.plan import Plan
from tests.contract.changes import change
from tests.stores import MONGOD, Mongo, new_database, server

PLAIN = "mongodb://a/x?replicaSet=r"
FULL = PLAIN + "&readPreference=secondary&w=1&maxPoolSize=9&maxStalenessSeconds=100"
ELSEWHERE = Connection(read_preference="secondaryPreferred", staleness_seconds=120)
POOLS = Connection(pool_size=7, pool_min=2, idle_ms=1000)
PRIMARY = ("Primary", -1)
# Address, settings, for searches?; where it reads, how stale, size of the pool.
OPTIONS: list[tuple[str, Connection, bool, tuple[str, int], int]] = [
    (PLAIN, Connection(), False, PRIMARY, 100),
    (PLAIN, Connection(), True, PRIMARY, 100),
    (FULL, Connection(), False, PRIMARY, 9),  # an address cannot move reads from the primary
    (FULL, Connection(), True, PRIMARY, 9),
    (PLAIN, POOLS, False, PRIMARY, 7),
    (FULL, POOLS, True, PRIMARY, 7),
    (PLAIN, ELSEWHERE, False, PRIMARY, 100),
    (PLAIN, ELSEWHERE, True, ("SecondaryPreferred", 120), 100),
    (FULL, ELSEWHERE, True, ("SecondaryPreferred", 120), 9),
]


@pytest.mark.parametrize("driver", DRIVERS)
@pytest.mark.parametrize("row", OPTIONS, ids=str)
async def test_options_of_a_client(
    driver: str, row: tuple[str, Connection, bool, tuple[str, int], int], anyio_backend: str
) -> None:
    address, given, searching, reads, size = row
    client = connect(address, driver, 4000, given, 10_000 if searching else 0)
    try:
        options, pool = client.options, client.options.pool_options
        preference = options.read_preference
        assert (type(preference).__name__, getattr(preference, "max_staleness", -1)) == reads
        assert pool.max_pool_size == size
        assert (pool.min_pool_size, pool.max_idle_time_seconds) == (
            given.pool_min,
            given.idle_ms / 1000 or None,
        )
        assert client.write_concern.document == {"w": "majority", "j": True}
        assert options.server_selection_timeout == 4
        # A search bounds itself, and waits for a connection no longer than others.
        assert options.timeout == (None if searching else 4)
        assert (pool.socket_timeout, pool.wait_queue_timeout) == (
            (14, 4) if searching else (None, None)
        )
    finally:
        await settle(client.close())


WRONG: dict[str, Any] = {
    "mongodb_tls_ca_file": "/nowhere/ca.pem",
    "mongodb_tls_certificate_file": "/nowhere/client.pem",
    "mongodb_max_staleness_seconds": 30,
    "mongodb_pool_min": 101,
    "mongodb_search_read_preference": "tertiary",
}


@pytest.mark.parametrize("name", WRONG)
def test_wrong_settings_end_the_start(name: str) -> None:
    Settings(mongodb_max_staleness_seconds=90, mongodb_pool_min=100)  # the positive control
    with pytest.raises(ValidationError):
        Settings(**{name: WRONG[name]})


def test_a_password_is_not_shown() -> None:
    assert "secret" not in repr(Settings(mongodb_tls_certificate_password="secret"))  # type: ignore[arg-type]
    assert "secret" not in repr(Connection(tls_certificate_password="secret"))


@pytest.fixture
async def watched(mongo: Mongo, anyio_backend: str) -> AsyncIterator[tuple[Store, list[Any]]]:
    """A store whose searches go elsewhere, and the command that each of its calls sends."""
    database, heard = new_database(), []

    class Listener(pymongo.monitoring.CommandListener):
        def started(self, event: pymongo.monitoring.CommandStartedEvent) -> None:
            if event.command_name in ("find", "aggregate"):
                reads = event.command.get("$readPreference", {"mode": "primary"})
                heard.append((event.command_name, reads["mode"]))

        def succeeded(self, event: pymongo.monitoring.CommandSucceededEvent) -> None: ...
        def failed(self, event: pymongo.monitoring.CommandFailedEvent) -> None: ...

    listener = Listener()
    pymongo.monitoring._LISTENERS.command_listeners.append(listener)
    try:
        elsewhere = Connection(read_preference="secondaryPreferred")
        store = MongoStore(mongo.uri, database=database, connection=elsewhere)
        await store.open()
        await store.write([change("a")])
        heard.clear()
        yield store, heard
        await store.close()
    finally:
        pymongo.monitoring._LISTENERS.command_listeners.remove(listener)
        mongo.drop(database)


async def test_what_is_read_where(watched: tuple[Store, list[Any]]) -> None:
    """Searches and the history of a type may go to a secondary; nothing else does."""
    store, heard = watched
    for call, modes in [
        (store.search(Plan("Patient")), {"secondaryPreferred"}),
        (store.search(Plan("Patient", fresh=True)), {"primary"}),
        (store.current("Patient", "a"), {"primary"}),
        (store.version("Patient", "a", 1), {"primary"}),
        (store.many([("Patient", "a")]), {"primary"}),
        (store.history(HistoryPlan("Patient", "a")), {"primary"}),
        (store.history(HistoryPlan("Patient")), {"secondaryPreferred"}),
        (store.referrers("Task", "patient", [("Patient", "a")], limit=1), {"primary"}),
        (store.write([change("a", 2)]), {"primary"}),
        (store.write([change("a", 3), change("b")]), {"primary"}),
    ]:
        await call
        assert {mode for _, mode in heard} == modes, heard
        heard.clear()


@pytest.fixture(scope="module")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """ca.pem, server.pem and client.pem (certificate and key), and a stranger's ca.pem."""
    openssl = shutil.which("openssl")
    if openssl is None:
        pytest.skip("certificates are made by openssl, which is not installed")
    folder = tmp_path_factory.mktemp("tls")

    def run(*arguments: str) -> None:
        subprocess.run([openssl, *arguments], cwd=folder, check=True, capture_output=True)

    for ca in ("ca", "stranger"):
        key = ("-newkey", "rsa:2048", "-nodes", "-keyout", f"{ca}.key", "-out", f"{ca}.pem")
        run("req", "-x509", *key, "-subj", f"/CN={ca}", "-days", "2")
    for name in ("server", "client"):
        key = ("-newkey", "rsa:2048", "-nodes", "-keyout", f"{name}.key", "-out", f"{name}.csr")
        run("req", *key, "-subj", f"/CN={name}")
        (folder / "names").write_text("subjectAltName=IP:127.0.0.1\n")
        signer = ("-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial", "-days", "2")
        run("x509", "-req", "-in", f"{name}.csr", *signer, "-extfile", "names",
            "-out", f"{name}.crt")  # fmt: skip
        both = (folder / f"{name}.crt").read_text() + (folder / f"{name}.key").read_text()
        (folder / f"{name}.pem").write_text(both)
    locked = ("-aes256", "-passout", "pass:secret", "-in", "client.key", "-out", "locked.key")
    run("rsa", *locked)
    both = (folder / "client.crt").read_text() + (folder / "locked.key").read_text()
    (folder / "locked.pem").write_text(both)
    return folder


@pytest.fixture
def secured(
    certificates: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[str, Path]]:
    """A server that demands TLS and a client certificate: SecantusDB stands still after a client
    that it refused, so each test has its own."""
    ca, own = certificates / "ca.pem", certificates / "server.pem"
    options = ["--tls-cert-file", str(certificates / "server.crt"),
               "--tls-key-file", str(certificates / "server.key"),
               "--tls-ca-file", str(ca), "--tls-require-client-cert"]  # fmt: skip
    if MONGOD:
        options = ["--tlsMode", "requireTLS", "--tlsCertificateKeyFile", str(own),
                   "--tlsCAFile", str(ca)]  # fmt: skip
    found = server(tmp_path_factory.mktemp("secured"), *options, replicated=False)
    if MONGOD:
        found.command += options
    plain = found.uri
    found.uri += f"?tls=true&tlsCAFile={ca}&tlsCertificateKeyFile={certificates / 'client.pem'}"
    found.start()
    yield plain, certificates
    found.kill()


WELCOME: list[dict[str, str]] = [  # settings by the names of files
    {"ca": "ca.pem", "certificate": "client.pem"},
    {"ca": "ca.pem", "certificate": "locked.pem", "password": "secret"},
]
REFUSED: list[dict[str, str]] = [
    {"ca": "ca.pem"},
    {"ca": "stranger.pem", "certificate": "client.pem"},
    {},
]


async def ready(uri: str, folder: Path, files: dict[str, str], **more: Any) -> dict[str, Any]:
    paths = {name: str(folder / files[name]) for name in ("ca", "certificate") if name in files}
    given: dict[str, Any] = {
        "mongodb_tls_ca_file": paths.get("ca", ""),
        "mongodb_tls_certificate_file": paths.get("certificate", ""),
        "mongodb_tls_certificate_password": files.get("password", ""),
    }
    store = build_store(Settings(store=uri, **given, **more))
    await store.open()
    try:
        return await store.ready()
    finally:
        await store.close()


async def test_tls_with_a_client_certificate(secured: tuple[str, Path], anyio_backend: str) -> None:
    uri, folder = secured
    for files in WELCOME:
        for driver in DRIVERS:
            assert (await ready(uri, folder, files, mongodb_driver=driver))["store"] == "mongodb"


# In a process of its own: pymongo leaves the socket of a refused handshake to the collector, whose
# warning would meet whichever test is running then.
ASK = """
import asyncio

from fhir_server.backends import build_store
from fhir_server.errors import FhirError
from fhir_server.settings import Settings


async def main():
    store = build_store(Settings())
    await store.open()
    try:
        print((await store.ready())["store"])
    except FhirError as error:
        print(error.code)
    finally:
        await store.close()


asyncio.run(main())
"""


@pytest.mark.parametrize(
    ("files", "answer"), [(WELCOME[0], "mongodb"), *((f, "store-down") for f in REFUSED)], ids=str
)
def test_tls_refused(secured: tuple[str, Path], files: dict[str, str], answer: str) -> None:
    uri, folder = secured
    patience = "10000" if answer == "mongodb" else "700"
    given = {"FHIR_SERVER_STORE": uri, "FHIR_SERVER_MONGODB_TIMEOUT_MS": patience}
    for name in files:
        variable = f"FHIR_SERVER_MONGODB_TLS_{'CA' if name == 'ca' else 'CERTIFICATE'}_FILE"
        given[variable] = str(folder / files[name])
    done = subprocess.run(
        [sys.executable, "-c", ASK], env={**os.environ, **given}, capture_output=True, check=True
    )
    assert done.stdout.decode().splitlines()[-1] == answer  # log lines come before
