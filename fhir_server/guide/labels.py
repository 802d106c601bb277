"""Chinese names of R4's own elements, where a profile gives none.

Shape of labels.toml: [Type] tables of element = "中文"; [any] for an element of any type.
"""

from __future__ import annotations

import tomllib
from functools import lru_cache
from pathlib import Path


@lru_cache(1)
def _labels() -> dict[str, dict[str, str]]:
    return tomllib.loads(Path(__file__).with_name("labels.toml").read_text("utf-8"))


def base_label(path: str) -> str:
    """Of "Identifier.system" or "Patient.contact.name"; "" where there is no name."""
    kind, _, rest = path.partition(".")
    tables = _labels()
    return tables.get(kind, {}).get(rest) or tables["any"].get(path.rpartition(".")[2], "")
