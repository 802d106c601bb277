"""Paper forms to FHIR and back."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

from ..model.folders import data_folder
from .fields import FieldError, FormErrors, Wrong
from .files import read_file
from .form import Field, Form
from .loading import load_form


def load_forms(folders: Sequence[Path] | None = None) -> dict[str, Form]:
    """The project's forms, then those of further folders, by id; a folder `_name` is not one.

    Errors: ValueError for a folder that is not there or a form.toml that is wrong.
    """
    return dict(_load(tuple(folders or ())))


@lru_cache(16)
def _load(folders: tuple[Path, ...]) -> tuple[tuple[str, Form], ...]:
    out: dict[str, Form] = {}
    for root in (data_folder("mappings"), *folders):
        if not root.is_dir():
            raise ValueError(f"no folder of forms: {root}")
        for folder in sorted(root.iterdir()):
            if (folder / "form.toml").is_file() and not folder.name.startswith("_"):
                form = load_form(folder)
                if form.id in out:
                    raise ValueError(f"two forms have the id {form.id}")
                out[form.id] = form
    return tuple(out.items())


__all__ = [
    "Field", "FieldError", "Form", "FormErrors", "Wrong", "load_form", "load_forms", "read_file",
]  # fmt: skip
