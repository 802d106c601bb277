"""FHIR_SERVER_VALIDATION=off: what has the JSON shape of FHIR is stored, whatever it says, and
nothing that is done with it later is the server's fault.

Spec: http://hl7.org/fhir/R4/json.html; docs/settings.md
"""

from __future__ import annotations

import random
from collections.abc import AsyncIterator
from typing import Any

import pytest

from fhir_server.model.json import decode_object, encode
from fhir_server.settings import Settings
from tests.suites import folder

from .conftest import FHIR, Api, code_of, open_api

pytestmark = pytest.mark.anyio
Json = dict[str, Any]


@pytest.fixture
async def off(each_store: Settings, anyio_backend: str) -> AsyncIterator[Api]:
    async for client in open_api(each_store.model_copy(update={"validation": "off"})):
        yield client


def measured(value: float, code: str) -> Json:
    return {"value": value, "system": "http://unitsofmeasure.org", "code": code}


def observation(**more: Any) -> Json:
    return {"resourceType": "Observation", "status": "final", "code": {"text": "x"}, **more}


BACKWARDS = {"start": "2026-02-01", "end": "2026-01-01"}
OPEN = {"end": "2026-01-01"}
# What is stored, and a search with whether it finds it. R4: per-1, rng-2, dateTime, prefixes.
STORED: list[tuple[Json, str, bool]] = [
    (observation(effectivePeriod=OPEN), "date=lt2026", True),  # the positive controls
    ({"resourceType": "RiskAssessment", "prediction": [{"probabilityRange":
      {"low": {"value": 1}, "high": {"value": 9}}}]}, "probability=gt5", True),
    # A Period that ends before it begins covers no time.
    (observation(effectivePeriod=BACKWARDS), "date=2026", False),
    (observation(effectivePeriod=BACKWARDS), "date:missing=true", True),
    (observation(effectivePeriod=BACKWARDS), "status=final", True),
    (observation(effectiveTiming={"repeat": {"boundsPeriod": BACKWARDS}}), "date=gt2000", False),
    (observation(effectiveTiming={"event": ["2026-03-01"], "repeat": {"boundsPeriod": BACKWARDS}}),
     "date=2026-03", True),
    # A Range with its low above its high holds nothing.
    ({"resourceType": "RiskAssessment", "prediction": [{"probabilityRange":
      {"low": {"value": 9}, "high": {"value": 1}}}]}, "probability=gt0", False),
    ({"resourceType": "Condition", "onsetRange": {"low": measured(9, "a"), "high":
      measured(1, "a")}}, "onset-age=gt0", False),
    ({"resourceType": "Condition", "onsetRange": {"low": measured(1, "a"), "high":
      measured(9, "a")}}, "onset-age=gt5", True),
    # Values without their format.
    ({"resourceType": "Patient", "birthDate": "1980/01/02", "gender": "男"}, "gender=男", True),
    ({"resourceType": "Patient", "birthDate": "1980-02-30"}, "birthdate=1980", False),
    (observation(effectivePeriod={"start": "soon"}), "date:missing=true", True),
    (observation(effectiveTiming={"event": ["soon", "2026-01-01"]}), "date=2026", True),
    ({"resourceType": "Patient", "foo": {"bar": [1, None]}, "active": True}, "active=true", True),
    ({"resourceType": "Patient", "name": [], "identifier": [{}]}, "identifier:missing=true", True),
    ({"resourceType": "Patient", "identifier": [{"value": ""}]}, "active:missing=true", True),
    ({"resourceType": "Patient", "managingOrganization": {"reference": "a b"}},
     "organization:missing=false", True),
    ({"resourceType": "SearchParameter", "status": "draft"}, "status=draft", True),
]  # fmt: skip


async def test_what_is_not_valid_is_stored_and_found_by_what_it_means(off: Api) -> None:
    for resource, query, found in STORED:
        made = await off.create(resource)
        assert made.status_code == 201, (resource, made.text)
        id = made.json()["id"]
        where = f"{resource['resourceType']}?_id={id}&{query}"
        assert await off.ids(where) == ([id] if found else []), (resource, query)
        assert (await off.delete(f"/fhir/{resource['resourceType']}/{id}")).status_code == 204


