"""$expand. Spec: http://hl7.org/fhir/R4/valueset-operation-expand.html"""

from __future__ import annotations

from typing import Any

import pytest

from tests.http.conftest import FHIR, Api, code_of
from tests.http.terms import CODE_SYSTEM, RAW, SET, SYSTEM, VALUE_SET, call, codes, store

Json = dict[str, Any]
HEART = ["I00-I99", "I10", "I10.1", "I11", "I99", "r1"]


async def test_a_value_set_by_id_by_url_and_inline_on_both_stores(both: Api) -> None:
    await store(both)
    assert codes(await call(both, "ValueSet/heart/$expand")) == HEART
    assert codes(await call(both, "ValueSet/$expand", url=SET)) == HEART
    assert codes(await call(both, "ValueSet/$expand", url=f"{SET}|1")) == HEART
    inline = {"name": "valueSet", "resource": VALUE_SET}
    assert codes(await call(both, "ValueSet/$expand", inline)) == HEART
    whole = await both.post("/fhir/ValueSet/$expand", json=VALUE_SET, headers=FHIR)
    assert codes(whole) == HEART
    assert codes(await call(both, "ValueSet/heart/$expand", filter="gxy")) == [
        "I10",
        "I10.1",
        "I11",
    ]


# query, codes. Rows on `filter` name the way of typing.
WANTED: list[tuple[Json, list[str]]] = [
    ({}, HEART),
    ({"filter": "高血压"}, ["I10.1", "I11", "I10"]),  # what begins with it first
    ({"filter": "血压"}, ["I10", "I10.1", "I11"]),
    ({"filter": "压"}, ["I10", "I10.1", "I11"]),
    ({"filter": "gaoxueya"}, ["I10", "I10.1", "I11"]),
    ({"filter": "xuey"}, ["I10", "I10.1", "I11"]),
    ({"filter": "GXY"}, ["I10", "I10.1", "I11"]),
    ({"filter": "gxyxxzb"}, ["I11"]),
    ({"filter": "hyper"}, ["I10"]),  # a designation
    ({"filter": "ypertension"}, []),
    ({"filter": "i10."}, ["I10", "I10.1"]),
    ({"filter": "高血压 心脏"}, ["I11"]),
    ({"filter": "糖尿病"}, []),
    ({"filter": "，"}, HEART),
    ({"activeOnly": "true"}, ["I00-I99", "I10", "I10.1", "I11", "r1"]),
    ({"excludeNotForUI": "true"}, ["I10", "I10.1", "I11", "I99", "r1"]),
    ({"offset": 1, "count": 2}, ["I10", "I10.1"]),
    ({"offset": 5}, ["r1"]),
    ({"offset": 9, "count": 2}, []),
    ({"count": 0}, []),
    ({"exclude_system": RAW}, HEART[:-1]),
    ({"exclude_system": f"{SYSTEM}|2"}, ["r1"]),
    ({"exclude_system": f"{SYSTEM}|1"}, HEART),
    ({"system_version": f"{SYSTEM}|2"}, HEART),
    ({"check_system_version": f"{SYSTEM}|2"}, HEART),
    ({"force_system_version": f"{SYSTEM}|2"}, HEART),
]  # fmt: skip


async def test_what_parameters_choose(api: Api) -> None:
    await store(api)
    for query, expected in WANTED:
        answer = await call(api, "ValueSet/heart/$expand", **query)
        assert codes(answer) == expected, query
        expansion = answer.json()["expansion"]
        said = {p["name"] for p in expansion["parameter"]}
        assert {name.replace("_", "-") for name in query} <= said, query
        if "filter" not in query and "offset" in query:
            assert expansion["total"] == len(HEART)


async def test_pages_of_a_whole_code_system_are_those_of_the_list(api: Api) -> None:
    await store(api)
    url = f"{SYSTEM}?fhir_vs"
    whole = codes(await call(api, "ValueSet/$expand", url=url))
    assert len(whole) == 7
    pages: list[str] = []
    for offset in range(0, 8, 3):
        page = await call(api, "ValueSet/$expand", url=url, offset=offset, count=3)
        assert page.json()["expansion"]["total"] == 7
        pages += codes(page)
    assert pages == whole


