"""LOINC as a release: Loinc.csv, and what lies beside it: answers, hierarchy, Chinese names.

Spec: https://loinc.org/kb/users-guide/, http://hl7.org/fhir/R4/loinc.html
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any, TypeAlias

from ..file.writing import Row
from .release import Release

Json: TypeAlias = dict[str, Any]

SYSTEM = "http://loinc.org"
# Columns that are properties. Spec: http://hl7.org/fhir/R4/loinc.html#props
COLUMNS = ("STATUS", "COMPONENT", "PROPERTY", "TIME_ASPCT", "SYSTEM", "SCALE_TYP", "METHOD_TYP",
           "CLASS", "CLASSTYPE", "ORDER_OBS", "VersionLastChanged", "CONSUMER_NAME",
           "EXAMPLE_UCUM_UNITS")  # fmt: skip
PROPERTIES = (*((name, "string") for name in COLUMNS), ("inactive", "boolean"),
              ("answer-list", "code"))  # fmt: skip
_AXES = COLUMNS[1:7]
_VERSION = re.compile(r"loinc_?(\d+\.\d+)", re.IGNORECASE)
# "deprecated" does mean inactive here. Spec: valueset-definitions.html#ValueSet.compose.inactive
_INACTIVE = "DEPRECATED"


class LoincReader:
    """`path`: the zip, its folder, or the folder of Loinc.csv."""

    def __init__(self, path: Path) -> None:
        base = path.parent if path.suffix.lower() == ".csv" else path
        self._release = Release(base)
        self._main = self._release.one(r"Loinc\.csv", "Loinc.csv")
        found = _VERSION.search(path.resolve().as_posix().replace("/", " "))
        self.version = found[1] if found else ""
        self.skipped = 0

    def rows(self) -> Iterator[Row]:
        parents = self._parents()
        chinese = self._chinese()
        told: set[str] = set()
        for record in self._release.records(self._main):
            code = (record.get("LOINC_NUM") or "").strip()
            if not code:
                self.skipped += 1
                continue
            told.add(code)
            yield _row(code, record, parents.pop(code, []), chinese.get(code, ""))
        yield from self._groups(parents, told)
        yield from self._answers()

    def _parents(self) -> dict[str, list[str]]:
        """By the hierarchy of components, whose inner nodes are parts: LP7787-7."""
        out: defaultdict[str, list[str]] = defaultdict(list)
        self._names: dict[str, str] = {}
        for name in self._release.names(r"(ComponentHierarchyBySystem|MultiAxialHierarchy)\.csv"):
            for record in self._release.records(name):
                code = (record.get("CODE") or "").strip()
                self._names.setdefault(code, (record.get("CODE_TEXT") or "").strip())
                parent = (record.get("IMMEDIATE_PARENT") or "").strip()
                if parent and parent not in out[code]:
                    out[code].append(parent)
        return out

    def _groups(self, parents: dict[str, list[str]], told: set[str]) -> Iterator[Row]:
        for code, name in self._names.items():
            if code and code not in told:
                abstract: Json = {"code": "notSelectable", "valueBoolean": True}
                above = tuple(parents.get(code, ()))
                yield Row(code, name or code, above, properties=(abstract,))

    def _chinese(self) -> dict[str, str]:
        out: dict[str, str] = {}
        for name in self._release.names(r"zhCN\d*LinguisticVariant\.csv"):
            for record in self._release.records(name):
                parts = [record.get(k) or "" for k in _AXES]
                whole = (record.get("LONG_COMMON_NAME") or "").strip() or ":".join(parts).strip(":")
                if whole:
                    out[(record.get("LOINC_NUM") or "").strip()] = whole
        return out

    def _answers(self) -> Iterator[Row]:
        """Answers with the lists that they are in."""
        lists: defaultdict[str, dict[str, None]] = defaultdict(dict)
        texts: dict[str, str] = {}
        for name in self._release.names(r"AnswerList\.csv"):
            for record in self._release.records(name):
                code = (record.get("AnswerStringId") or "").strip()
                if code:
                    lists[code][(record.get("AnswerListId") or "").strip()] = None
                    texts[code] = (record.get("DisplayText") or "").strip()
        for code, held in lists.items():
            properties = tuple({"code": "answer-list", "valueCode": each} for each in held)
            yield Row(code, texts[code] or code, properties=properties)


def _row(code: str, record: dict[str, str], parents: list[str], chinese: str) -> Row:
    name = (record.get("LONG_COMMON_NAME") or "").strip()
    short = (record.get("SHORTNAME") or "").strip()
    designations: list[Json] = []
    if chinese:
        designations.append({"language": "zh-CN", "value": chinese})
    if short and short != name:
        use = {"system": SYSTEM, "code": "SHORTNAME"}
        designations.append({"language": "en", "use": use, "value": short})
    properties: list[Json] = [
        {"code": column, "valueString": record[column].strip()}
        for column in COLUMNS
        if (record.get(column) or "").strip()
    ]
    if (record.get("STATUS") or "").strip().upper() == _INACTIVE:
        properties.append({"code": "inactive", "valueBoolean": True})
    return Row(
        code, name or short or code, tuple(parents), "", tuple(designations), tuple(properties)
    )
