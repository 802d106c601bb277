"""What /fhir/metadata declares is called, for a few types: all of it answers.

Spec: http://hl7.org/fhir/R4/capabilitystatement.html
"""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from typing import Any

import httpx2
import pytest

from .conftest import FHIR, Api, code_of

pytestmark = pytest.mark.anyio
Json = dict[str, Any]
TYPES: dict[str, Json] = {
    "Patient": {"name": [{"text": "张三"}]},
    "ServiceRequest": {"status": "active", "intent": "order", "subject": {"display": "x"}},
    "Task": {"status": "requested", "intent": "order"},
    "Organization": {"name": "社区卫生服务中心"},
    "Binary": {"contentType": "text/plain", "data": "eA=="},
    "Parameters": {"parameter": [{"name": "a", "valueString": "b"}]},
}
TAG = {"system": "urn:walk", "code": "1"}
CRITERIA = "_id=w1"
READ = {"request": {"method": "GET", "url": "metadata"}}


def resource(kind: str, **more: Any) -> Json:
    return {"resourceType": kind, "id": "w1", "meta": {"tag": [TAG]}, **TYPES[kind], **more}


async def put(api: Api, kind: str) -> None:
    answer = await api.update(resource(kind))
    assert answer.status_code in (200, 201), answer.text


Call = Callable[[Api, str], Awaitable[httpx2.Response]]
PATCHES: dict[str, Any] = {
    "application/json-patch+json": [{"op": "test", "path": "/id", "value": "w1"}],
    "application/fhir+json": {"resourceType": "Parameters"},
    "application/fhir+xml": '<Parameters xmlns="http://hl7.org/fhir"/>',
    "application/merge-patch+json": {"language": "zh"},
    "application/xml-patch+xml": '<d><replace sel="*/*/@value">w1</replace></d>',
}


async def patch(api: Api, kind: str, media_type: str = "application/fhir+json") -> httpx2.Response:
    body = PATCHES[media_type]
    content = body if isinstance(body, str) else json.dumps(body)
    headers = {"content-type": media_type}
    return await api.request("PATCH", f"/fhir/{kind}/w1", content=content, headers=headers)


# Of a code: the call, and what it answers on a resource that is there.
INTERACTIONS: dict[str, tuple[Call, int]] = {
    "read": (lambda api, kind: api.get(f"/fhir/{kind}/w1"), 200),
    "vread": (lambda api, kind: api.get(f"/fhir/{kind}/w1/_history/1"), 200),
    "update": (lambda api, kind: api.update(resource(kind, language="en")), 200),
    "patch": (patch, 200),
    "history-instance": (lambda api, kind: api.get(f"/fhir/{kind}/w1/_history"), 200),
    "history-type": (lambda api, kind: api.get(f"/fhir/{kind}/_history"), 200),
    "create": (lambda api, kind: api.create(resource(kind)), 201),
    "search-type": (lambda api, kind: api.get(f"/fhir/{kind}?{CRITERIA}"), 200),
    "delete": (lambda api, kind: api.delete(f"/fhir/{kind}/w1"), 204),
    "search-system": (lambda api, kind: api.get(f"/fhir?_type={kind}&{CRITERIA}"), 200),
    "history-system": (lambda api, kind: api.get("/fhir/_history"), 200),
    "batch": (lambda api, kind: api.bundle("batch", READ), 200),
    "transaction": (lambda api, kind: api.bundle("transaction", READ), 200),
}


async def rest_of(api: Api) -> Json:
    answer = await api.get("/fhir/metadata")
    assert answer.status_code == 200
    found: Json = answer.json()["rest"][0]
    return found


@pytest.mark.parametrize("kind", TYPES)
async def test_every_declared_interaction_answers(api: Api, kind: str) -> None:
    rest = await rest_of(api)
    declared = next(each for each in rest["resource"] if each["type"] == kind)
    codes = [each["code"] for each in declared["interaction"]]
    assert set(codes) <= INTERACTIONS.keys(), "a code without a call here"
    for code in codes:
        await put(api, kind)
        call, status = INTERACTIONS[code]
        answer = await call(api, kind)
        assert answer.status_code == status, (kind, code, answer.text)
    # What is not declared is refused.
    answer = await api.request("PUT", f"/fhir/{kind}/w1/_history", content="{}", headers=FHIR)
    assert (answer.status_code, code_of(answer)) == (405, "method-unsupported")


async def test_every_declared_interaction_of_the_system_answers(api: Api) -> None:
    rest = await rest_of(api)
    codes = {each["code"] for each in rest["interaction"]}
    assert codes <= INTERACTIONS.keys()
    for code in codes:
        call, status = INTERACTIONS[code]
        answer = await call(api, "Patient")
        assert answer.status_code == status, (code, answer.text)


@pytest.mark.parametrize("kind", TYPES)
async def test_the_declared_flags_hold(api: Api, kind: str) -> None:
    declared = next(e for e in (await rest_of(api))["resource"] if e["type"] == kind)
    assert (declared["versioning"], declared["readHistory"]) == ("versioned-update", True)
    path = f"/fhir/{kind}?_tag=urn:walk|1"
    assert declared["updateCreate"]
    assert (await api.update(resource(kind))).status_code == 201
    assert declared["conditionalRead"] == "full-support"
    same = {"if-none-match": 'W/"1"'}
    assert (await api.get(f"/fhir/{kind}/w1", headers=same)).status_code == 304
    assert declared["conditionalCreate"]
    once = {"if-none-exist": CRITERIA}
    assert (await api.create(resource(kind), **once)).status_code == 200
    assert declared["conditionalUpdate"]
    answer = await api.put(path, json=resource(kind, language="zh"), headers=FHIR)
    assert (answer.status_code, answer.headers["etag"]) == (200, 'W/"2"')
    assert declared["conditionalDelete"] == "single"
    await api.create(resource(kind))
    assert (await api.delete(path)).status_code == 412
    assert (await api.delete(f"/fhir/{kind}?{CRITERIA}")).status_code == 204
    assert (await api.get(f"/fhir/{kind}/w1")).status_code == 410


async def test_every_patch_format_is_taken(api: Api) -> None:
    formats = (await api.get("/fhir/metadata")).json()["patchFormat"]
    assert set(formats) == PATCHES.keys()
    await put(api, "Patient")
    for each in formats:
        answer = await patch(api, "Patient", each)
        assert answer.status_code == 200, (each, answer.text)


async def test_every_format_is_given_and_taken(api: Api) -> None:
    for name in (await api.get("/fhir/metadata")).json()["format"]:
        answer = await api.get("/fhir/metadata", params={"_format": name})
        assert answer.status_code == 200, name


@pytest.mark.parametrize("kind", TYPES)
async def test_every_declared_operation_is_known(api: Api, kind: str) -> None:
    """With nothing given it works, or says what is missing or not there; it is never unknown."""
    rest = await rest_of(api)
    declared = next(each for each in rest["resource"] if each["type"] == kind)
    names = {each["name"] for each in declared.get("operation", [])}
    assert names
    for name in names:
        answers = [
            await api.post(f"/fhir/{kind}{place}/${name}", headers=FHIR, content="")
            for place in ("", "/none")
        ]
        codes = [code_of(a) if a.status_code >= 400 else "" for a in answers]
        assert codes != ["operation-unknown"] * 2, name
        assert all(a.status_code < 500 for a in answers), (name, codes)
