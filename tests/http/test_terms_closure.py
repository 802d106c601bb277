"""$closure and $find-matches.

Spec: http://hl7.org/fhir/R4/terminology-service.html#closure,
http://hl7.org/fhir/R4/codesystem-operation-find-matches.html
"""

from __future__ import annotations

import asyncio
from typing import Any

from fhir_server.settings import Settings
from tests.http.conftest import FHIR, Api, code_of, open_api
from tests.http.terms import SYSTEM, call, parts, store

Json = dict[str, Any]


def name(text: str) -> Json:
    return {"name": "name", "valueString": text}


def concept(code: str, system: str = SYSTEM) -> Json:
    return {"name": "concept", "valueCoding": {"system": system, "code": code}}


def version(text: str) -> Json:
    return {"name": "version", "valueString": text}


def entries(answer: Any) -> set[tuple[str, str, str]]:
    assert answer.status_code == 200, answer.text
    return {
        (element["code"], target.get("code", ""), target["equivalence"])
        for group in answer.json().get("group", [])
        for element in group["element"]
        for target in element["target"]
    }


async def test_a_table_grows_by_what_is_new(both: Api) -> None:
    await store(both)
    problems = name("patient-problems")
    refused = await call(both, "$closure", problems, concept("I10"))
    assert (refused.status_code, code_of(refused)) == (404, "closure-unknown")
    made = await call(both, "$closure", problems)
    assert made.json()["version"] == "1"
    assert entries(made) == set()
    checked = await both.post("/fhir/ConceptMap/$validate", json=made.json(), headers=FHIR)
    assert "error" not in [i["severity"] for i in checked.json()["issue"]], checked.text
    first = await call(both, "$closure", problems, concept("I10.1"))
    assert (first.json()["version"], entries(first)) == ("2", set())
    second = await call(both, "$closure", problems, concept("I00-I99"), concept("I10"))
    assert entries(second) == {
        ("I10.1", "I00-I99", "subsumes"),
        ("I10.1", "I10", "subsumes"),
        ("I10", "I00-I99", "subsumes"),
    }
    again = await call(both, "$closure", problems, concept("I10"))
    assert (again.json()["version"], entries(again)) == ("3", set())
    third = await call(both, "$closure", problems, concept("I11"), concept("none"))
    assert entries(third) == {("I11", "I00-I99", "subsumes"), ("none", "", "unmatched")}
    later = await call(both, "$closure", problems, version("3"))
    assert entries(later) == {("I11", "I00-I99", "subsumes")}
    every = await call(both, "$closure", problems, version("1"))
    assert len(entries(every)) == 4
    for wrong in ("9", "x", "-1", "0"):
        answer = await call(both, "$closure", problems, version(wrong))
        assert (answer.status_code, code_of(answer)) == (422, "closure-version")


async def test_a_table_made_anew_knows_no_version_of_the_old_one(api: Api) -> None:
    await store(api)
    table = name("t")
    await call(api, "$closure", table)
    await call(api, "$closure", table, concept("I10"), concept("I10.1"))
    fresh = await call(api, "$closure", table)
    stale = await call(api, "$closure", table, version("2"))
    assert (stale.status_code, code_of(stale)) == (422, "closure-version")
    assert entries(await call(api, "$closure", table, version(fresh.json()["version"]))) == set()


async def test_each_caller_has_tables_of_its_own(api: Api) -> None:
    await store(api)
    body = {"resourceType": "Parameters", "parameter": [name("t")]}
    headers = {**FHIR, "Authorization": "Bearer one"}
    assert (await api.post("/fhir/$closure", json=body, headers=headers)).status_code == 200
    other = await call(api, "$closure", name("t"), concept("I10"))
    assert code_of(other) == "closure-unknown"


async def test_a_table_outlives_the_server(each_store: Settings, anyio_backend: str) -> None:
    async for client in open_api(each_store):
        await store(client)
        await call(client, "$closure", name("t"))
        await call(client, "$closure", name("t"), concept("I10"))
    async for client in open_api(each_store):
        found = await call(client, "$closure", name("t"), concept("I10.2"))
        assert entries(found) == {("I10.2", "I10", "subsumes")}


