"""The index of words: a filter as a query of FTS5 that says what terminology/matching.py says.

Chinese is indexed by pairs of characters, and the last one alone: 高血压 as 高血, 血压, 压. A run
of characters is then a phrase of pairs, a single one the beginning of a pair; neither can reach
across what separates two runs. The initials of syllables are indexed likewise.
"""

from __future__ import annotations

from collections.abc import Iterable

from ...model.syllables import readings, runs
from ...model.text import fold
from ..matching import TextFilter, Word, initials_of, plain

_BREAK = "—"  # a word that nobody searches for


def pairs(run: str) -> list[str]:
    return [run[i : i + 2] for i in range(len(run))]


def indexed(code: str, texts: Iterable[str]) -> tuple[str, str, str, str]:
    """The columns of a concept: code, words, syllables, initials."""
    words: list[str] = []
    syllables: list[str] = []
    initials: list[str] = []
    for text in dict.fromkeys(texts):
        for chinese, run in runs(fold(text)):
            words += pairs(run) if chinese else [run]
        for each in readings(text):
            syllables += [*each, _BREAK]
            initials += pairs(initials_of(each))
    return plain(code), " ".join(words), " ".join(syllables), " ".join(initials)


def query_of(text: TextFilter) -> str:
    """The MATCH expression; "" where everything fits."""
    return " AND ".join(f"({_word(word)})" for word in text.words)


def _word(word: Word) -> str:
    ways = [f'code : "{word.code}" *'] if word.code else []
    parts = [
        _pairs("words", run) if chinese else f'words : "{run}" *' for chinese, run in word.parts
    ]
    ways.append("(" + " AND ".join(parts) + ")")
    if word.initials:
        ways.append(_pairs("initials", word.initials))
        # A single letter begins a syllable where it is its initial.
        cuts = [way for way in word.cuts if way != (word.initials[:1],)]
        ways += [f'syllables : "{" ".join(way)}" *' for way in cuts]
    return " OR ".join(ways)


def _pairs(column: str, run: str) -> str:
    """A run anywhere in a column that is indexed by pairs."""
    if len(run) == 1:
        return f'{column} : "{run}" *'
    return f'{column} : "{" ".join(pairs(run)[:-1])}"'
