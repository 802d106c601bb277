"""Texts in two languages as the definitions hold them: "中文 / English" in one string."""

from __future__ import annotations

import re
from typing import NamedTuple

_CHINESE = re.compile(r"[㐀-鿿豈-﫿\U00020000-\U0003ffff]")
_SEPARATOR = re.compile(r"\s*/\s+|\s+/\s*")
# Where no slash parts them: 中文句号。English.
_SENTENCE = re.compile(r"(?<=[。！？）])\s*(?=[A-Z$(])")


class Text(NamedTuple):
    """Either may be empty, but not both unless there is no text at all."""

    zh: str
    en: str

    def __bool__(self) -> bool:
        return bool(self.zh or self.en)

    @property
    def first(self) -> str:
        """Chinese where there is any."""
        return self.zh or self.en

    @property
    def both(self) -> str:
        """For a title or an attribute, which has no markup."""
        return f"{self.zh} / {self.en}" if self.zh and self.en else self.first


NONE = Text("", "")


def has_chinese(text: str) -> bool:
    return _CHINESE.search(text) is not None


def parse_text(text: str | None) -> Text:
    """The Chinese and the English part; a text in one language is that one alone.

    A slash within a language does not part: the first one after which no Chinese follows does.
    """
    text = (text or "").strip()
    if not has_chinese(text):
        return Text("", text)
    for pattern in (_SEPARATOR, _SENTENCE):
        for found in pattern.finditer(text):
            left, right = text[: found.start()].strip(), text[found.end() :].strip()
            if left and right and has_chinese(left) and not has_chinese(right):
                return Text(left, right)
    return _last_resort(text)


def _last_resort(text: str) -> Text:
    """English that quotes a Chinese word: parted where Latin begins after the slash."""
    for found in _SEPARATOR.finditer(text):
        left, right = text[: found.start()].strip(), text[found.end() :].strip()
        if has_chinese(left) and re.match(r"[A-Z][a-z]|[a-z]+ [a-z]", right):
            return Text(left, right)
    return Text(text, "")
