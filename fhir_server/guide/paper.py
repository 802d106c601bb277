"""A paper form as a picture of its boxes: where each label stands. Shape of lines: docs/forms.md"""

from __future__ import annotations

import re
from typing import Any

from markupsafe import Markup, escape

from ..mapping import Field, Form

_BLANK = re.compile(r"\{([^}]+)\}")


def paper(form: Form) -> list[dict[str, Any]]:
    """Parts of the form: {"heading", "subheading", "lines": [(kind, content)]}; a line is of the
    kind line, right or box."""
    fields = {field.key: field for field in form.fields}
    return [
        {
            "heading": part["heading"],
            "subheading": part.get("subheading", ""),
            "lines": [_line(line, fields) for line in part["lines"]],
        }
        for part in form.layout
    ]


def _line(line: str, fields: dict[str, Field]) -> tuple[str, Markup]:
    if line.startswith("@"):
        key = line[1:]
        return "box", escape(f"{key}：") + _blank(fields.get(key), key)
    kind, text = ("right", line[1:]) if line.startswith(">") else ("line", line)
    out, at = Markup(""), 0
    for found in _BLANK.finditer(text):
        out += escape(text[at : found.start()]) + _blank(fields.get(found[1]), found[1])
        at = found.end()
    return kind, out + escape(text[at:])


def _blank(field: Field | None, key: str) -> Markup:
    if field is None:
        return Markup('<span class="blank">{}</span>').format(key)
    return Markup('<a class="blank" href="#box-{}-{}" title="{}">{}</a>').format(
        field.part, field.box, field.label, field.box
    )
