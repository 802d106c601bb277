"""$lookup: what a code system says of a code."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ..errors import FhirError
from ..exchange import Call, Reply
from ..exchange.call import Json
from ..exchange.operation import In, Operation, Values
from ..terminology.systems import Concept, System
from ..terminology.validating import display_of, speaks
from .terms import DATE, LANGUAGE, canonical, codings_of, date_of, no_code

# Properties that are parameters of their own in the answer.
NAMED = frozenset({"url", "name", "version", "display", "designation"})
MAX_CHILDREN = 500


async def lookup(call: Call, values: Values) -> Reply:
    """Display, designations and properties of one code; of the properties only those asked for.

    Spec: http://hl7.org/fhir/R4/codesystem-operation-lookup.html
    Errors: terminology-parameters, code-system-unknown, code-unknown, code-not-here.
    """
    coding = codings_of(values)[0]
    url, version = coding.get("system", ""), coding.get("version", "")
    if not url or not coding.get("code"):
        raise FhirError("terminology-parameters", expected="code + system | coding")
    version = version or canonical(values, "system", "version")[1]
    system = await call.service.terminology.code_system(url, version, date_of(values))
    if system is None or not len(system):
        raise FhirError("code-system-unknown", "system")
    concept = system.get(str(coding["code"]))
    if concept is None:
        raise no_code(system)
    return Reply.of(200, _answer(system, concept, values))


def _answer(system: System, concept: Concept, values: Values) -> Json:
    wanted = set(values.all("property"))
    header = system.header
    language = values.one("displayLanguage", "")
    display = display_of(system, concept, language) or concept.code
    name = header.get("title") or header.get("name") or system.url
    rows: list[Json] = [{"name": "name", "valueString": name}]
    if system.version:
        rows.append({"name": "version", "valueString": system.version})
    rows.append({"name": "display", "valueString": display})
    rows += _designations(concept, wanted)
    rows += [{"name": "property", "part": parts} for parts in _properties(system, concept, wanted)]
    return {"resourceType": "Parameters", "parameter": rows}


def _designations(concept: Concept, wanted: set[str]) -> Iterator[Json]:
    languages = [w.removeprefix("lang.") for w in wanted if w.startswith("lang.")]
    every = not wanted or "designation" in wanted
    for each in concept.designations:
        if not every and not any(speaks(each.get("language"), code) for code in languages):
            continue
        parts: list[Json] = []
        if "language" in each:
            parts.append({"name": "language", "valueCode": each["language"]})
        if "use" in each:
            parts.append({"name": "use", "valueCoding": each["use"]})
        parts.append({"name": "value", "valueString": each.get("value", "")})
        yield {"name": "designation", "part": parts}


def _properties(system: System, concept: Concept, wanted: set[str]) -> Iterator[list[Json]]:
    """Shape of each: the parts code, value and perhaps description."""

    def asked(name: str) -> bool:
        return not wanted or name in wanted

    definition = concept.raw.get("definition")
    if definition and asked("definition"):
        yield _property("definition", "valueString", definition)
    if asked("inactive") and concept.inactive and "inactive" not in concept.properties:
        yield _property("inactive", "valueBoolean", True)
    for each in concept.raw.get("property", ()):
        code = each.get("code", "")
        if asked(code) and code not in ("parent", "child"):
            key = next((k for k in each if k.startswith("value")), "")
            if key:
                yield _property(code, key, each[key], _told(system, key, each[key]))
    for name, found in (("parent", system.parents), ("child", system.children)):
        if asked(name):
            for code in found(concept.code)[:MAX_CHILDREN]:
                other = system.get(code)
                yield _property(name, "valueCode", code, other.display if other else "")


def _told(system: System, key: str, value: Any) -> str:
    """The display of a code of the same system."""
    other = system.get(str(value)) if key == "valueCode" else None
    return other.display if other is not None else ""


def _property(code: str, key: str, value: Any, description: str = "") -> list[Json]:
    parts: list[Json] = [{"name": "code", "valueCode": code}, {"name": "value", key: value}]
    if description:
        parts.append({"name": "description", "valueString": description})
    return parts


OPERATION = Operation(
    code="lookup",
    definition="http://hl7.org/fhir/OperationDefinition/CodeSystem-lookup",
    resource_types=("CodeSystem",),
    levels=("type",),
    run=lookup,
    parameters={
        "code": In("code", "代码 / the code"),
        "system": In("uri", "代码系统 / the code system"),
        "version": In("string", "代码系统的版本 / the version of the code system"),
        "coding": In("Coding", "代码及其系统 / the code with its system"),
        "date": DATE,
        "displayLanguage": LANGUAGE,
        "property": In("code", "只要这些属性 / only these properties", many=True),
    },
    description=("查一个代码", "what a code system says of a code"),
)
