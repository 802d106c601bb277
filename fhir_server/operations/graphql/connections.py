"""Searches inside of a query: `PatientList`, `PatientConnection`, also from what they refer to."""

from __future__ import annotations

from typing import Any

from graphql import GraphQLError

from ...errors import FhirError
from ...exchange import Call
from ...exchange.call import Json
from ...exchange.searching import compile_search
from ...search import write_cursor
from .scopes import Field

DEFAULT_COUNT = 100


async def search(
    call: Call, found: Field, arguments: dict[str, Any], of: Json | None
) -> tuple[list[Any], int]:
    """The resources of a list, or the one connection; and how many were read.

    `of`: the resource that `_reference` names the parameter to. Errors: FhirError of the search,
    GraphQLError.
    """
    type_ = found.scope.removeprefix("Connection:")
    pairs = [(_name(name), text) for name, each in arguments.items() for text in _texts(name, each)]
    if of is not None:
        pairs = [p for p in pairs if p[0] != "_reference"]
        code = _name(str(arguments["_reference"]))
        parameter = call.service.registry.of(type_).get(code)
        if parameter is None or parameter.kind != "reference":
            raise GraphQLError(f"{type_} has no search parameter of this name for a reference.")
        pairs.append((code, f"{of['resourceType']}/{of.get('id', '')}"))
    if not any(name == "_count" for name, _ in pairs):
        pairs.append(("_count", str(DEFAULT_COUNT)))
    if found.kind == "connection":
        pairs = [(n, v) for n, v in pairs if n != "_total"] + [("_total", "accurate")]
    query = await compile_search(call.service, type_, pairs)
    page = await call.service.store.search(query.plan)
    resources = [each.resource for each in page.matches]
    if found.kind == "list":
        return resources, len(resources)
    connection: Json = {
        "count": page.total,
        "pagesize": query.plan.limit,
        "edges": [{"mode": "match", "resource": each} for each in resources],
    }
    if query.plan.after is None:
        connection["offset"] = 0
    if page.after is not None:
        connection["next"] = write_cursor(page.after)
    return [connection], len(resources)


def _name(name: str) -> str:
    """`general_practitioner` → `general-practitioner`; a leading _ belongs to the name."""
    return name[:1] + name[1:].replace("_", "-")


def _texts(name: str, value: Any) -> list[str]:
    """A list is the parameter given several times. Errors: GraphQLError."""
    out = []
    for each in value if type(value) is list else [value]:
        if type(each) is dict or each is None:
            raise GraphQLError(f"The argument '{name}' is a text, a number or a list of them.")
        out.append(("true" if each else "false") if type(each) is bool else str(each))
    return out


def message(error: FhirError) -> str:
    return "; ".join(issue.text("en") for issue in error.issues)
