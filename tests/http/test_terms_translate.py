"""$translate. Spec: http://hl7.org/fhir/R4/conceptmap-operation-translate.html"""

from __future__ import annotations

from typing import Any

from tests.http.conftest import Api, code_of
from tests.http.terms import CONCEPT_MAP, MAP, RAW, SYSTEM, call, parts, store, values

Json = dict[str, Any]
PATH = "ConceptMap/$translate"


def matches(answer: Any) -> list[tuple[str, str]]:
    return [
        (m["equivalence"], m.get("concept", {}).get("code", "")) for m in parts(answer, "match")
    ]


async def test_by_id_by_url_inline_and_by_any_map(both: Api) -> None:
    await store(both)
    ask = {"system": SYSTEM, "code": "I10"}
    expected = [("wider", "r1")]
    by_id = await call(both, "ConceptMap/map/$translate", **ask)
    assert matches(by_id) == expected
    assert values(by_id)["result"] is True
    (match,) = parts(by_id, "match")
    assert match["source"] == f"{MAP}|1"
    assert match["concept"] == {"system": RAW, "code": "r1"}
    assert matches(await call(both, PATH, url=MAP, **ask)) == expected
    assert matches(await call(both, PATH, url=MAP, conceptMapVersion="1", **ask)) == expected
    assert matches(await call(both, PATH, targetsystem=RAW, **ask)) == expected
    assert matches(await call(both, PATH, **ask)) == expected
    inline = {"name": "conceptMap", "resource": CONCEPT_MAP}
    given = {"name": "coding", "valueCoding": ask}
    assert matches(await call(both, PATH, inline, given)) == expected
    back = await call(both, PATH, url=MAP, system=RAW, code="r1", reverse="true")
    assert matches(back) == [("narrower", "I10")]
    by_any = await call(both, PATH, system=RAW, code="r1", reverse="true", targetsystem=SYSTEM)
    assert matches(by_any) == [("narrower", "I10")]


async def test_no_match(api: Api) -> None:
    await store(api)
    unmatched = await call(api, PATH, url=MAP, system=SYSTEM, code="I99")
    assert values(unmatched)["result"] is False
    assert matches(unmatched) == [("unmatched", "")]
    elsewhere = await call(api, PATH, url=MAP, system=SYSTEM, code="I10", targetsystem="urn:x")
    assert (values(elsewhere)["result"], matches(elsewhere)) == (False, [])
    assert "no translation" in values(elsewhere)["message"]
    nobody = await call(api, PATH, system="urn:nobody", code="x")
    assert values(nobody)["result"] is False


async def test_a_match_that_depends_on_another_element(api: Api) -> None:
    await store(api)
    ask = {"name": "coding", "valueCoding": {"system": SYSTEM, "code": "I11"}}
    url = {"name": "url", "valueUri": MAP}
    without = await call(api, PATH, url, ask)
    assert values(without)["result"] is False
    assert "http://x.org/age" in values(without)["message"]

    def depends(code: str) -> Json:
        concept = {"coding": [{"system": RAW, "code": code}]}
        return {
            "name": "dependency",
            "part": [
                {"name": "element", "valueUri": "http://x.org/age"},
                {"name": "concept", "valueCodeableConcept": concept},
            ],
        }

    assert values(await call(api, PATH, url, ask, depends("young")))["result"] is False
    found = await call(api, PATH, url, ask, depends("old"))
    assert matches(found) == [("equivalent", "r2")]
    (match,) = parts(found, "match")
    assert match["product"] == [
        {"name": "element", "valueUri": "http://x.org/grade"},
        {"name": "concept", "valueCoding": {"system": RAW, "code": "g"}},
    ]


