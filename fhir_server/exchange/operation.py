"""How an operation declares itself; routes, capabilities and documents read the declaration."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from ..errors import FhirError
from .call import Call, Handler


@dataclass(frozen=True)
class Operation:
    """Spec: http://hl7.org/fhir/R4/operations.html

    Shape: `levels` out of "system", "type", "instance"; `parameters` name → type of the in
    parameters; `description` is Chinese, English.
    """

    code: str
    definition: str
    resource_types: tuple[str, ...]
    levels: tuple[str, ...]
    run: Handler
    affects_state: bool = False
    parameters: Mapping[str, str] = field(default_factory=dict)
    description: tuple[str, str] = ("", "")


# Filled by the package `operations`, once, when it is imported.
OPERATIONS: list[Operation] = []


def operations_of(resource_type: str, level: str) -> list[Operation]:
    return [
        o
        for o in OPERATIONS
        if level in o.levels and (level == "system" or resource_type in o.resource_types)
    ]


def find_operation(method: str, path: Sequence[str], call: Call) -> Handler:
    """`$code`, `Type/$code`, `Type/id/$code`. Errors: operation-unknown, method-unsupported."""
    levels = {1: "system", 2: "type", 3: "instance"}
    if len(path) not in levels:
        raise FhirError("route-unknown")
    level = levels[len(path)]
    if level != "system":
        call.resource_type = path[0]
        if not call.service.definitions.is_resource(path[0]):
            raise FhirError("type-unknown")
    if level == "instance":
        call.id = path[1]
    known = operations_of(call.resource_type, level)
    for each in known:
        if "$" + each.code == path[-1]:
            methods = ("POST",) if each.affects_state else ("GET", "HEAD", "POST")
            if method not in methods:
                raise FhirError("method-unsupported", expected=", ".join(methods))
            return each.run
    raise FhirError("operation-unknown", expected=", ".join("$" + o.code for o in known) or "-")
