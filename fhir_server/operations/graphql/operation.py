"""The operation: what a client sends, and errors as GraphQL has them."""

from __future__ import annotations

from typing import Any

import msgspec
from graphql import GraphQLError

from ...errors import FhirError
from ...exchange import Call, Reply
from ...exchange.call import Json
from ...exchange.operation import ANY, In, Operation, Values
from ...exchange.outcomes import outcome
from ...exchange.reading import live
from ...model.json import encode
from .check import Refused, read_query
from .connections import message
from .run import Runner
from .scopes import QUERY, Scopes

JSON = "application/json"


async def graphql(call: Call, values: Values) -> Reply:
    """`{"data": …}` or `{"errors": …}`, as application/json.

    The query comes in the address, as application/graphql, as JSON with `query`, `variables` and
    `operationName`, or in a Parameters resource. A query that cannot be run answers 400; one that
    fails while it runs answers 200 with errors, as GraphQL over HTTP does.

    Spec: http://hl7.org/fhir/R4/graphql.html
    Errors: parameter-missing, parameter-value, read-unknown, read-deleted; those of GraphQL.
    """
    text, variables, name = _request(call, values)
    root, value = QUERY, {}
    if call.id:
        current = await call.service.store.current(call.resource_type, call.id)
        found = live(current, call.resource_type)
        root, value = call.resource_type, found.resource
    scopes = Scopes(call.service.definitions)
    try:
        query = read_query(scopes, root, text, variables, name)
    except Refused as refused:
        errors: list[Any] = [each.formatted for each in refused.errors]
        return _answer(400, {"errors": errors})
    try:
        data = await Runner(call, scopes, query).run(root, value)
    except GraphQLError as error:
        return _answer(200, {"errors": [error.formatted], "data": None})
    except FhirError as error:
        if error.status >= 500:
            raise
        # R4: the outcome of the search that failed is told in the extensions.
        extensions = {"code": error.code, "resource": outcome(error.issues)}
        errors = [{"message": message(error), "extensions": extensions}]
        return _answer(200, {"errors": errors, "data": None})
    return _answer(200, {"data": data})


def _answer(status: int, body: Json) -> Reply:
    return Reply(status, encode(body), media_type=JSON)


def _request(call: Call, values: Values) -> tuple[str, dict[str, Any], str]:
    """Errors: parameter-missing, parameter-value, structure-*."""
    query, name = values.one("query"), values.one("operationName", "")
    variables: Any = values.one("variables")
    body = call.resource
    if body is not None and body.get("resourceType") == "Parameters":
        issues = call.service.structure.check(body, "Parameters")
        if issues:
            raise FhirError.of(issues)
        given = {p.get("name"): p.get("valueString") for p in body.get("parameter", ())}
        body = {k: v for k, v in given.items() if v is not None}
    if body is not None:
        query, name = body.get("query", query), body.get("operationName") or name
        variables = body.get("variables", variables)
    if type(variables) is str:
        try:
            variables = msgspec.json.decode(variables)
        except msgspec.DecodeError:
            variables = False
    if variables is not None and type(variables) is not dict:
        raise FhirError("parameter-value", name="variables", expected="JSON object")
    if query is None:
        raise FhirError("parameter-missing", name="query")
    if type(query) is not str or type(name) is not str:
        raise FhirError("parameter-value", name="query, operationName", expected="string")
    return query, variables or {}, name


OPERATION = Operation(
    code="graphql",
    definition="http://hl7.org/fhir/OperationDefinition/Resource-graphql",
    resource_types=(ANY,),
    levels=("system", "instance"),
    run=graphql,
    parameters={
        "query": In("string", "GraphQL"),
        "variables": In("string", "JSON"),
        "operationName": In("string", "要执行的查询 / the query to run"),
    },
    description=("GraphQL 查询", "GraphQL queries"),
    raw=True,
)
