"""Every file of terminology/: well-formed, bilingual, one of its kind, and true to its sources."""

from __future__ import annotations

import re

import pytest

from fhir_server.model.canonical import BASE
from fhir_server.validation import Validator
from tests.terminology.content import (
    OID,
    RESOURCES,
    Json,
    concepts,
    find_system,
    of_type,
    properties,
    walk,
)

SYSTEMS = of_type("CodeSystem")
SETS = of_type("ValueSet")
CHINESE = re.compile("[\u4e00-\u9fff]")


@pytest.fixture(scope="module")
def validator() -> Validator:
    return Validator(list(RESOURCES.values()))


@pytest.mark.parametrize("name", RESOURCES)
def test_it_validates(validator: Validator, name: str) -> None:
    """Against R4 with its invariants (csd-1, vsd-1 …), and as something to be shared.

    Spec: http://hl7.org/fhir/R4/shareablecodesystem.html, shareablevalueset.html
    """
    resource = RESOURCES[name]
    kind = resource["resourceType"]
    more = [f"http://hl7.org/fhir/StructureDefinition/shareable{kind.lower()}"]
    shared = more if kind in ("CodeSystem", "ValueSet") else []
    found = validator.validate(resource, profiles=shared)
    assert [i for i in found if i.severity in ("error", "fatal")] == []
    assert {i.constraint for i in found if i.severity == "warning"} <= {"dom-6"}  # no narrative


def test_the_validator_would_find_a_code_that_occurs_twice(validator: Validator) -> None:
    wrong = {**SYSTEMS["gbt2261-sex"], "concept": [{"code": "1"}, {"code": "1"}]}
    assert "csd-1" in {i.constraint for i in validator.validate(wrong)}


@pytest.mark.parametrize("name", RESOURCES)
def test_it_is_named_and_described_in_both_languages(name: str) -> None:
    resource = RESOURCES[name]
    assert name == f"{resource['resourceType']}/{resource['id']}"
    assert resource["status"] == "active"
    assert resource["jurisdiction"][0]["coding"][0]["code"] == "CN"
    for text in (resource.get("title"), resource["description"]):
        if text is None:  # a NamingSystem has no title
            continue
        chinese, mark, english = text.partition(" / ")
        assert mark
        assert CHINESE.search(chinese)
        assert re.match("[A-Z(0-9]", english)


def test_urls_are_unique_with_their_version() -> None:
    seen = [(r["url"], r["version"]) for r in RESOURCES.values() if "url" in r]
    assert len(seen) == len(set(seen))


@pytest.mark.parametrize("id", SYSTEMS)
def test_a_code_system(id: str) -> None:
    """Spec: http://hl7.org/fhir/R4/codesystem.html"""
    system = SYSTEMS[id]
    assert system["url"].startswith((OID + ".2.", f"{BASE}/CodeSystem/"))
    if system["url"].startswith("urn:oid:"):  # the OID of the national specification, as identifier
        assert {"system": "urn:ietf:rfc:3986", "value": system["url"]} in system["identifier"]
    else:
        assert system["url"] == f"{BASE}/CodeSystem/{id}"
    every = list(walk(system["concept"]))
    if system["content"] == "complete":
        assert system["count"] == len(every)
    else:  # how many the whole has, where that is known
        assert system["content"] == "fragment"
        assert system.get("count", len(every) + 1) > len(every)
    assert ("hierarchyMeaning" in system) == any("concept" in each for each in every)
    declared = {each["code"]: each["type"] for each in system.get("property", ())}
    used = {each["code"] for concept in every for each in concept.get("property", ())}
    assert used == set(declared)
    for each in every:
        assert CHINESE.search(each["display"]), each["code"]
        english = [d["value"] for d in each["designation"] if d["language"] == "en"]
        assert len(english) == 1, each["code"]
        for given in each.get("property", ()):
            kind = declared[given["code"]]
            assert "value" + kind[0].upper() + kind[1:] in given
    whole = SETS[system["valueSet"].removeprefix(f"{BASE}/ValueSet/")]
    included = whole["compose"]["include"]
    assert [i["system"] for i in included] == [system["url"]]
    assert included[0].get("version", system["version"]) == system["version"]


