"""Filled forms in files: JSON, CSV, and XLSX as a table or as one filled sheet."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Sequence
from datetime import date, datetime, time
from pathlib import Path
from typing import Any, TypeAlias

from python_calamine import CalamineError, CalamineWorkbook

from ..errors import FhirError
from ..model.json import decode
from .converters import narrow
from .form import Form, _spelling

MAX_ROWS = 10_000  # filled forms in one file
MAX_UNPACKED = 100 * 1024 * 1024  # bytes of an XLSX once unpacked
Row: TypeAlias = dict[str, Any]


def read_file(source: Path | bytes, suffix: str, form: Form) -> list[Row]:
    """The filled forms of a file as flat objects, not yet checked.

    Shape of `suffix`: .json, .csv or .xlsx. Errors: form-file, form-rows, json-*.
    """
    body = source.read_bytes() if isinstance(source, Path) else source
    readers = {".json": _read_json, ".csv": _read_csv, ".xlsx": _read_xlsx}
    reader = readers.get(suffix.lower())
    if reader is None:
        raise _unreadable("应为 .json、.csv 或 .xlsx", "expected .json, .csv or .xlsx")
    rows = reader(body, form)
    if not rows:
        raise _unreadable("没有填写任何表单", "it holds no filled form")
    if len(rows) > MAX_ROWS:
        raise FhirError("form-rows", limit=MAX_ROWS)
    return rows


def _unreadable(zh: str, en: str) -> FhirError:
    return FhirError("form-file", reason=zh, reason_en=en)


def _read_json(body: bytes, form: Form) -> list[Row]:
    value = decode(body.removeprefix(b"\xef\xbb\xbf"))
    rows = value if isinstance(value, list) else [value]
    if not all(isinstance(row, dict) for row in rows):
        raise FhirError("json-not-object")
    return rows


def _read_csv(body: bytes, form: Form) -> list[Row]:
    """UTF-8, or GB18030 as Chinese Excel saves it."""
    try:
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError:
        try:
            text = body.decode("gb18030")
        except UnicodeDecodeError:
            raise _unreadable("编码应为 UTF-8 或 GB18030", "expected UTF-8 or GB18030") from None
    head = text[:4096].splitlines()[0] if text.strip() else ""
    by = max(",\t;，", key=head.count)
    try:
        table = list(csv.reader(io.StringIO(text, newline=""), delimiter=by, strict=True))
    except csv.Error:
        raise _unreadable("不是有效的 CSV", "it is not valid CSV") from None
    return _from_table(table, form)


def _from_table(table: Sequence[Sequence[Any]], form: Form) -> list[Row]:
    """One row a form under a row of labels. Errors: form-file for a row longer than its head."""
    filled = [row for row in table if any(_has(cell) for cell in row)]
    if not filled:
        return []
    head = [str(cell).strip() for cell in filled[0]]
    if len(filled) > MAX_ROWS + 1:
        raise FhirError("form-rows", limit=MAX_ROWS)
    if not any(_spelling(name) in form.names for name in head):
        raise _unreadable(
            "第一行应为表单的栏目名称", "the first row must hold the labels of the form"
        )
    out = []
    for row in filled[1:]:
        if any(_has(cell) for cell in row[len(head) :]):
            raise _unreadable("某一行的列数多于表头", "a row has more columns than the head")
        pairs = zip(head, row, strict=False)
        out.append({name: cell for name, cell in pairs if name and _has(cell)})
    return out


def _has(cell: Any) -> bool:
    return cell is not None and not (isinstance(cell, str) and not cell.strip())


def _read_xlsx(body: bytes, form: Form) -> list[Row]:
    _guard_zip(body)
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(body))
        sheets = [book.get_sheet_by_name(name).to_python() for name in book.sheet_names]
    except (CalamineError, OSError, ValueError):
        raise _unreadable("不是有效的 XLSX 文件", "it is not a valid XLSX file") from None
    out: list[Row] = []
    for sheet in sheets:
        rows = [[_cell(cell) for cell in row] for row in sheet]
        filled = [row for row in rows if any(_has(cell) for cell in row)]
        if filled:
            out += (
                _from_table(filled, form) if _is_table(filled, form) else _from_sheet(filled, form)
            )
    return out


def _guard_zip(body: bytes) -> None:
    """Refuse what is no zip, and one that unpacks to far more than a table of forms needs."""
    try:
        with zipfile.ZipFile(io.BytesIO(body)) as archive:
            size = sum(info.file_size for info in archive.infolist())
    except (zipfile.BadZipFile, OSError, ValueError):
        raise _unreadable("不是有效的 XLSX 文件", "it is not a valid XLSX file") from None
    if size > MAX_UNPACKED:
        raise _unreadable("文件解压后过大", "the file is too large when unpacked")


def _cell(cell: Any) -> Any:
    if isinstance(cell, datetime):
        midnight = cell.time() == time()
        return cell.date().isoformat() if midnight else cell.isoformat(sep=" ", timespec="seconds")
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 10**15:
        return int(cell)
    return cell


def _label(cell: Any, form: Form) -> bool:
    return isinstance(cell, str) and _spelling(cell) in form.names


def _is_table(rows: list[list[Any]], form: Form) -> bool:
    """A table has nothing but labels in its first row; a sheet has labels and values mixed."""
    head = [cell for cell in rows[0] if _has(cell)]
    labels = sum(_label(cell, form) for cell in head)
    return labels >= 3 and labels * 2 >= len(head)


_INLINE = re.compile(r"\s*([^：:]{2,40})[：:]\s*(.+)", re.DOTALL).fullmatch


def _from_sheet(rows: list[list[Any]], form: Form) -> list[Row]:
    """One filled sheet: the value is in the label's cell after a colon, right of it, or below."""
    out: Row = {}
    part = ""
    for y, row in enumerate(rows):
        for x, cell in enumerate(row):
            if not isinstance(cell, str):
                continue
            part = _part(cell, form) or part
            name, value = _labelled(rows, y, x, form)
            if name and _has(value):
                key = _with_part(name, part, form)
                out.setdefault(key, value)
    return [out] if out else []


def _part(cell: str, form: Form) -> str:
    text = narrow(cell)
    for each in form.layout:
        titles = (each["name"], each["heading"], each.get("subheading", ""))
        if text and text in {narrow(t) for t in titles}:
            return str(each["name"])
    return ""


def _labelled(rows: list[list[Any]], y: int, x: int, form: Form) -> tuple[str, Any]:
    cell = rows[y][x]
    if _label(cell, form):
        beside = next((c for c in rows[y][x + 1 : x + 4] if _has(c)), None)
        if _has(beside) and not _label(beside, form):
            return cell, beside
        below = rows[y + 1][x] if y + 1 < len(rows) and x < len(rows[y + 1]) else None
        return (cell, below) if _has(below) and not _label(below, form) else ("", None)
    found = _INLINE(cell)
    if found and _spelling(found[1]) in form.names:
        return found[1], found[2]
    return "", None


def _with_part(name: str, part: str, form: Form) -> str:
    """A label that is printed twice belongs to the part it stands in."""
    twice = [f for f in form.fields if f.key != f.label and _spelling(f.label) == _spelling(name)]
    if twice:
        return next((f.key for f in twice if f.part == part), twice[0].key)
    return name
