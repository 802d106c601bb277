"""`fhir-server convert`: a filled paper form to a Bundle, or back."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from ..errors import FhirError
from ..mapping import Form, FormErrors, load_forms, read_file
from ..model.json import decode_object, encode, pretty

Json = dict[str, Any]


class UnknownForm(Exception):
    """No form of that name; the text lists those there are."""


def form_of(name: str, folders: list[Path]) -> Form:
    forms = load_forms(folders)
    if name not in forms:
        raise UnknownForm(", ".join(forms))
    return forms[name]


def to_bundles(form: Form, path: Path) -> list[Json]:
    """One Bundle a filled form of the file. Errors: FormErrors with the row in each field."""
    rows = read_file(path, path.suffix, form)
    out, errors = [], []
    for i, row in enumerate(rows, 1):
        try:
            out.append(form.to_bundle(row, now=datetime.now(UTC)))
        except FormErrors as error:
            errors += [(i if len(rows) > 1 else 0, each) for each in error.errors]
    if errors:
        raise RowErrors(errors)
    return out


class RowErrors(Exception):
    """Wrong fields with the number of their row, 0 where the file holds one form."""

    def __init__(self, errors: list[tuple[int, Any]]) -> None:
        super().__init__(f"{len(errors)} wrong fields")
        self.errors = errors


def to_values(form: Form, path: Path) -> Json:
    """The flat form again. Errors: json-*, form-incomplete."""
    return dict(form.from_bundle(decode_object(path.read_bytes())))


def text_of(values: list[Json]) -> str:
    """One document, or one a line where there are several."""
    if len(values) == 1:
        return pretty(encode(values[0])).decode()
    return "\n".join(encode(v).decode() for v in values)


__all__ = ["FhirError", "RowErrors", "UnknownForm", "form_of", "text_of", "to_bundles",
           "to_values"]  # fmt: skip
