"""How an operation declares itself; routes, capabilities and documents read the declaration."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from hmac import compare_digest

from ..errors import FhirError, define
from .call import Call, Handler, Reply, Service
from .parameters import In, Values, read_values

define(
    "admin-required",
    "forbidden",
    403,
    "此操作仅限管理员：请求须带管理员令牌（Authorization: Bearer 或 X-Admin-Token）",
    "for an administrator only: send the administrator's token (Authorization: Bearer, or"
    " X-Admin-Token)",
)

Run = Callable[[Call, Values], Awaitable[Reply]]
LEVELS = {1: "system", 2: "type", 3: "instance", 5: "version"}
ANY = "Resource"  # in `resource_types`: every type


@dataclass(frozen=True)
class Operation:
    """Spec: http://hl7.org/fhir/R4/operations.html

    Shape: `levels` out of "system", "type", "instance", "version" (of an instance); `parameters`
    name → In; `description` is Chinese, English. `search`: the search parameters of this type are
    parameters of the operation too. `admin`: only with the administrator's token, and unknown where
    none is set. `raw`: the body of a POST is no FHIR resource and the operation reads it itself.
    """

    code: str
    definition: str
    resource_types: tuple[str, ...]
    levels: tuple[str, ...]
    run: Run
    affects_state: bool = False
    parameters: Mapping[str, In] = field(default_factory=dict)
    description: tuple[str, str] = ("", "")
    search: str = ""
    admin: bool = False
    raw: bool = False

    @property
    def methods(self) -> tuple[str, ...]:
        """Spec: http://hl7.org/fhir/R4/operations.html#request"""
        return ("POST",) if self.affects_state else ("GET", "HEAD", "POST")

    def handler(self) -> Handler:
        async def handle(call: Call) -> Reply:
            if self.admin:
                check_admin(call)
            return await self.run(call, read_values(self, call))

        return handle


# Filled by the package `operations`, once, when it is imported.
OPERATIONS: list[Operation] = []


def operations_of(service: Service, resource_type: str, level: str) -> list[Operation]:
    return [
        o
        for o in OPERATIONS
        if level in o.levels
        and (level == "system" or resource_type in o.resource_types or ANY in o.resource_types)
        and (not o.admin or service.admin_token)
    ]


def find_operation(method: str, path: Sequence[str], call: Call) -> Handler:
    """`$code`, `Type/$code`, `Type/id/$code`, `Type/id/_history/version/$code`.

    Errors: route-unknown, type-unknown, operation-unknown, method-unsupported.
    """
    level = LEVELS.get(len(path), "")
    if not level or (level == "version" and path[2] != "_history"):
        raise FhirError("route-unknown")
    if level != "system":
        call.resource_type = path[0]
        if not call.service.definitions.is_resource(path[0]):
            raise FhirError("type-unknown")
    if level in ("instance", "version"):
        call.id = path[1]
    if level == "version":
        call.version = path[3]
    known = operations_of(call.service, call.resource_type, level)
    for each in known:
        if "$" + each.code == path[-1]:
            if method not in each.methods:
                error = FhirError("method-unsupported", expected=", ".join(each.methods))
                error.headers["Allow"] = ", ".join(each.methods)
                raise error
            return each.handler()
    raise FhirError("operation-unknown", expected=", ".join("$" + o.code for o in known) or "-")


def check_admin(call: Call) -> None:
    """Errors: admin-required."""
    wanted = call.service.admin_token
    # Compared as bytes in constant time, so that an answer's time tells nothing about the token.
    if not wanted or not compare_digest(call.credential.encode(), wanted.encode()):
        raise FhirError("admin-required")


__all__ = ["ANY", "OPERATIONS", "In", "Operation", "Values", "find_operation", "operations_of"]
