"""A filled form as a page that looks like the paper, for the screen and for A4."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jinja2 import Environment, FileSystemLoader, Template
from markupsafe import Markup, escape

if TYPE_CHECKING:
    from .form import Form

_BLANK = re.compile(r"\{([^}]+)\}")


@lru_cache(1)
def _template() -> Template:
    folder = Path(__file__).with_name("templates")
    loader = FileSystemLoader(folder)
    return Environment(loader=loader, autoescape=True, trim_blocks=True).get_template("form.html")


def render(form: Form, values: Mapping[str, Any], watermark: str | None) -> str:
    """Self-contained HTML; every value is escaped. `values` by key, canonical."""
    written = {f.key: _written(f.type, values.get(f.key, "")) for f in form.fields}
    parts = [
        {
            "heading": part["heading"],
            "subheading": part.get("subheading", ""),
            "lines": [_line(line, written) for line in part["lines"]],
        }
        for part in form.layout
    ]
    extra = [(f.label, written[f.key]) for f in form.fields if not f.printed and written[f.key]]
    return _template().render(title=form.title, parts=parts, extra=extra, watermark=watermark)


def _written(kind: str, value: object) -> str:
    text = str(value)
    if kind == "date" and re.fullmatch(r"\d{4}-\d\d-\d\d", text):
        year, month, day = text.split("-")
        return f"{year} 年 {int(month)} 月 {int(day)} 日"
    return text


def _line(line: str, written: Mapping[str, str]) -> dict[str, object]:
    """`>` right-aligned, `@label` a text box of its own, `{key}` a blank to fill."""
    if line.startswith("@"):
        return {"kind": "box", "label": line[1:], "text": written[line[1:]]}
    kind, text = ("right", line[1:]) if line.startswith(">") else ("line", line)
    out, at = Markup(""), 0
    for found in _BLANK.finditer(text):
        out += escape(text[at : found.start()])
        out += Markup('<span class="blank">{}</span>').format(written[found[1]] or "\u3000\u3000")
        at = found.end()
    return {"kind": kind, "text": out + escape(text[at:])}
