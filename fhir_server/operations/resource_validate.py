"""$validate: a resource against R4, the profiles that it claims, and those asked for."""

from __future__ import annotations

from typing import Any

from ..errors import FhirError, Issue, define
from ..exchange import Call, Reply
from ..exchange.operation import ANY, In, Operation, Values
from ..exchange.outcomes import information, row_of
from ..exchange.reading import live
from ..model.json import encode
from ..validation import ValidationIssue
from ..validation.positions import XmlPositions, locate_json

Json = dict[str, Any]
MODES = ("create", "update", "delete", "profile")
_MESSAGE_ID = "http://hl7.org/fhir/StructureDefinition/operationoutcome-message-id"
_SOURCE = "http://hl7.org/fhir/StructureDefinition/operationoutcome-issue-source"

define(
    "validate-nothing", "required", 400,
    "没有要校验的资源：请在请求体或 Parameters 的 resource 参数中给出",
    "nothing to validate: send a resource as the body, or as the parameter resource",
)  # fmt: skip
define(
    "validate-mode", "value", 400,
    "mode 应为 {expected} 之一", "mode must be one of {expected}",
)  # fmt: skip
define(
    "validate-id", "required", 422,
    "{expected} 模式下资源应有 id", "with mode {expected} the resource must have an id",
)  # fmt: skip
define(
    "validate-no-id", "structure", 422,
    "create 模式下不使用 id，服务器会另给",
    "with mode create the id is not used: the server makes one",
)  # fmt: skip


async def validate(call: Call, values: Values) -> Reply:
    """All issues as an OperationOutcome; 200 whether the resource is valid or not.

    The resource is the body, the parameter `resource`, or what is stored under the id. Line and
    column are those of the body.

    Spec: http://hl7.org/fhir/R4/resource-operation-validate.html
    Errors: validate-nothing, validate-mode, type-mismatch, read-unknown, read-deleted.
    """
    resource, prefix = await _resource(call)
    given = _given(call, values)
    mode = given["mode"][0] if given["mode"] else ""
    if mode and mode not in MODES:
        raise FhirError("validate-mode", "mode", expected=" ".join(MODES))
    name = resource.get("resourceType")
    if call.resource_type and name != call.resource_type:
        raise FhirError("type-mismatch", "resourceType", expected=call.resource_type)
    if mode == "delete":
        return Reply(200, encode(_outcome([], call)))
    found = await call.service.profiles.validate(resource, given["profile"])
    rows = [_issue(each, call, prefix) for each in found] + _of_mode(resource, mode, call)
    if not any(each.severity == "error" for each in found):
        issues = call.service.upkeep.problems(resource, call.id)
        rows += [row_of(each, call.language) for each in issues]
    return Reply(200, encode(_outcome(rows, call)))


async def _resource(call: Call) -> tuple[Json, str]:
    """The resource, and where it stands in the body."""
    body = call.resource
    if body is not None and body.get("resourceType") == "Parameters" and _wraps(call, body):
        for i, each in enumerate(body["parameter"]):
            if type(each) is dict and each.get("name") == "resource":
                held = each.get("resource")
                if type(held) is dict:
                    return held, f"Parameters.parameter[{i}].resource"
        if not call.id:
            raise FhirError("validate-nothing")
        body = None
    if body is not None:
        return body, ""
    if call.id:
        current = await call.service.store.current(call.resource_type, call.id)
        return live(current, call.resource_type).resource, ""
    raise FhirError("validate-nothing")


def _wraps(call: Call, body: Json) -> bool:
    """Parameters of the operation, or a Parameters resource to be validated itself?"""
    held = body.get("parameter")
    names = [p.get("name") for p in held if type(p) is dict] if type(held) is list else []
    if "resource" in names:
        return True
    return bool(names) and set(names) <= {"mode", "profile"} and call.resource_type != "Parameters"


def _given(call: Call, values: Values) -> dict[str, list[str]]:
    """`mode` and `profile`, of the query and of the Parameters."""
    out = {name: [str(v) for v in values.all(name)] for name in ("mode", "profile")}
    body = call.resource
    if body is not None and body.get("resourceType") == "Parameters" and _wraps(call, body):
        for each in body["parameter"]:
            if type(each) is dict and each.get("name") in out:
                value = next((v for k, v in each.items() if k.startswith("value")), None)
                if type(value) is not str:
                    raise FhirError("parameter-value", name=each["name"], expected="uri | code")
                out[each["name"]].append(value)
    return out


def _of_mode(resource: Json, mode: str, call: Call) -> list[Json]:
    at = f"{resource.get('resourceType')}.id"
    if mode == "update" and not (resource.get("id") or call.id):
        return [row_of(Issue("validate-id", at, {"expected": mode}), call.language)]
    if mode == "create" and "id" in resource:
        return [row_of(Issue("validate-no-id", at, {}, "information"), call.language)]
    return []


def _issue(found: ValidationIssue, call: Call, prefix: str) -> Json:
    row = row_of(found.issue, call.language)
    extension = [{"url": _MESSAGE_ID, "valueString": found.message_id}]
    if found.profile:
        extension.append({"url": _SOURCE, "valueString": found.profile})
    if found.constraint:
        system = found.profile.partition("|")[0] or "http://hl7.org/fhir/R4"
        row["details"]["coding"].append({"system": system, "code": found.constraint})
    out: Json = {"extension": extension, **row}
    place = _place(found.expression, call, prefix)
    if place:
        out["location"] = [place]
    return out


def _place(expression: str, call: Call, prefix: str) -> str:
    """`Line[4] Column[13]`, the form that the reference validator uses."""
    if not call.text:
        return ""
    _, dot, rest = expression.partition(".")
    whole = f"{prefix}{dot}{rest}" if prefix else expression
    if call.text.lstrip()[:1] == b"<":
        found = XmlPositions(call.text).locate(whole)
    else:
        found = locate_json(call.text.decode("utf-8-sig", "replace"), whole)
    return f"Line[{found.line}] Column[{found.column}]" if found is not None else ""


def _outcome(rows: list[Json], call: Call) -> Json:
    if rows:
        return {"resourceType": "OperationOutcome", "issue": rows}
    return information("informational", "没有问题", "no issues", call.language)


OPERATION = Operation(
    code="validate",
    definition="http://hl7.org/fhir/OperationDefinition/Resource-validate",
    resource_types=(ANY,),
    levels=("system", "type", "instance"),
    run=validate,
    parameters={
        "resource": In("Resource", "要校验的资源 / the resource to validate"),
        "mode": In("code", "create | update | delete | profile"),
        "profile": In("uri", "另须符合的 profile / a further profile", many=True),
    },
    description=("按 R4 和 profile 校验资源", "validate a resource against R4 and profiles"),
    raw=True,
)