async def test_what_is_done_with_unmapped_codes(api: Api) -> None:
    await store(api)
    fixed = await call(api, PATH, url=MAP, system=SYSTEM, code="E11")
    assert matches(fixed) == [("inexact", "r9")]

    async def with_unmapped(unmapped: Json) -> Any:
        group = {**CONCEPT_MAP["group"][0], "unmapped": unmapped}
        inline = {"name": "conceptMap", "resource": {**CONCEPT_MAP, "group": [group]}}
        ask = {"name": "coding", "valueCoding": {"system": SYSTEM, "code": "E11"}}
        return matches(await call(api, PATH, inline, ask))

    assert await with_unmapped({"mode": "provided"}) == [("equal", "E11")]
    assert await with_unmapped({"mode": "other-map", "url": MAP}) == [("inexact", "r9")]
    assert await with_unmapped({"mode": "other-map", "url": "urn:none"}) == []


async def test_a_map_that_names_itself_for_the_rest_ends(api: Api) -> None:
    await store(api)
    group = {"source": SYSTEM, "target": RAW, "element": [{"code": "z"}],
             "unmapped": {"mode": "other-map", "url": MAP}}  # fmt: skip
    assert (await api.update({**CONCEPT_MAP, "group": [group]})).status_code == 200
    assert matches(await call(api, PATH, url=MAP, system=SYSTEM, code="I10")) == []


async def test_the_target_may_be_a_value_set(api: Api) -> None:
    await store(api)
    ask = {"system": SYSTEM, "code": "I10"}
    heart = "http://x.org/vs/heart"  # lists r1
    assert matches(await call(api, PATH, url=MAP, target=heart, **ask)) == [("wider", "r1")]
    gender = "http://hl7.org/fhir/ValueSet/administrative-gender"
    assert matches(await call(api, PATH, url=MAP, target=gender, **ask)) == []


async def test_each_coding_of_a_codeable_concept_is_translated(api: Api) -> None:
    await store(api)
    concept = {"coding": [{"system": SYSTEM, "code": "I10"}, {"system": SYSTEM, "code": "E11"},
               {"code": "x"}]}  # fmt: skip
    given = {"name": "codeableConcept", "valueCodeableConcept": concept}
    found = await call(api, PATH, {"name": "url", "valueUri": MAP}, given)
    assert matches(found) == [("wider", "r1"), ("inexact", "r9")]


async def test_the_example_of_the_specification(api: Api) -> None:
    """ConceptMap/101 of R4: http://hl7.org/fhir/R4/conceptmap-example.json.html"""
    home = await call(
        api, "ConceptMap/101/$translate", system="http://hl7.org/fhir/address-use", code="home",
        source="http://hl7.org/fhir/ValueSet/address-use",
    )  # fmt: skip
    assert values(home)["result"] is True
    (match,) = parts(home, "match")
    assert match["equivalence"] == "equivalent"
    assert match["concept"]["system"] == "http://terminology.hl7.org/CodeSystem/v3-AddressUse"
    assert match["concept"]["code"] == "H"
    back = await call(
        api, "ConceptMap/101/$translate", code="H", reverse="true",
        system="http://terminology.hl7.org/CodeSystem/v3-AddressUse",
    )  # fmt: skip
    assert matches(back) == [("equivalent", "home")]


REFUSED: list[tuple[str, Json, int, str]] = [
    ("ConceptMap/none/$translate", {"system": SYSTEM, "code": "I10"}, 404, "read-unknown"),
    (PATH, {"url": "urn:none", "system": SYSTEM, "code": "I10"}, 404, "concept-map-unknown"),
    (PATH, {"url": MAP, "conceptMapVersion": "9", "system": SYSTEM, "code": "I10"}, 404,
     "concept-map-unknown"),
    (PATH, {"url": MAP, "code": "I10"}, 400, "terminology-parameters"),
    (PATH, {"url": MAP}, 400, "terminology-parameters"),
    (PATH, {"url": MAP, "system": SYSTEM, "code": "I10", "target": "urn:none"}, 404,
     "value-set-unknown"),
    (PATH, {"url": MAP, "system": SYSTEM, "code": "I10", "reverse": "x"}, 400, "parameter-value"),
]  # fmt: skip


async def test_what_is_refused(api: Api) -> None:
    await store(api)
    for path, query, status, code in REFUSED:
        answer = await api.get(f"/fhir/{path}", params=query)
        assert (answer.status_code, code_of(answer)) == (status, code), (path, query, answer.text)
