"""$diff, and the law that its patch makes the one state of the other."""

from __future__ import annotations

import copy
import re
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from fhir_server.definitions import r4
from fhir_server.exchange.difference import difference
from fhir_server.model.json import canonical
from tests.http.conftest import FHIR, Api, code_of

Json = dict[str, Any]
DEFINITIONS = r4()


def spell(part: Json, type_: str) -> tuple[str, Any, Any]:
    """A part as (property name after the element's own, value, sibling)."""
    if "resource" in part:
        return "", part["resource"], None
    if "part" in part:
        out: Json = {}
        for each in part["part"]:
            put(out, type_, each["name"], each, append=True)
        return "", out, None
    key = next(k.removeprefix("_") for k in part if k.removeprefix("_").startswith("value"))
    return key.removeprefix("value"), part.get(key), part.get("_" + key)


def element_of(type_: str, name: str) -> Any:
    found = DEFINITIONS.type(type_)
    assert found is not None
    return found.elements[name]


def put(holder: Json, type_: str, name: str, part: Json, *, append: bool, at: int = -1) -> None:
    element = element_of(type_, name)
    suffix, value, more = spell(part, element.types[0].code)
    key = name + suffix if element.choice else name
    if element.choice:
        for old, _ in element.json_names():
            holder.pop(old, None)
            holder.pop("_" + old, None)
    if not element.many:
        holder.pop(key, None)
        holder.pop("_" + key, None)
        if value is not None:
            holder[key] = value
        if more is not None:
            holder["_" + key] = more
        return
    values, mores = lists(holder, key)
    if append:
        values.append(value)
        mores.append(more)
    elif at < 0:
        raise AssertionError("a place in a list")
    else:
        values[at], mores[at] = value, more
    keep(holder, key, values, mores)


def lists(holder: Json, key: str) -> tuple[list[Any], list[Any]]:
    size = max(len(holder.get(key, [])), len(holder.get("_" + key, [])))
    return list(holder.get(key, [None] * size)), list(holder.get("_" + key, [None] * size))


def keep(holder: Json, key: str, values: list[Any], mores: list[Any]) -> None:
    for name, each in ((key, values), ("_" + key, mores)):
        holder.pop(name, None)
        if any(x is not None for x in each):
            holder[name] = each


def walk(resource: Json, steps: list[str]) -> tuple[Json, str]:
    """The object at a path, with its type."""
    here, type_ = resource, resource["resourceType"]
    for step in steps:
        name, index = re.fullmatch(r"(\w+)(?:\[(\d+)\])?", step).groups()  # type: ignore[union-attr]
        key, ref = next((k, t) for k, t in element_of(type_, name).json_names() if k in here)
        here = here[key][int(index)] if index is not None else here[key]
        type_ = ref.code
    return here, type_


def apply(resource: Json, patch: Json) -> Json:
    """fhirpatch.html read plainly, for paths of simple steps; written apart from the engine."""
    out = copy.deepcopy(resource)
    for operation in patch.get("parameter", ()):
        parts = {p["name"]: p for p in operation["part"]}
        kind = parts["type"]["valueCode"]
        steps = parts["path"]["valueString"].split(".")[1:]
        if kind == "add":
            holder, type_ = walk(out, steps)
            put(holder, type_, parts["name"]["valueString"], parts["value"], append=True)
            continue
        holder, type_ = walk(out, steps[:-1])
        name, index = re.fullmatch(r"(\w+)(?:\[(\d+)\])?", steps[-1]).groups()  # type: ignore[union-attr]
        if kind == "insert":
            put(holder, type_, name, parts["value"], append=True)
            values, mores = lists(holder, name)
            for each in (values, mores):
                each.insert(parts["index"]["valueInteger"], each.pop())
            keep(holder, name, values, mores)
        elif kind == "replace":
            put(holder, type_, name, parts["value"], append=False, at=int(index or -1))
        elif index is None:
            for key, _ in element_of(type_, name).json_names():
                holder.pop(key, None)
                holder.pop("_" + key, None)
        else:
            values, mores = lists(holder, name)
            del values[int(index)], mores[int(index)]
            keep(holder, name, values, mores)
    return out


