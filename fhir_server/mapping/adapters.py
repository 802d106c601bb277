"""The code of a form: `adapter.py` in its folder, where the paper needs arithmetic.

It may hold converters (functions text → text, named by `via` in form.toml) and any of

    check(values) -> iterable of (key, Wrong)    fields that do not agree with each other
    write(values, resources) -> None             for fields with to = "adapter"
    read(resources) -> {key: value}              the same fields back

`values` are the canonical values by key. `resources` are `fhir.resources` models by resource type;
`read` must do with the ServiceRequest and the Composition.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

from .converters import CONVERTERS
from .fields import Wrong

Converter = Callable[[str, Sequence[str]], str]
Check = Callable[[Mapping[str, Any]], Iterable[tuple[str, Wrong]]]
Write = Callable[[Mapping[str, Any], Mapping[str, Any]], None]
Read = Callable[[Mapping[str, Any]], Mapping[str, Any]]


@dataclass(frozen=True)
class Adapter:
    """What an adapter.py brings; an empty one where there is no such file."""

    module: ModuleType | None = None
    check: Check | None = None
    write: Write | None = None
    read: Read | None = None

    def converter(self, name: str) -> Converter | None:
        """A converter of the project, else a function of adapter.py."""
        if name in CONVERTERS:
            return CONVERTERS[name]
        own: Callable[[str], str] | None = getattr(self.module, name, None)
        return None if own is None else lambda text, values: own(text)


def load_adapter(folder: Path) -> Adapter:
    """Errors: whatever adapter.py raises when it is imported; ValueError for half a pair."""
    path = folder / "adapter.py"
    if not path.is_file():
        return Adapter()
    spec = importlib.util.spec_from_file_location(f"fhir_form_{folder.name}", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    hooks = [getattr(module, name, None) for name in ("check", "write", "read")]
    if (hooks[1] is None) is not (hooks[2] is None):
        raise ValueError(f"{folder.name}/adapter.py: write and read come together")
    return Adapter(module, *hooks)
