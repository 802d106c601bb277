"""Write docs/settings.md from the declarations in fhir_server/settings.py."""

from __future__ import annotations

from pathlib import Path

from fhir_server.settings import Settings

TARGET = Path(__file__).parent.parent / "docs" / "settings.md"
HEAD = """# Settings

Environment variables, read at the start. `HOST` and `PORT` also work without the prefix. A wrong
value ends the start with exit code 2 and says which setting it is. Made by
`tools/build_settings_table.py` from `fhir_server/settings.py`.

| variable | default | meaning |
|---|---|---|
"""


def table() -> str:
    rows = []
    for name, field in Settings.model_fields.items():
        default = f"`{field.default}`" if str(field.default) else "(empty)"
        rows.append(f"| `FHIR_SERVER_{name.upper()}` | {default} | {field.description} |")
    return HEAD + "\n".join(rows) + "\n"


if __name__ == "__main__":
    TARGET.write_text(table(), "utf-8")
