"""The cases beside each form. `python -m tests.mapping.cases` writes their outputs again: read the
difference before you commit it."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from fhir_server.mapping import Form, load_forms

Json = dict[str, Any]
NOW = datetime(2026, 11, 20, 1, 30, tzinfo=UTC)
FORMS = load_forms()


def inputs() -> list[tuple[Form, Path]]:
    """Each *.in.json with its form."""
    return [(f, p) for f in FORMS.values() for p in sorted((f.folder / "cases").glob("*.in.json"))]


def output_of(path: Path) -> Path:
    return path.with_name(path.name.replace(".in.json", ".out.json"))


def read(path: Path) -> Json:
    value: Json = json.loads(path.read_text("utf-8"))
    return value


def convert(form: Form, values: Json) -> Json:
    """What a case's output holds: the canonical form and the Bundle."""
    return {"form": form.normalise(values), "bundle": form.to_bundle(values, now=NOW)}


if __name__ == "__main__":
    for each, path in inputs():
        text = json.dumps(convert(each, read(path)), ensure_ascii=False, indent=2)
        output_of(path).write_text(text + "\n", "utf-8")
