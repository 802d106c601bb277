"""The text filter of an expansion: which concepts fit what somebody has typed.

Every word must fit the code, the display or a designation. A word fits

- a code that begins with it, punctuation aside: `i10`, `I10.x`;
- a text in which it occurs, for Chinese: 血压 in 高血压; or in which a word begins with it, for
  other letters and numbers: `hyper` in Essential hypertension;
- the Pinyin of a text from any syllable on, the last one perhaps begun: `gaoxueya`, `xuey`; or
  the initials of its syllables: `gxy`.

Case, accents and width do not count. The index of the embedded file (file/words.py) says the same.

Spec: http://hl7.org/fhir/R4/valueset-operation-expand.html, parameter `filter`
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from ..model.syllables import cut, readings, runs
from ..model.text import fold

MAX_WORDS = 8
MAX_FILTER = 200  # characters


def plain(code: str) -> str:
    """A code without punctuation: "I10.x00" → "i10x00"."""
    return "".join(c for c in fold(code) if c.isalnum())


@dataclass(frozen=True, slots=True)
class Word:
    """One word of a filter. `parts` are its runs, Chinese or not; `cuts` its Pinyin syllables."""

    code: str
    parts: tuple[tuple[bool, str], ...]
    cuts: tuple[tuple[str, ...], ...]
    initials: str

    def fits(self, code: str, texts: Iterable[str]) -> bool:
        return bool(self.code and code.startswith(self.code)) or any(map(self._fits, texts))

    def _fits(self, text: str) -> bool:
        if self._occurs(text):
            return True
        if not self.initials:
            return False
        return any(self._reads(syllables) for syllables in readings(text))

    def _occurs(self, text: str) -> bool:
        words = _words(text)
        return all(
            any((run in w) if chinese else w.startswith(run) for c, w in words if c == chinese)
            for chinese, run in self.parts
        )

    def _reads(self, syllables: Sequence[str]) -> bool:
        if self.initials in initials_of(syllables):
            return True
        return any(_follows(syllables, way) for way in self.cuts)


def initials_of(syllables: Sequence[str]) -> str:
    """The first letters; of a number all of it: "2xtnb" for 2型糖尿病."""
    return "".join(s if s.isdecimal() else s[:1] for s in syllables)


@lru_cache(32768)
def _words(text: str) -> tuple[tuple[bool, str], ...]:
    return tuple(runs(fold(text)))


def _follows(syllables: Sequence[str], way: Sequence[str]) -> bool:
    """Do these syllables follow each other, the last one perhaps begun only?"""
    *whole, last = way
    size = len(whole)
    return any(
        list(syllables[at : at + size]) == whole and syllables[at + size].startswith(last)
        for at in range(len(syllables) - size)
    )


class TextFilter:
    """What has been typed, ready to be compared. Shape: `words` between blanks."""

    def __init__(self, text: str) -> None:
        self.text = fold(text[:MAX_FILTER])
        self.words = tuple(w for w in map(_word, self.text.split()[:MAX_WORDS]) if w is not None)

    def fits(self, code: str, texts: Sequence[str]) -> bool:
        """A filter without any letter or number fits everything."""
        bare = plain(code)
        return all(word.fits(bare, texts) for word in self.words)

    def rank(self, display: str) -> int:
        """What comes first: the very text, what begins with it, all else."""
        folded = fold(display)
        return 0 if folded == self.text else 1 if folded.startswith(self.text) else 2


def _word(word: str) -> Word | None:
    parts = tuple(runs(word))
    if not parts:
        return None
    typed = "".join(run for _, run in parts)
    latin = typed if typed.isascii() and not typed.isdecimal() else ""
    return Word(plain(word), parts, cut(latin) if latin else (), latin)


__all__ = ["TextFilter", "Word", "initials_of", "plain"]