async def test_codes_that_come_at_once_are_all_kept(api: Api) -> None:
    await store(api)
    await call(api, "$closure", name("t"))
    codes = ["I00-I99", "I10", "I10.1", "I10.2", "I11"]
    answers = await asyncio.gather(
        *(call(api, "$closure", name("t"), concept(code)) for code in codes)
    )
    told = set().union(*map(entries, answers))
    every = entries(await call(api, "$closure", name("t"), version("1")))
    assert told == every
    assert len(every) == 6


async def test_a_closure_that_cannot_be_is_refused(api: Api) -> None:
    await store(api)
    await call(api, "$closure", name("t"))
    for given, status, code in (
        ((name("t"), concept("I10"), version("1")), 400, "terminology-parameters"),
        ((concept("I10"),), 400, "parameter-missing"),
        ((name("t"), concept("x", "urn:none")), 422, "code-system-unknown"),
    ):
        answer = await call(api, "$closure", *given)
        assert (answer.status_code, code_of(answer)) == (status, code)
    plain = await api.get("/fhir/$closure?name=t")
    assert plain.status_code == 405


def wanted(code: str, **value: Any) -> Json:
    parts = [{"name": "code", "valueCode": code}, {"name": "value", **value}]
    return {"name": "property", "part": parts}


EXACT = {"name": "exact", "valueBoolean": True}
HUMAN = {"name": "exact", "valueBoolean": False}
OF = {"name": "system", "valueUri": SYSTEM}
# parameters, codes found
MATCHES: list[tuple[list[Json], list[str]]] = [
    ([EXACT, wanted("site", valueString="heart")], ["I11"]),
    ([EXACT, wanted("parent", valueCode="I10")], ["I10.1", "I10.2"]),
    ([EXACT, wanted("inactive", valueBoolean=True)], ["I99"]),
    ([EXACT, wanted("display", valueString="高血压病")], ["I10"]),  # a designation
    ([EXACT, wanted("display", valueString="高血压")], []),
    ([HUMAN, wanted("display", valueString="高血压")], ["I10", "I10.1", "I10.2", "I11"]),
    ([EXACT, wanted("site", valueString="heart"), wanted("parent", valueCode="I00-I99")], ["I11"]),
    ([EXACT, wanted("site", valueString="foot")], []),
]


async def test_find_matches(api: Api) -> None:
    await store(api)
    for given, codes in MATCHES:
        answer = await call(api, "CodeSystem/$find-matches", OF, *given)
        assert answer.status_code == 200, answer.text
        rows = [p for p in answer.json().get("parameter", []) if p["name"] == "match"]
        found = [r["part"][0]["valueCoding"]["code"] for r in rows]
        assert found == codes, given
        assert all((r["part"][-1]["name"] == "comment") is (given[0] is HUMAN) for r in rows)
    by_id = await call(api, "CodeSystem/disease/$find-matches", *MATCHES[0][0])
    assert parts(by_id, "match")[0]["code"]["display"] == "高血压性心脏病"


async def test_a_match_in_part_says_what_is_lacking(api: Api) -> None:
    await store(api)
    asked = [wanted("site", valueString="heart"), wanted("parent", valueCode="E11")]
    answer = await call(api, "CodeSystem/$find-matches", OF, EXACT, *asked)
    (row,) = answer.json()["parameter"]
    assert row["part"][0]["valueCoding"]["code"] == "I11"
    assert row["part"][1] == {
        "name": "unmatched",
        "part": [{"name": "code", "valueCode": "parent"}, {"name": "value", "valueCode": "E11"}],
    }


async def test_find_matches_that_cannot_be_is_refused(api: Api) -> None:
    await store(api)
    for given, status, code in (
        ((OF, wanted("site", valueString="heart")), 400, "parameter-missing"),
        ((OF, EXACT), 400, "parameter-missing"),
        ((EXACT, wanted("site", valueString="heart")), 400, "terminology-parameters"),
        ((OF, EXACT, {"name": "property", "valueString": "x"}), 400, "parameter-value"),
        ((OF, EXACT, {"name": "property", "part": [{"name": "value", "valueCode": "x"}]}), 400,
         "parameter-value"),
        (({**OF, "valueUri": "urn:none"}, EXACT, wanted("a", valueCode="b")), 422,
         "code-system-unknown"),
    ):  # fmt: skip
        answer = await call(api, "CodeSystem/$find-matches", *given)
        assert (answer.status_code, code_of(answer)) == (status, code), given
