"""A small HTTP client for the commands: one kept connection a thread, standard library only."""

from __future__ import annotations

import http.client
import json
import threading
from typing import Any
from urllib.parse import urlsplit

Json = dict[str, Any]


class Unreachable(Exception):
    """No server answers at the address."""


class Client:
    """Speaks FHIR JSON to one server. Shape: `base` is the FHIR address, such as
    http://127.0.0.1:8080/fhir."""

    def __init__(self, base: str, *, timeout: float = 60.0) -> None:
        parts = urlsplit(base.rstrip("/"))
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ValueError("expected an address such as http://127.0.0.1:8080/fhir")
        self.base, self._parts, self._timeout = base.rstrip("/"), parts, timeout
        self._local = threading.local()
        self._open: list[http.client.HTTPConnection] = []

    def __enter__(self) -> Client:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _connection(self) -> http.client.HTTPConnection:
        found: http.client.HTTPConnection | None = getattr(self._local, "connection", None)
        if found is None:
            kind: type[http.client.HTTPConnection] = http.client.HTTPConnection
            if self._parts.scheme == "https":
                kind = http.client.HTTPSConnection
            found = kind(self._parts.hostname or "", self._parts.port, timeout=self._timeout)
            self._local.connection = found
            self._open.append(found)
        return found

    def close(self) -> None:
        """Close the connections of all threads; the next request opens a new one."""
        for each in self._open:
            each.close()

    def send(self, method: str, path: str, body: Json | None = None) -> tuple[int, Json]:
        """Status and answer. A connection that the server has closed is opened again once.

        Errors: Unreachable.
        """
        data = json.dumps(body, ensure_ascii=False).encode() if body is not None else None
        headers = {"Accept": "application/fhir+json"}
        if data is not None:
            headers["Content-Type"] = "application/fhir+json"
        target = f"{self._parts.path}/{path}".rstrip("/") or "/"
        for attempt in (1, 2):
            connection = self._connection()
            try:
                connection.request(method, target, data, headers)
                response = connection.getresponse()
                text = response.read()
                return response.status, _decoded(text)
            except (OSError, http.client.HTTPException) as error:
                connection.close()
                if attempt == 2:
                    raise Unreachable(self.base) from error
        raise AssertionError("unreachable")


def _decoded(text: bytes) -> Json:
    try:
        found = json.loads(text) if text else {}
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def explain(answer: Json) -> str:
    """The texts of an OperationOutcome on one line."""
    lines = []
    for issue in answer.get("issue", ()):
        text = issue.get("details", {}).get("text") or issue.get("diagnostics") or issue.get("code")
        where = ", ".join(issue.get("expression", ()))
        lines.append(f"{where}: {text}" if where else str(text))
    return "; ".join(lines)
