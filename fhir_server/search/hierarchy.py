"""`:above` and `:below` on references that make a hierarchy of their own type.

Spec: http://hl7.org/fhir/R4/search.html#recursive
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..errors import FhirError
from ..model.ids import is_id
from ..model.references import parse_reference
from ..storage.plan import AnyOf, Chain, Clause, Has, Ids, Match, Test
from .parameters import Searched
from .text import unescape

if TYPE_CHECKING:
    from .clauses import Clauses

# The reference parameter that leads from a resource to the one above it.
PARTS = {
    "Location": "partof",
    "Organization": "partof",
    "Encounter": "part-of",
    "Procedure": "part-of",
    "Task": "part-of",
}
MAX_LEVELS = 8


def types(parameter: Searched) -> tuple[str, ...]:
    """The types of its targets that make a hierarchy."""
    return tuple(t for t in parameter.targets if t in PARTS)


def clause(clauses: Clauses, parameter: Searched, modifier: str, value: str) -> Clause:
    """The named resource itself, and MAX_LEVELS above or below it. Errors: search-value."""
    text = unescape(value)
    possible = types(parameter)
    if is_id(text) and len(possible) == 1:
        target, id = possible[0], text
    else:
        found = parse_reference(text, clauses.base_url)
        if found is None or found.type not in possible:
            expected = ", ".join(f"{t}/id" for t in possible)
            raise FhirError("search-value", parameter.code, expected=expected)
        target, id = found.type, found.id
    here: Clause = Ids((id,))
    step: Clause = here
    for _ in range(MAX_LEVELS):
        if modifier == "below":
            further: Clause = Chain(PARTS[target], target, (step,))
        else:
            further = Has(target, PARTS[target], (step,))
        step = AnyOf(((here,), (further,)))
    row = (Test("id", "=", id), Test("url", "=", ""), Test("type", "=", target))
    itself = Match(parameter.code, "reference", (row,))
    return AnyOf(((itself,), (Chain(parameter.code, target, (step,)),)))
