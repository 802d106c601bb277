"""A benchmark writes its own section of docs/performance.md and nothing else of it."""

from __future__ import annotations

import pytest

from bench.report import PAGE, replaced

HEAD = "# Performance\n\nwhat counts\n"


def put(page: str, name: str, text: str) -> str:
    return replaced(page, name, text, title=f"About {name}")


@pytest.mark.parametrize("order", [("a", "b"), ("b", "a")])
def test_each_section_outlives_the_others(order: tuple[str, str]) -> None:
    page = HEAD
    for name in order:
        page = put(page, name, f"old {name}")
    page = put(page, "a", "new a")
    assert page.startswith(HEAD.rstrip())
    assert "old b" in page
    assert "new a" in page
    assert "old a" not in page
    assert page.count("## About a") == page.count("## About b") == 1


def test_the_same_figures_again_change_nothing() -> None:
    page = put(put(HEAD, "a", "1"), "b", "2")
    assert put(page, "a", "1") == page


def test_the_page_keeps_what_stands_around_its_figures() -> None:
    page = PAGE.read_text("utf-8")
    later = put(page, "more", "text that comes later")
    again = put(later, "figures", "other figures")
    assert "text that comes later" in again
    assert again.split("<!-- figures -->")[0] == page.split("<!-- figures -->")[0]
