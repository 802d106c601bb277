"""ICD-10 and ICD-9-CM-3 as the Chinese administrations publish them.

国家临床版 lists codes: 主要编码, 附加编码, 疾病名称. 医保版 names on each row the groups above the
code: 章, 节, 类目, 亚目. Where no group is named, the code itself says what lies above it:
I10.x00x002 is under I10.x00, that under I10.x, that under I10.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import pairwise
from typing import Any, TypeAlias

from ..file.writing import Link, Row
from .tables import Columns, Table

Json: TypeAlias = dict[str, Any]

COLUMNS: Columns = {
    "code": ("主要编码", "诊断代码", "诊断编码", "疾病诊断代码", "疾病编码", "疾病代码",
             "手术操作代码", "手术操作编码", "手术及操作编码", "手术编码", "手术代码", "操作编码",
             "ICD-10编码", "ICD10编码", "ICD-10", "ICD编码", "编码", "代码", "code"),
    "name": ("疾病名称", "诊断名称", "疾病诊断名称", "手术操作名称", "手术及操作名称", "手术名称",
             "操作名称", "ICD-10名称", "ICD名称", "名称", "中文名称", "display", "name"),
    "additional": ("附加编码", "附加代码", "附加码"),
    "chapter": ("章代码范围", "章编码范围", "章代码", "章编码"),
    "chapter-name": ("章的名称", "章名称"),
    "section": ("节代码范围", "节编码范围", "节代码", "节编码"),
    "section-name": ("节名称", "节的名称"),
    "category": ("类目代码", "类目编码"),
    "category-name": ("类目名称",),
    "subcategory": ("亚目代码", "亚目编码"),
    "subcategory-name": ("亚目名称",),
    "detail": ("细目代码", "细目编码"),
    "detail-name": ("细目名称",),
    "kind": ("类别", "手术类别", "操作类别"),
    "entry": ("录入选项",),
    "pinyin": ("拼音码", "拼音简码", "助记码"),
}  # fmt: skip
GROUPS = ("chapter", "section", "category", "subcategory", "detail")
# Ranges of codes that group others and are none themselves.
RANGES = ("chapter", "section")
PROPERTIES = (
    ("dagger", "boolean"),
    ("asterisk", "boolean"),
    ("additional-code", "code"),
    ("level", "string"),
    ("kind", "string"),
    ("entry", "string"),
    ("notSelectable", "boolean"),
)
_DISEASE = re.compile(
    r"([A-Z]\d{2}(?:\.[0-9A-Zx]+)?(?:x\d+)?)([†+*#☆]*)([A-Z]\d{2}.*)?", re.IGNORECASE
)
_MARKS = "†+*#☆ \u3000"
# A category, a subcategory, further digits, and a national addition: I10.x00x002, 00.0101x003.
_ABOVE = {
    True: re.compile(r"([A-Z]\d{2})(?:\.(\w)(\w\w?)?(\w*?))?(x\d{3})?", re.IGNORECASE),
    False: re.compile(r"(\d{2})(?:\.(\w)(\w)?(\w*?))?(x\d{3})?", re.IGNORECASE),
}
# The chapters of ICD-10, by their ranges.
CHAPTERS = (
    "A00-B99", "C00-D48", "D50-D89", "E00-E90", "F00-F99", "G00-G99", "H00-H59", "H60-H95",
    "I00-I99", "J00-J99", "K00-K93", "L00-L99", "M00-M99", "N00-N99", "O00-O99", "P00-P96",
    "Q00-Q99", "R00-R99", "S00-T98", "V01-Y98", "Z00-Z99", "U00-U99",
)  # fmt: skip


class IcdReader:
    """Rows of one or several tables; `skipped` counts lines that have no code or no name."""

    def __init__(self, *, disease: bool) -> None:
        self._disease = disease
        self._linked: set[str] = set()
        self.skipped = 0

    def rows(self, tables: Sequence[Table]) -> Iterator[Row | Link]:
        for table in tables:
            grouped = [g for g in GROUPS if g in table.columns]
            seen: dict[str, str] = {}
            told: set[str] = set()
            for cells in table.cells():
                if grouped:
                    yield from self._groups(cells, grouped, seen, told)
                yield from self._row(cells, seen if grouped else None)

    def _groups(
        self,
        cells: Mapping[str, str],
        grouped: Sequence[str],
        seen: dict[str, str],
        told: set[str],
    ) -> Iterator[Row]:
        """The groups that this row names for the first time; `seen` is what holds from here on.

        A group that is left out is that of the row above, unless a larger one is new.
        """
        if not any(cells.get(g) for g in grouped) and not cells.get("code"):
            return
        fresh, parent = False, ""
        for group in grouped:
            code = cells.get(group, "").strip(_MARKS)
            if code and code != seen.get(group):
                seen[group], fresh = code, True
            elif not code and fresh:
                seen.pop(group, None)
            code = seen.get(group, "")
            if not code:
                continue
            if code not in told:
                told.add(code)
                yield self._group(code, cells.get(f"{group}-name", ""), group, parent)
            parent = code

    def _group(self, code: str, name: str, level: str, parent: str) -> Row:
        properties: list[Json] = [{"code": "level", "valueString": level}]
        if level in RANGES:
            properties.append({"code": "notSelectable", "valueBoolean": True})
        parents = (parent,) if parent else ()
        return Row(code, name or code, parents, properties=tuple(properties))

    def _row(
        self, cells: Mapping[str, str], groups: Mapping[str, str] | None
    ) -> Iterator[Row | Link]:
        name = cells.get("name", "")
        code, dagger, asterisk, more = self._code(cells.get("code", ""))
        additional = cells.get("additional", "").strip(_MARKS) or more
        if not code or not name:
            self.skipped += any(cells.values())
            return
        properties: list[Json] = []
        if dagger or (additional and not asterisk):
            properties.append({"code": "dagger", "valueBoolean": True})
        if asterisk:
            properties.append({"code": "asterisk", "valueBoolean": True})
        if additional:
            properties.append({"code": "additional-code", "valueCode": additional})
        properties += [
            {"code": field, "valueString": cells[field]}
            for field in ("kind", "entry")
            if cells.get(field)
        ]
        if groups is None:
            chain = above(code, disease=self._disease)
            for child, parent in pairwise(chain):
                if child not in self._linked:
                    self._linked.add(child)
                    yield Link(child, parent)
            yield Row(code, name, tuple(chain[:1]), properties=tuple(properties))
            return
        parent = next((groups[g] for g in reversed(GROUPS) if _under(code, g, groups)), "")
        yield Row(code, name, (parent,) if parent else (), properties=tuple(properties))

    def _code(self, cell: str) -> tuple[str, bool, bool, str]:
        """The code, whether it is marked as dagger or asterisk, and a second one in the cell.

        A17.000†, A17.0+G01* and G01* are all in use.
        """
        text = "".join(cell.split())
        if not self._disease:
            # A spreadsheet that holds 00.01 as a number has lost its first zero.
            short = re.fullmatch(r"\d(\.\d+)?", text)
            return ("0" + text if short else text), False, False, ""
        found = _DISEASE.fullmatch(text)
        if found is None:  # morphology: M80000/0
            return text.strip(_MARKS), False, False, ""
        marks = found[2]
        return found[1], "†" in marks or "+" in marks, "*" in marks, (found[3] or "").strip(_MARKS)


def _under(code: str, group: str, groups: Mapping[str, str]) -> bool:
    """Is a code within a group of its row? A blank cell may be that of a group of another row."""
    held = groups.get(group, "")
    if not held or held == code:
        return False
    return group in RANGES or code.lower().startswith(held.lower())


def above(code: str, *, disease: bool) -> list[str]:
    """What lies above a code, by its form, the nearest first; not all of these need be concepts."""
    found = _ABOVE[disease].fullmatch(code)
    if found is None:
        return []
    category, first, second, third, _ = found.groups()
    chain = [category]
    if first:
        chain.append(f"{category}.{first}")
        if second:
            chain.append(f"{category}.{first}{second}")
            if third:
                chain.append(f"{category}.{first}{second}{third}")
    if disease:
        chain[:0] = _chapters(category)
    return [c for c in reversed(chain) if c != code]


@lru_cache(4096)
def _chapters(category: str) -> tuple[str, ...]:
    wanted = category.upper()
    return tuple(c for c in CHAPTERS if c[:3] <= wanted <= c[4:])
