"""What would take for ever, or turn in a circle, ends with an answer."""

from __future__ import annotations

import time
from typing import Any

import pytest

from fhir_server.validation.membership import Terms
from tests.http.conftest import Api, code_of
from tests.http.terms import CODE_SYSTEM, RAW, SYSTEM, call, codes, store, values

Json = dict[str, Any]
SECONDS = 20  # far more than it takes on a busy machine, far less than for ever


def value_set(name: str, *include: Json) -> Json:
    return {"resourceType": "ValueSet", "id": name, "url": f"urn:{name}", "status": "active",
            "compose": {"include": list(include)}}  # fmt: skip


def lattice(depth: int) -> list[Json]:
    """Each value set imports both of the next row: 2 to the power of `depth` ways down."""
    rows = []
    for n in range(depth):
        below = [f"urn:a{n + 1}", f"urn:b{n + 1}"]
        rows += [value_set(f"{side}{n}", {"valueSet": below}) for side in "ab"]
    leaf = {"system": RAW, "concept": [{"code": "r1"}]}
    return [*rows, value_set(f"a{depth}", leaf), value_set(f"b{depth}", leaf)]


async def test_value_sets_along_very_many_ways(api: Api) -> None:
    for each in lattice(18):
        assert (await api.update(each)).status_code == 201
    began = time.monotonic()
    assert codes(await call(api, "ValueSet/a0/$expand")) == ["r1"]
    path = "ValueSet/a0/$validate-code"
    assert values(await call(api, path, system=RAW, code="r1"))["result"] is True
    assert values(await call(api, path, system=RAW, code="r2"))["result"] is False
    assert time.monotonic() - began < SECONDS


def test_the_validator_too() -> None:
    held = {each["url"]: each for each in lattice(18)}
    terms = Terms(lambda kind, url, version: held.get(url))
    began = time.monotonic()
    member = terms.member("urn:a0")
    assert member is not None
    assert (member(RAW, "r1"), member(RAW, "r2")) == (True, False)
    assert (member(RAW, "r1"), member(RAW, "r2")) == (True, False)
    assert time.monotonic() - began < SECONDS


def test_a_circle_of_value_sets_in_the_validator() -> None:
    leaf = {"system": RAW, "concept": [{"code": "r1"}]}
    held = {
        "urn:a": value_set("a", {"valueSet": ["urn:b"]}, leaf),
        "urn:b": value_set("b", {"valueSet": ["urn:a", "urn:b"]}),
    }
    terms = Terms(lambda kind, url, version: held.get(url))
    for name in held:
        member = terms.member(name)
        assert member is not None
        assert (member(RAW, "r1"), member(RAW, "r2")) == (True, False), name


def test_a_long_chain_of_value_sets_in_the_validator() -> None:
    held = {f"urn:{n}": value_set(str(n), {"valueSet": [f"urn:{n + 1}"]}) for n in range(2000)}
    member = Terms(lambda kind, url, version: held.get(url)).member("urn:0")
    assert member is not None
    assert member(RAW, "r1") is None


async def test_a_value_set_of_very_many_parts_is_too_costly(api: Api) -> None:
    many = [{"code": f"c{n}"} for n in range(10_000)]
    large = {**CODE_SYSTEM, "id": "large", "url": "urn:large", "concept": many}
    assert (await api.update(large)).status_code == 201
    none = {"property": "code", "op": "regex", "value": "c.*x"}
    parts = [{"system": "urn:large", "filter": [none]}] * 5000
    body = {"name": "valueSet", "resource": value_set("v", *parts)}
    answer = await call(api, "ValueSet/$expand", body)
    assert (answer.status_code, code_of(answer)) == (422, "terminology-too-costly")


async def test_maps_that_name_each_other_along_many_ways(api: Api) -> None:
    group = {"source": SYSTEM, "target": RAW, "element": [{"code": "z"}]}
    groups = [{**group, "unmapped": {"mode": "other-map", "url": f"urn:m{n}"}} for n in range(30)]
    for n in range(30):
        each = {"resourceType": "ConceptMap", "id": f"m{n}", "url": f"urn:m{n}",
                "status": "active", "group": groups}  # fmt: skip
        assert (await api.update(each)).status_code == 201
    began = time.monotonic()
    answer = await call(api, "ConceptMap/$translate", url="urn:m0", system=SYSTEM, code="I10")
    assert values(answer)["result"] is False
    assert time.monotonic() - began < SECONDS


async def test_a_hierarchy_that_turns_in_a_circle(api: Api) -> None:
    def concept(code: str, parent: str) -> Json:
        return {"code": code, "property": [{"code": "parent", "valueCode": parent}]}

    circle = {**CODE_SYSTEM, "id": "circle", "url": "urn:circle",
              "concept": [concept("a", "b"), concept("b", "a"), concept("c", "c")]}  # fmt: skip
    assert (await api.update(circle)).status_code == 201
    found = await call(api, "ValueSet/$expand", url="urn:circle?fhir_vs", excludeNested="false")
    assert found.status_code == 200
    related = await call(api, "CodeSystem/$subsumes", system="urn:circle", codeA="a", codeB="b")
    assert values(related) == {"outcome": "equivalent"}


# Texts as they may come from a search box.
TYPED = ["*", '"', "a" * 10_000, "高" * 5000, "AND OR NOT NEAR(", "'; DROP TABLE x; --", "\u200b",
         "%", "gaoxueya" * 20, "高血压)", "code:", "𠮷", "x" * 199 + "高"]  # fmt: skip


@pytest.mark.parametrize("typed", TYPED, ids=range(len(TYPED)))
async def test_any_text_may_be_typed(api: Api, typed: str) -> None:
    await store(api)
    answer = await call(api, "ValueSet/heart/$expand", filter=typed)
    assert answer.status_code == 200, answer.text
