"""kill -9 of the FHIR server, and of MongoDB, in the midst of concurrent writes."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.faults.workload import Record, check, write_until
from tests.processes import Server
from tests.stores import Mongo, new_database, server

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("kill")]
ACKNOWLEDGED = 60


@pytest.fixture(scope="module")
def own_mongo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Mongo]:
    """A server with a folder that survives it, which nobody else uses."""
    mongo = server(tmp_path_factory.mktemp("killed"), "--sync-on-commit")
    mongo.start()
    yield mongo
    mongo.stop()


@pytest.fixture(params=["pymongo", "motor"])
def fhir(
    own_mongo: Mongo, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Server]:
    monkeypatch.setenv("FHIR_SERVER_MONGODB_DRIVER", request.param)
    with Server(
        store=own_mongo.address(new_database()), FHIR_SERVER_MONGODB_TIMEOUT_MS="2000"
    ) as found:
        yield found  # its databases go with the server: dropping one takes it half a minute


def test_the_fhir_server_is_killed(fhir: Server) -> None:
    record = Record()
    write_until(fhir, record, ACKNOWLEDGED, fhir.kill)
    assert len(record.statuses) >= ACKNOWLEDGED
    assert set(record.statuses) <= {200, 201}
    fhir.start()
    fhir.wait_ready()
    check(fhir, record)


def test_mongodb_is_killed(fhir: Server, own_mongo: Mongo) -> None:
    """The FHIR server stays: it answers 503 meanwhile and goes on by itself."""
    record = Record()

    def kill_and_start() -> None:
        own_mongo.kill()
        own_mongo.start()

    write_until(fhir, record, ACKNOWLEDGED, kill_and_start)
    assert set(record.statuses) <= {200, 201, 503}
    assert record.statuses.count(201) > ACKNOWLEDGED // 4
    fhir.wait_ready(5)
    check(fhir, record)
