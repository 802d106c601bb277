"""How a search was understood and how the store would run it.

It holds what the client itself sent, and statements; never data of the store.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from typing import Any

from ..model.json import encode
from ..search import Query
from .call import Json, Service


async def explanation(service: Service, query: Query) -> Json:
    """Shape: Parameters with query, plan, and what the store says of it."""
    parameters: list[Json] = [
        {"name": "query", "part": [_text(name, value) for name, value in query.used]},
        {"name": "plan", "part": [_text("line", line) for line in plan_lines(query.plan)]},
    ]
    found = await service.store.explain(query.plan)
    lines = [
        _text(name, each)
        for name, value in found.items()
        for each in (value if isinstance(value, list) else [value])
    ]
    parameters.append({"name": "store", "part": lines})
    return {"resourceType": "Parameters", "parameter": parameters}


def _text(name: str, value: Any) -> Json:
    text = value if isinstance(value, str) else encode(value).decode()
    return {"name": name, "valueString": text or "-"}


def plan_lines(value: Any, name: str = "", depth: int = 0) -> Iterator[str]:
    """A plan as indented lines, one record or field each; defaults are left out."""
    start = "  " * depth + (f"{name}: " if name else "")
    if is_dataclass(value):
        plain: list[tuple[str, Any]] = []
        deep: list[tuple[str, Any]] = []
        for field in fields(value):
            found = getattr(value, field.name)
            if found == field.default:
                continue
            (deep if _is_deep(found) else plain).append((field.name, found))
        stated = ", ".join(f"{n}={v!r}" for n, v in plain)
        yield f"{start}{type(value).__name__}({stated})"
        for inner, found in deep:
            yield from plan_lines(found, inner, depth + 1)
    elif _is_deep(value):
        yield start.rstrip() or "  " * depth + "-"
        for each in value:
            yield from plan_lines(each, "", depth + 1)
    else:
        yield f"{start}{value!r}"


def _is_deep(value: Any) -> bool:
    return isinstance(value, tuple) and any(is_dataclass(v) or isinstance(v, tuple) for v in value)