# What is not known as a whole. Every other list is complete in its source.
FRAGMENTS = {
    "cda-document-type", "clinical-department", "cv0510010-outcome", "cv0600207-followup-way",
    "gbt4761-family-relation", "gbt8561-title", "insurance-medical-type", "ws218-organization",
}  # fmt: skip


def test_fragments_say_so() -> None:
    assert {id for id, s in SYSTEMS.items() if s["content"] == "fragment"} == FRAGMENTS


def test_what_is_not_confirmed_is_marked() -> None:
    """The whole list: a code that nobody could confirm does not come in unnoticed."""
    found = {
        (id, code): properties(concept, "certainty")
        for id, system in SYSTEMS.items()
        for code, concept in concepts(system).items()
        if properties(concept, "certainty")
    }
    unverified = {key for key, value in found.items() if value == ["unverified"]}
    assert unverified == {
        *(("ws218-organization", c) for c in ("E100", "E200", "E300", "J100", "K100")),
        ("referral-time-limit", "chronic-check"),
    }
    single = {id for (id, _), value in found.items() if value == ["single-source"]}
    assert single == {
        "clinical-department", "gbt8561-title", "insurance-medical-type", "referral-time-limit",
        "ws218-organization",
    }  # fmt: skip
    assert all("certainty=" in SYSTEMS[id]["description"] for id in {i for i, _ in unverified}
               if id.startswith("ws218"))  # fmt: skip


@pytest.mark.parametrize(
    ("id", "code"),
    [
        ("gbt4761-family-relation", "9"),  # 非亲属: local
        ("gbt4761-family-relation", "99"),
        *(("cv0201101-identity-document", c) for c in ("109", "110", "111", "112")),  # one city's
        *(("gbt3304-nationality", c) for c in ("88", "97", "98", "99")),  # local additions
        ("cv0510010-outcome", "2"),  # values not confirmed
        ("cv0600207-followup-way", "2"),
        ("clinical-department", "A29"),  # there is none
    ],
)
def test_what_is_local_or_unknown_is_left_out(id: str, code: str) -> None:
    assert code not in concepts(SYSTEMS[id])


# (code system, code, display): a few rows of each table, as its source prints them.
ROWS = [
    ("gbt2261-sex", "9", "未说明的性别"),  # GB/T 2261.1-2003
    ("gbt2261-marital-status", "23", "复婚"),  # GB/T 2261.2-2003
    ("gbt2261-marital-status", "90", "未说明的婚姻状况"),
    ("gbt3304-nationality", "01", "汉族"),  # GB 3304-1991
    ("gbt3304-nationality", "46", "德昂族"),
    ("gbt3304-nationality-letter", "ZA", "藏族"),
    ("gbt3304-nationality-letter", "JN", "基诺族"),
    ("gbt4761-family-relation", "5", "父母"),  # GB/T 4761-2008
    ("gbt4761-family-relation", "52", "母亲"),
    ("cv0201101-identity-document", "06", "港澳居民来往内地通行证"),  # WS 364-2011
    ("cv0201204-insurance-kind", "7", "商业医疗保险"),
    ("cv0710005-payment-way", "7", "全自费"),
    ("cv0710003-payment-way", "07", "全自费"),
    ("cv0900403-admission-route", "1", "门诊"),
    ("cv0900403-admission-route-2016", "1", "急诊"),  # inpatient front page of 2016
    ("cv0900403-admission-route", "3", "其他医疗机构转入"),
    ("cv0900403-admission-route-2016", "3", "其他医疗机构转入"),
    ("cv0900404-patient-type", "3", "住院"),
    ("cv0600226-discharge-way", "3", "医嘱转社区卫生服务机构/乡镇卫生院"),
    ("cv0600229-order-item-type", "2", "检查类医嘱"),
    ("emr0101001-discharge-condition", "2", "好转"),  # WS 445-2014
    ("insutype", "390", "城乡居民基本医疗保险"),
    ("insurance-medical-type", "23", "转外诊治住院"),
    ("ws218-organization", "C210", "乡镇中心卫生院"),  # WS 218-2002
    ("gbt8561-title", "232", "副主任医师"),  # GB/T 8561-2001
    ("clinical-department", "A03.04", "心血管内科专业"),  # national health statistics 2018
    ("clinical-department", "A32.02", "CT诊断专业"),
    ("cda-document-type", "C0045", "会诊记录"),  # WS/T 500-2016
    ("referral-criterion", "U05", "需上一级机构进一步检查、明确诊断"),
    ("referral-criterion", "U90", "患者坚决要求"),
    ("referral-criterion", "D04", "需长期治疗的慢性病"),
    ("referral-category", "down-referral", "下转（回转）"),
    ("cn-referral-business-status", "reported", "已报备"),
    ("referral-document-type", "acceptance-slip", "转诊回执"),
    ("referral-milestone", "feedbackConfirmedAt", "反馈签收"),
]


