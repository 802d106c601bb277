"""What can be loaded: the kinds by name, each with its canonical url."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TypeAlias

from ...model.canonical import OID, code_system
from ..file.writing import Header, Link, Row
from . import generic, icd, loinc, snomed
from .tables import TableError, read_tables


@dataclass(frozen=True, slots=True)
class Options:
    """What the caller says otherwise than the kind."""

    url: str = ""
    version: str = ""
    title: str = ""


@dataclass(slots=True)
class Source:
    """Files that were read as far as their header; `rows` reads on. `total` 0: not known."""

    header: Header
    rows: Iterable[Row | Link]
    total: int
    skipped: Callable[[], int] = field(default=lambda: 0)


Open: TypeAlias = Callable[[Header, Sequence[Path]], Source]


@dataclass(frozen=True, slots=True)
class Kind:
    """`url` "": the caller must give one."""

    name: str
    url: str
    version: str
    title: str
    open: Open
    language: str = "zh-CN"
    case_sensitive: bool = False

    def read(self, paths: Sequence[Path], options: Options) -> Source:
        """Errors: TableError."""
        url = options.url or self.url
        if not url:
            raise TableError(f"{self.name}: 须给出 --url / --url must be given")
        missing = [p for p in paths if not p.exists()]
        if missing:
            raise TableError(f"没有此文件 / no such file: {missing[0]}")
        header = Header(
            self.name,
            url,
            options.version or self.version,
            options.title or self.title or url,
            case_sensitive=self.case_sensitive,
            language=self.language,
        )
        return self.open(header, paths)


def _icd(*, disease: bool) -> Open:
    def open(header: Header, paths: Sequence[Path]) -> Source:
        tables = [t for p in paths for t in read_tables(p, icd.COLUMNS, ("code", "name"))]
        reader = icd.IcdReader(disease=disease)
        total = sum(len(t.rows) for t in tables)
        header = replace(header, properties=icd.PROPERTIES)
        return Source(header, reader.rows(tables), total, lambda: reader.skipped)

    return open


def _generic(header: Header, paths: Sequence[Path]) -> Source:
    tables = [t for p in paths for t in read_tables(p, generic.COLUMNS, ("code",))]
    reader = generic.GenericReader()
    header = replace(header, properties=generic.other_properties(tables))
    total = sum(len(t.rows) for t in tables)
    return Source(header, reader.rows(tables), total, lambda: reader.skipped)


def _snomed(header: Header, paths: Sequence[Path]) -> Source:
    reader = snomed.SnomedReader(_only(paths))
    reader.count_modules()
    version = header.version or reader.version
    header = replace(header, version=version, properties=snomed.PROPERTIES)
    return Source(header, reader.rows(), reader.total)


def _loinc(header: Header, paths: Sequence[Path]) -> Source:
    reader = loinc.LoincReader(_only(paths))
    header = replace(header, version=header.version or reader.version, properties=loinc.PROPERTIES)
    return Source(header, reader.rows(), 0, lambda: reader.skipped)


def _only(paths: Sequence[Path]) -> Path:
    if len(paths) != 1:
        raise TableError("应为一个目录或 zip 文件 / one folder or zip file is expected")
    return paths[0]


_DISEASE, _PROCEDURE = _icd(disease=True), _icd(disease=False)
KINDS: dict[str, Kind] = {
    each.name: each
    for each in (
        Kind("icd10-clinical", f"{OID}.2.3.3.11", "2.0", "疾病分类与代码国家临床版", _DISEASE),
        Kind(
            "icd10-insurance", code_system("icd10-insurance"), "2.0",
            "医疗保障疾病诊断分类与代码（医保版）", _DISEASE,
        ),
        Kind(
            "icd9cm3-clinical", f"{OID}.2.3.3.12", "3.0", "手术操作分类代码国家临床版", _PROCEDURE,
        ),
        Kind(
            "icd9cm3-insurance", code_system("icd9cm3-insurance"), "2.0",
            "医疗保障手术操作分类与代码（医保版）", _PROCEDURE,
        ),
        Kind("snomed", snomed.SYSTEM, "", "SNOMED CT", _snomed, "en", True),
        Kind("loinc", loinc.SYSTEM, "", "LOINC", _loinc, "en", True),
        Kind("generic", "", "", "", _generic, "zh-CN", True),
    )
}  # fmt: skip
