"""Filled forms in XLSX: a table, or one form filled in on a sheet that looks like the paper."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from datetime import date, datetime, time
from typing import Any

from python_calamine import CalamineError, CalamineWorkbook

from .converters import narrow
from .form import Form, spelling
from .tables import Row, filled, in_type, is_label, read_table, unreadable

MAX_UNPACKED = 64 * 1024 * 1024  # bytes of an XLSX once unpacked
MAX_CELLS = 2_000_000  # rows times columns of a sheet
MAX_MEMBERS = 1_000
_PLACE = re.compile(rb"""\br\s*=\s*["']([A-Z]{1,3})([0-9]{1,7})["']""")
_INLINE = re.compile(r"\s*([^：:]{2,40}?)\s*[：:]\s*(.+)", re.DOTALL).fullmatch
UNREADABLE = (
    CalamineError, zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, OSError,
    ValueError, EOFError,
)  # fmt: skip
Rows = list[list[Any]]


def read_xlsx(body: bytes, form: Form) -> list[Row]:
    """Every sheet of the file. Errors: form-file, form-rows."""
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(_repacked(body)))
        sheets = [book.get_sheet_by_name(name).to_python() for name in book.sheet_names]
    except UNREADABLE:
        raise unreadable("不是有效的 XLSX 文件", "it is not a valid XLSX file") from None
    out: list[Row] = []
    for sheet in sheets:
        rows = [[_cell(cell) for cell in row] for row in sheet if any(map(filled, row))]
        if rows:
            out += read_table(rows, form) if _is_table(rows, form) else _read_sheet(rows, form)
    return out


def _repacked(body: bytes) -> bytes:
    """The same archive, unpacked within limits.

    What an archive says of its sizes may be a lie, so the reader only gets what was counted here.
    A sheet with one cell at XFD1048576 is small, but its grid is not.
    """
    with zipfile.ZipFile(io.BytesIO(body)) as archive:
        members = archive.infolist()
        if len(members) > MAX_MEMBERS or sum(m.file_size for m in members) > MAX_UNPACKED:
            raise unreadable("文件解压后过大", "the file is too large when unpacked")
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w") as copy:
            for member in members:
                content = archive.read(member)
                if member.filename.lower().endswith(".xml"):
                    _check_grid(content)
                copy.writestr(member.filename, content)
    return packed.getvalue()


def _check_grid(content: bytes) -> None:
    wide = high = 1
    for letters, digits in _PLACE.findall(content):
        column = 0
        for letter in letters:
            column = column * 26 + letter - 64
        wide, high = max(wide, column), max(high, int(digits))
    if wide * high > MAX_CELLS:
        raise unreadable("工作表的行列过多", "a sheet has too many rows and columns")


def _cell(cell: Any) -> Any:
    if isinstance(cell, datetime):
        midnight = cell.time() == time()
        return cell.date().isoformat() if midnight else cell.isoformat(sep=" ", timespec="seconds")
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 10**15:
        return int(cell)
    return cell


def _is_table(rows: Rows, form: Form) -> bool:
    """A table has labels in its first row; a sheet has labels and values mixed."""
    return _mostly_labels(rows[0], form) and not any(_mostly_labels(r, form) for r in rows[1:])


def _mostly_labels(row: list[Any], form: Form) -> bool:
    cells = [cell for cell in row if filled(cell)]
    return 2 * sum(is_label(cell, form) for cell in cells) > len(cells)


def _read_sheet(rows: Rows, form: Form) -> list[Row]:
    """Values as they stand; those of one box that is there twice must be the same."""
    out: Row = {}
    for key, value in _pairs(rows, form):
        if key in out and out[key] != value:
            reason = f"栏目“{key}”有两个不同的值", f"the field “{key}” has two different values"
            raise unreadable(*reason)
        out[key] = value
    return [out] if out else []


def _pairs(rows: Rows, form: Form) -> Iterator[tuple[str, Any]]:
    part = ""
    used: set[tuple[int, int]] = set()
    for y, row in enumerate(rows):
        for x, cell in enumerate(row):
            if not isinstance(cell, str) or (y, x) in used:
                continue
            title = _part(cell, form)
            if title:
                part = title
                continue
            name, value, place = _labelled(rows, y, x, form)
            if filled(value):
                used.add(place)
                yield _with_part(name, part, form), in_type(name, value, form)


def _part(cell: str, form: Form) -> str:
    """The part of the paper whose title the cell holds."""
    text = narrow(cell)
    for each in form.layout:
        titles = (each["name"], each["heading"], each.get("subheading", ""), *each.get("also", ()))
        if text and text in {narrow(t) for t in titles}:
            return str(each["name"])
    return ""


def _labelled(rows: Rows, y: int, x: int, form: Form) -> tuple[str, Any, tuple[int, int]]:
    """A label and its value: after a colon in the same cell, to the right, or below."""
    row, cell = rows[y], rows[y][x]
    if not is_label(cell, form):
        found = _INLINE(cell)
        if found and is_label(found[1], form):
            return found[1], found[2], (y, x)
        return "", None, (y, x)
    for right in range(x + 1, min(x + 6, len(row))):
        if filled(row[right]):
            if _is_value(row[right], form):
                return cell, row[right], (y, right)
            break
    if y + 1 < len(rows) and x < len(rows[y + 1]) and _is_value(rows[y + 1][x], form):
        return cell, rows[y + 1][x], (y + 1, x)
    return "", None, (y, x)


def _is_value(cell: Any, form: Form) -> bool:
    if not filled(cell) or is_label(cell, form):
        return False
    if not isinstance(cell, str):
        return True
    found = _INLINE(cell)
    # Text may begin with what is another word for a label, such as 诊断：, but not with a label.
    printed = found is not None and any(narrow(found[1]) == narrow(f.label) for f in form.fields)
    return not _part(cell, form) and not printed


def _with_part(name: str, part: str, form: Form) -> str:
    """A label that is printed for several fields belongs to the part it stands in."""
    for each in form.twice.get(spelling(name), ()):
        if each.part == part:
            return each.key
    return f"{part}/{name}" if part and spelling(f"{part}/{name}") in form.names else name
