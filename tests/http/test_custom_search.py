"""A client's own search parameters. Spec: http://hl7.org/fhir/R4/searchparameter.html"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from fhir_server.exchange.upkeep import Upkeep
from fhir_server.settings import Settings
from tests.http.conftest import Api, code_of, open_api

URL = "http://example.org/SearchParameter/patient-village"


def parameter(**more: Any) -> dict[str, Any]:
    return {
        "resourceType": "SearchParameter",
        "url": URL,
        "name": "village",
        "status": "active",
        "description": "the village a patient lives in",
        "code": "village",
        "base": ["Patient"],
        "type": "string",
        "expression": "Patient.address.where(use = 'home').city",
        **more,
    }


def patient(city: str, use: str = "home") -> dict[str, Any]:
    return {"resourceType": "Patient", "address": [{"use": use, "city": city}]}


async def made(api: Api, resource: dict[str, Any]) -> str:
    answer = await api.create(resource)
    assert answer.status_code == 201, answer.text
    id: str = answer.json()["id"]
    return id


async def until(holds: Callable[[], Awaitable[bool]]) -> None:
    deadline = time.monotonic() + 30
    while not await holds():
        assert time.monotonic() < deadline
        await asyncio.sleep(0.02)


async def until_ready(api: Api, query: str) -> list[str]:
    """The ids of a search as soon as its parameter can be used."""

    async def ready() -> bool:
        answer = await api.get(f"/fhir/{query}")
        if answer.status_code != 200:
            assert code_of(answer) == "search-pending"
        return answer.status_code == 200

    await until(ready)
    return await api.ids(query)


async def declared(api: Api, code: str, kind: str = "searchParam") -> bool:
    statement = (await api.get("/fhir/metadata")).json()
    types = {each["type"]: each for each in statement["rest"][0]["resource"]}
    found = types["Patient"].get(kind, ())
    return code in [each if isinstance(each, str) else each["name"] for each in found]


async def test_it_finds_what_was_there_and_what_comes_later(both: Api) -> None:
    before = [await made(both, patient(c)) for c in ("青石镇", "河口镇", "青石镇")]
    await made(both, patient("青石镇", "work"))
    assert code_of(await both.get("/fhir/Patient?village=青石镇")) == "search-unknown"
    id = await made(both, parameter())
    later = await made(both, patient("青石镇"))
    assert await until_ready(both, "Patient?village=青石") == [before[0], before[2], later]
    last = await made(both, patient("青石镇"))
    assert (await both.ids("Patient?village=青石"))[-1] == last
    assert await declared(both, "village")
    assert (await both.delete(f"/fhir/SearchParameter/{id}")).status_code in (200, 204)
    assert code_of(await both.get("/fhir/Patient?village=青石镇")) == "search-unknown"
    assert not await declared(both, "village")


async def test_until_it_is_done_a_search_says_how_far_it_is(
    api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Never a part of the matches. Nothing is gone through while another process lags behind."""
    for city in ("青石镇", "河口镇"):
        await made(api, patient(city))
    busy = ["another process"]

    async def laggards(_: Upkeep, epoch: int) -> list[str]:
        return busy

    monkeypatch.setattr(Upkeep, "laggards", laggards)
    monkeypatch.setattr("fhir_server.exchange.upkeep.AGREE", 0.1)
    await made(api, parameter())
    for query in ("village=青石镇", "_sort=village", "village:missing=true", "_sort=-village"):
        answer = await api.get(f"/fhir/Patient?{query}", headers={"Prefer": "handling=lenient"})
        assert answer.status_code == 400, query
        assert code_of(answer) == "search-pending"
        assert "0/" in answer.text
    keeper = parameter(url=URL + "-keeper", code="keeper", type="reference", target=["Patient"],
                       expression="Patient.link.other")  # fmt: skip
    await made(api, keeper)
    for query in (
        "Observation?subject.village=青石镇",
        "Patient?_has:Patient:keeper:_id=x",
        "Patient?_include=Patient:keeper",
        "Patient?_revinclude=Patient:keeper",
        "Observation?subject:Patient.keeper.name=x",
    ):
        assert code_of(await api.get(f"/fhir/{query}")) == "search-pending", query
    assert not await declared(api, "village")
    busy.clear()
    assert len(await until_ready(api, "Patient?village=青石镇")) == 1
    assert await declared(api, "village")


async def test_it_is_gone_when_it_is_retired_and_back_when_it_is_active(api: Api) -> None:
    stored = (await api.create(parameter())).json()
    id = await made(api, patient("x"))
    assert await until_ready(api, "Patient?village=x") == [id]
    for status in ("retired", "draft", "unknown"):
        await api.update({**stored, "status": status})
        assert code_of(await api.get("/fhir/Patient?village=x")) == "search-unknown"
        await api.update({**stored, "status": "active"})
        assert await until_ready(api, "Patient?village=x") == [id]


