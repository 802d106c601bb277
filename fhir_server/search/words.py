"""Text as words, for `_text` and `_content`.

Each Chinese (Japanese, Korean) character is a word of its own, so that a word inside a sentence is
found as its characters next to each other; other letters and digits make words by runs.

Spec: http://hl7.org/fhir/R4/search.html#content
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from typing import Any

from ..model.text import fold

MAX_TEXT = 200_000  # characters of a resource whose words are kept
# Runs of letters and digits, but each ideograph, kana and hangul syllable alone.
_CJK = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003ffff"
_WORD = re.compile(rf"[{_CJK}]|[^\W_{_CJK}]+")
_TAG = re.compile(r"<[^>]*>")
# What is no text: addresses, codes of systems, bytes.
_SKIPPED = frozenset(
    {"resourceType", "id", "reference", "system", "url", "profile", "data", "div", "hash",
     "contentType", "versionId", "lastUpdated", "fullUrl", "source"}
)  # fmt: skip


def words(text: str) -> list[str]:
    return _WORD.findall(fold(text))


def joined(parts: list[str]) -> str:
    """As an entry of kind text: blanks between words and at both ends; "" without any."""
    found = [word for part in parts for word in words(part)]
    return f" {' '.join(found)} " if found else ""


def narrative(resource: dict[str, Any]) -> str:
    """The text of the narrative. Tags part words: cells of a table do not run together."""
    text = resource.get("text")
    div = text.get("div") if type(text) is dict else None
    if type(div) is not str:
        return ""
    return html.unescape(_TAG.sub(" ", div[: 2 * MAX_TEXT]))


def strings(value: Any) -> Iterator[str]:
    """Every text inside a resource or an element, in order."""
    if type(value) is dict:
        for name, each in value.items():
            if name not in _SKIPPED:
                yield from strings(each)
    elif type(value) is list:
        for each in value:
            yield from strings(each)
    elif type(value) is str:
        yield value


def texts(resource: dict[str, Any]) -> list[tuple[str, str]]:
    """Entries of kind text: words of the narrative, and of all texts. See storage/base.py."""
    out = [("_text", joined([narrative(resource)])), ("_content", joined(content(resource)))]
    return [(code, words) for code, words in out if words]


def content(resource: dict[str, Any]) -> list[str]:
    """The narrative and every other text, up to MAX_TEXT characters."""
    out, left = [narrative(resource)[:MAX_TEXT]], MAX_TEXT
    for each in strings(resource):
        left -= len(each)
        if left < 0:
            break
        out.append(each)
    return out
