"""Parameters of their own kind: near, `_text` and `_content`, `_list` and `_in`.

Spec: http://hl7.org/fhir/R4/location.html#positional, http://hl7.org/fhir/R4/search.html#content,
http://hl7.org/fhir/R4/search.html#list
"""

from __future__ import annotations

import re
from decimal import Decimal

from ..errors import FhirError
from ..model.ids import is_id
from ..storage.plan import AnyOf, Clause, Has, Ids, Match, Near, Test
from .limits import over
from .measures import as_float, scale, to_base
from .text import split, unescape
from .words import words

NEAR = "latitude|longitude|distance|units (39.9|116.4|10|km)"
DISTANCE = Decimal(50)  # where none is given, in the unit that is
MAX_WORDS = 50
_NUMBER = re.compile(r"[+-]?\d{1,20}(\.\d{0,20})?").fullmatch
# What people write for a UCUM code.
_UNITS = {
    "": "km", "kms": "km", "mi": "[mi_i]", "mile": "[mi_i]", "miles": "[mi_i]", "ft": "[ft_i]",
    "yd": "[yd_i]", "in": "[in_i]", "nmi": "[nmi_i]", "mi_us": "[mi_us]",
}  # fmt: skip
_NAUTICAL = {"[nmi_i]": Decimal(1852), "[mi_us]": Decimal("1609.347219")}
MEMBERS = {"Group": "member", "List": "item", "CareTeam": "participant"}
TEXT = 'words, with AND, OR, NOT, (…) and "…"'


def near(code: str, value: str) -> Near:
    """Within a distance; 50 km where none is given. Errors: search-value."""
    parts = [unescape(p).strip() for p in split(value, "|")]
    if not 2 <= len(parts) <= 4:
        raise FhirError("search-value", code, expected=NEAR)
    latitude, longitude, distance = (
        _decimal(code, parts[n]) if n < len(parts) and parts[n] else DISTANCE for n in range(3)
    )
    if not (parts[0] and parts[1] and abs(latitude) <= 90 and abs(longitude) <= 180):
        raise FhirError("search-value", code, expected=NEAR)
    unit = parts[3] if len(parts) == 4 else ""
    metres = _metres(code, distance, _UNITS.get(unit, unit))
    return Near(code, as_float(latitude), as_float(longitude), metres)


def _decimal(code: str, text: str) -> Decimal:
    if not _NUMBER(text):
        raise FhirError("search-value", code, expected=NEAR)
    return Decimal(text)


def _metres(code: str, distance: Decimal, unit: str) -> float:
    if unit in _NAUTICAL:
        return as_float(distance * _NAUTICAL[unit])
    by = scale(unit)
    if by.base != "m" or distance < 0:
        raise FhirError("search-value", code, expected=NEAR)
    return to_base(distance, by)


def search_text(code: str, value: str) -> Clause:
    """Words or phrases, all of which must occur; `OR`, `NOT`, parentheses and quotes work.

    Errors: search-value, search-limit.
    """
    tokens = re.findall(r'[()]|"[^"]*"|[^\s()"]+', unescape(value))
    if len(tokens) > MAX_WORDS:
        raise over("words", MAX_WORDS, code)
    parser = _Words(code, tokens)
    found = parser.any_of()
    if parser.at < len(tokens):
        raise FhirError("search-value", code, expected=TEXT)
    return found


class _Words:
    """Descends through the tokens. `OR` binds least, then `AND` or a blank, then `NOT`."""

    def __init__(self, code: str, tokens: list[str]) -> None:
        self.code, self.tokens, self.at = code, tokens, 0

    def _next(self) -> str:
        return self.tokens[self.at] if self.at < len(self.tokens) else ""

    def any_of(self) -> Clause:
        groups = [self._all_of()]
        while self._next().upper() == "OR":
            self.at += 1
            groups.append(self._all_of())
        return groups[0][0] if groups == [groups[0][:1]] else AnyOf(tuple(groups))

    def _all_of(self) -> tuple[Clause, ...]:
        out = [self._one()]
        while self._next() not in ("", ")") and self._next().upper() != "OR":
            if self._next().upper() == "AND":
                self.at += 1
            out.append(self._one())
        return tuple(out)

    def _one(self) -> Clause:
        word = self._next()
        self.at += 1
        if word == "(":
            inner = self.any_of()
            if self._next() != ")":
                raise FhirError("search-value", self.code, expected=TEXT)
            self.at += 1
            return inner
        negate = word.upper() == "NOT"
        if negate:
            word = self._next()
            self.at += 1
        phrase = words(word)
        if not phrase or word.upper() in ("AND", "OR", "NOT"):
            raise FhirError("search-value", self.code, expected=TEXT)
        return Match(self.code, "text", ((Test("words", "within", " ".join(phrase)),),), negate)


def membership(code: str, value: str) -> Clause:
    """`_list=42`, `_in=Group/42`: in a List, a Group or a CareTeam. Errors: search-value."""
    text = unescape(value)
    source, _, id = text.rpartition("/")
    sources = ("List",) if code == "_list" else tuple(MEMBERS)
    if source:
        sources = tuple(s for s in sources if s == source)
    if not sources or not is_id(id):
        expected = "id of a List" if code == "_list" else "Group/id, List/id, CareTeam/id"
        raise FhirError("search-value", code, expected=expected)
    found: list[Clause] = [Has(s, MEMBERS[s], (Ids((id,)),)) for s in sources]
    return found[0] if len(found) == 1 else AnyOf(tuple((c,) for c in found))
