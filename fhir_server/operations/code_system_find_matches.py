"""$find-matches: the codes that have given properties."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ..errors import FhirError
from ..exchange import Call, Reply
from ..exchange.call import Json
from ..exchange.operation import In, Operation, Values
from ..exchange.parameters import PARTS
from ..model.text import fold
from ..terminology import System
from ..terminology.matching import TextFilter
from ..terminology.systems import Selection, as_text
from .terms import known_system

MAX_MATCHES = 100
MAX_TEXTS = 1000  # codes whose names are compared
Property = tuple[str, Any, Json]  # code, value, the parts as they came


async def find_matches(call: Call, values: Values) -> Reply:
    """The codes that have all properties; where there is none, those that have most of them, with
    what is unmatched. `exact` false: names need only fit as a text filter, and there is a comment.

    Codes are never composed: `compositional` allows it and does not ask for it.

    Spec: http://hl7.org/fhir/R4/codesystem-operation-find-matches.html
    Errors: terminology-parameters, code-system-unknown, read-unknown.
    """
    wanted = [p for parts in values.all("property") for p in _properties(parts)]
    if not wanted:
        raise FhirError("parameter-missing", name="property")
    system = await known_system(call, values)
    exact = values.one("exact")
    found = [_having(system, name, value, exact) for name, value, _ in wanted]
    held: dict[str, int] = {}
    for codes in found:
        for code in codes:
            held[code] = held.get(code, 0) + 1
    best = max(held.values(), default=0)
    matches = [code for code in system.codes() if held.get(code) == best][:MAX_MATCHES]
    rows = [_match(system, code, wanted, found, exact) for code in matches if best]
    return Reply.of(200, {"resourceType": "Parameters", **({"parameter": rows} if rows else {})})


def _properties(parts: list[Json]) -> Iterator[Property]:
    """A property and its subproperties, each by itself. Errors: parameter-value."""
    named = {p.get("name"): p for p in parts}
    code, value = named.get("code"), named.get("value")
    name = next((v for k, v in (code or {}).items() if k.startswith("value")), None)
    if type(name) is not str:
        raise FhirError("parameter-value", name="property", expected="part: code, value")
    if value is not None:
        held = next((v for k, v in value.items() if k.startswith("value")), None)
        if held is None:
            raise FhirError("parameter-value", name="property.value", expected="value[x]")
        yield name, held, {"code": code, "value": value}
    for each in parts:
        if each.get("name") == "subproperty":
            yield from _properties(each.get("part", []))


def _having(system: System, name: str, value: Any, exact: bool) -> set[str]:
    """The codes with one property."""
    text = as_text(value)
    if name not in ("display", "designation"):
        return system.filtered(name, "=", text)
    chosen = Selection(text=TextFilter(text), count=MAX_TEXTS)
    found = system.select(chosen)[1]
    if not exact:
        return {c.code for c in found}
    wanted = fold(text)
    return {c.code for c in found if any(fold(t) == wanted for t in c.texts)}


def _match(
    system: System, code: str, wanted: list[Property], found: list[set[str]], exact: bool
) -> Json:
    concept = system.get(code)
    coding: Json = {"system": system.url, "code": code}
    if system.version:
        coding["version"] = system.version
    if concept is not None and concept.display:
        coding["display"] = concept.display
    parts: list[Json] = [{"name": "code", "valueCoding": coding}]
    lacking = [p for p, codes in zip(wanted, found, strict=True) if code not in codes]
    parts += [
        {
            "name": "unmatched",
            "part": [{**p["code"], "name": "code"}, {**p["value"], "name": "value"}],
        }
        for _, _, p in lacking
    ]
    if not exact:
        share = f"{len(wanted) - len(lacking)}/{len(wanted)}"
        parts.append(
            {"name": "comment", "valueString": f"符合 {share} 个属性 / {share} properties fit"}
        )
    return {"name": "match", "part": parts}


OPERATION = Operation(
    code="find-matches",
    definition="http://hl7.org/fhir/OperationDefinition/CodeSystem-find-matches",
    resource_types=("CodeSystem",),
    levels=("type", "instance"),
    run=find_matches,
    parameters={
        "system": In("uri", "代码系统 / the code system"),
        "version": In("string", "代码系统的版本 / the version of the code system"),
        "property": In(PARTS, "code, value, subproperty：属性 / a property", many=True),
        "exact": In("boolean", "true：供程序用 / true: for a machine", required=True),
        "compositional": In("boolean", "从不组合 / codes are never composed"),
    },
    description=("按属性找代码", "the codes that have given properties"),
)
