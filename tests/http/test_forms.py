"""Paper forms over HTTP. Spec of the shapes: docs/forms.md"""

from __future__ import annotations

import asyncio
import csv
import io
import json
from typing import Any

import pytest

from .conftest import Api, code_of

pytestmark = pytest.mark.anyio
Json = dict[str, Any]
UP: Json = {
    "患者姓名": "张三", "性别": "男", "年龄": 56, "档案编号": "37012610320100123",
    "家庭住址": "示例县青石镇第三村", "存根/联系电话": "13800000000", "年月日": "2026-11-20",
    "转入单位": "县人民医院", "科室": "心血管内科", "接诊医生": "李四", "转诊医生(签字)": "王五",
    "初步印象": "冠心病 <不稳定>\n心绞痛 & 高血压", "主要现病史(转出原因)": "胸痛3天，加重1天",
    "主要既往史": "高血压病史10年", "治疗经过": "口服阿司匹林", "转出单/联系电话": "0537-1234567",
    "机构名称": "青石镇卫生院",
}  # fmt: skip
ID = "11010519491231002X"  # the sample of GB 11643-1999, a woman born 1949-12-31
HISTORY = "/fhir/Patient/$referral-history?identifier=urn:oid:2.16.156.10011.1.3|" + ID


async def send(api: Api, form: str, values: Json, **headers: str) -> Any:
    return await api.post(f"/forms/{form}", json=values, headers=headers)


async def test_the_catalogue(api: Api) -> None:
    forms = (await api.get("/forms")).json()["forms"]
    assert {f["id"] for f in forms} >= {"national-up", "national-down"}
    assert all(set(f) == {"id", "title", "description"} for f in forms)
    definition = (await api.get("/forms/national-up")).json()
    assert set(definition) == {"id", "title", "fields"}
    keys = {"label", "part", "box", "type", "required"}
    for field in definition["fields"]:
        assert keys <= set(field) <= keys | {"values"}
    twice = [f["part"] for f in definition["fields"] if f["label"] == "联系电话"]
    assert twice == ["存根", "转出单"]
    missing = await api.get("/forms/none", headers={"accept": "application/fhir+json"})
    assert (missing.status_code, code_of(missing)) == (404, "form-unknown")


async def test_from_paper_to_history_and_back(both: Api) -> None:
    values = {**UP, "身份证号": ID, "性别": "女", "年龄": 76}
    made = await send(both, "national-up", values)
    assert made.status_code == 201, made.text
    location = made.headers["location"]
    id = location.rsplit("/", 1)[1]
    assert location == f"http://test/fhir/ServiceRequest/{id}"
    assert made.json()["type"] == "transaction-response"
    assert (await both.get(f"/fhir/ServiceRequest/{id}")).json()["status"] == "active"
    again = (await both.get(f"/forms/national-up/{id}")).json()
    assert again == values
    history = (await both.get(HISTORY)).json()
    assert (history["type"], history["total"]) == ("searchset", 1)
    modes = [(e["resource"]["resourceType"], e["search"]["mode"]) for e in history["entry"]]
    assert modes[0] == ("ServiceRequest", "match")
    assert set(modes[1:]) == {
        ("Task", "include"), ("Encounter", "include"), ("Condition", "include")
    }  # fmt: skip
    patient = history["entry"][0]["resource"]["subject"]["reference"].split("/")[1]
    by_id = (await both.get(f"/fhir/Patient/{patient}/$referral-history")).json()
    assert by_id["total"] == 1


async def test_the_same_form_twice_is_one_referral(both: Api) -> None:
    first = await send(both, "national-up", UP)
    second = await send(both, "national-up", {**UP, "年月日": "2026年11月20日"})
    assert (first.status_code, second.status_code) == (201, 200)
    assert first.headers["location"] == second.headers["location"]
    numbered = {**UP, "转诊单号": "SL0001", "患者姓名": "李四"}
    third = await send(both, "national-up", numbered)
    fourth = await send(both, "national-up", {**numbered, "主要既往史": "补充"})
    assert (third.status_code, fourth.status_code) == (201, 200)
    assert third.headers["location"] == fourth.headers["location"]
    elsewhere = await send(both, "national-up", {**numbered, "机构名称": "河口镇卫生院"})
    assert elsewhere.status_code == 201, "a number is unique only within its sender"
    assert len(await both.ids("ServiceRequest")) == 3


async def test_the_same_form_from_many_clients_is_one_referral(both: Api) -> None:
    answers = await asyncio.gather(*(send(both, "national-up", UP) for _ in range(8)))
    assert sorted(a.status_code for a in answers) == [200] * 7 + [201]
    assert len({a.headers["location"] for a in answers}) == 1
    assert len(await both.ids("Task")) == 1


