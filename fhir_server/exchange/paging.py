"""Pages of operations that answer with a searchset."""

from __future__ import annotations

from typing import Any

from ..search.query import MAX_COUNT
from .bundles import address
from .call import Call
from .operation import Operation
from .parameters import In, Values

PAGE = {
    "_count": In("unsignedInt", "每页条数 / entries of one page"),
    "_cursor": In("string", "只用于翻页链接 / only in paging links"),
}


def count_of(values: Values, default: int) -> int:
    """Errors: parameter-value."""
    found: int = values.one("_count", default)
    return min(found, MAX_COUNT)


def next_link(
    path: str, call: Call, operation: Operation, values: Values, cursor: str
) -> tuple[str, str]:
    """The link to the next page: a GET with all parameters, those of a POST too."""
    pairs = [(name, text) for name, text in call.pairs if name != "_cursor"]
    if call.resource is not None:
        named = {name for name, _ in pairs}
        pairs += [
            (name, as_text(each))
            for name in operation.parameters
            if name != "_cursor" and name not in named
            for each in values.all(name)
        ]
    return "next", address(path, [*pairs, ("_cursor", cursor)])


def as_text(value: Any) -> str:
    """A value as a query string has it."""
    if value is True or value is False:
        return "true" if value else "false"
    if type(value) is dict:
        if "reference" in value:
            return str(value["reference"])
        return f"{value.get('system', '')}|{value.get('value', value.get('code', ''))}".lstrip("|")
    return str(value)
