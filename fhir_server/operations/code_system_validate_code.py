"""CodeSystem/$validate-code: is it a code of a code system?"""

from __future__ import annotations

from ..errors import FhirError, Issue
from ..exchange import Call, Reply
from ..exchange.operation import In, Operation, Values
from ..terminology.validating import Checker, Verdict
from .terms import CODED, URL, asked_of, codings_of, parameters, system_of


async def validate_code(call: Call, values: Values) -> Reply:
    """true where the code system has the code and its display fits.

    A code that is missing from a mere part of a code system may be right: true, and a hint.

    Spec: http://hl7.org/fhir/R4/codesystem-operation-validate-code.html
    Errors: terminology-*, code-system-unknown, read-unknown, read-deleted.
    """
    codings = codings_of(values, "url", bare=True)
    named = call.id or values.one("url") or values.one("codeSystem")
    if not named:
        if values.one("code") is not None:
            expected = "url | codeSystem | CodeSystem/[id] | coding"
            raise FhirError("terminology-parameters", expected=expected)
        verdicts = [await _own(call, values, coding) for coding in codings if "code" in coding]
    else:
        system, url = await system_of(call, values, "url")
        checker = Checker(call.service.terminology, asked_of(values))
        verdicts = []
        for coding in codings:
            if coding.get("system", url) != url:
                wrong = Issue("term-other-system", "", {"expected": url})
                verdicts.append(Verdict(False, said=[wrong]))
            elif "code" in coding:
                verdicts.append(await checker.in_system(system, url, coding))
    right = [v for v in verdicts if v.result]
    nothing = Verdict(False, said=[Issue("term-no-code")])
    found = (right or verdicts or [nothing])[0]
    return Reply.of(
        200,
        parameters(
            ("result", "valueBoolean", found.result),
            ("message", "valueString", found.message),
            ("display", "valueString", found.display),
        ),
    )


async def _own(call: Call, values: Values, coding: dict[str, str]) -> Verdict:
    """Of the code system that the coding names. Errors: terminology-parameters."""
    url = coding.get("system", "")
    if not url:
        raise FhirError("terminology-parameters", expected="url | coding.system")
    terminology, asked = call.service.terminology, asked_of(values)
    system = await terminology.code_system(url, coding.get("version", ""), asked.on)
    return await Checker(terminology, asked).in_system(system, url, coding)


OPERATION = Operation(
    code="validate-code",
    definition="http://hl7.org/fhir/OperationDefinition/CodeSystem-validate-code",
    resource_types=("CodeSystem",),
    levels=("type", "instance"),
    run=validate_code,
    parameters={
        "url": URL,
        "codeSystem": In("Resource", "随请求给出的代码系统 / a code system sent along"),
        "version": In("string", "代码系统的版本 / the version of the code system"),
        **CODED,
    },
    description=("代码是否属于代码系统", "is it a code of a code system?"),
)
