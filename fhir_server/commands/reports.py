"""What `fhir-server validate` prints: text for people, JSON, SARIF and JUnit for machines."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from typing import Any
from xml.sax.saxutils import quoteattr

from rich.console import Console
from rich.table import Table
from rich.text import Text

from .. import __version__
from .validate import Result, Row

COLOURS = {"error": "bold red", "warning": "yellow", "information": "cyan"}
LEVELS = {"error": "error", "warning": "warning", "information": "note"}
WORDS = {"error": "错误 error", "warning": "警告 warning", "information": "提示 information"}


def totals(results: Sequence[Result]) -> dict[str, int]:
    """Numbers of resources and of issues."""
    return {
        "resources": len(results),
        "valid": sum(each.valid for each in results),
        "unreadable": sum(bool(each.unreadable[0]) for each in results),
        **{kind: sum(each.count(kind) for each in results) for kind in LEVELS},
    }


def print_text(results: Sequence[Result], console: Console) -> None:
    for each in results:
        if each.unreadable[0]:
            console.print(Text(each.source, "bold"), Text("无法读取 unreadable", "bold red"))
            console.print(Text("  " + " / ".join(each.unreadable)))
        for row in each.rows:
            _print_row(each, row, console)
    numbers = totals(results)
    table = Table(title="结果 / result", title_justify="left")
    heads = ("资源 resources", "通过 valid", "无法读取 unreadable", *WORDS.values())
    for head in heads:
        table.add_column(head, justify="right")
    table.add_row(*(str(value) for value in numbers.values()))
    console.print(table)


def _print_row(result: Result, row: Row, console: Console) -> None:
    issue = row.issue
    place = f"{result.file}:{row.line}:{row.column}" if row.line else result.source
    head = Text.assemble(
        (place, "bold"), "  ", (WORDS[issue.severity], COLOURS[issue.severity]), "  ",
        issue.expression,
    )  # fmt: skip
    console.print(head, soft_wrap=True)
    console.print(Text(f"    {issue.text('zh')}"), soft_wrap=True)
    console.print(Text(f"    {issue.text('en')}", "dim"), soft_wrap=True)
    origin = " ".join(part for part in (issue.message_id, issue.constraint, issue.profile) if part)
    console.print(Text(f"    [{origin}]", "dim"), soft_wrap=True)


def to_json(results: Sequence[Result]) -> str:
    files = [
        {
            "file": each.source,
            "resourceType": each.resource_type,
            "valid": each.valid,
            **({"unreadable": each.unreadable[1]} if each.unreadable[0] else {}),
            "issues": [_row(row) for row in each.rows],
        }
        for each in results
    ]
    return json.dumps({"files": files, "summary": totals(results)}, ensure_ascii=False, indent=2)


def _row(row: Row) -> dict[str, Any]:
    issue = row.issue
    return {
        "severity": issue.severity,
        "code": issue.code,
        "id": issue.message_id,
        "expression": issue.expression,
        "line": row.line,
        "column": row.column,
        "text": issue.text("zh"),
        "text_en": issue.text("en"),
        **({"constraint": issue.constraint} if issue.constraint else {}),
        **({"profile": issue.profile} if issue.profile else {}),
    }


def to_sarif(results: Sequence[Result]) -> str:
    """Spec: SARIF 2.1.0 (OASIS, 2020)"""
    rules = sorted({row.issue.message_id for each in results for row in each.rows})
    found = [_sarif(each, row) for each in results for row in each.rows]
    found += [
        {
            "ruleId": "unreadable",
            "level": "error",
            "message": {"text": " / ".join(each.unreadable)},
            "locations": [_location(each.file, 0, 0, "")],
        }
        for each in results
        if each.unreadable[0]
    ]
    driver = {
        "name": "fhir-server validate",
        "version": __version__,
        "rules": [{"id": each} for each in rules],
    }
    return json.dumps(
        {
            "version": "2.1.0",
            "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
            "runs": [{"tool": {"driver": driver}, "results": found}],
        },
        ensure_ascii=False,
        indent=2,
    )


def _sarif(result: Result, row: Row) -> dict[str, Any]:
    issue = row.issue
    return {
        "ruleId": issue.message_id,
        "level": LEVELS[issue.severity],
        "message": {"text": f"{issue.text('zh')} / {issue.text('en')}"},
        "locations": [_location(result.file, row.line, row.column, issue.expression)],
    }


def _location(file: str, line: int, column: int, expression: str) -> dict[str, Any]:
    physical: dict[str, Any] = {"artifactLocation": {"uri": file.replace("\\", "/")}}
    if line:
        physical["region"] = {"startLine": line, "startColumn": column}
    location: dict[str, Any] = {"physicalLocation": physical}
    if expression:
        location["logicalLocations"] = [{"fullyQualifiedName": expression}]
    return location


def to_junit(results: Sequence[Result]) -> str:
    """One test case a resource; it fails where there is an error."""
    numbers = totals(results)
    failed = len(results) - numbers["valid"] - numbers["unreadable"]
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        f'<testsuites><testsuite name="fhir-server validate" tests="{len(results)}"'
        f' failures="{failed}" errors="{numbers["unreadable"]}">',
    ]
    for each in results:
        head = f"<testcase classname={_attribute(each.resource_type or 'resource')}"
        lines.append(f"{head} name={_attribute(each.source)}>")
        if each.unreadable[0]:
            lines.append(f"<error message={_attribute(' / '.join(each.unreadable))}/>")
        for row in each.rows:
            issue = row.issue
            if issue.severity == "error":
                text = f"{issue.expression}: {issue.text('zh')} / {issue.text('en')}"
                kind = _attribute(issue.message_id)
                lines.append(f"<failure type={kind} message={_attribute(text)}/>")
        lines.append("</testcase>")
    lines.append("</testsuite></testsuites>")
    return "\n".join(lines)


def _attribute(text: str) -> str:
    return quoteattr("".join(c if c >= " " or c in "\t\n" else "?" for c in text))


FORMATS: dict[str, Callable[[Sequence[Result]], str]] = {
    "json": to_json,
    "sarif": to_sarif,
    "junit": to_junit,
}
