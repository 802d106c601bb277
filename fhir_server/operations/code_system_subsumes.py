"""$subsumes: how two codes of a code system relate."""

from __future__ import annotations

from ..errors import FhirError
from ..exchange import Call, Reply
from ..exchange.operation import In, Operation, Values
from ..terminology import System
from ..terminology.systems import relation
from .terms import canonical, known_system, no_code, parameters


async def subsumes(call: Call, values: Values) -> Reply:
    """equivalent, subsumes, subsumed-by or not-subsumed.

    Spec: http://hl7.org/fhir/R4/codesystem-operation-subsumes.html
    Errors: terminology-parameters, terminology-systems, code-system-unknown, code-unknown,
    code-not-here.
    """
    given = {side: _side(values, side) for side in ("A", "B")}
    stated = {system for system, _, _ in given.values() if system}
    named = canonical(values, "system")[0]
    if len(stated | ({named} if named else set())) > 1:
        raise FhirError("terminology-systems")
    if stated and not call.id:
        values.given["system"] = list(stated)
        versions = [version for _, version, _ in given.values() if version]
        values.given.setdefault("version", versions[:1])
    system = await known_system(call, values)
    if call.id and stated - {system.url}:
        raise FhirError("terminology-systems")
    a, b = (_known(system, code) for _, _, code in given.values())
    return Reply.of(200, parameters(("outcome", "valueCode", relation(system, a, b))))


def _side(values: Values, side: str) -> tuple[str, str, str]:
    """(system, version, code). Errors: terminology-parameters."""
    code, coding = values.one(f"code{side}"), values.one(f"coding{side}")
    found = coding.get("code") if coding is not None else code
    if (code is None) is (coding is None) or not found:
        expected = "codeA + codeB + system | codingA + codingB"
        raise FhirError("terminology-parameters", expected=expected)
    coding = coding or {}
    return str(coding.get("system", "")), str(coding.get("version", "")), str(found)


def _known(system: System, code: str) -> str:
    """The code as the system writes it; a group that is no concept, but has codes below it, counts.

    Errors: code-unknown, code-not-here.
    """
    found = system.get(code)
    if found is not None:
        return found.code
    if len(system.below(code)) > 1:
        return code
    raise no_code(system)


OPERATION = Operation(
    code="subsumes",
    definition="http://hl7.org/fhir/OperationDefinition/CodeSystem-subsumes",
    resource_types=("CodeSystem",),
    levels=("type", "instance"),
    run=subsumes,
    parameters={
        "codeA": In("code", "代码 A / the code A"),
        "codeB": In("code", "代码 B / the code B"),
        "system": In("uri", "代码系统 / the code system"),
        "version": In("string", "代码系统的版本 / the version of the code system"),
        "codingA": In("Coding", "代码 A 及其系统 / the code A with its system"),
        "codingB": In("Coding", "代码 B 及其系统 / the code B with its system"),
    },
    description=("两个代码的包含关系", "how two codes relate"),
)
