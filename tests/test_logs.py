"""What goes wrong is logged with its place, and without anything that may be a patient's."""

from __future__ import annotations

import pytest
import structlog

from fhir_server.app import _log_from
from fhir_server.settings import Settings

NAME = "张三"


def test_an_exception_is_logged_without_texts_and_locals(
    capsys: pytest.CaptureFixture[str],
) -> None:
    def inner(name: str) -> None:
        raise KeyError(name)

    def outer(name: str) -> None:
        try:
            inner(name)
        except KeyError as error:
            raise ValueError(name) from error

    _log_from(Settings())
    try:
        try:
            outer(NAME)
        except ValueError:
            structlog.get_logger("test").exception("request failed", method="GET")
    finally:
        structlog.reset_defaults()
    shown = capsys.readouterr().out
    assert "request failed" in shown
    assert "method=GET" in shown
    for each in ("KeyError", "ValueError", "in inner", "in outer", "test_logs.py"):
        assert each in shown
    assert NAME not in shown
