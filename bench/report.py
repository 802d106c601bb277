"""Where the figures go: each benchmark has a section of its own in docs/performance.md."""

from __future__ import annotations

import os
import platform
from datetime import UTC, datetime
from pathlib import Path

PAGE = Path(__file__).parent.parent / "docs" / "performance.md"


def machine() -> str:
    """When and on what, as the first words of a section."""
    day = datetime.now(UTC).date().isoformat()
    python = platform.python_version()
    return f"Measured on {day}: {platform.machine()}, {os.cpu_count()} cores, Python {python}"


def put(name: str, text: str, *, title: str) -> None:
    """Replace what stands between the marks of a section; a new one goes to the end."""
    PAGE.write_text(replaced(PAGE.read_text("utf-8"), name, text, title=title), "utf-8")


def replaced(page: str, name: str, text: str, *, title: str) -> str:
    """The page with the section, everything else as it was."""
    begin, end = f"<!-- {name} -->", f"<!-- end of {name} -->"
    section = f"{begin}\n\n{text.strip()}\n\n{end}"
    before, found, rest = page.partition(begin)
    if not found:
        return f"{page.rstrip()}\n\n## {title}\n\n{section}\n"
    _, closed, after = rest.partition(end)
    return before + section + (after if closed else "\n")