async def test_another_expression_makes_all_entries_anew(api: Api) -> None:
    id = await made(api, patient("青石镇", "work"))
    stored = (await api.create(parameter())).json()
    assert await until_ready(api, "Patient?village=青石镇") == []
    await api.update({**stored, "expression": "Patient.address.city"})
    assert await until_ready(api, "Patient?village=青石镇") == [id]
    # What changes no entry changes nothing: it can be searched at once.
    await api.update({**stored, "expression": "Patient.address.city", "description": "else"})
    assert await api.ids("Patient?village=青石镇") == [id]
    # The code in another type: the entries of the old type are gone.
    await api.update({**stored, "type": "token", "expression": "Patient.address.use"})
    assert await until_ready(api, "Patient?village=work") == [id]
    assert await api.ids("Patient?village=青石镇") == []


async def test_a_taken_away_code_is_free_for_another(api: Api) -> None:
    id = await made(api, patient("青石镇", "work"))
    first = await made(api, parameter())
    await until_ready(api, "Patient?village=x")
    await api.delete(f"/fhir/SearchParameter/{first}")
    await made(api, parameter(url=URL + "-2", type="token", expression="Patient.address.use"))
    assert await until_ready(api, "Patient?village=work") == [id]


async def test_it_survives_a_restart(each_store: Settings, anyio_backend: str) -> None:
    async for api in open_api(each_store):
        id = await made(api, patient("青石镇"))
        await made(api, parameter())
        # The server ends before the entries are made.
    async for api in open_api(each_store):
        assert await until_ready(api, "Patient?village=青石镇") == [id]
    async for api in open_api(each_store):
        # At once: the store says that it is ready.
        assert await api.ids("Patient?village=青石镇") == [id]


async def test_two_servers_of_one_store_know_the_same(
    each_store: Settings, anyio_backend: str
) -> None:
    async for one in open_api(each_store):
        async for two in open_api(each_store):
            ids = [await made(one, patient("青石镇"))]
            stored = (await one.create(parameter())).json()
            # The other one indexes by it as soon as the first has answered.
            ids.append(await made(two, patient("青石镇")))
            assert await until_ready(one, "Patient?village=青石镇") == ids
            assert await two.ids("Patient?village=青石镇") == ids
            assert await declared(two, "village")
            await two.update({**stored, "expression": "Patient.address.district"})
            assert await until_ready(one, "Patient?village=青石镇") == []
            await two.delete(f"/fhir/SearchParameter/{stored['id']}")
            assert code_of(await one.get("/fhir/Patient?village=x")) == "search-unknown"


async def test_a_reference_is_followed_and_included(both: Api) -> None:
    """Chains, _has, _include, _revinclude and _sort by parameters of one's own."""
    url = "http://example.org/SearchParameter/"
    near, far = await made(both, patient("青石镇")), await made(both, patient("河口镇"))
    tasks = [
        await made(both, {
            "resourceType": "Task", "status": "requested", "intent": "order",
            "input": [{"type": {"text": "companion"},
                       "valueReference": {"reference": f"Patient/{id}"}}],
        })
        for id in (near, far)
    ]  # fmt: skip
    await made(both, parameter())
    companion = parameter(
        url=url + "task-companion", code="companion", base=["Task"], type="reference",
        target=["Patient"], expression="Task.input.where(type.text = 'companion').value",
    )  # fmt: skip
    await made(both, companion)
    assert await until_ready(both, f"Task?companion=Patient/{near}") == [tasks[0]]
    assert await until_ready(both, "Patient?village=河口") == [far]
    assert await both.ids("Task?companion.village=青石镇") == [tasks[0]]
    assert await both.ids(f"Patient?_has:Task:companion:_id={tasks[1]}") == [far]
    assert await both.ids("Patient?_sort=village") == [far, near]
    assert await both.ids("Patient?_sort=-village") == [near, far]
    page = (await both.get(f"/fhir/Task?_id={tasks[0]}&_include=Task:companion")).json()
    assert [e["resource"]["id"] for e in page["entry"]] == [tasks[0], near]
    page = (await both.get(f"/fhir/Patient?_id={far}&_revinclude=Task:companion")).json()
    assert [e["resource"]["id"] for e in page["entry"]] == [far, tasks[1]]
    wrong = await both.get("/fhir/Task?companion:Group.name=x")
    assert code_of(wrong) == "search-modifier"  # Group is no target
    assert await declared(both, "Task:companion", "searchRevInclude")