async def test_dry_run_stores_nothing(api: Api) -> None:
    answer = await api.post("/forms/national-up?dry-run=true", json=UP)
    assert answer.status_code == 200
    assert answer.json()["type"] == "transaction"
    assert await api.ids("Patient") == []


WRONG = [  # the field, what is written, a word of the Chinese and of the English message
    ("年龄", "五十六点五", "年龄", "age"),
    ("性别", "X", "男", "男"),
    ("存根/联系电话", "12", "电话", "phone"),
    ("转出单/联系电话", "abc", "电话", "phone"),
    ("年月日", "2026-02-30", "日历", "calendar"),
    ("年月日", "昨天", "日期", "date"),
    ("身份证号", "110105194912310021", "校验码", "check"),
    ("身份证号", "110105491231002", "15", "15"),
    ("身份证号", "110105194913310021", "日期", "date"),
    ("患者姓名", "", "必填", "required"),
    ("初步印象", ["a"], "文字", "text"),
    ("主要既往史", "a\u0001", "控制", "control"),
    ("档案编号", "<1>", "字母", "letters"),
]


@pytest.mark.parametrize(("field", "value", "zh", "en"), WRONG)
async def test_a_wrong_field(api: Api, field: str, value: object, zh: str, en: str) -> None:
    answer = await send(api, "national-up", {**UP, field: value})
    assert answer.status_code == 422
    assert answer.headers["content-type"].startswith("application/problem+json")
    problem = answer.json()
    assert {"type", "title", "status", "errors"} <= set(problem)
    assert problem["status"] == 422
    found = {e["field"]: e for e in problem["errors"]}
    assert set(found) == {field}
    assert set(found[field]) == {"field", "box", "message", "message_en"}
    assert found[field]["box"]
    assert zh in found[field]["message"]
    assert en in found[field]["message_en"]
    assert await api.ids("Patient") == []


async def test_all_wrong_fields_at_once(api: Api) -> None:
    values = {**UP, "年龄": "x", "年月日": "x", "存根/联系电话": "x", "多余的栏": "x"}
    answer = await send(api, "national-up", values)
    fields = [e["field"] for e in answer.json()["errors"]]
    assert fields == ["年龄", "存根/联系电话", "年月日", "多余的栏"]
    fhir = await send(api, "national-up", values, accept="application/fhir+json")
    outcome = fhir.json()
    assert outcome["resourceType"] == "OperationOutcome"
    assert len(outcome["issue"]) == 4


CROSS = [({"身份证号": ID, "性别": "男", "年龄": 76}, "性别"),
         ({"身份证号": ID, "性别": "女", "年龄": 30}, "年龄"),
         ({"身份证号": ID, "性别": "女", "年龄": 76, "出生日期": "1949-12-30"}, "出生日期"),
         ({"出生日期": "2027-01-01"}, "出生日期")]  # fmt: skip


@pytest.mark.parametrize(("change", "field"), CROSS)
async def test_fields_that_contradict_each_other(api: Api, change: Json, field: str) -> None:
    answer = await send(api, "national-up", {**UP, **change})
    assert answer.status_code == 422
    assert [e["field"] for e in answer.json()["errors"]] == [field]


async def test_other_bodies(api: Api) -> None:
    async def status(body: bytes, content_type: str) -> int:
        headers = {"content-type": content_type}
        answer = await api.post("/forms/national-up", content=body, headers=headers)
        return answer.status_code

    good = json.dumps(UP).encode()
    assert await status(good, "application/json") == 201
    assert await status(good, "text/plain") == 415
    assert await status(good[:-1], "application/json") == 400
    assert await status(b"[]", "application/json") == 400
    assert await status(b"\xff", "application/json") == 400
    assert await status(b'{"\xe5\xb9\xb4\xe9\xbe\x84":1,"\xe5\xb9\xb4\xe9\xbe\x84":2}',
                        "application/json") == 400  # fmt: skip
    assert await status(b"not a zip", "application/vnd.openxmlformats-officedocument."
                        "spreadsheetml.sheet") == 422  # fmt: skip


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
async def test_csv(api: Api, encoding: str) -> None:
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(UP)
    writer.writerow(UP.values())
    answer = await api.post(
        "/forms/national-up",
        content=text.getvalue().encode(encoding),
        headers={"content-type": "text/csv"},
    )
    assert answer.status_code == 201, answer.text
    id = answer.headers["location"].rsplit("/", 1)[1]
    again = (await api.get(f"/forms/national-up/{id}")).json()
    assert again == {**UP, "年龄": "56"}


async def test_the_printable_page(api: Api) -> None:
    made = await send(api, "national-up", {**UP, "患者姓名": "<script>alert(1)</script>"})
    id = made.headers["location"].rsplit("/", 1)[1]
    page = await api.get(f"/forms/national-up/{id}", headers={"accept": "text/html"})
    assert page.headers["content-type"].startswith("text/html")
    assert "双向转诊" in page.text
    assert "存" in page.text
    assert "<script>alert" not in page.text
    assert "2026 年 11 月 20 日" in page.text
    assert "http://" not in page.text.replace("http://www.w3.org", "")


