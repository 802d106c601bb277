"""Failures as OperationOutcomes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ..errors import Issue
from ..model.canonical import code_system

SYSTEM = code_system("fhir-server-error")


def outcome(issues: Sequence[Issue], language: str = "zh") -> dict[str, Any]:
    """Chinese text first unless the client prefers English; the English one as diagnostics.

    Spec: http://hl7.org/fhir/R4/operationoutcome.html
    """
    return {"resourceType": "OperationOutcome", "issue": [row_of(i, language) for i in issues]}


def row_of(issue: Issue, language: str) -> dict[str, Any]:
    """One issue of an OperationOutcome."""
    row: dict[str, Any] = {
        "severity": issue.severity,
        "code": issue.row.issue,
        "details": {
            "coding": [{"system": SYSTEM, "code": issue.code}],
            "text": issue.text(language),
        },
        "diagnostics": issue.text("en"),
    }
    if issue.at:
        row["expression"] = [issue.at]
    return row


def information(code: str, zh: str, en: str, language: str = "zh") -> dict[str, Any]:
    """An outcome that reports success. Shape: one issue of severity information."""
    text = en if language == "en" else zh
    issue = {"severity": "information", "code": code, "details": {"text": text}, "diagnostics": en}
    return {"resourceType": "OperationOutcome", "issue": [issue]}
