"""metadata?mode=terminology. Spec: http://hl7.org/fhir/R4/terminologycapabilities.html"""

from __future__ import annotations

from tests.http.conftest import FHIR, Api
from tests.http.terms import CODE_SYSTEM, SYSTEM, store


async def test_it_lists_the_code_systems_with_versions(api: Api) -> None:
    await store(api)
    assert (await api.update({**CODE_SYSTEM, "id": "v10", "version": "10"})).status_code == 201
    answer = await api.get("/fhir/metadata?mode=terminology")
    found = answer.json()
    assert found["resourceType"] == "TerminologyCapabilities"
    systems = {each["uri"]: each for each in found["codeSystem"]}
    assert len(systems) == len(found["codeSystem"])
    assert systems[SYSTEM]["version"] == [{"code": "2"}, {"code": "10", "isDefault": True}]
    assert "http://hl7.org/fhir/administrative-gender" in systems
    named = {each["name"] for each in found["expansion"]["parameter"]}
    assert {"filter", "offset", "count", "displayLanguage", "exclude-system"} <= named
    checked = await api.post("/fhir/TerminologyCapabilities/$validate", json=found, headers=FHIR)
    assert "error" not in [i["severity"] for i in checked.json()["issue"]], checked.text


async def test_other_modes_give_the_capability_statement(api: Api) -> None:
    for mode in ("full", "normative", "x"):
        found = (await api.get(f"/fhir/metadata?mode={mode}")).json()
        assert found["resourceType"] == "CapabilityStatement", mode
    assert found["instantiates"] == ["http://hl7.org/fhir/CapabilityStatement/terminology-server"]
    assert "closure" in {o["name"] for o in found["rest"][0]["operation"]}
    listed = {r["type"]: r for r in found["rest"][0]["resource"]}
    for name, codes in (
        ("ValueSet", {"expand", "validate-code"}),
        ("CodeSystem", {"lookup", "validate-code", "subsumes", "find-matches"}),
        ("ConceptMap", {"translate"}),
    ):
        held = {o["name"]: o["definition"] for o in listed[name]["operation"]}
        assert codes <= held.keys(), name
        assert f"/{name}-" in held[min(codes)]