async def test_a_form_of_another_kind_and_none(api: Api) -> None:
    id = (await send(api, "national-up", UP)).headers["location"].rsplit("/", 1)[1]
    for path, status in ((f"national-down/{id}", 404), ("national-up/none", 404)):
        assert (await api.get(f"/forms/{path}")).status_code == status


async def test_another_form_does_not_change_the_first(api: Api) -> None:
    first = await send(api, "national-up", UP)
    moved = {**UP, "家庭住址": "新地址", "存根/联系电话": "13900000000", "年月日": "2026-11-22"}
    second = await send(api, "national-up", moved)
    assert second.status_code == 201
    assert len(await api.ids("Patient")) == 1
    for made, values in ((first, UP), (second, moved)):
        id = made.headers["location"].rsplit("/", 1)[1]
        assert (await api.get(f"/forms/national-up/{id}")).json() == values


DOWN: Json = {
    "患者姓名": "张三", "性别": "女", "年龄": "76", "病案号": "B1", "家庭住址": "青石镇",
    "存根/联系电话": "13800000000", "年月日": "2026-11-28", "转回单位": "青石镇卫生院",
    "转诊医生(签字)": "李四", "诊断结果": "冠心病", "住院病案号": "Z1",
    "主要检查结果": "心电图：ST段恢复", "治疗经过、下一步治疗方案及康复建议": "支架术后，继续服药",
    "回转单/联系电话": "13700000000", "机构名称": "县人民医院", "身份证号": ID, "原转诊单号": "SL1",
}  # fmt: skip


async def test_history_filters_and_pages(both: Api) -> None:
    up = {**UP, "身份证号": ID, "性别": "女", "年龄": 76, "转诊单号": "SL1"}
    for day in ("2026-11-20", "2026-11-21", "2026-11-22"):
        number = "SL1" if day.endswith("20") else f"SL{day[-2:]}"
        made = await send(both, "national-up", {**up, "年月日": day, "转诊单号": number})
        assert made.status_code == 201, made.text
    down = await send(both, "national-down", DOWN)
    assert down.status_code == 201, down.text
    back = (
        await both.get(f"/forms/national-down/{down.headers['location'].rsplit('/')[-1]}")
    ).json()
    assert back == DOWN

    async def days(extra: str) -> list[str]:
        bundle = (await both.get(HISTORY + extra)).json()
        entries = bundle.get("entry", [])
        return [e["resource"]["authoredOn"] for e in entries if e["search"]["mode"] == "match"]

    assert await days("") == ["2026-11-28", "2026-11-22", "2026-11-21", "2026-11-20"]
    assert await days("&direction=down") == ["2026-11-28"]
    assert await days("&direction=up") == ["2026-11-22", "2026-11-21", "2026-11-20"]
    assert await days("&date=ge2026-11-21&date=lt2026-11-28") == ["2026-11-22", "2026-11-21"]
    assert await days("&status=completed") == []
    page = (await both.get(HISTORY + "&_count=3")).json()
    assert page["total"] == 4
    following = next(link["url"] for link in page["link"] if link["relation"] == "next")
    rest = (await both.get(following)).json()
    assert [e["resource"]["authoredOn"] for e in rest["entry"] if e["search"]["mode"] == "match"
            ] == ["2026-11-20"]  # fmt: skip


HISTORY_REFUSED = [
    ("/fhir/Patient/$referral-history", 400, "parameter-missing"),
    (HISTORY + "&direction=sideways", 400, "parameter-value"),
    (HISTORY + "&foo=1", 400, "parameter-unknown"),
    (HISTORY + "&_count=x", 400, "parameter-value"),
    (HISTORY + "&date=x", 400, "search-value"),
    ("/fhir/Patient/none/$referral-history", 404, "read-unknown"),
    ("/fhir/Patient/$referral-history?identifier=a|b|c", 400, "search-value"),
]


@pytest.mark.parametrize(("path", "status", "code"), HISTORY_REFUSED)
async def test_history_refused(api: Api, path: str, status: int, code: str) -> None:
    answer = await api.get(path)
    assert (answer.status_code, code_of(answer)) == (status, code)


async def test_history_of_an_unknown_person_is_empty(api: Api) -> None:
    bundle = (await api.get(HISTORY)).json()
    assert (bundle["total"], "entry" in bundle) == (0, False)
    assert bundle["link"][0]["relation"] == "self"


async def test_the_operation_is_declared(api: Api) -> None:
    found = await api.get("/fhir/OperationDefinition/patient-referral-history")
    assert found.json()["code"] == "referral-history"
    names = {p["name"] for p in found.json()["parameter"]}
    assert names == {"identifier", "status", "direction", "date", "_count", "return"}
