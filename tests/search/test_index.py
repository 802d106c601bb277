"""Entries of the kinds that a ServiceRequest has none of. Spec: fhir_server/storage/plan.py"""

from __future__ import annotations

from typing import Any

import pytest

from fhir_server.definitions import r4
from fhir_server.model.json import decode_object, encode
from fhir_server.search import Indexer, Registry, texts
from fhir_server.search.words import joined

INDEXER = Indexer(Registry(r4()))
INF = float("inf")
UCUM = "http://unitsofmeasure.org"
Rows = list[tuple[Any, ...]]


def entries(resource: dict[str, Any], kind: str, code: str) -> Rows:
    decoded = decode_object(encode(resource))  # numbers as they come from a client
    return [row[1:] for row in INDEXER.entries(decoded).get(kind, []) if row[0] == code]


def quantity(**more: Any) -> dict[str, Any]:
    return {"resourceType": "Observation", "valueQuantity": more}


QUANTITIES = [  # R4 datatypes.html#quantity: a Quantity, its entries
    ({"value": 5.4, "system": UCUM, "code": "mg"}, [(5.4, 5.4, UCUM, "mg", 0.0054, 0.0054, "g")]),
    ({"value": 1, "system": UCUM, "code": "g", "unit": "克"},
     [(1.0, 1.0, UCUM, "g", 1.0, 1.0, "g"), (1.0, 1.0, "", "克", 1.0, 1.0, "g")]),
    ({"value": 37, "system": UCUM, "code": "Cel"},
     [(37.0, 37.0, UCUM, "Cel", 310.15, 310.15, "K")]),
    ({"value": 5, "comparator": "<", "unit": "片"}, [(-INF, 5.0, "", "片", -INF, 5.0, "")]),
    ({"value": 5, "comparator": ">=", "system": UCUM, "code": "kg"},
     [(5.0, INF, UCUM, "kg", 5000.0, INF, "g")]),
    ({"value": 3}, [(3.0, 3.0, "", "", 3.0, 3.0, "")]),
    ({"value": 3, "system": UCUM, "code": "%"}, [(3.0, 3.0, UCUM, "%", 0.03, 0.03, "1")]),
    ({"unit": "mg"}, []),
]  # fmt: skip


@pytest.mark.parametrize(("value", "expected"), QUANTITIES)
def test_quantities(value: dict[str, Any], expected: Rows) -> None:
    assert entries(quantity(**value), "quantity", "value-quantity") == expected


SAMPLES = [  # R4 datatypes.html#SampledData: origin 10, factor 2
    ({"data": "1 3 E 2"}, [(12.0, 16.0)]),
    ({"data": "1 U", "upperLimit": 5}, [(12.0, 20.0)]),
    ({"data": "L 1", "lowerLimit": -2}, [(6.0, 12.0)]),
    ({"data": "E"}, []),
]


@pytest.mark.parametrize(("more", "expected"), SAMPLES)
def test_sampled_data(more: dict[str, Any], expected: Rows) -> None:
    value = {"origin": {"value": 10, "unit": "mV"}, "period": 1, "factor": 2, "dimensions": 1}
    resource = {"resourceType": "Observation", "valueSampledData": {**value, **more}}
    assert [r[:2] for r in entries(resource, "quantity", "value-quantity")] == expected


def test_money_is_searched_by_its_currency() -> None:
    invoice = {"resourceType": "Invoice", "totalNet": {"value": 12.5, "currency": "CNY"}}
    row = (12.5, 12.5, "urn:iso:std:iso:4217", "CNY", 12.5, 12.5, "")
    assert entries(invoice, "quantity", "totalnet") == [row]


def test_a_range_of_numbers() -> None:
    predictions = [{"probabilityRange": {"low": {"value": 1}}}, {"probabilityDecimal": 0.5}]
    risk = {"resourceType": "RiskAssessment", "prediction": predictions}
    assert sorted(entries(risk, "number", "probability")) == [(0.5, 0.5), (1.0, INF)]


def test_a_position() -> None:
    place = {"resourceType": "Location", "position": {"longitude": 116.4, "latitude": 39.9}}
    assert entries(place, "position", "near") == [(39.9, 116.4)]
    place["position"] = {"longitude": 500, "latitude": 39.9}
    assert entries(place, "position", "near") == []


def test_a_composite_has_the_parts_of_one_element() -> None:
    def component(code: str, value: int) -> dict[str, Any]:
        return {"code": {"coding": [{"system": "s", "code": code}]},
                "valueQuantity": {"value": value, "unit": "mmHg"}}  # fmt: skip

    pressure = {"resourceType": "Observation", "code": {"coding": [{"code": "bp"}]},
                "component": [component("systolic", 120), component("diastolic", 80)]}  # fmt: skip
    found = entries(pressure, "composite", "component-code-value-quantity")
    assert [(code[2], value[1]) for code, value in found] == [
        ("systolic", 120.0),
        ("diastolic", 80.0),
    ]
    assert [part[0] for part in found[0]] == ["token", "quantity"]
    assert entries(pressure, "composite", "code-value-quantity") == []


NAMES = [  # a HumanName, readings that it must be found by, and ones that it must not
    ({"family": "张", "given": ["三"]}, {"zhangsan", "zs", "san"}, set()),
    ({"text": "张三丰"}, {"zhangsanfeng", "zsf", "sanfeng"}, set()),
    ({"text": "欧阳娜娜"}, {"ouyangnana", "oynn", "nana"}, set()),
    ({"family": "曾", "given": ["国藩"]}, {"zengguofan", "zgf"}, set()),
    ({"family": "单", "given": ["于"]}, {"shanyu"}, set()),
    ({"text": "仇英"}, {"qiuying", "qy"}, set()),
    ({"text": "吕布"}, {"lvbu", "lubu", "lb"}, set()),
    ({"text": "𠮷田"}, {"tian"}, set()),
    ({"text": "John Smith"}, set(), {"johnsmith"}),
]  # fmt: skip


@pytest.mark.parametrize(("name", "found", "absent"), NAMES)
def test_readings_of_names(name: dict[str, Any], found: set[str], absent: set[str]) -> None:
    rows = {r[0] for r in entries({"resourceType": "Patient", "name": [name]}, "pinyin", "name")}
    assert found <= rows
    assert not absent & rows
    assert len(rows) <= 24


def test_institutions_are_found_by_their_reading() -> None:
    hospital = {"resourceType": "Organization", "name": "县人民医院"}
    rows = {r[0] for r in entries(hospital, "pinyin", "name")}
    assert {"xianrenminyiyuan", "xrmyy"} <= rows


WORDS = [  # a text and its words
    ("高血压II级", " 高 血 压 ii 级 "),
    ("Ｍüller's x-ray", " muller s x ray "),
    ("𠮷野家", " 𠮷 野 家 "),
    (" \n", ""),
]


@pytest.mark.parametrize(("text", "expected"), WORDS)
def test_words(text: str, expected: str) -> None:
    assert joined([text]) == expected


def test_texts_of_a_resource() -> None:
    patient = {
        "resourceType": "Patient",
        "text": {"status": "generated", "div": "<div><td>张三</td><td>男 &amp; 5</td></div>"},
        "identifier": [{"system": "urn:secret", "value": "A1"}],
        "contact": [{"name": {"text": "李四"}}],
    }
    assert dict(texts(patient)) == {
        "_text": " 张 三 男 5 ",
        "_content": " 张 三 男 5 generated a1 李 四 ",
    }
    assert texts({"resourceType": "Patient"}) == []
