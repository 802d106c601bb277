"""$validate-code, $lookup, $subsumes. Spec: http://hl7.org/fhir/R4/codesystem-operations.html"""

from __future__ import annotations

from typing import Any

from tests.http.conftest import Api, code_of
from tests.http.terms import CODE_SYSTEM, RAW, SET, SYSTEM, VALUE_SET, call, parts, store, values

Json = dict[str, Any]
SUPPLEMENT: Json = {
    "resourceType": "CodeSystem",
    "id": "more",
    "url": "http://x.org/more",
    "status": "active",
    "content": "supplement",
    "supplements": SYSTEM,
    "concept": [
        {
            "code": "I11",
            "designation": [{"language": "en", "value": "Hypertensive heart disease"}],
            "property": [{"code": "site", "valueString": "chamber"}],
        }
    ],
}


def coding(name: str = "coding", **fields: str) -> Json:
    return {"name": name, "valueCoding": fields}


def concept(*codings: Json) -> Json:
    return {"name": "codeableConcept", "valueCodeableConcept": {"coding": list(codings)}}


# query of ValueSet/heart/$validate-code, result, display, what the message says
IN_SET: list[tuple[Json, bool, str, str]] = [
    ({"system": SYSTEM, "code": "I10"}, True, "原发性高血压", ""),
    ({"system": SYSTEM, "code": "I10", "display": "原发性高血压"}, True, "原发性高血压", ""),
    ({"system": SYSTEM, "code": "I10", "display": "essential  HYPERTENSION"}, True,
     "原发性高血压", ""),
    ({"system": SYSTEM, "code": "I10", "display": "感冒"}, False, "原发性高血压", "原发性高血压"),
    ({"system": SYSTEM, "code": "I10.2"}, False, "高血压2级", "值集"),  # excluded
    ({"system": SYSTEM, "code": "E11"}, False, "2型糖尿病", "值集"),
    ({"system": SYSTEM, "code": "X"}, False, "", "no such code"),
    ({"system": "http://x.org/none", "code": "I10"}, False, "", "not in the value set"),
    ({"system": SYSTEM, "code": "I99"}, True, "旧称循环病", "no longer active"),
    ({"system": SYSTEM, "code": "I00-I99"}, True, "循环系统疾病", "abstract"),
    ({"system": SYSTEM, "code": "I00-I99", "abstract": "true"}, True, "循环系统疾病", ""),
    ({"system": SYSTEM, "code": "I00-I99", "abstract": "false"}, False, "循环系统疾病",
     "abstract"),
    ({"system": RAW, "code": "r1"}, True, "未分类", "not here"),
    ({"system": RAW, "code": "r1", "display": "别的"}, False, "未分类", "未分类"),
    ({"system": RAW, "code": "r2"}, False, "", "not in the value set"),
    ({"system": SYSTEM, "code": "I10", "systemVersion": "2"}, True, "原发性高血压", ""),
    ({"coding": f"{SYSTEM}|I10"}, True, "原发性高血压", ""),
    ({"system": SYSTEM, "code": "I10", "displayLanguage": "en"}, True, "Essential hypertension",
     ""),
]  # fmt: skip


async def test_a_code_in_a_value_set(both: Api) -> None:
    await store(both)
    for query, result, display, said in IN_SET:
        found = values(await call(both, "ValueSet/heart/$validate-code", **query))
        assert found["result"] is result, query
        assert found.get("display", "") == display, query
        assert said in found.get("message", ""), query
        assert bool(said) == ("message" in found), query


async def test_of_a_codeable_concept_one_right_coding_will_do(api: Api) -> None:
    await store(api)
    good, bad = {"system": SYSTEM, "code": "I10"}, {"system": SYSTEM, "code": "E11"}
    unknown = {"system": "http://x.org/none", "code": "I10"}
    path = "ValueSet/heart/$validate-code"
    assert values(await call(api, path, concept(bad, unknown, good)))["result"] is True
    assert values(await call(api, path, concept(bad, unknown)))["result"] is False
    nothing = {"name": "codeableConcept", "valueCodeableConcept": {"text": "高血压"}}
    assert values(await call(api, path, nothing))["result"] is False


async def test_a_context_needs_no_system(api: Api) -> None:
    bound = "http://hl7.org/fhir/StructureDefinition/Patient#Patient.gender"
    path = "ValueSet/$validate-code"
    assert values(await call(api, path, context=bound, code="male"))["result"] is True
    assert values(await call(api, path, context=bound, code="maler"))["result"] is False
    refused = await call(api, path, url=SET, code="I10")
    assert (refused.status_code, code_of(refused)) == (400, "terminology-parameters")


