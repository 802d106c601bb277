"""The order of business versions, which canonical resources write as they like."""

from __future__ import annotations

from typing import Any, TypeAlias

VersionKey: TypeAlias = list[tuple[bool, int, str]]


def version_key(version: Any) -> VersionKey:
    """What versions are sorted by. Numbers inside one count as numbers: 1.10 is later than 1.9."""
    parts = str(version).replace("-", ".").split(".")
    return [(p.isdecimal(), int(p) if p.isdecimal() and len(p) < 19 else 0, p) for p in parts]
