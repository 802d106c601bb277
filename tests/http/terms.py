"""A small terminology, written by REST, and calls of the operations on it."""

from __future__ import annotations

from typing import Any

import httpx2

from tests.http.conftest import FHIR, Api

Json = dict[str, Any]
SYSTEM = "http://x.org/disease"
SET = "http://x.org/vs/heart"
RAW = "http://x.org/raw"
MAP = "http://x.org/map"

CODE_SYSTEM: Json = {
    "resourceType": "CodeSystem",
    "id": "disease",
    "url": SYSTEM,
    "version": "2",
    "name": "Disease",
    "title": "疾病",
    "status": "active",
    "content": "complete",
    "caseSensitive": True,
    "language": "zh-CN",
    "hierarchyMeaning": "is-a",
    "property": [{"code": "site", "type": "string"}, {"code": "inactive", "type": "boolean"},
                 {"code": "notSelectable", "type": "boolean"}],
    "concept": [
        {
            "code": "I00-I99",
            "display": "循环系统疾病",
            "property": [{"code": "notSelectable", "valueBoolean": True}],
            "concept": [
                {
                    "code": "I10",
                    "display": "原发性高血压",
                    "definition": "没有明确病因的高血压",
                    "designation": [
                        {"language": "en", "value": "Essential hypertension"},
                        {
                            "language": "zh-CN",
                            "use": {"system": "http://x.org/use", "code": "short"},
                            "value": "高血压病",
                        },
                    ],
                    "property": [{"code": "site", "valueString": "vessel"}],
                    "concept": [{"code": "I10.1", "display": "高血压1级"},
                                {"code": "I10.2", "display": "高血压2级"}],
                },
                {"code": "I11", "display": "高血压性心脏病",
                 "property": [{"code": "site", "valueString": "heart"}]},
                {"code": "I99", "display": "旧称循环病",
                 "property": [{"code": "inactive", "valueBoolean": True}]},
            ],
        },
        {"code": "E11", "display": "2型糖尿病"},
    ],
}  # fmt: skip
VALUE_SET: Json = {
    "resourceType": "ValueSet",
    "id": "heart",
    "url": SET,
    "version": "1",
    "name": "Heart",
    "status": "active",
    "compose": {
        "include": [
            {
                "system": SYSTEM,
                "filter": [{"property": "concept", "op": "is-a", "value": "I00-I99"}],
            },
            {"system": RAW, "concept": [{"code": "r1", "display": "未分类"}]},
        ],
        "exclude": [{"system": SYSTEM, "concept": [{"code": "I10.2"}]}],
    },
}
FRAGMENT: Json = {
    "resourceType": "CodeSystem",
    "id": "part",
    "url": "http://x.org/part",
    "status": "active",
    "content": "fragment",
    "concept": [{"code": "a", "display": "甲"}],
}
CONCEPT_MAP: Json = {
    "resourceType": "ConceptMap",
    "id": "map",
    "url": MAP,
    "version": "1",
    "status": "active",
    "group": [
        {
            "source": SYSTEM,
            "target": RAW,
            "element": [
                {"code": "I10", "target": [{"code": "r1", "equivalence": "wider"}]},
                {
                    "code": "I11",
                    "target": [
                        {
                            "code": "r2",
                            "equivalence": "equivalent",
                            "dependsOn": [
                                {"property": "http://x.org/age", "system": RAW, "value": "old"}
                            ],
                            "product": [
                                {"property": "http://x.org/grade", "system": RAW, "value": "g"}
                            ],
                        }
                    ],
                },
                {"code": "I99", "target": [{"equivalence": "unmatched"}]},
            ],
            "unmapped": {"mode": "fixed", "code": "r9", "display": "其他"},
        }
    ],
}


async def store(api: Api) -> None:
    for resource in (CODE_SYSTEM, VALUE_SET, FRAGMENT, CONCEPT_MAP):
        answer = await api.update(resource)
        assert answer.status_code == 201, answer.text


async def call(api: Api, path: str, *parameters: Json, **query: Any) -> httpx2.Response:
    """By POST where there are parameters, otherwise by GET; `a_b` is the parameter `a-b`."""
    pairs = {name.replace("_", "-"): value for name, value in query.items()}
    if parameters:
        body = {"resourceType": "Parameters", "parameter": list(parameters)}
        return await api.post(f"/fhir/{path}", json=body, headers=FHIR)
    return await api.get(f"/fhir/{path}", params=pairs)


def codes(answer: httpx2.Response) -> list[str]:
    assert answer.status_code == 200, answer.text
    return [row["code"] for row in answer.json()["expansion"].get("contains", [])]


def values(answer: httpx2.Response) -> Json:
    """The parameters that have a value, by name."""
    assert answer.status_code == 200, answer.text
    out: Json = {}
    for each in answer.json()["parameter"]:
        for key, value in each.items():
            if key.startswith("value"):
                out[each["name"]] = value
    return out


def parts(answer: httpx2.Response, name: str) -> list[Json]:
    """The parts of each parameter of a name. Shape: {part: value}."""
    assert answer.status_code == 200, answer.text
    return [
        {p["name"]: next((v for k, v in p.items() if k != "name"), None) for p in each["part"]}
        for each in answer.json()["parameter"]
        if each["name"] == name
    ]
