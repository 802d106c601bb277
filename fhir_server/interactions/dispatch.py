"""Which interaction a method and a path mean; for the HTTP edge and for the entries of Bundles.

Spec: http://hl7.org/fhir/R4/http.html#summary
"""

from __future__ import annotations

from collections.abc import Sequence

from ..errors import FhirError
from ..exchange import Call, Handler, Reply
from ..exchange.operation import find_operation
from ..exchange.subset import PARAMETERS, apply, read_wanted
from ..model.ids import is_id
from .capabilities import capabilities
from .create import create
from .delete import delete
from .history import history
from .patch import patch
from .read import read, vread
from .search import search
from .update import update

# By level and method. HEAD is GET; the edge leaves the body out.
CHANGES: dict[str, Handler] = {"PUT": update, "PATCH": patch, "DELETE": delete}
TYPE: dict[str, Handler] = {"GET": search, "HEAD": search, "POST": create, **CHANGES}
INSTANCE: dict[str, Handler] = {"GET": read, "HEAD": read, **CHANGES}
HISTORY: dict[str, Handler] = {"GET": history, "HEAD": history}
VERSION: dict[str, Handler] = {"GET": vread, "HEAD": vread}
# R4 has `_search` for POST; clients of servers that also take GET send that.
SEARCH: dict[str, Handler] = {"POST": search, "GET": search, "HEAD": search}
SYSTEM: dict[str, Handler] = {"GET": search, "HEAD": search}
# What stands directly under the base address, beside the types.
NAMED: dict[str, dict[str, Handler]] = {
    "_history": HISTORY,
    "_search": SEARCH,
    "metadata": {"GET": capabilities, "HEAD": capabilities},
}


def resolve(method: str, path: Sequence[str], call: Call) -> Handler:
    """Fill the call from the path and name its handler.

    Errors: route-unknown, type-unknown, method-unsupported, operation-unknown.
    """
    if path[-1].startswith("$"):
        return find_operation(method, path, call)
    if len(path) == 1 and path[0] in NAMED:
        return _pick(NAMED[path[0]], method)
    resource_type = path[0]
    if not call.service.definitions.is_resource(resource_type):
        raise FhirError("type-unknown" if resource_type[:1].isupper() else "route-unknown")
    call.resource_type = resource_type
    count = len(path)
    if count == 2:
        if path[1] == "_search":
            return _pick(SEARCH, method)
        if path[1] == "_history":
            return _pick(HISTORY, method)
        if path[1].startswith("_"):
            raise FhirError("route-unknown")
        call.id = path[1]
        return _pick(INSTANCE, method)
    if count == 1:
        return _pick(TYPE, method)
    if path[2] == "*" or call.service.definitions.is_resource(path[2]):
        return _compartment(method, path, call)
    call.id = path[1]
    if path[2] != "_history" or count > 4 or not is_id(path[1]):
        raise FhirError("route-unknown")
    if count == 3:
        return _pick(HISTORY, method)
    call.version = path[3]
    return _pick(VERSION, method)


def _compartment(method: str, path: Sequence[str], call: Call) -> Handler:
    """`Patient/1/Observation`, `Patient/1/*`, either maybe with `/_search`."""
    if path[0] not in call.service.definitions.compartments or not is_id(path[1]):
        raise FhirError("route-unknown")
    call.compartment = (path[0], path[1])
    call.resource_type = "" if path[2] == "*" else path[2]
    if len(path) == 3:
        return _pick(SYSTEM, method)
    if path[3:] != ["_search"]:
        raise FhirError("route-unknown")
    return _pick(SEARCH, method)


def _pick(table: dict[str, Handler], method: str) -> Handler:
    handler = table.get(method)
    if handler is None:
        error = FhirError("method-unsupported", expected=", ".join(table))
        error.headers["Allow"] = ", ".join(table)
        raise error
    return handler


async def dispatch(method: str, path: Sequence[str], call: Call) -> Reply:
    """Run one interaction or operation. Errors: as `resolve` and as the interaction."""
    handler = resolve(method, path, call) if path else _pick(SYSTEM, method)
    if not call.pairs or not any(name in PARAMETERS for name, _ in call.pairs):
        return await handler(call)
    if method not in ("GET", "HEAD") and path[-1] != "_search" and path[-1][0] != "$":
        return await handler(call)  # an answer to a write is what was written
    wanted = read_wanted(call)
    if wanted is None:
        return await handler(call)
    if wanted.summary == "count":
        return await _count(handler, call)
    return await apply(call, await handler(call), wanted)


async def _count(handler: Handler, call: Call) -> Reply:
    """Spec: http://hl7.org/fhir/R4/search.html#summary, "count". Errors: parameter-value."""
    if handler not in (search, history):
        raise FhirError("parameter-value", name="_summary", expected="true, text, data, false")
    call.pairs = [p for p in call.pairs if p[0] != "_count"] + [("_count", "0")]
    return await handler(call)