@pytest.mark.parametrize(("id", "code", "display"), ROWS)
def test_a_row_of_the_source(id: str, code: str, display: str) -> None:
    assert concepts(SYSTEMS[id])[code]["display"] == display


SIZES = [
    ("gbt2261-sex", 4), ("gbt2261-marital-status", 8), ("gbt3304-nationality", 56),
    ("gbt3304-nationality-letter", 56), ("cv0201101-identity-document", 8),
    ("cv0201204-insurance-kind", 8), ("cv0710005-payment-way", 9), ("cv0710003-payment-way", 9),
    ("cv0900403-admission-route", 4), ("cv0900403-admission-route-2016", 4),
    ("cv0900404-patient-type", 4), ("cv0600226-discharge-way", 6),
    ("cv0600229-order-item-type", 9), ("emr0101001-discharge-condition", 5), ("insutype", 14),
    ("cn-referral-business-status", 50), ("referral-milestone", 25), ("referral-category", 4),
]  # fmt: skip


@pytest.mark.parametrize(("id", "size"), SIZES)
def test_a_list_has_as_many_rows_as_its_source(id: str, size: int) -> None:
    assert len(concepts(SYSTEMS[id])) == size


def test_the_two_editions_of_the_admission_route_differ_in_1_and_2_only() -> None:
    old, new = (SYSTEMS[f"cv0900403-admission-route{e}"] for e in ("", "-2016"))
    assert old["url"] == new["url"]
    assert old["version"] < new["version"]
    first = {code: each["display"] for code, each in concepts(old).items()}
    second = {code: each["display"] for code, each in concepts(new).items()}
    assert {code for code in first if first[code] != second[code]} == {"1", "2"}


def test_numbers_and_letters_of_an_ethnic_group_name_each_other() -> None:
    numbers = concepts(SYSTEMS["gbt3304-nationality"])
    letters = concepts(SYSTEMS["gbt3304-nationality-letter"])
    for code, each in numbers.items():
        (letter,) = properties(each, "letter-code")
        assert properties(letters[letter], "numeric-code") == [code]
        assert letters[letter]["display"] == each["display"]


def test_a_department_stands_under_the_one_that_its_code_begins_with() -> None:
    def check(each: Json, above: str) -> None:
        assert each["code"].rpartition(".")[0] == above
        for child in each.get("concept", ()):
            check(child, each["code"])

    for each in SYSTEMS["clinical-department"]["concept"]:
        check(each, "")


@pytest.mark.parametrize("id", SETS)
def test_a_value_set_lists_codes_that_exist(id: str) -> None:
    compose = SETS[id]["compose"]
    for include in [*compose["include"], *compose.get("exclude", ())]:
        system = find_system(include["system"], include.get("version", ""))
        assert system is not None, include["system"]
        known = concepts(system)
        for each in include.get("concept", ()):
            display = known[each["code"]].get("display", each["display"])
            assert display == each["display"], each["code"]


def test_every_business_status_is_open_or_closed_and_few_are_both() -> None:
    def codes(name: str) -> set[str]:
        (include,) = SETS[f"referral-business-status-{name}"]["compose"]["include"]
        return {each["code"] for each in include["concept"]}

    open_, closed = codes("open"), codes("closed")
    every = set(concepts(SYSTEMS["cn-referral-business-status"]))
    assert open_ | closed == every
    assert open_ & closed == {"feedback-sent", "retro-done"}
    assert {"reported", "in-hospital", "suspended"} <= open_
    assert {"declined", "expired", "counted", "no-show"} <= closed