async def test_a_code_that_cannot_be_judged_is_an_error_and_not_wrong(api: Api) -> None:
    await store(api)
    path = "ValueSet/$validate-code"
    url = "http://hl7.org/fhir/ValueSet/observation-codes"
    unknown = await call(api, path, url=url, system="http://loinc.org", code="8480-6")
    assert (unknown.status_code, code_of(unknown)) == (422, "code-system-unknown")
    other = values(await call(api, path, url=url, system=SYSTEM, code="I10"))
    assert other["result"] is False
    part = values(
        await call(api, path, url="http://x.org/part?fhir_vs", system="http://x.org/part", code="b")
    )
    assert part["result"] is True
    assert "only a part" in part["message"]
    include = {"system": "http://x.org/part",
               "filter": [{"property": "concept", "op": "is-a", "value": "a"}]}  # fmt: skip
    filtered = {**VALUE_SET, "url": "urn:f", "compose": {"include": [include]}}
    given = {"name": "valueSet", "resource": filtered}
    asked = coding(system="http://x.org/part", code="b")
    answer = await call(api, path, given, asked)
    assert (answer.status_code, code_of(answer)) == (422, "terminology-incomplete")
    known = values(await call(api, path, given, coding(system="http://x.org/part", code="a")))
    assert known["result"] is True


async def test_code_systems_that_are_a_grammar(api: Api) -> None:
    path = "CodeSystem/$validate-code"
    for url, code, result in (
        ("http://unitsofmeasure.org", "mg/dL", True),
        ("urn:ietf:bcp:47", "zh-CN", True),
        ("urn:ietf:bcp:47", "zh_CN", False),
        ("urn:iso:std:iso:4217", "CNY", True),
    ):
        assert values(await call(api, path, url=url, code=code))["result"] is result, (url, code)


# query of CodeSystem/$validate-code, result, what the message says
IN_SYSTEM: list[tuple[Json, bool, str]] = [
    ({"url": SYSTEM, "code": "I10"}, True, ""),
    ({"url": SYSTEM, "code": "I10", "version": "2"}, True, ""),
    ({"url": SYSTEM, "code": "I10", "display": "高血压病"}, True, ""),
    ({"url": SYSTEM, "code": "I10", "display": "x"}, False, "display"),
    ({"url": SYSTEM, "code": "i10"}, False, "no such code"),  # case counts here
    ({"url": SYSTEM, "coding": f"{SYSTEM}|I10"}, True, ""),
    ({"url": SYSTEM, "coding": f"{RAW}|I10"}, False, "not of the code system"),
    ({"coding": f"{SYSTEM}|I10"}, True, ""),
    ({"url": "http://x.org/part", "code": "zz"}, True, "may be valid"),
    ({"url": "http://hl7.org/fhir/administrative-gender", "code": "male"}, True, ""),
]


async def test_a_code_of_a_code_system(api: Api) -> None:
    await store(api)
    for query, result, said in IN_SYSTEM:
        found = values(await call(api, "CodeSystem/$validate-code", **query))
        assert found["result"] is result, query
        assert said in found.get("message", ""), query
        assert bool(said) == ("message" in found), query
    by_id = values(await call(api, "CodeSystem/disease/$validate-code", code="I10"))
    assert by_id["result"] is True
    inline = {"name": "codeSystem", "resource": {**CODE_SYSTEM, "caseSensitive": False}}
    lower = {"name": "code", "valueCode": "i10"}
    assert values(await call(api, "CodeSystem/$validate-code", inline, lower))["result"] is True


async def test_lookup_says_all_or_what_is_asked_for(both: Api) -> None:
    await store(both)
    path = "CodeSystem/$lookup"
    found = await call(both, path, system=SYSTEM, code="I10")
    assert values(found) == {"name": "疾病", "version": "2", "display": "原发性高血压"}
    names = [d["value"] for d in parts(found, "designation")]
    assert names == ["Essential hypertension", "高血压病"]
    held = [(p["code"], p["value"], p.get("description")) for p in parts(found, "property")]
    assert held == [
        ("definition", "没有明确病因的高血压", None),
        ("site", "vessel", None),
        ("parent", "I00-I99", "循环系统疾病"),
        ("child", "I10.1", "高血压1级"),
        ("child", "I10.2", "高血压2级"),
    ]
    narrow = await call(both, path, system=SYSTEM, code="I10", property="child")
    assert [p["code"] for p in parts(narrow, "property")] == ["child", "child"]
    assert parts(narrow, "designation") == []
    english = await call(both, path, system=SYSTEM, code="I10", property="lang.en")
    assert [d["language"] for d in parts(english, "designation")] == ["en"]
    assert parts(english, "property") == []
    by_coding = await call(both, path, coding(system=SYSTEM, code="I10", version="2"))
    assert values(by_coding)["display"] == "原发性高血压"
    inactive = await call(both, path, system=SYSTEM, code="I99")
    assert ("inactive", True) in [(p["code"], p["value"]) for p in parts(inactive, "property")]


async def test_a_supplement_adds_names_and_properties_at_once(api: Api) -> None:
    await store(api)
    path = "CodeSystem/$lookup"
    before = await call(api, path, system=SYSTEM, code="I11")
    assert parts(before, "designation") == []
    assert (await api.update(SUPPLEMENT)).status_code == 201
    after = await call(api, path, system=SYSTEM, code="I11", displayLanguage="en")
    assert values(after)["display"] == "Hypertensive heart disease"
    sites = [p["value"] for p in parts(after, "property") if p["code"] == "site"]
    assert sites == ["heart", "chamber"]
    other = {**SUPPLEMENT, "supplements": f"{SYSTEM}|1"}  # of another version
    assert (await api.update(other)).status_code == 200
    gone = await call(api, path, system=SYSTEM, code="I11")
    assert parts(gone, "designation") == []


