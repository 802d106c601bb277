"""Tables out of spreadsheets and CSV files: their header is found by its words.

Above the header there may be titles and notes, columns may stand in any order, a cell of a group
may be written once for many rows (merged cells).
"""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

Cells: TypeAlias = list[str]
# field → the words that stand over its column
Columns: TypeAlias = Mapping[str, Sequence[str]]

HEADER_ROWS = 40  # at the top of a sheet, among which the header is looked for
SHEETS = (".xlsx", ".xlsm", ".xlsb", ".xls", ".ods")
ENCODINGS = ("utf-8-sig", "gb18030")
_BRACKETS = re.compile(r"[(（\[【].*?[)）\]】]")


class TableError(Exception):
    """A file that cannot be used, in Chinese and English."""


@dataclass(frozen=True, slots=True)
class Table:
    """`columns`: field to place; `others`: heading to place of columns that no field claims."""

    columns: Mapping[str, int]
    others: Mapping[str, int]
    rows: Sequence[Sequence[Any]]

    def cells(self) -> Iterator[dict[str, str]]:
        """The cells of each row by field, as text; headings of other columns come after `:`."""
        places = [*self.columns.items(), *((f":{name}", at) for name, at in self.others.items())]
        for row in self.rows:
            yield {field: text_of(row[at]) for field, at in places if at < len(row)}


def read_tables(path: Path, wanted: Columns, required: Sequence[str]) -> list[Table]:
    """Each sheet that has the columns `required`. Errors: TableError."""
    sheets = _sheets(path) if path.suffix.lower() in SHEETS else [_text_rows(path)]
    found = [t for t in (_table(rows, wanted, required) for rows in sheets) if t is not None]
    if not found:
        words = "; ".join(" | ".join(wanted[field]) for field in required)
        raise TableError(
            f"{path.name}: 没有找到表头，应有这些栏目 / no header found; it must have: {words}"
        )
    return found


def _sheets(path: Path) -> Iterator[Sequence[Sequence[Any]]]:
    from python_calamine import CalamineError, CalamineWorkbook  # other commands need it not

    try:
        book = CalamineWorkbook.from_path(str(path))
        names = book.sheet_names
    except (CalamineError, OSError) as error:
        raise TableError(f"{path.name}: 不是可读的表格文件 / is no readable spreadsheet") from error
    for name in names:
        try:
            yield book.get_sheet_by_name(name).to_python(skip_empty_area=True)
        except CalamineError:  # a sheet of another kind, such as a chart
            continue


def _text_rows(path: Path) -> list[Cells]:
    """Errors: TableError."""
    text = decoded(path.read_bytes(), path.name)
    head = text[:20_000]
    delimiter = max("\t,;|", key=head.count)
    # A quote within a cell is as good as any character, if it does not begin the cell.
    return list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))


def decoded(data: bytes, name: str) -> str:
    """UTF-8, GB18030 (with GBK and GB 2312), or UTF-16 by its mark. Errors: TableError."""
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return data.decode("utf-16", "replace")
    for encoding in ENCODINGS:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise TableError(f"{name}: 编码应为 UTF-8 或 GB18030 / must be encoded in UTF-8 or GB18030")


def _table(rows: Sequence[Sequence[Any]], wanted: Columns, required: Sequence[str]) -> Table | None:
    for at, row in enumerate(rows[:HEADER_ROWS]):
        heads = [heading(cell) for cell in row]
        columns = _columns(heads, wanted)
        if all(field in columns for field in required):
            claimed = set(columns.values())
            others = {
                text_of(row[i]): i for i, head in enumerate(heads) if head and i not in claimed
            }
            return Table(columns, others, rows[at + 1 :])
    return None


def _columns(heads: Sequence[str], wanted: Columns) -> dict[str, int]:
    """The words of a field are tried in their order, so that the most telling ones come first."""
    out: dict[str, int] = {}
    for field, words in wanted.items():
        for word in words:
            name = heading(word)
            at = next((i for i, h in enumerate(heads) if h == name and i not in out.values()), None)
            if at is not None:
                out[field] = at
                break
    return out


def heading(cell: Any) -> str:
    """The words over a column, to be compared: without blanks, brackets, width and case."""
    text = unicodedata.normalize("NFKC", text_of(cell))
    return re.sub(r"[\s_*：:]", "", _BRACKETS.sub("", text)).lower()


def text_of(cell: Any) -> str:
    """A cell as text; a number that is whole without its decimal point."""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return "" if cell is None else str(cell).strip()