words = st.sampled_from(["a", "b", "张"])
extension = st.builds(lambda v: {"url": "http://x", "valueString": v}, words)
extensions = st.builds(lambda e: {"extension": e}, st.lists(extension, min_size=1, max_size=2))


def some(**fields: Any) -> Any:
    return st.fixed_dictionaries({}, optional=fields).filter(bool)


def listed(each: Any) -> Any:
    return st.lists(each, min_size=1, max_size=4)


name = some(family=words, given=listed(words), _family=extensions, use=st.just("usual"))
contact = some(
    name=name,
    gender=st.sampled_from(["male", "female"]),
    telecom=listed(some(value=words)),
    extension=listed(extension),
)
patients = st.fixed_dictionaries(
    {"resourceType": st.just("Patient"), "id": st.just("p")},
    optional={
        "active": st.booleans(),
        "_active": extensions,
        "name": listed(name),
        "contact": listed(contact),
        "extension": listed(extension),
        "text": st.builds(lambda d: {"status": "generated", "div": f"<div>{d}</div>"}, words),
        "maritalStatus": some(text=words, coding=listed(some(code=words))),
        "contained": listed(st.builds(lambda i: {"resourceType": "Basic", "id": i}, words)),
        "birthDate": st.sampled_from(["2000", "2001-02"]),
    },
)
deceased = st.one_of(
    st.just({}),
    st.builds(lambda b: {"deceasedBoolean": b}, st.booleans()),
    st.just({"deceasedDateTime": "2026"}),
)
states = st.builds(lambda p, d: {**p, **d}, patients, deceased)


@given(states, states)
def test_the_patch_makes_the_one_of_the_other(old: Json, new: Json) -> None:
    patch = difference(DEFINITIONS, old, new, skip=frozenset({"id"}))
    assert canonical(apply(old, patch)) == canonical(new)


@given(states)
def test_no_difference_is_no_operation(state: Json) -> None:
    assert difference(DEFINITIONS, state, state) == {"resourceType": "Parameters"}


def operations(patch: Json) -> list[tuple[str, str]]:
    return [
        (o["part"][0]["valueCode"], o["part"][1]["valueString"]) for o in patch.get("parameter", ())
    ]


P = {"resourceType": "Patient", "id": "p"}
SHAPES: list[tuple[Json, Json, list[tuple[str, str]]]] = [  # as the patch suite writes them
    ({"birthDate": "1920"}, {"birthDate": "1930"}, [("replace", "Patient.birthDate")]),
    ({"birthDate": "1920", "active": True}, {"active": True}, [("delete", "Patient.birthDate")]),
    ({}, {"birthDate": "1920"}, [("add", "Patient")]),
    ({"name": [{"text": "a"}]}, {"name": [{"text": "b"}]}, [("replace", "Patient.name[0].text")]),
    ({"name": [{"text": "a"}, {"text": "c"}]},
     {"name": [{"text": "a"}, {"text": "b"}, {"text": "c"}]},
     [("insert", "Patient.name")]),
    ({"name": [{"text": "a"}, {"text": "b"}]}, {"name": [{"text": "b"}]},
     [("delete", "Patient.name[0]")]),
    ({"deceasedBoolean": True}, {"deceasedDateTime": "2026"}, [("replace", "Patient.deceased")]),
]  # fmt: skip


def test_operations_are_few_and_plain() -> None:
    for old, new, expected in SHAPES:
        assert operations(difference(DEFINITIONS, {**P, **old}, {**P, **new})) == expected