# codeA, codeB, outcome. Spec: http://hl7.org/fhir/R4/valueset-concept-subsumption-outcome.html
PAIRS = [
    ("I10", "I10", "equivalent"),
    ("I00-I99", "I10.1", "subsumes"),
    ("I10.1", "I00-I99", "subsumed-by"),
    ("I10", "I11", "not-subsumed"),
    ("I10", "E11", "not-subsumed"),
]


async def test_subsumes_has_four_outcomes(both: Api) -> None:
    await store(both)
    for a, b, outcome in PAIRS:
        by_code = await call(both, "CodeSystem/$subsumes", codeA=a, codeB=b, system=SYSTEM)
        assert values(by_code) == {"outcome": outcome}, (a, b)
    a, b, outcome = PAIRS[1]
    by_id = await call(both, "CodeSystem/disease/$subsumes", codeA=a, codeB=b)
    assert values(by_id) == {"outcome": outcome}
    pair = coding("codingA", system=SYSTEM, code=a), coding("codingB", system=SYSTEM, code=b)
    assert values(await call(both, "CodeSystem/$subsumes", *pair)) == {"outcome": outcome}


# path, query, status, code
REFUSED: list[tuple[str, Json, int, str]] = [
    ("CodeSystem/$lookup", {"system": SYSTEM}, 400, "terminology-parameters"),
    ("CodeSystem/$lookup", {"code": "I10"}, 400, "terminology-parameters"),
    ("CodeSystem/$lookup", {"code": "I10", "system": "urn:none"}, 422, "code-system-unknown"),
    ("CodeSystem/$lookup", {"code": "8480-6", "system": "http://loinc.org"}, 422,
     "code-system-unknown"),  # content=not-present
    ("CodeSystem/$lookup", {"code": "I10", "system": SYSTEM, "version": "7"}, 422,
     "code-system-unknown"),
    ("CodeSystem/$lookup", {"code": "no", "system": SYSTEM}, 404, "code-unknown"),
    ("CodeSystem/$lookup", {"code": "no", "system": "http://x.org/part"}, 404, "code-not-here"),
    ("CodeSystem/disease/$lookup", {"code": "I10"}, 404, "operation-unknown"),
    ("CodeSystem/$subsumes", {"codeA": "I10", "codeB": "I11"}, 400, "terminology-parameters"),
    ("CodeSystem/$subsumes", {"codeA": "I10", "system": SYSTEM}, 400, "terminology-parameters"),
    ("CodeSystem/$subsumes", {"codeA": "I10", "codeB": "no", "system": SYSTEM}, 404,
     "code-unknown"),
    ("CodeSystem/$subsumes", {"codingA": f"{RAW}|a", "codingB": f"{SYSTEM}|I10"}, 422,
     "terminology-systems"),
    ("CodeSystem/$validate-code", {"code": "I10"}, 400, "terminology-parameters"),
    ("CodeSystem/$validate-code", {"url": "urn:none", "code": "I10"}, 422, "code-system-unknown"),
    ("CodeSystem/none/$validate-code", {"code": "I10"}, 404, "read-unknown"),
    ("ValueSet/$validate-code", {"url": "urn:none", "system": SYSTEM, "code": "I10"}, 404,
     "value-set-unknown"),
    ("ValueSet/heart/$validate-code", {"system": SYSTEM}, 400, "terminology-parameters"),
    ("ValueSet/heart/$validate-code", {"coding": f"{SYSTEM}|I10", "code": "I10",
     "system": SYSTEM}, 400, "terminology-parameters"),
]  # fmt: skip


async def test_what_is_refused(api: Api) -> None:
    await store(api)
    for path, query, status, code in REFUSED:
        answer = await api.get(f"/fhir/{path}", params=query)
        assert (answer.status_code, code_of(answer)) == (status, code), (path, query, answer.text)


async def test_a_date_chooses_among_versions(api: Api) -> None:
    await store(api)
    for id, date, display in (("y1", "2020-05-01", "一"), ("y2", "2023-05-01", "二")):
        row = {**CODE_SYSTEM, "id": id, "url": "http://x.org/y", "version": id, "date": date,
               "concept": [{"code": "k", "display": display}]}  # fmt: skip
        assert (await api.update(row)).status_code == 201

    async def at(**query: str) -> Any:
        return await call(api, "CodeSystem/$lookup", system="http://x.org/y", code="k", **query)

    assert values(await at())["display"] == "二"
    assert values(await at(date="2021-01-01"))["display"] == "一"
    assert values(await at(date="2023-05"))["display"] == "二"
    early = await at(date="2019-01-01")
    assert (early.status_code, code_of(early)) == (422, "terminology-date")
