"""What one search may ask for. Beyond it the answer says what to narrow."""

from __future__ import annotations

from dataclasses import dataclass

from ..errors import FhirError, define

define(
    "search-limit",
    "too-costly",
    422,
    "检索过于复杂：{name}最多 {limit}，请缩小范围",
    "the search is too complex: at most {limit} {name}; narrow it",
)
MAX_PARAMETERS = 100
MAX_VALUES = 1000  # in one comma list
MAX_DEPTH = 8  # hops of one chain
MAX_BRANCHES = 300  # ways that untyped chains of one search may take
MAX_SORTS = 10  # keys of one order
MAX_INCLUDES = 50  # `_include` and `_revinclude` of one search
_NAMES = {
    "parameters": "检索参数 (parameters)",
    "values": "列表中的值 (values in a list)",
    "steps": "链式检索的层数 (steps in a chain)",
    "ways": "链式检索的分支 (ways of a chain; name the types: subject:Patient.name)",
    "sorts": "排序项 (keys of _sort)",
    "includes": "_include, _revinclude",
    "words": "检索词 (words)",
}


def over(name: str, limit: int, at: str = "") -> FhirError:
    return FhirError("search-limit", at, name=_NAMES[name], limit=limit)


@dataclass(slots=True)
class Budget:
    """What is left for one search."""

    branches: int = MAX_BRANCHES

    def branch(self, at: str) -> None:
        self.branches -= 1
        if self.branches < 0:
            raise over("ways", MAX_BRANCHES, at)
