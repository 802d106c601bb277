"""Each way a body can be wrong has its own answer, and nothing is stored."""

from __future__ import annotations

import gzip
import json

import pytest

from .conftest import FHIR, Api, code_of

pytestmark = pytest.mark.anyio

GOOD = b'{"resourceType":"Patient","name":[{"text":"\xe5\xbc\xa0\xe4\xb8\x89"}]}'
XML_GOOD = (
    '<Patient xmlns="http://hl7.org/fhir"><name><text value="张三"/></name></Patient>'.encode()
)
XML = {"content-type": "application/fhir+xml", "accept": "application/fhir+json"}
GZIP = gzip.compress(GOOD)
SECRET = "机密姓名"

# What is sent, with which headers: the status and our code. The first row is the control.
CASES = [
    ("control", GOOD, {}, 201, ""),
    ("control in XML", XML_GOOD, XML, 201, ""),
    ("control, compressed", GZIP, {"content-encoding": "gzip"}, 201, ""),
    ("empty", b"", {}, 400, "json-empty"),
    ("white space", b" \n", {}, 400, "json-empty"),
    ("cut off", GOOD[:-2], {}, 400, "json-invalid"),
    ("trailing text", GOOD + b"x", {}, 400, "json-invalid"),
    ("single quotes", b"{'resourceType':'Patient'}", {}, 400, "json-invalid"),
    ("NaN", b'{"resourceType":"Patient","multipleBirthInteger":NaN}', {}, 400, "json-invalid"),
    ("half a surrogate", b'{"resourceType":"Patient","id":"\\ud800"}', {}, 400, "json-invalid"),
    ("byte order mark", b"\xef\xbb\xbf" + GOOD, {}, 400, "json-invalid"),
    ("twice the same key", b'{"resourceType":"Patient","id":"a","id":"b"}', {}, 400,
     "json-duplicate"),
    ("twice, deeper", b'{"resourceType":"Patient","name":[{"text":"a","text":"b"}]}', {}, 400,
     "json-duplicate"),
    ("GBK", '{"resourceType":"Patient","id":"张"}'.encode("gb18030"), {}, 400, "json-not-utf8"),
    ("an array", b"[]", {}, 400, "json-not-object"),
    ("a string", b'"Patient"', {}, 400, "json-not-object"),
    ("control character", b'{"resourceType":"Patient","name":[{"text":"a\\u0000b"}]}', {}, 400,
     "json-control"),
    ("too deep", b'{"resourceType":"Patient","extension":' + b'[{"extension":' * 40 + b"[]"
     + b"}]" * 40 + b"}", {}, 400, "json-too-deep"),
    ("far too deep", b"[" * 100_000, {}, 400, "json-too-deep"),
    ("no resourceType", b'{"id":"a"}', {}, 422, "type-missing"),
    ("another type", b'{"resourceType":"Observation"}', {}, 422, "type-mismatch"),
    ("a type that is none", b'{"resourceType":7}', {}, 422, "type-mismatch"),
    ("plain text", GOOD, {"content-type": "text/plain"}, 415, "media-unsupported"),
    ("a form", GOOD, {"content-type": "application/x-www-form-urlencoded"}, 415,
     "media-unsupported"),
    ("XML that is JSON", GOOD, XML, 400, "xml-invalid"),
    ("JSON that is XML", b"<Patient/>", {}, 400, "json-invalid"),
    ("XML without a namespace", b"<Patient/>", XML, 422, "xml-namespace"),
    ("XML cut off", XML_GOOD[:-2], XML, 400, "xml-invalid"),
    ("XML in GBK", XML_GOOD.decode().encode("gb18030"), XML, 400, "xml-not-utf8"),
    ("XML empty", b"", XML, 400, "json-empty"),
    ("XML with a DTD", b"<!DOCTYPE Patient>" + XML_GOOD, XML, 400, "xml-doctype"),
    ("XML of another type", XML_GOOD.replace(b"Patient", b"Person"), XML, 422, "type-mismatch"),
    ("XML of another charset", XML_GOOD, {**XML, "content-type": "text/xml; charset=gbk"},
     415, "media-charset"),
    ("XML with a wrong value", XML_GOOD.replace(b"<name>", b'<active value="1"/><name>'), XML, 422,
     "structure-primitive"),
    ("XML too large", XML_GOOD + b" " * 17_000_000, XML, 413, "body-too-large"),
    ("another version", GOOD, {"content-type": "application/fhir+json; fhirVersion=3.0"}, 415,
     "media-unsupported"),
    ("no content type", GOOD, {"content-type": ""}, 415, "media-unsupported"),
    ("another charset", GOOD, {"content-type": "application/fhir+json; charset=gbk"}, 415,
     "media-charset"),
    ("not compressed", GOOD, {"content-encoding": "gzip"}, 400, "body-encoding"),
    ("compressed strangely", GOOD, {"content-encoding": "compress"}, 415, "media-encoding"),
    ("compressed, cut off", GZIP[:-9], {"content-encoding": "gzip"}, 400, "body-encoding"),
    ("a bomb", gzip.compress(b" " * 17_000_000), {"content-encoding": "gzip"}, 413,
     "body-too-large"),
    ("compressed and wrong", gzip.compress(GOOD[:-2]), {"content-encoding": "gzip"}, 400,
     "json-invalid"),
    ("Turtle wanted", GOOD, {"accept": "text/turtle"}, 406, "media-not-acceptable"),
    ("too large", b'{"resourceType":"Patient","id":"' + b"a" * 17_000_000 + b'"}', {}, 413,
     "body-too-large"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("body", "headers", "status", "code"), [c[1:] for c in CASES], ids=[c[0] for c in CASES]
)
async def test_body(api: Api, body: bytes, headers: dict[str, str], status: int, code: str) -> None:
    answer = await api.post("/fhir/Patient", content=body, headers={**FHIR, **headers})
    assert answer.status_code == status, answer.text
    assert await api.ids("Patient") == ([answer.json()["id"]] if status == 201 else [])
    if code:
        assert code_of(answer) == code
        assert answer.json()["issue"][0]["severity"] == "error"


STRUCTURE = [  # FHIR R4 datatypes.html and json.html; element: our code and location
    ({"nme": []}, "structure-unknown", "Patient.nme"),
    ({"name": {"text": SECRET}}, "structure-type", "Patient.name"),
    ({"name": [SECRET]}, "structure-type", "Patient.name[0]"),
    ({"name": []}, "structure-empty", "Patient.name"),
    ({"name": [{}]}, "structure-empty", "Patient.name[0]"),
    ({"name": [{"text": ""}]}, "structure-primitive", "Patient.name[0].text"),
    ({"birthDate": "1970-02-30"}, "structure-primitive", "Patient.birthDate"),
    ({"birthDate": SECRET}, "structure-primitive", "Patient.birthDate"),
    ({"active": "true"}, "structure-primitive", "Patient.active"),
    ({"gender": "M"}, "structure-code", "Patient.gender"),
    ({"multipleBirthInteger": 1.5}, "structure-primitive", "Patient.multipleBirth"),
    ({"multipleBirthInteger": 1, "multipleBirthBoolean": True}, "structure-choice",
     "Patient.multipleBirth"),
    ({"link": [{"type": "seealso"}]}, "structure-required", "Patient.link[0].other"),
    ({"name": [{"given": [None]}]}, "structure-null", "Patient.name[0].given[0]"),
    ({"name": [{"given": ["a", "b"], "_given": [{"id": "x"}]}]}, "structure-length",
     "Patient.name[0].given"),
    ({"contained": [{"resourceType": "Nothing"}]}, "structure-resource", "Patient.contained[0]"),
]  # fmt: skip


@pytest.mark.parametrize(("element", "code", "at"), STRUCTURE)
async def test_structure(api: Api, element: dict[str, object], code: str, at: str) -> None:
    resource = {"resourceType": "Patient", **element}
    answer = await api.create(resource)
    assert answer.status_code == 422
    assert code_of(answer) == code
    assert answer.json()["issue"][0]["expression"] == [at]
    assert SECRET not in answer.text
    assert await api.ids("Patient") == []


async def test_all_issues_are_reported_at_once(api: Api) -> None:
    answer = await api.create({"resourceType": "Patient", "gender": "M", "active": 1, "foo": 2})
    assert len(answer.json()["issue"]) == 3


async def test_a_list_of_many_issues_is_cut(api: Api) -> None:
    resource = {"resourceType": "Patient", "name": [{"text": ""}] * 500}
    issues = (await api.create(resource)).json()["issue"]
    assert len(issues) == 101
    assert issues[-1]["details"]["coding"][0]["code"] == "structure-many"


async def test_decimals_keep_their_digits(api: Api) -> None:
    text = (
        '{"resourceType":"Observation","status":"final","code":{"text":"x"},'
        '"valueQuantity":{"value":1.50},"component":[{"code":{"text":"y"},"valueQuantity":'
        '{"value":100}},{"code":{"text":"z"},"valueQuantity":{"value":0.000100}}]}'
    )
    made = await api.post("/fhir/Observation", content=text.encode(), headers=FHIR)
    read = await api.get(f"/fhir/Observation/{made.json()['id']}")
    for digits in ('"value":1.50}', '"value":100}', '"value":0.000100}'):
        assert digits in read.text, digits
    pretty = await api.get(f"/fhir/Observation/{made.json()['id']}?_pretty=true")
    assert '"value": 1.50' in pretty.text


LANGUAGES = [("", "没有此资源"), ("zh-CN,en;q=0.5", "没有此资源"), ("en-GB", "no such resource"),
             ("fr", "没有此资源"), ("fr, en;q=0.3", "no such resource")]  # fmt: skip


@pytest.mark.parametrize(("wanted", "text"), LANGUAGES)
async def test_language(api: Api, wanted: str, text: str) -> None:
    answer = await api.get("/fhir/Patient/none", headers={"accept-language": wanted})
    assert answer.status_code == 404
    assert answer.json()["issue"][0]["details"]["text"] == text
    assert answer.json()["issue"][0]["diagnostics"] == "no such resource"


async def test_a_fault_of_ours_is_a_500_without_data(
    api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    from fhir_server.storage.sqlite import SqliteStore

    async def broken(*_: object) -> None:
        raise RuntimeError(SECRET)

    monkeypatch.setattr(SqliteStore, "current", broken)
    answer = await api.get("/fhir/Patient/a")
    assert answer.status_code == 500
    assert code_of(answer) == "internal"
    assert SECRET not in answer.text


def test_every_case_has_a_code_of_the_table() -> None:
    from fhir_server.errors import ERRORS

    assert {c[4] for c in CASES if c[4]} | {s[1] for s in STRUCTURE} <= set(ERRORS)
    assert json.loads(GOOD)["resourceType"] == "Patient"
