"""Documents say what the code says."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

from tools.build_settings_table import TARGET, table

ROOT = Path(__file__).parent.parent


def test_the_table_of_settings_is_current() -> None:
    assert TARGET.read_text("utf-8") == table()


def test_every_dependency_is_explained() -> None:
    data = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    wanted = list(data["project"]["dependencies"])
    for group in data["dependency-groups"].values():
        wanted += [each for each in group if isinstance(each, str)]
    names = {re.match(r"[\w.-]+", each)[0].lower() for each in wanted}  # type: ignore[index]
    text = (ROOT / "docs" / "dependencies.md").read_text("utf-8")
    listed = set(re.findall(r"^\| ([a-z][\w.-]+) \|", text, re.MULTILINE)) - {"package"}
    assert listed == names


def test_links_between_documents_lead_somewhere() -> None:
    pages = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]
    broken = [
        f"{page.name}: {target}"
        for page in pages
        for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", page.read_text("utf-8"))
        if not (page.parent / target).exists()
    ]
    assert pages
    assert not broken


def test_named_tests_exist() -> None:
    for page in ("coverage.md", "faults.md"):
        text = (ROOT / "docs" / page).read_text("utf-8")
        names = set(re.findall(r"`((?:\w+/)?test_\w+\.py)`", text))
        assert names
        known = {str(p.relative_to(ROOT / "tests")) for p in (ROOT / "tests").rglob("test_*.py")}
        known |= {Path(each).name for each in known}
        assert names <= known, names - known


def test_locked_versions_agree() -> None:
    def versions(name: str) -> dict[str, str]:
        text = (ROOT / name).read_text("utf-8")
        return dict(re.findall(r"^([\w.-]+)==([\w.]+)", text, re.MULTILINE))

    run, dev = versions("requirements.lock"), versions("requirements-dev.lock")
    assert run
    assert {name: dev.get(name) for name in run} == run


def test_no_address_of_a_registry_is_written_down() -> None:
    for name in ("requirements.lock", "requirements-dev.lock", "pyproject.toml", "Makefile"):
        text = (ROOT / name).read_text("utf-8")
        assert "index-url" not in text.replace("--no-emit-index-url", "")
        assert not re.search(r"https?://\S*(pypi|simple)", text)
