"""ValueSet/$validate-code: is a code in a value set?"""

from __future__ import annotations

from ..errors import FhirError, Issue
from ..exchange import Call, Reply
from ..exchange.operation import In, Operation, Values
from ..terminology.validating import Checker, Verdict
from .terms import CODED, URL, asked_of, codings_of, parameters, value_set_of


async def validate_code(call: Call, values: Values) -> Reply:
    """true where the code is in the value set and its display fits.

    Of a CodeableConcept one coding will do. A code that cannot be judged is an error (422).

    Spec: http://hl7.org/fhir/R4/valueset-operation-validate-code.html
    Errors: terminology-*, value-set-*, code-system-unknown, read-unknown, read-deleted.
    """
    in_context = values.one("context") is not None
    codings = codings_of(values, version="systemVersion", bare=in_context)
    value_set = await value_set_of(call, values)
    if in_context and codings and "system" not in codings[0]:
        codings = [{**codings[0], "system": await _only_system(call, value_set, codings[0])}]
    checker = Checker(call.service.terminology, asked_of(values))
    try:
        return Reply.of(200, answer(await best(checker, value_set, codings)))
    except FhirError as error:
        if error.code == "terminology-unknown":
            raise FhirError("value-set-import", "ValueSet.compose") from None
        raise


async def best(
    checker: Checker, value_set: dict[str, object], codings: list[dict[str, object]]
) -> Verdict:
    """The first right one; otherwise the error where one cannot be judged, or the first wrong."""
    found: list[Verdict] = []
    doubt: FhirError | None = None
    for coding in codings:
        if not coding.get("code"):
            continue
        try:
            verdict = await checker.in_set(value_set, coding)
        except FhirError as error:
            if error.code not in ("code-system-unknown", "terminology-incomplete"):
                raise
            doubt = doubt or error
            continue
        if verdict.result:
            return verdict
        found.append(verdict)
    if doubt is not None:
        raise doubt
    return found[0] if found else Verdict(False, said=[Issue("term-no-code")])


async def _only_system(call: Call, value_set: dict[str, object], coding: dict[str, object]) -> str:
    """The one code system of a value set that has this code. Errors: terminology-parameters."""
    expansion = await call.service.terminology.expand(value_set)
    systems = {system for system, code in expansion if code == coding.get("code")}
    if len(systems) > 1:
        raise FhirError("terminology-parameters", expected="code + system")
    return next(iter(systems), "")


def answer(verdict: Verdict) -> dict[str, object]:
    return parameters(
        ("result", "valueBoolean", verdict.result),
        ("message", "valueString", verdict.message),
        ("display", "valueString", verdict.display),
    )


OPERATION = Operation(
    code="validate-code",
    definition="http://hl7.org/fhir/OperationDefinition/ValueSet-validate-code",
    resource_types=("ValueSet",),
    levels=("type", "instance"),
    run=validate_code,
    parameters={
        "url": URL,
        "context": In("uri", "[profile]#[元素路径] / [profile]#[path of the element]"),
        "valueSet": In("Resource", "随请求给出的值集 / a value set sent along"),
        "valueSetVersion": In("string", "值集的版本 / the version of the value set"),
        "system": In("uri", "代码系统 / the code system"),
        "systemVersion": In("string", "其版本 / its version"),
        **CODED,
    },
    description=("代码是否在值集中", "is a code in a value set?"),
)
