"""The examples on the operation pages of R4, on as much of their code systems as they need.

Spec: http://hl7.org/fhir/R4/codesystem-operation-lookup.html#examples and its neighbours
"""

from __future__ import annotations

from typing import Any

from tests.http.conftest import FHIR, Api
from tests.http.terms import call, codes, parts, values

Json = dict[str, Any]
LOINC: Json = {
    "resourceType": "CodeSystem",
    "id": "loinc",
    "url": "http://loinc.org",
    "version": "2.48",
    "name": "LOINC",
    "status": "active",
    "content": "fragment",
    "concept": [
        {
            "code": "1963-8",
            "display": "Bicarbonate [Moles/volume] in Serum",
            "designation": [{"language": "en", "value": "Bicarbonate [Moles/volume] in Serum"}],
        },
        {"code": "30164-1", "display": "Abdomen X-ray"},
    ],
}
SNOMED: Json = {
    "resourceType": "CodeSystem",
    "id": "sct",
    "url": "http://snomed.info/sct",
    "version": "http://snomed.info/sct/731000124108/version/20160301",
    "name": "SCT",
    "status": "active",
    "content": "fragment",
    "concept": [
        {
            "code": "235856003",
            "display": "Disorder of liver",
            "concept": [{"code": "3738000", "display": "Viral hepatitis"}],
        },
        {
            "code": "53627009",
            "display": "Closed fracture of radius AND ulna",
            "property": [
                {"code": "363698007", "valueCode": "62413002"},
                {"code": "116676008", "valueCode": "20946005"},
            ],
        },
    ],
}
TESTS: Json = {
    "resourceType": "ValueSet",
    "id": "23",
    "url": "http://x.org/vs/23",
    "status": "active",
    "compose": {"include": [{"system": "http://loinc.org"}]},
}


async def write(api: Api) -> None:
    for each in (LOINC, SNOMED, TESTS):
        assert (await api.update(each)).status_code == 201


async def test_lookup(api: Api) -> None:
    """codesystem-operation-lookup.html: by system and code, and by coding in Parameters."""
    await write(api)
    expected = {
        "name": "LOINC",
        "version": "2.48",
        "display": "Bicarbonate [Moles/volume] in Serum",
    }
    path = "CodeSystem/$lookup"
    by_code = await call(api, path, system="http://loinc.org", code="1963-8")
    assert values(by_code) == expected
    coding = {"system": "http://loinc.org", "code": "1963-8"}
    by_coding = await call(api, path, {"name": "coding", "valueCoding": coding})
    assert values(by_coding) == expected
    (designation,) = parts(by_coding, "designation")
    assert designation["value"] == "Bicarbonate [Moles/volume] in Serum"


async def test_validate_code(api: Api) -> None:
    """valueset-operation-validate-code.html: a display that does not fit."""
    await write(api)
    path = "ValueSet/23/$validate-code"
    query = {"system": "http://loinc.org", "code": "1963-8"}
    wrong = values(await call(api, path, display="test", **query))
    assert wrong["result"] is False
    assert wrong["display"] == "Bicarbonate [Moles/volume] in Serum"
    right = values(await call(api, path, **query))
    assert right["result"] is True


async def test_expand(api: Api) -> None:
    """valueset-operation-expand.html: with the filter `abdo`, by GET and with the definition."""
    await write(api)
    assert codes(await call(api, "ValueSet/23/$expand", filter="abdo")) == ["30164-1"]
    posted = await api.post(
        "/fhir/ValueSet/$expand",
        json={
            "resourceType": "Parameters",
            "parameter": [
                {"name": "filter", "valueString": "abdo"},
                {"name": "valueSet", "resource": TESTS},
            ],
        },
        headers=FHIR,
    )
    assert codes(posted) == ["30164-1"]


async def test_subsumes(api: Api) -> None:
    """codesystem-operation-subsumes.html: viral hepatitis is a disorder of the liver."""
    await write(api)
    path, system = "CodeSystem/$subsumes", "http://snomed.info/sct"
    found = await call(api, path, system=system, codeA="3738000", codeB="235856003")
    assert values(found) == {"outcome": "subsumed-by"}
    version = str(SNOMED["version"])
    sides = [
        {"name": f"coding{side}", "valueCoding": {"system": system, "code": code,
                                                  "version": version}}
        for side, code in (("A", "235856003"), ("B", "3738000"))
    ]  # fmt: skip
    assert values(await call(api, path, *sides)) == {"outcome": "subsumes"}


async def test_find_matches(api: Api) -> None:
    """codesystem-operation-find-matches.html: site and morphology make up a fracture."""
    await write(api)

    def wanted(code: str, value: str) -> Json:
        held = [{"name": "code", "valueCode": code}, {"name": "value", "valueCode": value}]
        return {"name": "property", "part": held}

    found = await call(
        api,
        "CodeSystem/$find-matches",
        {"name": "system", "valueUri": "http://snomed.info/sct"},
        {"name": "exact", "valueBoolean": False},
        wanted("363698007", "62413002"),
        wanted("116676008", "20946005"),
    )
    (match,) = parts(found, "match")
    assert match["code"]["code"] == "53627009"
    assert match["comment"]


async def test_translate(api: Api) -> None:
    """conceptmap-operation-translate.html: `preliminary` of a Composition as an act status."""
    found = await call(
        api,
        "ConceptMap/$translate",
        system="http://hl7.org/fhir/composition-status",
        code="preliminary",
        source="http://hl7.org/fhir/ValueSet/composition-status",
        target="http://terminology.hl7.org/ValueSet/v3-ActStatus",
    )
    assert values(found)["result"] is True
    held = {(m["equivalence"], m["concept"]["code"]) for m in parts(found, "match")}
    assert ("equivalent", "active") in held or ("wider", "active") in held


async def test_closure(api: Api) -> None:
    """terminology-service.html#closure: made, then a code, then one above it."""
    await write(api)
    name = {"name": "name", "valueString": "patient-problems"}

    def coding(code: str) -> Json:
        return {"name": "concept", "valueCoding": {"system": SNOMED["url"], "code": code}}

    assert "group" not in (await call(api, "$closure", name)).json()
    assert "group" not in (await call(api, "$closure", name, coding("3738000"))).json()
    found = (await call(api, "$closure", name, coding("235856003"))).json()
    assert found["group"] == [
        {
            "source": "http://snomed.info/sct",
            "target": "http://snomed.info/sct",
            "element": [
                {
                    "code": "3738000",
                    "target": [{"code": "235856003", "equivalence": "subsumes"}],
                }
            ],
        }
    ]
