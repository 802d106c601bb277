"""Searches that are refused say what was expected. Spec: http://hl7.org/fhir/R4/search.html#errors"""

from __future__ import annotations

import pytest

from .conftest import Api, code_of
from .library import encoded

pytestmark = pytest.mark.anyio
# A search, the code of the refusal, what its text names. Those without a code are answered.
VALUES = [
    ("Patient?gender=male", "", ""),
    ("Patient?gender:exact=male", "search-modifier", "not"),
    ("Patient?given:of-type=x", "search-modifier", "contains"),
    ("Patient?birthdate:exact=1970", "search-modifier", "missing"),
    ("Patient?name:missing=1", "search-value", "true, false"),
    ("Patient?birthdate=eq", "search-value", "date"),
    ("Patient?birthdate=gt1970-1-1", "search-value", "date"),
    ("Patient?birthdate=1970-01-01T25:00", "search-value", "date"),
    ("Patient?birthdate=aa1970", "search-prefix", "eq ne gt"),
    ("RiskAssessment?probability=one", "search-prefix", "eq ne gt"),
    ("RiskAssessment?probability=1,000.5.5", "search-value", "number"),
    ("Observation?value-quantity=5.4|mg", "search-value", "number|system|code"),
    ("Observation?value-quantity=a|b|c", "search-value", "number"),
    ("Observation?code-value-quantity=8480-6", "search-value", "code$value-quantity"),
    ("Observation?code-value-quantity=8480-6$x", "search-value", "number"),
    ("StructureDefinition?url:below=urn:oid:1", "search-value", "http"),
    ("ServiceRequest?subject:Observation=x", "search-modifier", "Patient"),
    ("ServiceRequest?subject:Patient=Group/x", "search-value", "Type/id"),
    ("Patient?identifier:of-type=a|b", "search-value", "type-system|type-code|value"),
    ("Patient?identifier=a|b|c", "search-value", "system|code"),
    ("Patient?gender=", "", ""),  # a parameter without a value restricts nothing
    ("Patient?gender=,", "search-value", "token"),
]
ACROSS = [
    ("Patient?organization.name=x", "", ""),
    ("Patient?organization.nothing=x", "search-unknown", "partof"),
    ("Patient?name.given=x", "search-chain", "reference-parameter"),
    ("Patient?organization:Patient.name=x", "search-modifier", "Organization"),
    ("Patient?organization.=x", "search-unknown", "birthdate"),
    ("Patient?_has:Observation:code:status=final", "search-has", "_has:"),
    ("Patient?_has:Nothing:patient:code=x", "search-has", "_has:"),
    ("Patient?_has:Observation:patient=x", "search-has", "_has:"),
    ("Patient?_has:Observation:patient:nothing=x", "search-unknown", "code"),
    ("Patient?_id:exact=p1", "search-modifier", "not"),
    ("Patient?_lastUpdated:missing=true", "search-modifier", "-"),
    ("Patient?_list=$current-allergies", "search-value", "List"),
    ("Patient?_type=Group", "search-unknown", "gender"),
    ("?gender=male", "search-unknown", "_tag"),
    ("?_type=Nothing", "search-value", "Patient,Task"),
    ("Location?near=91|0", "search-value", "latitude"),
    ("Location?near=1|1|1|kg", "search-value", "latitude"),
    ("Observation?code:in=urn:vs:none", "terminology-unknown", "ValueSet"),
    ("Observation?code:below=dog", "search-value", "system|code"),
    ("Patient?_filter=gender", "search-filter", "eq ne co"),
    ("Patient?_filter=(gender eq male", "search-filter", ")"),
    ("Patient?_text=(", "search-value", "OR"),
    ("Patient/p1/Organization", "compartment-type", "Observation"),
    ("Patient?_contained=true", "search-contained", "_contained"),
    ("Patient?_query=mine", "search-unknown", "_filter"),
]


@pytest.mark.parametrize("rows", [VALUES, ACROSS], ids=["values", "across"])
async def test_refuses(api: Api, rows: list[tuple[str, str, str]]) -> None:
    for query, code, hint in rows:
        answer = await api.get(f"/fhir/{encoded(query)}", headers={"accept-language": "en"})
        if not code:
            assert answer.status_code == 200, query
            continue
        assert (answer.status_code, code_of(answer)) == (400, code), (query, answer.text)
        assert hint in answer.json()["issue"][0]["details"]["text"], (query, answer.text)
