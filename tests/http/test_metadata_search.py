"""Each search that /fhir/metadata declares is answered, and what it does not declare is refused.

Spec: http://hl7.org/fhir/R4/capabilitystatement.html, rest.resource.searchParam, searchInclude,
searchRevInclude, operation; rest.documentation for modifiers, which R4 has no element for
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

import pytest

from fhir_server.definitions import r4
from fhir_server.model.canonical import BASE
from fhir_server.search import Registry

from .conftest import FHIR, Api, code_of
from .library import encoded

pytestmark = pytest.mark.anyio
Json = dict[str, Any]
REGISTRY = Registry(r4())
VALUES = {"date": "2026", "reference": "Patient/1", "number": "1", "quantity": "1", "uri": "urn:x",
          "token": "x", "string": "x", "special": "1|1"}  # fmt: skip
OWN_LANGUAGE = {"_filter": "_id eq a", "_list": "a", "_in": "Group/a",
                "_type": "Patient,Task",
                "_has": None}  # fmt: skip
FEW = ("Patient", "Observation", "ServiceRequest", "Location", "Provenance", "Binary")


async def rest_of(api: Api) -> Json:
    found: Json = (await api.get("/fhir/metadata")).json()["rest"][0]
    return found


def pair(kind: str, parameter: Json, pointing: Sequence[str] = ()) -> str:
    """A value that need not match anything."""
    name = parameter["name"]
    value: str | None = VALUES.get(parameter["type"])
    if name in OWN_LANGUAGE:
        value = OWN_LANGUAGE[name]
        if value is None:  # it takes the rest of its name
            return f"_has:{pointing[0]}:_id=a" if pointing else f"{name}=a"
    elif parameter["type"] == "composite":
        parts = REGISTRY.of(kind)[name].parts
        value = "$".join(VALUES[part.kind] for part in parts)
    return f"{name}={value}"


def some(all_of: Sequence[str], size: int) -> Iterator[list[str]]:
    for start in range(0, len(all_of), size):
        yield list(all_of[start : start + size])


async def taken(api: Api, path: str, pairs: Sequence[str], size: int) -> list[str]:
    """Those that are not answered, asked together as far as a search may be so long."""
    wrong: list[str] = []
    for together in some(pairs, size):
        answer = await api.get(f"/fhir/{path}?_count=1&{encoded('&'.join(together))}")
        if answer.status_code == 200:
            continue
        if size == 1:
            wrong.append(f"{path}?{together[0]}: {answer.status_code} {code_of(answer)}")
        else:
            wrong += await taken(api, path, together, 1)
    return wrong


async def walk(api: Api, types: Sequence[str]) -> None:
    rest = await rest_of(api)
    wrong: list[str] = []
    count = 0
    for each in rest["resource"]:
        kind = each["type"]
        if types and kind not in types:
            continue
        pointing = each.get("searchRevInclude", ())
        for key, values, size in (
            ("", [pair(kind, p, pointing) for p in each["searchParam"]], 90),
            ("_include", [f"_include={v}" for v in each.get("searchInclude", ())], 45),
            ("_revinclude", [f"_revinclude={v}" for v in pointing], 45),
        ):
            assert values or key, kind
            count += len(values)
            wrong += await taken(api, kind, values, size)
    pairs = [pair("Resource", p) for p in rest["searchParam"]]
    wrong += await taken(api, "", [p for p in pairs if not p.startswith("_has")], 90)
    assert not wrong, "\n".join(wrong[:20])
    assert count > (300 if types else 8000)


async def test_every_declared_search_of_every_type_is_answered(api: Api) -> None:
    await walk(api, ())


async def test_declared_searches_are_answered_on_each_store(both: Api) -> None:
    await walk(both, FEW)


# On one parameter of each kind every declared modifier: the parameter and a value it takes.
MODIFIED = {
    "token": ("Patient?identifier", {"in": "http://hl7.org/fhir/ValueSet/administrative-gender",
              "not-in": "http://hl7.org/fhir/ValueSet/administrative-gender", "of-type": "a|b|c",
              "above": "http://hl7.org/fhir/administrative-gender|male",
              "below": "http://hl7.org/fhir/administrative-gender|male"}),
    "string": ("Patient?name", {}),
    "uri": ("ValueSet?url", {"above": "http://x.org", "below": "http://x.org"}),
    "reference": ("Patient?organization", {}),
    "date": ("Patient?birthdate", {}),
    "number": ("RiskAssessment?probability", {}),
    "quantity": ("Observation?value-quantity", {}),
    "composite": ("Observation?code-value-quantity", {}),
    "position": ("Location?near", {}),
}  # fmt: skip
PREFIXED = {"date": ("Patient?birthdate", "2026"), "number": ("RiskAssessment?probability", "1"),
            "quantity": ("Observation?value-quantity", "1")}  # fmt: skip


async def test_declared_modifiers_work_and_others_are_refused(both: Api) -> None:
    text = (await rest_of(both))["documentation"]
    listed = re.search(r"Modifiers: (.*?)\. Prefixes of date, number and quantity: (.*?)\.", text)
    assert listed, text
    declared = {
        kind: set(re.findall(r":([a-z-]+)", rest))
        for kind, rest in re.findall(r"(\w+)((?: :[a-z-]+)+)", listed[1])
    }
    assert declared.keys() == MODIFIED.keys()
    every = set().union(*declared.values()) | {"iterate", "text-advanced", "code-text"}
    for kind, (query, values) in MODIFIED.items():
        for modifier in every:
            value = "true" if modifier == "missing" else values.get(modifier, "x")
            answer = await both.get(f"/fhir/{encoded(f'{query}:{modifier}={value}')}")
            if modifier in declared[kind]:
                assert answer.status_code == 200, (query, modifier, answer.text)
            else:
                assert (answer.status_code, code_of(answer)) == (400, "search-modifier"), modifier
    prefixes = listed[2].split()
    assert len(prefixes) == 9
    for query, value in PREFIXED.values():
        for prefix in prefixes:
            assert (await both.get(f"/fhir/{query}={prefix}{value}")).status_code == 200, prefix


async def test_declared_result_parameters_are_taken(api: Api) -> None:
    text = (await rest_of(api))["documentation"]
    listed = re.search(r"Result parameters: (.*?);", text)
    assert listed
    values = {"_include": "Patient:organization", "_revinclude": "Task:patient", "_sort": "_id",
              "_contained": "false", "_containedType": "", "_count": "1", "_explain": "false",
              "_total": "accurate", "_totalMethod": "count"}  # fmt: skip
    assert set(listed[1].split()) == values.keys()
    for name, value in values.items():
        answer = await api.get(f"/fhir/Patient?{name}={value}")
        assert answer.status_code == 200, (name, answer.text)


async def test_every_operation_has_its_definition(api: Api) -> None:
    """Ours can be read here; R4's own are R4's."""
    rest = await rest_of(api)
    operations = [o for r in rest["resource"] for o in r.get("operation", ())]
    found = {o["definition"] for o in [*operations, *rest["operation"]]}
    ours = sorted(url for url in found if url.startswith(BASE))
    assert ours
    for url in ours:
        ids = await api.ids(encoded(f"OperationDefinition?url={url}"))
        assert len(ids) == 1, url
    assert all(
        url.startswith("http://hl7.org/fhir/OperationDefinition/") for url in found - {*ours}
    )


async def test_operations_of_the_system_are_known(api: Api) -> None:
    rest = await rest_of(api)
    names = {o["name"] for o in rest["operation"]}
    for name in sorted(names):
        answers = [await api.get(f"/fhir/${name}"),
                   await api.post(f"/fhir/${name}", headers=FHIR, content="")]  # fmt: skip
        codes = {code_of(a) if a.status_code >= 400 else "" for a in answers}
        assert "operation-unknown" not in codes, name
        assert all(a.status_code < 500 for a in answers), name
    assert (await api.get("/fhir/$nothing")).status_code == 404