SHAPES: list[tuple[Json, str]] = [  # where the JSON is another than FHIR's
    ({"name": "x"}, "Patient.name"),
    ({"name": ["x"]}, "Patient.name[0]"),
    ({"name": [{"given": [1]}]}, "Patient.name[0].given[0]"),
    ({"birthDate": 5}, "Patient.birthDate"),
    ({"_birthDate": "x"}, "Patient.birthDate"),
    ({"birthDate": None}, "Patient.birthDate"),
    ({"active": "true"}, "Patient.active"),
    ({"meta": "x"}, "Patient.meta"),
    ({"meta": {"tag": ["x"]}}, "Patient.meta.tag[0]"),
    ({"contained": [{"resourceType": "Nothing"}]}, "Patient.contained[0]"),
    ({"contained": [{"resourceType": "Patient", "name": {}}]}, "Patient.contained[0].name"),
    ({"extension": [{"url": "urn:x", "valueQuantity": 5}]}, "Patient.extension[0].valueQuantity"),
]


async def test_what_has_another_shape_is_refused(off: Api) -> None:
    good = {"given": [None, "三"], "_given": [{"id": "x"}, None]}
    assert (await off.create({"resourceType": "Patient", "name": [good]})).status_code == 201
    for change, at in SHAPES:
        answer = await off.create({"resourceType": "Patient", **change})
        assert (answer.status_code, code_of(answer)[:9]) == (422, "structure"), change
        assert answer.json()["issue"][0]["expression"] == [at]
    active = {"resourceType": "SearchParameter", "status": "active", "code": "a"}
    answer = await off.create(active)
    assert (answer.status_code, code_of(answer)) == (422, "parameter-facts")


ODD = ["", " ", "x", "不是", "2026-02-30", "9" * 400, "http://[", "#", "Patient/", "urn:uuid:", "|"]


def spoiled(value: Any, chance: random.Random) -> Any:
    """The same shape with parts left out and with other texts and numbers."""
    if type(value) is dict:
        kept = {k: spoiled(v, chance) for k, v in value.items() if chance.random() > 0.08}
        return kept | ({"unknown": [{}]} if chance.random() < 0.02 else {})
    if type(value) is list:
        return [spoiled(v, chance) for v in value for _ in range(chance.choice((1, 1, 1, 2)))]
    if type(value) is str:
        return chance.choice(ODD) if chance.random() < 0.15 else value
    if type(value) is bool or value is None:
        return value
    return chance.choice([0, -1, 10**30, value, value])


AFTER = ("", "/_history", "?_summary=true", "/$meta", "?_format=xml", "/$everything", "/$validate")


async def test_spoiled_examples_are_never_the_servers_fault(off: Api, each_store: Settings) -> None:
    """The official examples, each spoiled at random; then all that can be done with them."""
    chance = random.Random(4)
    files = sorted(folder("examples").glob("*.json"))
    small = [f for f in files if f.stat().st_size < 60_000]
    assert len(small) > 40
    some = small if each_store.store.startswith("sqlite") else small[::5]
    stored = 0
    for file in some:
        original = decode_object(file.read_bytes())
        body = spoiled(original, chance) | {"resourceType": original["resourceType"]}
        body.pop("id", None)
        answer = await off.post(f"/fhir/{body['resourceType']}", content=encode(body), headers=FHIR)
        assert answer.status_code in (201, 422), (file.name, answer.text)
        if answer.status_code == 422:
            continue
        stored += 1
        path = f"/fhir/{body['resourceType']}/{answer.json()['id']}"
        for each in AFTER:
            got = await off.get(path + each)
            assert got.status_code < 500, (file.name, each, got.text)
        kind = body["resourceType"]
        includes = f"_include={kind}:*&_include:iterate=*&_revinclude=*"
        got = await off.get(f"/fhir/{kind}?{includes}")
        assert got.status_code < 500, (file.name, got.text)
    assert stored > len(some) // 2