async def test_a_composite_of_parameters_of_ones_own(both: Api) -> None:
    """Both parts on the same element. Spec: search.html#composite"""
    url = "http://example.org/SearchParameter/"
    two = [{"use": "home", "city": "青石镇"}, {"use": "work", "city": "河口镇"}]
    id = await made(both, {"resourceType": "Patient", "address": two})
    await made(both, {"resourceType": "Patient"})
    composite = parameter(
        url=url + "use-village", code="use-village", type="composite",
        expression="Patient.address",
        component=[
            {"definition": "http://hl7.org/fhir/SearchParameter/individual-address-use",
             "expression": "use"},
            {"definition": url + "town", "expression": "city"},
        ],
    )  # fmt: skip
    early = await both.create(composite)
    assert (early.status_code, code_of(early)) == (422, "parameter-component")
    await made(both, parameter(url=url + "town", code="town", expression="Patient.address.city"))
    await made(both, composite)
    assert await until_ready(both, "Patient?use-village=home$青石镇") == [id]
    assert await both.ids("Patient?use-village=home$河口镇") == []
    assert await both.ids("Patient?use-village=work$河口镇") == [id]


async def test_one_of_every_type_and_kind(api: Api) -> None:
    url = "http://example.org/SearchParameter/"
    rows = [  # code, type, base, expression, a search that finds the patient
        ("any-tag", "token", "Resource", "Resource.meta.tag", "any-tag=http://t|x"),
        ("any-ext", "number", "DomainResource", "DomainResource.extension.value.ofType(integer)",
         "any-ext=gt4"),
        ("names", "number", "Patient", "Patient.name.count()", "names=2"),
        ("wed", "date", "Patient", "Patient.extension('http://w').value.ofType(date)",
         "wed=ge2020"),
        ("home", "uri", "Patient", "Patient.extension.url", "home=http://w"),
        ("weight", "quantity", "Patient", "Patient.extension.value.ofType(Quantity)",
         "weight=70000|http://unitsofmeasure.org|g"),
        ("born-late", "token", "Patient", "Patient.birthDate > @2000-01-01", "born-late=true"),
        ("care", "reference", "Patient", "Patient.generalPractitioner", "care=Organization/o"),
    ]  # fmt: skip
    kg = {"value": 70, "unit": "kg", "system": "http://unitsofmeasure.org", "code": "kg"}
    id = await made(api, {
        "resourceType": "Patient",
        "meta": {"tag": [{"system": "http://t", "code": "x"}]},
        "extension": [{"url": "http://n", "valueInteger": 5},
                      {"url": "http://w", "valueDate": "2021-05-01"},
                      {"url": "http://q", "valueQuantity": kg}],
        "name": [{"text": "张三"}, {"text": "Zhang San"}],
        "birthDate": "2001-02-03",
        "generalPractitioner": [{"reference": "Organization/o"}],
    })  # fmt: skip
    await made(api, {"resourceType": "Patient", "birthDate": "1990-01-01"})
    for code, kind, base, expression, _ in rows:
        more = {"code": code, "type": kind, "base": [base], "expression": expression}
        await made(api, parameter(url=url + code, **more))
    for *_, query in rows:
        assert await until_ready(api, f"Patient?{query}") == [id], query
    await made(api, {"resourceType": "Basic", "code": {"text": "x"}})
    tagged = await api.get("/fhir?any-tag=x")
    assert [e["resource"]["id"] for e in tagged.json()["entry"]] == [id]


async def test_data_without_meaning_for_an_expression_are_stored_and_not_found(api: Api) -> None:
    stored = await made(
        api, {"resourceType": "Patient", "name": [{"family": "a"}, {"family": "b"}]}
    )
    other = await made(api, {"resourceType": "Patient", "name": [{"family": "a"}]})
    await made(api, parameter(expression="Patient.name.single().family"))
    assert await until_ready(api, "Patient?village=a") == [other]
    later = {"resourceType": "Patient", "name": [{"family": "a"}, {"family": "c"}]}
    assert (await api.create(later)).status_code == 201
    assert (await api.get(f"/fhir/Patient/{stored}")).status_code == 200
    assert await api.ids("Patient?village=a") == [other]


async def test_a_part_without_meaning_makes_no_entry(api: Api) -> None:
    parts = [{"definition": "http://hl7.org/fhir/SearchParameter/individual-family",
              "expression": "given.single()"},
             {"definition": "http://hl7.org/fhir/SearchParameter/individual-address-use",
              "expression": "use"}]  # fmt: skip
    await made(api, parameter(type="composite", expression="Patient.name", component=parts))
    two = {"resourceType": "Patient", "name": [{"use": "usual", "given": ["a", "b"]}]}
    await made(api, two)
    one = await made(api, {**two, "name": [{"use": "usual", "given": ["a"]}]})
    assert await until_ready(api, "Patient?village=a$usual") == [one]
    filtered = parameter(url=URL + "2", code="v2", expression="Patient.name.where(given = 'a' and "
                         "given.single() = 'a').given")  # fmt: skip
    await made(api, filtered)
    await made(api, two)
    assert await until_ready(api, "Patient?v2=a") == [one]