# compose.include of one system, codes. Spec: http://hl7.org/fhir/R4/valueset-filter-operator.html
FILTERS: list[tuple[str, str, str, list[str]]] = [
    ("concept", "is-a", "I10", ["I10", "I10.1", "I10.2"]),
    ("concept", "descendent-of", "I10", ["I10.1", "I10.2"]),
    ("concept", "is-not-a", "I00-I99", ["E11"]),
    ("concept", "generalizes", "I10.1", ["I00-I99", "I10", "I10.1"]),
    ("site", "=", "heart", ["I11"]),
    ("site", "in", "heart, vessel", ["I10", "I11"]),
    ("site", "not-in", "heart,vessel", ["I00-I99", "I10.1", "I10.2", "I99", "E11"]),
    ("site", "exists", "true", ["I10", "I11"]),
    ("site", "exists", "false", ["I00-I99", "I10.1", "I10.2", "I99", "E11"]),
    ("code", "regex", "I1[0-9]", ["I10", "I11"]),
    ("display", "regex", ".*心.*", ["I11"]),
    ("parent", "=", "I10", ["I10.1", "I10.2"]),
    ("child", "=", "I10.1", ["I10"]),
    ("concept", "is-a", "none", []),
]


async def test_every_filter_operator(api: Api) -> None:
    await store(api)
    for name, operator, value, expected in FILTERS:
        include = {
            "system": SYSTEM,
            "filter": [{"property": name, "op": operator, "value": value}],
        }
        resource = {**VALUE_SET, "compose": {"include": [include]}}
        answer = await call(api, "ValueSet/$expand", {"name": "valueSet", "resource": resource})
        assert codes(answer) == expected, (name, operator)


async def test_imports_are_intersected_with_the_system_and_united_among_each_other(
    api: Api,
) -> None:
    await store(api)
    both = [SET, "http://hl7.org/fhir/ValueSet/administrative-gender"]
    united = {**VALUE_SET, "url": "http://x.org/u", "compose": {"include": [{"valueSet": both}]}}
    answer = await call(api, "ValueSet/$expand", {"name": "valueSet", "resource": united})
    assert codes(answer) == [*HEART, "male", "female", "other", "unknown"]
    said = [p["valueUri"] for p in answer.json()["expansion"]["parameter"]]
    assert f"{SET}|1" in said
    assert f"{SYSTEM}|2" in said
    common = {**united, "compose": {"include": [{"system": RAW, "concept": [{"code": "r1"},
              {"code": "r2"}], "valueSet": [SET]}]}}  # fmt: skip
    answer = await call(api, "ValueSet/$expand", {"name": "valueSet", "resource": common})
    assert codes(answer) == ["r1"]


async def test_what_an_expansion_looks_like(api: Api) -> None:
    await store(api)
    answer = (await call(api, "ValueSet/heart/$expand", includeDefinition="true")).json()
    assert answer["compose"] == VALUE_SET["compose"]
    assert answer["expansion"]["identifier"].startswith("urn:uuid:")
    rows = {row["code"]: row for row in answer["expansion"]["contains"]}
    assert rows["I00-I99"]["abstract"] is True
    assert rows["I99"]["inactive"] is True
    assert rows["r1"] == {"system": RAW, "code": "r1", "display": "未分类"}
    plain = (await call(api, "ValueSet/heart/$expand")).json()
    assert "compose" not in plain
    assert not any("designation" in row for row in plain["expansion"]["contains"])
    assert api  # the server itself finds nothing wrong with what it answers
    checked = await api.post("/fhir/ValueSet/$validate", json=answer, headers=FHIR)
    assert "error" not in [i["severity"] for i in checked.json()["issue"]], checked.text


async def test_designations_and_languages(api: Api) -> None:
    await store(api)

    async def i10(**query: str) -> Json:
        answer = await call(api, "ValueSet/heart/$expand", filter="原发", **query)
        (row,) = answer.json()["expansion"]["contains"]
        return row  # type: ignore[no-any-return]

    assert len((await i10(includeDesignations="true"))["designation"]) == 2
    assert [d["value"] for d in (await i10(designation="en"))["designation"]] == [
        "Essential hypertension"
    ]
    assert (await i10(designation="urn:ietf:bcp:47|en"))["designation"][0]["language"] == "en"
    assert (await i10(designation="http://x.org/use|short"))["designation"][0][
        "value"
    ] == "高血压病"
    assert "designation" not in await i10(designation="fr")
    assert "designation" not in await i10(designation="en", includeDesignations="false")
    assert (await i10(displayLanguage="en"))["display"] == "Essential hypertension"
    assert (await i10(displayLanguage="en-US"))["display"] == "Essential hypertension"
    assert (await i10(displayLanguage="zh"))["display"] == "原发性高血压"
    assert (await i10(displayLanguage="fr"))["display"] == "原发性高血压"


