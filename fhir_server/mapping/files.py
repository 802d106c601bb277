"""Filled forms in files: JSON, CSV, XLSX."""

from __future__ import annotations

import csv
import io
from pathlib import Path

from ..errors import FhirError
from ..model.json import decode
from .form import Form
from .sheets import read_xlsx
from .tables import MAX_ROWS, Row, read_table, unreadable

# Media types and the suffix each stands for.
MEDIA_TYPES = {
    "application/json": ".json",
    "text/csv": ".csv",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": ".xlsx",
}


def read_file(source: Path | bytes, suffix: str, form: Form) -> list[Row]:
    """The filled forms of a file as flat objects, not yet checked.

    Shape of `suffix`: .json, .csv or .xlsx, or the media type of one of these. Errors: form-file,
    form-rows, json-*.
    """
    body = source.read_bytes() if isinstance(source, Path) else source
    kind = suffix.partition(";")[0].strip().lower()
    readers = {".json": _read_json, ".csv": _read_csv, ".xlsx": read_xlsx}
    reader = readers.get(MEDIA_TYPES.get(kind, kind))
    if reader is None:
        raise unreadable("应为 .json、.csv 或 .xlsx", "expected .json, .csv or .xlsx")
    rows = reader(body, form)
    if not rows:
        raise unreadable("没有填写任何表单", "it holds no filled form")
    if len(rows) > MAX_ROWS:
        raise FhirError("form-rows", limit=MAX_ROWS)
    return rows


def _read_json(body: bytes, form: Form) -> list[Row]:
    value = decode(body.removeprefix(b"\xef\xbb\xbf"))
    rows = value if isinstance(value, list) else [value]
    if not all(isinstance(row, dict) for row in rows):
        raise FhirError("json-not-object")
    return rows


def _read_csv(body: bytes, form: Form) -> list[Row]:
    """UTF-8 with or without a byte order mark, else GB18030 as Excel in China saves it."""
    try:
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError:
        try:
            text = body.decode("gb18030")
        except UnicodeDecodeError:
            raise unreadable("编码应为 UTF-8 或 GB18030", "expected UTF-8 or GB18030") from None
    head = text.lstrip()[:4096].partition("\n")[0]
    by = max(",\t;", key=head.count)
    try:
        table = list(csv.reader(io.StringIO(text, newline=""), delimiter=by, strict=True))
    except csv.Error:
        raise unreadable("不是有效的 CSV", "it is not valid CSV") from None
    return read_table(table, form)
