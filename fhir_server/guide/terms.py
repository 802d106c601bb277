"""Code systems, value sets and maps as tables."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from ..errors import FhirError
from ..terminology import FolderSource, Terminology
from .library import Entry, Library, concept_text, concepts
from .links import Link, canonical_link
from .texts import NONE, Text, parse_text

Json = dict[str, Any]
MAX_CODES = 2_000  # rows of one table
CONTENT = {
    "complete": Text("完整：所列即全部代码", "complete: all codes are listed"),
    "fragment": Text(
        "片段：只列出部分代码，未列出的不等于不存在",
        "fragment: some of the codes; one that is not listed may exist",
    ),
    "example": Text("示例：仅作示意", "example: for illustration only"),
    "not-present": Text("不含代码：由载入工具提供", "not present: a loader brings the codes"),
    "supplement": Text("补充：为另一代码系统补充说明", "supplement of another code system"),
}
EQUIVALENCE = {
    "relatedto": "相关", "equivalent": "等价", "equal": "相同", "wider": "目标更宽",
    "subsumes": "目标包含源", "narrower": "目标更窄", "specializes": "目标是源的特例",
    "inexact": "部分重叠", "unmatched": "无对应", "disjoint": "不相交",
}  # fmt: skip
# What the values of the properties of our code systems mean.
VALUES = {
    "true": "是", "false": "否", "single-source": "单一来源", "unverified": "未经核实",
    "source": "流程文件", "design": "本项目默认", "criterion": "指征", "reason": "登记的原因",
}  # fmt: skip
OPERATORS = {
    "=": "等于", "is-a": "是其本身或下级", "descendent-of": "是其下级", "is-not-a": "不是其下级",
    "regex": "符合表达式", "in": "属于", "not-in": "不属于", "generalizes": "是其上级",
    "exists": "存在",
}  # fmt: skip


def code_rows(system: Json) -> tuple[list[Json], list[Json], int]:
    """(properties, rows, number of codes). Row: code, depth, text, says, more, properties."""
    properties = [
        {**p, "says": parse_text(p.get("description"))} for p in system.get("property", ())
    ]
    rows: list[Json] = []
    count = 0
    for concept, depth in concepts(system):
        count += 1
        if count <= MAX_CODES:
            rows.append({
                "code": concept["code"], "depth": depth, "text": concept_text(concept),
                "says": parse_text(concept.get("definition")), "more": _designations(concept),
                "properties": _properties(concept),
            })  # fmt: skip
    return properties, rows, count


def _designations(concept: Json) -> list[str]:
    """Those that are not the two names already shown."""
    shown = set(concept_text(concept))
    found = [(d.get("value", ""), d.get("use", {})) for d in concept.get("designation", ())]
    return [f"{v} ({u['code']})" if u.get("code") else v for v, u in found if v not in shown]


def _properties(concept: Json) -> dict[str, str]:
    out: dict[str, list[str]] = {}
    for each in concept.get("property", ()):
        value = next((v for k, v in each.items() if k.startswith("value")), "")
        if isinstance(value, dict):
            value = value.get("code", "")
        written = str(value).lower() if isinstance(value, bool) else str(value)
        out.setdefault(each["code"], []).append(written)
    return {code: ", ".join(map(_meaning, values)) for code, values in out.items()}


def _meaning(value: str) -> str:
    return f"{VALUES[value]} {value}" if value in VALUES else value


def composed(library: Library, value_set: Json) -> list[Json]:
    """compose, row by row: {"exclude", "system": Link, "version", "sets": [Link], "filters",
    "codes": [(code, text)]}."""
    rows = []
    compose = value_set.get("compose", {})
    for exclude, parts in ((False, "include"), (True, "exclude")):
        for each in compose.get(parts, ()):
            system = each.get("system", "")
            rows.append({
                "exclude": exclude,
                "system": canonical_link(library, system) if system else None,
                "version": each.get("version", ""),
                "sets": [canonical_link(library, v) for v in each.get("valueSet", ())],
                "filters": [
                    (f["property"], OPERATORS.get(f["op"], f["op"]), f["op"], f["value"])
                    for f in each.get("filter", ())
                ],
                "codes": [
                    (c["code"], _named(library, system, c)) for c in each.get("concept", ())
                ],
            })  # fmt: skip
    return rows


def _named(library: Library, system: str, concept: Json) -> Text:
    known, own = library.display(system, concept["code"]), concept_text(concept)
    return Text(own.zh or known.zh, own.en or known.en)


class Codes:
    """The expansion of value sets by the server's own terminology, from the files of the guide."""

    def __init__(self, library: Library) -> None:
        self.library = library
        self._terminology = Terminology((FolderSource(library.terminology),))

    def of(self, url: str) -> list[tuple[Link, str, Text]] | None:
        """(system, code, text); None where a code system is not here as a whole."""
        try:
            # The guide may be made inside an event loop or outside of one.
            with ThreadPoolExecutor(1) as pool:
                found = pool.submit(asyncio.run, _codes(self._terminology, url)).result()
        except FhirError:
            return None
        rows = []
        for system, codes in sorted(found.items()):
            known = self.library.displays(system)
            order = {code: i for i, code in enumerate(known)}
            link = canonical_link(self.library, system)
            listed = sorted(codes, key=lambda c: (order.get(c, len(order)), c))
            rows += [(link, code, known.get(code, NONE)) for code in listed]
        return rows


async def _codes(terminology: Terminology, url: str) -> dict[str, frozenset[str]]:
    return dict(await terminology.codes(url))


def map_groups(library: Library, concept_map: Json) -> list[Json]:
    """Groups of a ConceptMap: {"source", "target": Link, "rows": [...]}."""
    out = []
    for group in concept_map.get("group", ()):
        source, target = group.get("source", ""), group.get("target", "")
        rows = []
        for element in group.get("element", ()):
            for each in element.get("target", ()) or [{"equivalence": "unmatched"}]:
                kind = each.get("equivalence", "")
                rows.append({
                    "code": element.get("code", ""), "text": _named(library, source, {
                        "code": "", **element}),
                    "kind": kind, "kind_zh": EQUIVALENCE.get(kind, kind),
                    "to": each.get("code", ""), "to_text": _named(library, target, {
                        "code": "", **each}),
                    "comment": parse_text(each.get("comment")),
                })  # fmt: skip
        out.append({
            "source": canonical_link(library, source), "target": canonical_link(library, target),
            "rows": rows, "unmapped": group.get("unmapped"),
        })  # fmt: skip
    return out


def systems_without_page(library: Library, entry: Entry) -> list[Json]:
    """The addresses of a NamingSystem."""
    return [
        {**u, "says": parse_text(u.get("comment"))}
        for u in library.read(entry).get("uniqueId", ())
    ]  # fmt: skip
