"""The rows of an expansion as a tree: each under what lies above it in its code system."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

from .systems import System

Json: TypeAlias = dict[str, Any]


def nested(rows: Sequence[Json], systems: Mapping[str, System]) -> list[Json]:
    """A row goes under its nearest ancestor that is a row; the others stay at the top, in order."""
    held = {(row.get("system", ""), row["code"]): row for row in rows}
    top: list[Json] = []
    under: dict[tuple[str, str], tuple[str, str]] = {}
    for key, row in held.items():
        system = systems.get(key[0])
        parent = _nearest(key, system, held) if system is not None else None
        if parent is None or _would_turn(under, parent, key):
            top.append(row)
            continue
        under[key] = parent
        held[parent].setdefault("contains", []).append(row)
    return top


def _nearest(
    key: tuple[str, str], system: System, held: Mapping[tuple[str, str], Json]
) -> tuple[str, str] | None:
    """Breadth first; what is above and no row is passed through."""
    seen, level = {key[1]}, [key[1]]
    while level:
        further: list[str] = []
        for code in level:
            for parent in system.parents(code):
                if parent in seen:
                    continue
                if (key[0], parent) in held:
                    return key[0], parent
                seen.add(parent)
                further.append(parent)
        level = further
    return None


def _would_turn(
    under: Mapping[tuple[str, str], tuple[str, str]], parent: tuple[str, str], key: tuple[str, str]
) -> bool:
    """Would a row come to lie below itself? A code system may hold a cycle."""
    at: tuple[str, str] | None = parent
    while at is not None:
        if at == key:
            return True
        at = under.get(at)
    return False