async def test_a_nested_expansion_follows_the_hierarchy(api: Api) -> None:
    await store(api)
    answer = await call(api, "ValueSet/heart/$expand", excludeNested="false")
    top = answer.json()["expansion"]["contains"]
    assert [row["code"] for row in top] == ["I00-I99", "r1"]
    assert [row["code"] for row in top[0]["contains"]] == ["I10", "I11", "I99"]
    assert [row["code"] for row in top[0]["contains"][0]["contains"]] == ["I10.1"]
    paged = await call(api, "ValueSet/heart/$expand", excludeNested="false", count=2)
    assert codes(paged) == HEART[:2]


async def test_versions_of_a_code_system_side_by_side(api: Api) -> None:
    await store(api)
    concepts = [{"code": "I10", "display": "新"}, {"code": "I12", "display": "又"}]
    old = {**CODE_SYSTEM, "id": "old", "version": "1.9", "concept": concepts[:1]}
    newer = {**CODE_SYSTEM, "id": "newer", "version": "1.10", "concept": concepts}
    for each in (old, newer):
        assert (await api.update(each)).status_code == 201
    all_of = f"{SYSTEM}?fhir_vs"
    assert len(codes(await call(api, "ValueSet/$expand", url=all_of))) == 7
    by = {"system_version": f"{SYSTEM}|1.10"}
    assert codes(await call(api, "ValueSet/$expand", url=all_of, **by)) == ["I10", "I12"]
    assert codes(await call(api, "ValueSet/$expand", url=f"{all_of}|1.9")) == ["I10"]
    stated = {**VALUE_SET, "compose": {"include": [{"system": SYSTEM, "version": "1.9"}]}}
    body = {"name": "valueSet", "resource": stated}
    wrong = {"name": "check-system-version", "valueCanonical": f"{SYSTEM}|2"}
    refused = await call(api, "ValueSet/$expand", body, wrong)
    assert (refused.status_code, code_of(refused)) == (422, "terminology-version")
    forced = {"name": "force-system-version", "valueCanonical": f"{SYSTEM}|1.10"}
    assert codes(await call(api, "ValueSet/$expand", body, forced)) == ["I10", "I12"]
    assert (await api.delete("/fhir/CodeSystem/disease")).status_code in (200, 204)
    assert codes(await call(api, "ValueSet/$expand", url=all_of)) == ["I10", "I12"]  # 1.10 > 1.9


async def test_implicit_value_sets(api: Api) -> None:
    await store(api)
    under = await call(api, "ValueSet/$expand", url=f"{SYSTEM}?fhir_vs=isa/I10")
    assert codes(under) == ["I10", "I10.1", "I10.2"]
    named = {**CODE_SYSTEM, "id": "n", "url": "http://x.org/n", "valueSet": "http://x.org/vs/n"}
    assert (await api.update(named)).status_code == 201
    assert len(codes(await call(api, "ValueSet/$expand", url="http://x.org/vs/n"))) == 7
    snomed = {
        "resourceType": "CodeSystem", "id": "sct", "url": "http://snomed.info/sct",
        "status": "active", "content": "complete",
        "concept": [{"code": "404684003", "concept": [{"code": "38341003"}]}, {"code": "71388002"}],
    }  # fmt: skip
    assert (await api.update(snomed)).status_code == 201
    for query, found in (
        ("?fhir_vs", ["404684003", "38341003", "71388002"]),
        ("?fhir_vs=isa/404684003", ["404684003", "38341003"]),
    ):
        url = "http://snomed.info/sct" + query
        assert codes(await call(api, "ValueSet/$expand", url=url)) == found
    for query in ("?fhir_vs=ecl/<404684003", "?fhir_vs=refset", "?fhir_vs=refset/447562003"):
        answer = await call(api, "ValueSet/$expand", url="http://snomed.info/sct" + query)
        assert (answer.status_code, code_of(answer)) == (422, "terminology-ecl")


async def test_codes_of_r4_are_known(api: Api) -> None:
    url = "http://hl7.org/fhir/ValueSet/administrative-gender"
    assert codes(await call(api, "ValueSet/$expand", url=url)) == [
        "male", "female", "other", "unknown",
    ]  # fmt: skip
    by_id = await call(api, "ValueSet/administrative-gender/$expand", filter="fem")
    assert codes(by_id) == ["female"]
    bound = "http://hl7.org/fhir/StructureDefinition/Patient#Patient.gender"
    assert len(codes(await call(api, "ValueSet/$expand", context=bound))) == 4


async def test_a_part_of_a_code_system_is_listed_and_marked(api: Api) -> None:
    await store(api)
    answer = await call(api, "ValueSet/$expand", url="http://x.org/part?fhir_vs")
    assert codes(answer) == ["a"]
    expansion = answer.json()["expansion"]
    assert expansion["extension"] == [
        {
            "url": "http://hl7.org/fhir/StructureDefinition/valueset-unclosed",
            "valueBoolean": True,
        }
    ]
    assert {"name": "used-fragment", "valueUri": "http://x.org/part"} in expansion["parameter"]


