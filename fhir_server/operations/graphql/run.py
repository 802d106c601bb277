"""A checked query run over the resources."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator
from typing import Any

from graphql import (
    FieldNode,
    FragmentSpreadNode,
    GraphQLError,
    InlineFragmentNode,
    SelectionSetNode,
    Undefined,
)
from graphql.utilities import value_from_ast_untyped

from ... import fhirpath
from ...exchange import Call
from ...exchange.call import Json
from ...model.references import parse_reference
from ...storage.base import Stored
from .check import Query
from .connections import search
from .scopes import ANY, QUERY, Field, Scopes
from .shape import Node

MAX_RESOURCES = 3000  # read for one query
MAX_VALUES = 200_000  # fields of the answer
SECONDS = 10.0
BREATH = 500  # objects between two breaks, in which other requests are served

Selected = tuple[FieldNode, Field]


class Runner:
    """Runs one query. Errors of `run`: GraphQLError; FhirError of the searches."""

    def __init__(self, call: Call, scopes: Scopes, query: Query) -> None:
        self.call, self.scopes, self.query = call, scopes, query
        self._known: dict[tuple[str, str], Json | None] = {}
        self._read = self._values = self._objects = 0
        self._deadline = time.monotonic() + SECONDS

    async def run(self, root: str, value: Json) -> Json:
        node = Node()
        await self._object(self.query.operation.selection_set, root, value, node, "", False)
        return node.result()

    async def _object(
        self,
        selections: SelectionSetNode,
        scope: str,
        value: Json,
        into: Node,
        suffix: str,
        inherited: bool,
    ) -> None:
        """`inherited`: a list was flattened above, so that fields become lists."""
        self._objects += 1
        if self._objects % BREATH == 0:
            await asyncio.sleep(0)
        if time.monotonic() > self._deadline:
            raise GraphQLError(f"The query takes longer than {SECONDS:.0f} seconds.")
        own = value.get("resourceType") if scope == ANY else None
        scope = own or scope
        for node, found in self._fields(selections, scope):
            await self._field(node, found, scope, value, into, suffix, inherited)

    def _fields(self, selections: SelectionSetNode, scope: str) -> Iterator[Selected]:
        """The fields of a selection on an object of this type, fragments put in."""
        for each in selections.selections:
            if not self._included(each):
                continue
            if isinstance(each, FieldNode):
                name = each.name.value
                found = self.scopes.field(scope, name)
                if name == "__typename":
                    found = Field(name, "typename")
                if found is not None:
                    yield each, found
            elif isinstance(each, FragmentSpreadNode):
                fragment = self.query.fragments[each.name.value]
                if self._applies(fragment.type_condition.name.value, scope):
                    yield from self._fields(fragment.selection_set, scope)
            elif isinstance(each, InlineFragmentNode):
                condition = each.type_condition
                if condition is None or self._applies(condition.name.value, scope):
                    yield from self._fields(each.selection_set, scope)

    def _applies(self, condition: str, scope: str) -> bool:
        return condition == scope or self.scopes.is_a(scope, condition)

    def _included(self, node: Any) -> bool:
        skip, include = self._directive(node, "skip"), self._directive(node, "include")
        return not (skip and skip.get("if")) and (include is None or bool(include.get("if")))

    def _directive(self, node: Any, name: str) -> dict[str, Any] | None:
        for each in node.directives or ():
            if each.name.value == name:
                return self._arguments(each)
        return None

    def _arguments(self, node: Any) -> dict[str, Any]:
        variables = self.query.variables
        found = {
            each.name.value: value_from_ast_untyped(each.value, variables)
            for each in node.arguments or ()
        }
        # An argument whose variable has no value is as if it were not there.
        return {k: v for k, v in found.items() if v is not None and v is not Undefined}

    async def _field(
        self,
        node: FieldNode,
        found: Field,
        scope: str,
        value: Json,
        into: Node,
        suffix: str,
        inherited: bool,
    ) -> None:
        values = await self._values_of(node, found, scope, value)
        if self._directive(node, "first") is not None:
            values = values[:1]
        flatten = self._directive(node, "flatten") is not None
        single = self._directive(node, "singleton") is not None
        cut = self._directive(node, "slice")
        name = node.alias.value if node.alias else node.name.value
        many = (found.many or inherited) and not single
        if node.selection_set is not None:
            await self._ahead(node.selection_set, found.scope, values)
        for i, each in enumerate(values):
            self._values += 1
            if self._values > MAX_VALUES:
                raise GraphQLError(f"The answer has more than {MAX_VALUES} values.")
            own = suffix + (_slice(str(cut.get("path", "")), each, i, found.scope) if cut else "")
            if node.selection_set is None:
                into.push(name + own, each, many=many, at=node)
            elif flatten:
                below = inherited or (found.many and cut is None)
                await self._object(node.selection_set, found.scope, each, into, own, below)
            else:
                child = Node()
                await self._object(node.selection_set, found.scope, each, child, "", False)
                into.push(name + own, child, many=many, at=node)

    async def _values_of(self, node: FieldNode, found: Field, scope: str, value: Json) -> list[Any]:
        """The values of a field that are there, filtered by its arguments."""
        if found.kind == "typename":
            return [scope.replace(":", "_").replace(".", "_")]
        arguments = self._arguments(node)
        if found.kind == "read":
            return await self._resource(found.scope, str(arguments.get("id")), node, optional=False)
        if found.kind == "resource":
            return await self._referred(value, arguments, node)
        if found.kind in ("list", "connection"):
            of = None if scope == QUERY else value
            answer, number = await search(self.call, found, arguments, of)
            self._count(number)
            return answer
        each = value.get(found.name)
        if each is None:
            return []
        if not found.many:
            return [each]
        present = [one for one in each if one is not None]
        return filtered(present, arguments, found.scope, node)

    async def _referred(self, value: Json, arguments: dict[str, Any], node: FieldNode) -> list[Any]:
        """The resource a Reference names. Spec: graphql.html, "Reading references"."""
        wanted, optional = arguments.get("type"), arguments.get("optional") is True
        text = value.get("reference")
        target = parse_reference(text, self.call.base) if text else None
        if target is None or not target.id:
            if optional or not text:
                return []
            raise GraphQLError("A reference to a resource that is not on this server.", node)
        if wanted is not None and target.type != wanted:
            return []
        return await self._resource(target.type, target.id, node, optional=optional)

    async def _resource(self, type_: str, id: str, node: FieldNode, *, optional: bool) -> list[Any]:
        if (type_, id) not in self._known:
            await self._load([(type_, id)])
        found = self._known[(type_, id)]
        if found is None and not optional:
            raise GraphQLError(f"There is no such {type_}.", node)
        return [] if found is None else [found]

    async def _load(self, keys: list[tuple[str, str]]) -> None:
        self._known.update(dict.fromkeys(keys))
        found: list[Stored] = await self.call.service.store.many(keys)
        self._count(len(found))
        for each in found:
            self._known[(each.resource_type, each.id)] = each.resource

    def _count(self, number: int) -> None:
        self._read += number
        if self._read > MAX_RESOURCES:
            raise GraphQLError(f"The query reads more than {MAX_RESOURCES} resources.")

    async def _ahead(self, selections: SelectionSetNode, scope: str, values: list[Any]) -> None:
        """Read at once what the references of all these objects name, not one by one."""
        if len(values) < 2:
            return
        wanted: dict[tuple[str, str], None] = {}
        for each in values:
            own = each.get("resourceType", scope) if type(each) is dict else scope
            for node, found in self._fields(selections, own):
                if found.scope == "Reference" and type(each) is dict and _resolves(node):
                    some = each.get(found.name) or ()
                    for reference in some if found.many else [some]:
                        text = reference.get("reference") if reference else None
                        target = parse_reference(text, self.call.base) if text else None
                        if target is not None and target.id:
                            wanted[(target.type, target.id)] = None
        missing = [k for k in wanted if k not in self._known]
        if missing:
            await self._load(missing)


def _resolves(node: FieldNode) -> bool:
    inside = node.selection_set.selections if node.selection_set else ()
    return any(isinstance(each, FieldNode) and each.name.value == "resource" for each in inside)


def filtered(
    values: list[Any], arguments: dict[str, Any], scope: str, node: FieldNode
) -> list[Any]:
    """Those whose elements have the values asked for. Spec: graphql.html, "Lists"."""
    for name, wanted in arguments.items():
        if name not in ("fhirpath", "_count", "_offset"):
            values = [v for v in values if _text(v.get(name)) == _text(wanted)]
    expression = arguments.get("fhirpath")
    if expression is not None:
        try:
            compiled = fhirpath.compile(str(expression), scope or None)
            values = [v for v in values if compiled.test(v) is True]
        except fhirpath.FhirPathError:
            raise GraphQLError("The argument 'fhirpath' is not a valid condition.", node) from None
    start, count = arguments.get("_offset", 0), arguments.get("_count")
    for each in (start, 0 if count is None else count):
        if type(each) is not int or each < 0:
            raise GraphQLError("'_count' and '_offset' are whole numbers from 0.", node)
    return values[start:] if count is None else values[start : start + count]


def _text(value: Any) -> str:
    if value is True or value is False:
        return "true" if value else "false"
    return str(value)


def _slice(path: str, value: Any, index: int, scope: str) -> str:
    """What @slice appends to the names below. Errors: GraphQLError."""
    if path == "$index":
        return f".{index}"
    try:
        found = fhirpath.compile(path, scope or None).evaluate(value)
    except fhirpath.FhirPathError:
        raise GraphQLError("The path of @slice is not valid FHIRPath.") from None
    return "." + _text(found[0].raw) if found else ""
