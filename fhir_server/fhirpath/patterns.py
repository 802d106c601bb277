"""Regular expressions that profiles may bring, refused where they could run for ever.

Python's `re` backtracks. A loop may hold more than a run of single characters only if every next
character decides what matches it (the pattern is "one-unambiguous"), as in `[a-z]+(\\.[a-z]+)*`;
`(a+)+` and `(a|aa)*` are refused. Runs in sequence, `.*x.*y`, cost a power of the text's length;
the text may be as long as MAX_STEPS allows.
"""

from __future__ import annotations

import re
import string
from functools import lru_cache
from typing import Any, NamedTuple, TypeAlias

from .errors import FhirPathError

MAX_PATTERN = 2_000  # characters
MAX_STEPS = 300_000_000  # about two seconds at worst
MANY = 10  # a loop of at most so many rounds is no loop

Chars: TypeAlias = frozenset[str]
_PROBES = [*map(chr, range(128)), "é", "Ω", "中", "\u3000", "𝄞"]
_NOTHING: Chars = frozenset()
_LOOPS = ("MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT")
_parser: Any = vars(re)["_parser"]


class Pattern(NamedTuple):
    """`degree`: the matching time grows at most as this power of the text's length."""

    match: re.Pattern[str]
    degree: int


@lru_cache(512)
def compile_pattern(text: str) -> Pattern:
    """Errors: FhirPathError for a pattern that is wrong, too long or too costly."""
    if len(text) > MAX_PATTERN:
        raise FhirPathError(f"a pattern has at most {MAX_PATTERN} characters")
    try:
        compiled = re.compile(text, re.DOTALL)
        tree = list(_parser.parse(text, re.DOTALL))
    except (re.error, OverflowError, RecursionError):
        raise FhirPathError("this is no pattern that we can match") from None
    check = _Check([*_PROBES, *(c for c in text if c not in string.printable)])
    loops = check.count_loops(tree)
    anchored = bool(tree) and str(tree[0][0]) == "AT"
    return Pattern(compiled, max(1, loops if anchored else loops + 1))


def search(text: str, pattern: str, *, full: bool = False) -> bool:
    """Does the pattern match somewhere, or the whole text? Errors: FhirPathError."""
    found = guarded(text, pattern)
    return (found.fullmatch(text) if full else found.search(text)) is not None


def guarded(text: str, pattern: str) -> re.Pattern[str]:
    """The compiled pattern, if it is safe on a text of this length. Errors: FhirPathError."""
    found = compile_pattern(pattern)
    if len(text) ** found.degree > MAX_STEPS:
        raise FhirPathError("the text is too long for this pattern")
    return found.match


class _Check:
    """Walks the tree of Python's own parser. Shape: [(operation, argument), …]."""

    def __init__(self, probes: list[str]) -> None:
        self._probes = probes

    def count_loops(self, sequence: Any) -> int:
        """Loops in sequence, each checked. Errors: FhirPathError for an ambiguous one."""
        total = 0
        for operation, argument in sequence:
            name = str(operation)
            if name in _LOOPS:
                total += self._count_loop(*argument)
            elif name == "SUBPATTERN":
                total += self.count_loops(argument[3])
            elif name == "BRANCH":
                total += max((self.count_loops(b) for b in argument[1]), default=0)
            elif name in ("ASSERT", "ASSERT_NOT"):
                total += self.count_loops(argument[1])
            elif name == "ATOMIC_GROUP":
                total += self.count_loops(argument)
            elif name.startswith("GROUPREF"):
                total += 1
        return total

    def _count_loop(self, least: int, most: int, body: Any) -> int:
        if int(most) <= MANY:
            return self.count_loops(body) * max(1, int(most))
        single = self._single(body)
        if single is None and not self._clear(body, self._first(body)):
            raise FhirPathError("the pattern has a loop within a loop that could run for ever")
        return 1

    def _single(self, body: Any) -> Chars | None:
        """The characters of a body that matches exactly one; None for another."""
        items = list(body)
        if len(items) != 1:
            return None
        operation, argument = items[0]
        if str(operation) == "SUBPATTERN":
            return self._single(argument[3])
        return self._chars(str(operation), argument)

    def _chars(self, name: str, argument: Any) -> Chars | None:
        if name == "LITERAL":
            return frozenset(chr(argument))
        if name == "NOT_LITERAL":
            return frozenset(c for c in self._probes if ord(c) != argument)
        if name == "ANY":
            return frozenset(self._probes)
        if name == "IN":
            return frozenset(c for c in self._probes if _in_class(c, argument))
        return None

    def _first(self, sequence: Any) -> Chars:
        """The characters a match may begin with."""
        out = _NOTHING
        for operation, argument in sequence:
            name = str(operation)
            chars = self._chars(name, argument)
            if chars is not None:
                return out | chars
            if name in _LOOPS:
                out |= self._first(argument[2])
                if argument[0] == 0:
                    continue
                return out
            if name == "SUBPATTERN":
                return out | self._first(argument[3])
            if name == "BRANCH":
                return out.union(*(self._first(b) for b in argument[1]))
        return out

    def _clear(self, sequence: Any, follow: Chars) -> bool:
        """Does each next character decide, when `follow` may come after the sequence?"""
        for operation, argument in reversed(list(sequence)):
            name = str(operation)
            chars = self._chars(name, argument)
            if chars is not None:
                follow = chars
            elif name in _LOOPS:
                least, most, body = argument
                first = self._first(body)
                inner = follow | first if most > 1 else follow
                if first & follow or not first:
                    return False
                if self._single(body) is None and not self._clear(body, inner):
                    return False
                follow = first | follow if least == 0 else first
            elif name == "SUBPATTERN":
                if not self._clear(argument[3], follow):
                    return False
                follow = self._first(argument[3])
            elif name == "BRANCH":
                if not self._clear_branches(argument[1], follow):
                    return False
                follow = _NOTHING.union(*(self._first(b) for b in argument[1]))
            elif name != "AT":
                return False
        return True

    def _clear_branches(self, branches: Any, follow: Chars) -> bool:
        seen = _NOTHING
        for each in branches:
            first = self._first(each)
            if not first or first & seen or not self._clear(each, follow):
                return False
            seen |= first
        return True


def _in_class(char: str, items: Any) -> bool:
    found, negate = False, False
    for operation, argument in items:
        name = str(operation)
        if name == "NEGATE":
            negate = True
        elif name == "LITERAL":
            found |= ord(char) == argument
        elif name == "RANGE":
            found |= argument[0] <= ord(char) <= argument[1]
        elif name == "CATEGORY":
            found |= _in_category(char, str(argument))
    return found is not negate


def _in_category(char: str, name: str) -> bool:
    kind = name.removeprefix("CATEGORY_").removeprefix("NOT_")
    letter = {"DIGIT": r"\d", "SPACE": r"\s", "WORD": r"\w"}[kind]
    return (re.match(letter, char) is not None) is not ("NOT_" in name)
