"""The answer as it grows: fields that collect values, flattened or not.

Spec: http://hl7.org/fhir/R4/graphql.html, "Flattening the output"
"""

from __future__ import annotations

from typing import Any

from graphql import FieldNode, GraphQLError


class Node:
    """One object of the answer. A field without a value is left out."""

    def __init__(self) -> None:
        self._fields: dict[str, tuple[bool, list[Any]]] = {}

    def push(self, name: str, value: Any, *, many: bool, at: FieldNode) -> None:
        """Errors: GraphQLError where a second value comes to a field that holds one."""
        known, values = self._fields.setdefault(name, (many, []))
        if values and not (known and many):
            raise GraphQLError(f"Field '{name}' has more than one value.", at)
        values.append(value)

    def result(self) -> dict[str, Any]:
        return {
            name: _plain(values) if many else _plain(values[0])
            for name, (many, values) in self._fields.items()
        }


def _plain(value: Any) -> Any:
    if type(value) is Node:
        return value.result()
    return [_plain(each) for each in value] if type(value) is list else value
