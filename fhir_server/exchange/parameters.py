"""The in parameters of an operation, from a query string, a form or a Parameters resource.

Spec: http://hl7.org/fhir/R4/operations.html#request and http://hl7.org/fhir/R4/parameters.html
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any

from ..errors import FhirError, define
from ..model.ids import is_id
from ..validation.primitives import CHECKS
from .call import Call, Json, Service

if TYPE_CHECKING:
    from .operation import Operation

define(
    "parameter-unknown",
    "not-supported",
    400,
    "操作 {operation} 没有此参数；可用：{expected}",
    "{operation} has no such parameter; available: {expected}",
)
define(
    "parameter-twice",
    "multiple-matches",
    400,
    "参数 {name} 只能出现一次",
    "the parameter {name} may occur only once",
)
define(
    "parameter-complex",
    "value",
    400,
    "参数 {name} 的类型为 {expected}，须用 POST 的 Parameters 给出",
    "the parameter {name} is of type {expected}: send it by POST in a Parameters resource",
)

# Handled at the edge; no operation sees them.
EDGE = frozenset({"_format", "_pretty", "_summary", "_elements"})
# Types whose JSON is alike: a value of one is read where another is declared, and checked as that.
_TEXT = ("string", "markdown", "code", "id", "uri", "url", "canonical", "oid", "uuid")
_TIME = ("date", "dateTime", "instant")
PARTS = "part"  # the type of a parameter that is made up of others: their list, as it came
_WHOLE = ("integer", "positiveInt", "unsignedInt")
FAMILIES = {name: family for family in (_TEXT, _TIME, _WHOLE) for name in family}


@dataclass(frozen=True)
class In:
    """One in parameter: its FHIR type, cardinality and meaning.

    `commas`: in a query string one value may list several. `document` is Chinese / English.
    """

    type: str
    document: str = ""
    many: bool = False
    required: bool = False
    commas: bool = False
    search_type: str = ""


@dataclass
class Values:
    """What a call gives, by name, each value of its declared type; `search` are search parameters
    in their order."""

    given: dict[str, list[Any]] = field(default_factory=dict)
    search: list[tuple[str, str]] = field(default_factory=list)

    def one(self, name: str, default: Any = None) -> Any:
        found = self.given.get(name)
        return found[0] if found else default

    def all(self, name: str) -> list[Any]:
        return self.given.get(name, [])


def read_values(operation: Operation, call: Call) -> Values:
    """Errors: parameter-unknown, -value, -twice, -complex, -missing; structure-*, type-*."""
    values = Values()
    reader = _Reader(operation, call, values)
    for name, text in call.pairs:
        reader.text(name, text)
    if call.resource is not None and not operation.raw:
        reader.body(call.resource)
    for name, each in operation.parameters.items():
        found = values.given.get(name, ())
        if each.required and not found:
            raise FhirError("parameter-missing", name=name)
        if len(found) > 1 and not each.many:
            raise FhirError("parameter-twice", name=name)
    return values


@dataclass
class _Reader:
    operation: Operation
    call: Call
    values: Values

    def text(self, name: str, text: str) -> None:
        """One pair of a query string or a form; an empty value says nothing."""
        if name in EDGE:
            return
        declared = self._declared(name)
        if declared is None:
            if self.operation.search and name not in self.operation.parameters:
                self.values.search.append((name, text))
            return
        for part in text.split(",") if declared.commas else [text]:
            if part:
                self._add(name, from_text(name, declared.type, part))

    def body(self, resource: Json) -> None:
        service = self.call.service
        resource_type = resource.get("resourceType")
        if resource_type is None:
            raise FhirError("type-missing")
        if resource_type != "Parameters":
            whole = [n for n, p in self.operation.parameters.items() if p.type == "Resource"]
            if len(whole) != 1:
                raise FhirError("type-mismatch", "resourceType", expected="Parameters")
            self._add(whole[0], resource)
            return
        issues = service.structure.check(resource, "Parameters")
        if issues:
            raise FhirError.of(issues)
        for each in resource.get("parameter", ()):
            self._parameter(each)

    def _parameter(self, each: Json) -> None:
        name = each["name"]
        if name in EDGE:
            return
        declared = self._declared(name)
        key, value = _value(each)
        if declared is not None and declared.type == PARTS:
            if "part" not in each:
                raise FhirError("parameter-value", name=name, expected="part")
            self._add(name, each["part"])
        elif declared is not None:
            self._add(name, from_json(self.call.service, name, declared.type, key, value))
        elif self.operation.search:
            if type(value) is not str:
                raise FhirError("parameter-value", name=name, expected="valueString")
            self.values.search.append((name, value))

    def _declared(self, name: str) -> In | None:
        """None for a search parameter, and where lenient handling ignores an unknown name."""
        known: Mapping[str, In] = self.operation.parameters
        found = known.get(name)
        if found is None and not self.operation.search and not self.call.lenient:
            code = "$" + self.operation.code
            raise FhirError("parameter-unknown", operation=code, expected=", ".join(known) or "-")
        return found

    def _add(self, name: str, value: Any) -> None:
        self.values.given.setdefault(name, []).append(value)


def _value(each: Json) -> tuple[str, Any]:
    """The property of a parameter that holds its value: `valueCode`, `resource`; or nothing."""
    for key, value in each.items():
        if key == "resource" or key.startswith("value"):
            return key, value
    return "", None


def from_text(name: str, wanted: str, text: str) -> Any:
    """A value of a query string. Errors: parameter-value, parameter-complex."""
    if wanted in ("Identifier", "Coding"):
        return _token("value" if wanted == "Identifier" else "code", text)
    if wanted == "Reference":
        return {"reference": text}
    check = CHECKS.get(wanted)
    if check is None:
        raise FhirError("parameter-complex", name=name, expected=wanted)
    value: Any = text
    try:
        if wanted == "boolean":
            value = {"true": True, "false": False}[text]
        elif wanted in _WHOLE:
            value = int(text) if text.isascii() and len(text) < 12 else None
        elif wanted == "decimal":
            value = Decimal(text)
        elif wanted in _TIME:
            value = text.replace(" ", "+")  # an unencoded + of a time zone arrives as a space
    except (KeyError, ValueError, InvalidOperation):
        value = None
    if not check(value):
        raise FhirError("parameter-value", name=name, expected=EXPECTED.get(wanted, wanted))
    return value


EXPECTED = {
    "boolean": "true, false",
    "date": "date (2026-11-20)",
    "dateTime": "dateTime (2026-11-20T08:00:00+08:00)",
    "instant": "instant (2026-11-20T08:00:00+08:00)",
}


def from_json(service: Service, name: str, wanted: str, key: str, value: Any) -> Any:
    """The value of a parameter of a Parameters resource, which is valid as its own type.

    Errors: parameter-value.
    """
    if wanted == "Resource" and key == "resource":
        return value
    family = FAMILIES.get(wanted, (wanted,))
    own = "value" + wanted[:1].upper() + wanted[1:]
    if key in {"value" + each[:1].upper() + each[1:] for each in family}:
        check = CHECKS.get(wanted)
        if check is None or check(value):
            return value
    elif key == "valueString" and wanted in ("Identifier", "Coding", "Reference"):
        return from_text(name, wanted, value)
    expected = "resource" if wanted == "Resource" else own
    raise FhirError("parameter-value", name=name, expected=expected)


def _token(code: str, text: str) -> Json:
    system, bar, value = text.rpartition("|")
    out = {"system": system, code: value} if bar and system else {code: value}
    return {k: v for k, v in out.items() if v}


def resource_id(name: str, text: str, resource_type: str) -> str:
    """`id` or `Type/id`. Errors: parameter-value."""
    id = text.removeprefix(resource_type + "/")
    if not is_id(id):
        raise FhirError("parameter-value", name=name, expected=f"id, {resource_type}/id")
    return id
