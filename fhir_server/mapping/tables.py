"""Filled forms as a table: labels in the first row, one row a form."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from decimal import Decimal
from typing import Any, TypeAlias

from ..errors import FhirError
from .converters import NUMERIC
from .form import Field, Form, spelling

MAX_ROWS = 10_000  # filled forms in one file
Row: TypeAlias = dict[str, Any]


def unreadable(zh: str, en: str) -> FhirError:
    return FhirError("form-file", reason=zh, reason_en=en)


def filled(cell: Any) -> bool:
    return cell is not None and not (isinstance(cell, str) and not cell.strip())


def is_label(cell: Any, form: Form) -> bool:
    if not isinstance(cell, str):
        return False
    plain = spelling(cell)
    return plain in form.names or plain in form.twice


def read_table(table: Sequence[Sequence[Any]], form: Form) -> list[Row]:
    """Errors: form-rows; form-file for a head without labels or a row longer than the head."""
    rows = [row for row in table if any(map(filled, row))]
    if not rows:
        return []
    if len(rows) > MAX_ROWS + 1:
        raise FhirError("form-rows", limit=MAX_ROWS)
    if not any(is_label(cell, form) for cell in rows[0]):
        raise unreadable(
            "第一行应为表单的栏目名称", "the first row must hold the labels of the form"
        )
    head = _head(rows[0], form)
    out = []
    for row in rows[1:]:
        if any(map(filled, row[len(head) :])):
            raise unreadable("某一行的列数多于表头", "a row has more columns than the head")
        pairs = [(name, cell) for name, cell in zip(head, row, strict=False) if filled(cell)]
        if not all(name for name, _ in pairs):
            raise unreadable("有内容的列没有表头", "a column with values has no label")
        out.append({name: in_type(name, cell, form) for name, cell in pairs})
    return out


def _head(cells: Sequence[Any], form: Form) -> list[str]:
    """The key of each column. A label that is printed for several fields may stand once for each,
    in the order of the paper."""
    names = [str(cell).strip() if filled(cell) else "" for cell in cells]
    count = Counter(spelling(name) for name in names)
    seen: Counter[str] = Counter()
    for i, name in enumerate(names):
        plain = spelling(name)
        fields = form.twice.get(plain, ())
        if not name or count[plain] == 1:
            continue
        if count[plain] != len(fields):
            raise unreadable(f"表头“{name[:40]}”重复", f"the label “{name[:40]}” is there twice")
        names[i] = fields[seen[plain]].key
        seen[plain] += 1
    return names


def in_type(name: str, cell: Any, form: Form) -> Any:
    """A cell of a sheet as the field wants it: a number in a text box is text there."""
    found: Field | None = form.names.get(spelling(name))
    if found is None or found.type in NUMERIC or isinstance(cell, bool):
        return cell
    if isinstance(cell, float):
        return f"{Decimal(repr(cell)):f}"
    return str(cell) if isinstance(cell, int) else cell
