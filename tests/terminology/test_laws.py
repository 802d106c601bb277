"""Laws: a value set by its list and by its rule is the same; a map there and back is the same."""

from __future__ import annotations

import asyncio
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from fhir_server.errors import FhirError
from fhir_server.terminology import ResourcesSource, Terminology
from fhir_server.terminology.expansion import Wanted
from fhir_server.terminology.matching import TextFilter
from fhir_server.terminology.systems import OPERATORS
from fhir_server.terminology.translating import Translation, Wish, translate, translate_back
from fhir_server.terminology.validating import Asked, Checker

Json = dict[str, Any]
SYSTEMS = ("urn:a", "urn:b", "urn:part", "urn:none")
CODES = ["A", "B", "C", "A.1", "A.2", "out"]

concept = st.fixed_dictionaries(
    {"code": st.sampled_from(CODES[:5]), "display": st.sampled_from(["高血压", "糖尿病", "hyper"])},
    optional={"property": st.lists(st.sampled_from([
        {"code": "parent", "valueCode": "A"},
        {"code": "inactive", "valueBoolean": True},
        {"code": "site", "valueString": "heart"},
    ]), min_size=1, max_size=2)},
)  # fmt: skip
concepts = st.lists(concept, min_size=1, max_size=5, unique_by=lambda c: c["code"])
filter_ = st.fixed_dictionaries(
    {
        "property": st.sampled_from(["concept", "parent", "site"]),
        "op": st.sampled_from(OPERATORS),
        "value": st.sampled_from([*CODES, "true", "heart", "A, B"]),
    }
)
of_system = st.fixed_dictionaries(
    {"system": st.sampled_from(SYSTEMS)},
    optional={"filter": st.lists(filter_, min_size=1, max_size=2)},
)
listed = st.fixed_dictionaries(
    {
        "system": st.sampled_from(SYSTEMS),
        "concept": st.lists(
            st.sampled_from(CODES).map(lambda c: {"code": c}), min_size=1, max_size=3
        ),
    }
)
imported = st.fixed_dictionaries(
    {"valueSet": st.lists(st.sampled_from(["urn:vs0", "urn:vs1"]), min_size=1, max_size=2)},
    optional={"system": st.sampled_from(SYSTEMS[:2])},
)


@st.composite
def compositions(draw: st.DrawFn, *, leaf: bool = False) -> Json:
    include = of_system | listed if leaf else of_system | listed | imported
    out: Json = {"include": draw(st.lists(include, min_size=1, max_size=3))}
    if draw(st.booleans()):
        out["exclude"] = draw(st.lists(include, min_size=1, max_size=2))
    if draw(st.booleans()):
        out["inactive"] = False
    return out


LEAF = compositions(leaf=True)


def value_set(name: str, compose: Json) -> Json:
    return {"resourceType": "ValueSet", "url": name, "status": "active", "compose": compose}


def terminology(one: list[Json], two: list[Json], sets: list[Json]) -> Terminology:
    rows = (("urn:a", "complete", one), ("urn:b", "complete", two), ("urn:part", "fragment", two))
    systems = [
        {
            "resourceType": "CodeSystem",
            "url": url,
            "status": "active",
            "content": content,
            "concept": c,
        }
        for url, content, c in rows
    ]
    return Terminology([ResourcesSource([*systems, *sets])])


@settings(max_examples=300, deadline=None)
@given(concepts, concepts, st.tuples(LEAF, LEAF), compositions())
def test_a_code_is_valid_where_it_is_in_the_expansion(
    one: list[Json], two: list[Json], leaves: tuple[Json, Json], compose: Json
) -> None:
    sets = [value_set(f"urn:vs{i}", leaf) for i, leaf in enumerate(leaves)]
    known = terminology(one, two, sets)
    whole = value_set("urn:whole", compose)
    checker = Checker(known, Asked(abstract=True))

    async def law() -> None:
        try:
            expansion = await known.expander(Wanted()).expand(whole)
        except FhirError:
            return  # what cannot be listed may still be judged, code by code
        for system in SYSTEMS:
            for code in CODES:
                try:
                    verdict = await checker.in_set(whole, {"system": system, "code": code})
                except FhirError as error:
                    assert error.code in ("code-system-unknown", "terminology-incomplete")
                    assert (system, code) not in expansion
                    continue
                assert verdict.result is ((system, code) in expansion), (system, code)

    asyncio.run(law())


@settings(max_examples=200, deadline=None)
@given(concepts, concepts, LEAF, st.sampled_from(["高", "gxy", "hy", "a"]), st.booleans(),
       st.integers(0, 3), st.integers(0, 3))  # fmt: skip
def test_a_page_is_a_part_of_the_whole_and_a_filter_chooses(
    one: list[Json],
    two: list[Json],
    compose: Json,
    typed: str,
    active: bool,
    offset: int,
    count: int,
) -> None:
    known = terminology(one, two, [])
    whole = value_set("urn:whole", compose)

    async def law() -> None:
        plain = Wanted(active_only=active, partial=True)
        try:
            total, every = await known.expander(plain).page(whole)
        except FhirError:
            return
        assert total == len(every)
        paged = Wanted(active_only=active, partial=True, offset=offset, count=count)
        assert await known.expander(paged).page(whole) == (total, every[offset : offset + count])
        text = TextFilter(typed)
        chosen = Wanted(text=text, active_only=active, partial=True)
        _, found = await known.expander(chosen).page(whole)
        expected = [e for e in every if text.fits(e.code, e.texts)]
        assert {(e.system, e.code) for e in found} == {(e.system, e.code) for e in expected}
        assert not active or not any(e.inactive for e in every)

    asyncio.run(law())


target = st.fixed_dictionaries(
    {
        "code": st.sampled_from(["1", "2", "3"]),
        "equivalence": st.sampled_from(
            ["equivalent", "wider", "narrower", "subsumes", "specializes", "inexact"]
        ),
    }
)
element = st.fixed_dictionaries(
    {
        "code": st.sampled_from(CODES),
        "target": st.lists(target, min_size=1, max_size=3, unique_by=lambda t: t["code"]),
    }
)


@given(st.lists(element, max_size=5, unique_by=lambda e: e["code"]))
def test_there_and_back_is_the_same(elements: list[Json]) -> None:
    mapped = {"resourceType": "ConceptMap", "url": "urn:m",
              "group": [{"source": "urn:a", "target": "urn:b", "element": elements}]}  # fmt: skip
    there: set[tuple[str, str, str]] = set()
    back: set[tuple[str, str, str]] = set()

    async def nothing(url: str) -> Json | None:
        return None

    async def forward() -> None:
        for code in CODES:
            out = Translation()
            await translate(mapped, Wish("urn:a", code), nothing, out)
            there.update((code, m.concept["code"], m.equivalence) for m in out.matches if m.concept)

    asyncio.run(forward())
    turned = {
        "wider": "narrower",
        "narrower": "wider",
        "subsumes": "specializes",
        "specializes": "subsumes",
    }
    for code in ("1", "2", "3"):
        out = Translation()
        translate_back(mapped, Wish("urn:b", code), out)
        for match in out.matches:
            assert match.concept is not None
            assert match.concept["system"] == "urn:a"
            stated = turned.get(match.equivalence, match.equivalence)
            back.add((match.concept["code"], code, stated))
    assert there == back