async def test_diff_of_versions_and_resources(both: Api) -> None:
    await both.update({**P, "gender": "male"})
    await both.update({**P, "gender": "female"})
    await both.update({**P, "gender": "female", "active": True})
    await both.update({"resourceType": "Patient", "id": "q", "gender": "other"})
    await both.update({"resourceType": "Group", "id": "g", "type": "person", "actual": True})
    expected = {
        "Patient/p/$diff": [("add", "Patient")],
        "Patient/p/$diff?fromVersion=1": [("replace", "Patient.gender"), ("add", "Patient")],
        "Patient/p/$diff?fromVersion=3&toVersion=1": [
            ("replace", "Patient.gender"),
            ("delete", "Patient.active"),
        ],
        "Patient/p/_history/2/$diff": [("replace", "Patient.gender")],
        "Patient/q/$diff": [],
        "$diff?from=Patient/p/_history/1&to=Patient/q": [("replace", "Patient.gender")],
        "Patient/p/$diff?includeMeta=true": [
            ("replace", "Patient.meta.versionId"),
            ("replace", "Patient.meta.lastUpdated"),
            ("add", "Patient"),
        ],
    }
    for path, found in expected.items():
        assert operations((await both.get(f"/fhir/{path}")).json()) == found, path
    for path, status, code in (
        ("Patient/none/$diff", 404, "read-unknown"),
        ("Patient/p/$diff?fromVersion=9", 404, "version-unknown"),
        ("$diff?from=Patient/p&to=Group/g", 422, "type-mismatch"),
        ("$diff?from=Patient/p", 400, "parameter-missing"),
        ("$diff?from=Patient/p&to=nonsense", 400, "parameter-value"),
        ("$diff?from=Patient/p&to=Patient/x", 404, "read-unknown"),
    ):
        answer = await both.get(f"/fhir/{path}")
        assert (answer.status_code, code_of(answer)) == (status, code), path


def observation(id: str, day: str, *codes: str, **more: Any) -> Json:
    return {
        "resourceType": "Observation",
        "id": id,
        "status": "final",
        "subject": {"reference": "Patient/p"},
        "effectiveDateTime": day,
        "code": {"coding": [{"system": "http://loinc.org", "code": c} for c in codes]},
        "category": [{"coding": [{"code": "vital-signs"}]}],
        **more,
    }


async def test_lastn(both: Api) -> None:
    for each in (
        P,
        observation("w1", "2026-01-01", "weight"),
        observation("w2", "2026-01-02", "weight", "29463-7"),
        observation("w3", "2026-01-03", "29463-7"),  # the same by a shared coding
        observation("h1", "2026-01-02", "height"),
        observation("h2", "2026-01-02", "height"),
        observation("t1", "2025-01-02", code={"text": "腰围"}, category=[]),
        observation("x1", "2026-02-02", "weight", subject={"reference": "Patient/q"}),
    ):
        each = {k: v for k, v in each.items() if v != []}
        assert (await both.update(each)).status_code == 201
    for query, expected in (
        ("patient=p", ["w3", "h1", "h2", "t1"]),  # h1 and h2 were taken at the same moment
        ("subject=Patient/p&max=2", ["w3", "w2", "h1", "h2", "t1"]),
        ("patient=p&category=vital-signs&max=9", ["w3", "w2", "w1", "h1", "h2"]),
        ("patient=p&code=height", ["h1", "h2"]),
        ("patient=p&date=lt2026-01-02", ["w1", "t1"]),
        ("patient=none", []),
    ):
        found = await both.ids(f"Observation/$lastn?{query}")
        # Within one moment the order is the store's.
        assert sorted(found) == sorted(expected), query
    assert (await both.ids("Observation/$lastn?patient=p&max=2"))[:2] == ["w3", "w2"]
    parameter = [{"name": "max", "valuePositiveInt": 1}, {"name": "patient", "valueString": "p"}]
    body = {"resourceType": "Parameters", "parameter": parameter}
    posted = await both.post("/fhir/Observation/$lastn", json=body, headers=FHIR)
    assert posted.json()["total"] == 4
    for query, status, code in (
        ("", 400, "parameter-missing"),
        ("code=height", 400, "parameter-missing"),
        ("patient=p&max=0", 400, "parameter-value"),
        ("patient=p&foo=1", 400, "search-unknown"),
        ("patient=p&_sort=date", 400, "parameter-unknown"),
    ):
        answer = await both.get(f"/fhir/Observation/$lastn?{query}")
        assert (answer.status_code, code_of(answer)) == (status, code), query
