"""Every case of a form gives its output, byte for byte the same each time."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from fhir_server.mapping import Form

from .cases import FORMS, convert, inputs, output_of, read

CASES = inputs()


def test_each_form_has_at_least_four() -> None:
    for form in FORMS.values():
        assert len([1 for f, _ in CASES if f is form]) >= 4


@pytest.mark.parametrize(("form", "path"), CASES, ids=[f"{f.id}/{p.name}" for f, p in CASES])
def test_input_gives_output(form: Form, path: Path) -> None:
    made = convert(form, read(path))
    assert made == read(output_of(path))
    assert form.from_bundle(made["bundle"]) == made["form"]
    again = json.dumps(convert(form, made["form"])["bundle"], ensure_ascii=False)
    assert again == json.dumps(made["bundle"], ensure_ascii=False)
