"""Filters of a value set as conditions on the tables of a code system.

Spec: http://hl7.org/fhir/R4/valueset-filter-operator.html
"""

from __future__ import annotations

from typing import Any

from ...errors import FhirError
from ..systems import OPERATORS, UP, matches
from .schema import UNLISTED

_ID = "(SELECT id FROM concept_{n} WHERE code = ?)"


class Conditions:
    """All hold, of the row `c` of the concepts.

    `few`: other conditions leave few rows, each of which is looked at by itself; otherwise the
    codes below a concept are listed.
    """

    def __init__(self, n: int, *, few: bool = False) -> None:
        self._n, self._few = n, few
        self._held = [f"c.flags < {UNLISTED}"]
        self.values: list[Any] = []

    @property
    def text(self) -> str:
        return " AND ".join(self._held)

    @property
    def bare(self) -> bool:
        """Is every concept wanted?"""
        return len(self._held) == 1

    def add(self, text: str, *values: Any) -> None:
        self._held.append(text)
        self.values += values

    def filter(self, name: str, operator: str, value: str) -> None:
        """Errors: terminology-filter."""
        n = self._n
        id = _ID.format(n=n)
        below = f"c.id IN (SELECT below FROM above_{n} WHERE above = {id})"
        if self._few:
            below = f"EXISTS (SELECT 1 FROM above_{n} WHERE above = {id} AND below = c.id)"
        if operator == "is-a":
            self.add(below, value)
        elif operator == "descendent-of":
            self.add(f"{below} AND c.id <> {id}", value, value)
        elif operator == "is-not-a":
            self.add(f"NOT {below}", value)
        elif operator == "generalizes":
            self.add(f"c.id IN (SELECT above FROM above_{n} WHERE below = {id})", value)
        elif operator in ("=", "in", "not-in"):
            listed = [value] if operator == "=" else [v.strip() for v in value.split(",")]
            self._one_of(name, listed, "NOT " if operator == "not-in" else "")
        elif operator == "exists":
            self._exists(name, "" if value == "true" else "NOT ")
        elif operator == "regex":
            matches("", value)  # refused here, not within the database
            self._any(name, "matches({}, ?)", [value], "")
        else:
            raise FhirError("terminology-filter", expected=" ".join(OPERATORS))

    def _one_of(self, name: str, listed: list[str], negate: str) -> None:
        marks = ", ".join("?" * len(listed))
        self._any(name, f"{{}} IN ({marks})", listed, negate)

    def _exists(self, name: str, negate: str) -> None:
        self._any(name, "true", [], negate)

    def _any(self, name: str, test: str, values: list[str], negate: str) -> None:
        """Does a test hold of some value of a property? `{}` in the test is the value."""
        n = self._n
        found = [f"c.id IN (SELECT id FROM property_{n} WHERE name = ? AND {test.format('value')})"]
        given: list[str] = [name, *values]
        exact = "c.code COLLATE BINARY"
        if name in ("code", "concept"):
            found.append(test.format(exact))
            given += values
        elif name == "display":
            found.append(test.format("c.display"))
            given += values
        elif name in UP or name == "child":
            wanted, own = ("parent", "child") if name in UP else ("child", "parent")
            other = test.format("o.code COLLATE BINARY")
            found.append(
                f"c.id IN (SELECT e.{own} FROM edge_{n} e JOIN concept_{n} o ON o.id = e.{wanted}"
                f" WHERE {other})"
            )
            given += values
        self.add(f"{negate}({' OR '.join(found)})", *given)
