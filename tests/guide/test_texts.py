"""Both languages of a text, and nothing of a resource becomes markup."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from xml.etree import ElementTree

import pytest

from fhir_server.guide import Guide
from fhir_server.guide.texts import parse_text
from fhir_server.model.folders import data_folder

CASES = [
    ("转诊单号 / Referral number", "转诊单号", "Referral number"),
    ("只有中文", "只有中文", ""),
    ("Only English", "", "Only English"),
    ("", "", ""),
    ("高血压/糖尿病 / hypertension or diabetes", "高血压/糖尿病", "hypertension or diabetes"),
    ("上转 / 下转 / up / down", "上转 / 下转", "up / down"),
    ("GB/T 2261.1 性别 / Sex (GB/T 2261.1)", "GB/T 2261.1 性别", "Sex (GB/T 2261.1)"),
    ("译名非官方。/ English names are ours.", "译名非官方。", "English names are ours."),
    ("全部转诊，最新在前。All referrals, newest first.", "全部转诊，最新在前。",
     "All referrals, newest first."),
    ("存根 / The stub (存根) of a slip", "存根", "The stub (存根) of a slip"),
    ("血压 120 / 80", "血压 120", "80"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "zh", "en"), CASES)
def test_a_text_is_parted_where_chinese_ends(text: str, zh: str, en: str):
    assert parse_text(text) == (zh, en)


EVIL = "<script>alert(1)</script>\"'&]]>"


@pytest.fixture
def evil(tmp_path: Path) -> Guide:
    """A copy of the folders in which an example, a profile and others are hostile."""
    profiles, terminology = tmp_path / "profiles", tmp_path / "terminology"
    shutil.copytree(data_folder("profiles"), profiles)
    shutil.copytree(data_folder("terminology"), terminology)
    url = "http://referral.consortium.cn/fhir/StructureDefinition/evil"
    element = {
        "id": "Patient.name", "path": "Patient.name", "short": EVIL, "definition": EVIL,
        "min": 0, "max": EVIL, "mustSupport": True, "patternHumanName": {"text": EVIL},
        "type": [{"code": EVIL}], "comment": EVIL,
        "binding": {"strength": EVIL, "valueSet": EVIL, "description": EVIL},
        "constraint": [{"key": EVIL, "severity": EVIL, "human": "中" + EVIL, "expression": EVIL}],
        "mapping": [{"identity": "m", "map": EVIL}],
    }  # fmt: skip
    resources = [
        {"resourceType": "StructureDefinition", "id": "evil", "url": url, "title": EVIL,
         "kind": "resource", "type": "Patient", "derivation": "constraint", "description": EVIL,
         "mapping": [{"identity": "m", "uri": f"{url}/../forms/x", "name": EVIL}],
         "differential": {"element": [{"id": "Patient", "path": "Patient"}, element]}},
        {"resourceType": "Patient", "id": "evil-example", "meta": {"profile": [url]},
         "name": [{"text": EVIL}], EVIL: EVIL, "contact": [{"name": {"family": EVIL}}],
         "generalPractitioner": [{"reference": EVIL, "display": EVIL}],
         "extension": [{"url": f"http://x/{EVIL}", "valueString": EVIL}]},
        {"resourceType": "CodeSystem", "id": "evil", "url": f"{url}-cs", "title": EVIL,
         "content": EVIL, "copyright": EVIL, "property": [{"code": EVIL, "type": EVIL}],
         "concept": [{"code": EVIL, "display": EVIL, "definition": EVIL,
                      "property": [{"code": EVIL, "valueString": EVIL}]}]},
        {"resourceType": "ValueSet", "id": "evil", "url": f"{url}-vs", "title": EVIL,
         "compose": {"include": [{"system": EVIL, "concept": [{"code": EVIL, "display": EVIL}]},
                                 {"system": EVIL, "filter": [
                                     {"property": EVIL, "op": EVIL, "value": EVIL}]}]}},
        {"resourceType": "OperationDefinition", "id": "evil", "title": EVIL, "code": EVIL,
         "type": True, "resource": [EVIL],
         "parameter": [{"name": EVIL, "use": "in", "min": 0, "max": EVIL,
                        "documentation": EVIL, "type": EVIL}]},
        {"resourceType": "ConceptMap", "id": "evil", "url": f"{url}-cm", "title": EVIL,
         "group": [{"source": EVIL, "target": EVIL, "unmapped": {"mode": EVIL, "code": EVIL},
                    "element": [{"code": EVIL, "display": EVIL, "target": [
                        {"code": EVIL, "display": EVIL, "equivalence": EVIL, "comment": EVIL}]}]}]},
        {"resourceType": "NamingSystem", "id": "evil", "description": EVIL,
         "uniqueId": [{"type": EVIL, "value": EVIL, "comment": EVIL, "preferred": True}]},
        {"resourceType": "SearchParameter", "id": "evil", "url": f"{url}-sp", "title": EVIL,
         "code": EVIL, "base": [EVIL], "type": EVIL, "expression": EVIL, "target": [EVIL]},
        {"resourceType": "CapabilityStatement", "id": "evil", "url": f"{url}-ca", "title": EVIL,
         "rest": [{"mode": EVIL, "documentation": EVIL, "security": {"description": EVIL},
                   "interaction": [{"code": EVIL}], "operation": [
                       {"name": EVIL, "definition": EVIL}],
                   "resource": [{"type": EVIL, "documentation": EVIL, "supportedProfile": [EVIL],
                                 "interaction": [{"code": EVIL, "documentation": EVIL}],
                                 "searchParam": [{"name": EVIL}, {"name": EVIL,
                                                                  "definition": EVIL}]}]}]},
        {"resourceType": "Questionnaire", "id": "evil", "title": EVIL,
         "item": [{"linkId": EVIL, "text": EVIL, "item": [{"text": EVIL, "linkId": EVIL}]}]},
    ]  # fmt: skip
    for each in resources:
        folder = profiles / "package" / ("example" if each["resourceType"] == "Patient" else "")
        name = f"{each['resourceType']}-{each['id']}.json"
        (folder / name).write_text(json.dumps(each), "utf-8")
    return Guide(profiles=profiles, terminology=terminology)


def test_what_a_resource_holds_is_text_and_never_markup(evil: Guide):
    said = 0
    names = [n for n in evil.files if n.endswith(".html") and "evil" in n]
    lists = ["index.html", "profiles.html", "terminology.html", "interfaces.html", "examples.html"]
    assert len(names) == 10
    for name in [*names, *lists]:
        found = evil.read(name)
        assert found is not None
        body = found[0].decode()
        assert "<script>alert" not in body
        root = ElementTree.fromstring(body.strip().removeprefix("<!DOCTYPE html>"))
        assert len(list(root.iter("script"))) == 1  # guide.js
        said += "alert(1)" in "".join(root.itertext())
    assert said == 15  # it is there, as text
    index = evil.read("search-index.js")
    assert index is not None
    assert b"<script>" not in index[0]
