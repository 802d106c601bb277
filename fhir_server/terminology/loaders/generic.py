"""Any code system as a table: code, display, and what else there is."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any, TypeAlias

from ..file.writing import Row
from .tables import Columns, Table

Json: TypeAlias = dict[str, Any]

COLUMNS: Columns = {
    "code": ("code", "代码", "编码", "值", "concept_code"),
    "name": ("display", "名称", "中文名称", "name", "值含义", "含义", "term"),
    "parent": (
        "parent",
        "上级代码",
        "上级编码",
        "父级代码",
        "父代码",
        "父级",
        "上级",
        "parentcode",
    ),
    "definition": ("definition", "定义", "说明", "备注", "description"),
    "english": ("english", "英文名称", "英文", "display_en", "name_en"),
    "status": ("status", "状态"),
}
_INACTIVE = frozenset(("inactive", "retired", "停用", "作废", "废止", "已停用", "无效"))
_SPLIT = re.compile(r"[,;，；、|]")
_NAME = re.compile(r"[^0-9A-Za-z_\u4e00-\u9fff\-]")


class GenericReader:
    """`skipped` counts lines without a code. Columns of other names become properties."""

    def __init__(self) -> None:
        self.skipped = 0

    def rows(self, tables: Sequence[Table]) -> Iterator[Row]:
        for table in tables:
            for cells in table.cells():
                code = cells.get("code", "")
                if not code:
                    self.skipped += any(cells.values())
                    continue
                yield self._row(code, cells)

    def _row(self, code: str, cells: dict[str, str]) -> Row:
        parents = tuple(p.strip() for p in _SPLIT.split(cells.get("parent", "")) if p.strip())
        properties: list[Json] = [
            {"code": _NAME.sub("-", name[1:]), "valueString": value}
            for name, value in cells.items()
            if name.startswith(":") and value
        ]
        if cells.get("status", "").lower() in _INACTIVE:
            properties.append({"code": "inactive", "valueBoolean": True})
        english = cells.get("english")
        return Row(
            code,
            cells.get("name") or code,
            parents,
            cells.get("definition", ""),
            ({"language": "en", "value": english},) if english else (),
            tuple(properties),
        )


def other_properties(tables: Sequence[Table]) -> tuple[tuple[str, str], ...]:
    names = {_NAME.sub("-", name): "string" for table in tables for name in table.others}
    return (*names.items(), ("inactive", "boolean"))