def composed(*include: Json) -> Json:
    resource = {**VALUE_SET, "url": "http://x.org/other", "compose": {"include": list(include)}}
    return {"name": "valueSet", "resource": resource}


REGEX = {"system": SYSTEM, "filter": [{"property": "code", "op": "regex", "value": "(a+)+b"}]}
# path, parameters or a query, status, code
REFUSED: list[tuple[str, Any, int, str]] = [
    ("ValueSet/heart/$expand", {}, 200, ""),  # the positive control
    ("ValueSet/none/$expand", {}, 404, "read-unknown"),
    ("ValueSet/$expand", {}, 400, "terminology-parameters"),
    ("ValueSet/$expand", {"url": "http://x.org/none"}, 404, "value-set-unknown"),
    ("ValueSet/$expand", {"url": f"{SET}|7"}, 404, "value-set-unknown"),
    ("ValueSet/$expand", {"url": SET, "valueSetVersion": "7"}, 404, "value-set-unknown"),
    ("ValueSet/$expand", {"context": "http://x.org/p#Patient.name"}, 404, "value-set-unknown"),
    ("ValueSet/heart/$expand", {"count": "-1"}, 400, "parameter-value"),
    ("ValueSet/heart/$expand", {"offset": "x"}, 400, "parameter-value"),
    ("ValueSet/heart/$expand", {"activeOnly": "yes"}, 400, "parameter-value"),
    ("ValueSet/heart/$expand", {"system-version": "x"}, 400, "terminology-parameters"),
    ("ValueSet/heart/$expand", {"nonsense": "x"}, 400, "parameter-unknown"),
    ("ValueSet/$expand", {"url": "http://hl7.org/fhir/ValueSet/observation-codes"}, 422,
     "terminology-incomplete"),
    ("ValueSet/$expand", [composed({"system": "urn:none"})], 422, "terminology-incomplete"),
    ("ValueSet/$expand", [composed({"valueSet": ["urn:none"]})], 422, "value-set-import"),
    ("ValueSet/$expand", [composed(REGEX)], 422, "terminology-filter"),
    ("ValueSet/$expand", [{"name": "valueSet", "resource": CODE_SYSTEM}], 400, "parameter-value"),
    ("ValueSet/$expand", [{"name": "valueSet", "resource": {"resourceType": "ValueSet"}}], 422,
     "structure-required"),
]  # fmt: skip


async def test_what_is_refused(api: Api) -> None:
    await store(api)
    for path, given, status, code in REFUSED:
        if isinstance(given, list):
            answer = await call(api, path, *given)
        else:
            answer = await api.get(f"/fhir/{path}", params=given)
        assert answer.status_code == status, (path, given, answer.text)
        if code:
            assert code_of(answer) == code, (path, given)
            assert "x.org/none" not in answer.text


async def test_too_many_codes_are_refused_unless_paged_or_filtered(api: Api) -> None:
    many = [{"code": f"c{n}", "display": f"第{n}号"} for n in range(20_001)]
    large = {**CODE_SYSTEM, "id": "large", "url": "http://x.org/large", "concept": many}
    assert (await api.update(large)).status_code == 201
    url = "http://x.org/large?fhir_vs"
    refused = await call(api, "ValueSet/$expand", url=url)
    assert (refused.status_code, code_of(refused)) == (422, "terminology-too-costly")
    page = await call(api, "ValueSet/$expand", url=url, offset=20_000, count=10)
    assert (codes(page), page.json()["expansion"]["total"]) == (["c20000"], 20_001)
    assert codes(await call(api, "ValueSet/$expand", url=url, filter="c20000")) == ["c20000"]


@pytest.mark.parametrize("how", ["self", "each other"])
async def test_a_cycle_of_value_sets_ends(api: Api, how: str) -> None:
    other = "http://x.org/a" if how == "self" else "http://x.org/b"
    for id, imported in (("a", other), ("b", "http://x.org/a")):
        include = [{"valueSet": [imported]}, {"system": RAW, "concept": [{"code": id}]}]
        resource = {**VALUE_SET, "id": id, "url": f"http://x.org/{id}",
                    "compose": {"include": include}}  # fmt: skip
        assert (await api.update(resource)).status_code == 201
    found = codes(await call(api, "ValueSet/a/$expand"))
    assert sorted(found) == (["a"] if how == "self" else ["a", "b"])
