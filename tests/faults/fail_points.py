"""Faults that MongoDB plays on request. Spec: configureFailPoint failCommand."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from tests.stores import Mongo

# A primary that steps down, one that shuts down, and a connection that is cut.
DOWN: dict[str, dict[str, Any]] = {
    "the connection is cut": {"closeConnection": True},
    "it steps down": {"errorCode": 189, "errorLabels": ["RetryableWriteError"]},
    "it is no primary": {"errorCode": 10107, "errorLabels": ["RetryableWriteError"]},
    "it shuts down": {"errorCode": 91, "errorLabels": ["RetryableWriteError"]},
    "it wrote and steps down": {
        "writeConcernError": {"code": 91, "errmsg": "Replication is being shut down"},
        "errorLabels": ["RetryableWriteError"],
    },
}
COMMITS: dict[str, dict[str, Any]] = {
    "the connection is cut": {"closeConnection": True},
    "it steps down": {"errorCode": 189, "errorLabels": ["RetryableWriteError"]},
    "it does not know": {"errorCode": 262, "errorLabels": ["UnknownTransactionCommitResult"]},
    "it wrote and steps down": DOWN["it wrote and steps down"],
    "it asks for all again": {"errorCode": 251, "errorLabels": ["TransientTransactionError"]},
}


@contextmanager
def failing(
    mongo: Mongo, commands: list[str], mode: int | dict[str, Any] = 1, **how: Any
) -> Iterator[None]:
    """The next `mode` of these commands of a FHIR server fail, or as often as `mode` says."""
    point = {"configureFailPoint": "failCommand"}
    with mongo.client() as client:
        data = {"failCommands": commands, "appName": "fhir-referral-server", **how}
        times = {"times": mode} if isinstance(mode, int) else mode
        client.admin.command({**point, "mode": times, "data": data})
        try:
            yield
        finally:
            client.admin.command({**point, "mode": "off"})
